//! What came and went between two pictures, in words and in the drawing.

use seaworthy_network::{Diagram, SvgOptions};
use snapbox::{assert_data_eq, str};

fn read(text: &str) -> Diagram {
    let (diagram, _) =
        Diagram::parse_compose_file(text).unwrap_or_else(|faults| panic!("{faults:?}"));
    diagram
}

const OLD: &str = "
services:
  web: {networks: [front], ports: [\"8080:80\", \"8443:443\"]}
  app: {networks: {front: , back: {ipv4_address: 172.30.0.5}}}
  db: {networks: [back]}
  old: {network_mode: \"service:db\"}
networks:
  front:
  back: {ipam: {config: [{subnet: 172.30.0.0/24}]}}
  gone:
";

const NEW: &str = "
services:
  web: {networks: [front, back], ports: [\"8080:80\", \"127.0.0.1:9000:90\"]}
  app: {networks: {back: {ipv4_address: 172.30.0.6}}}
  db: {networks: [back]}
  cache: {networks: [back]}
networks:
  front:
  back: {internal: true, ipam: {config: [{subnet: 172.30.0.0/24}]}}
";

#[test]
fn what_is_different_is_said() {
    assert_data_eq!(
        read(NEW).since(&read(OLD)).text(),
        str![[r#"
Came:
- web on back
- web's port 127.0.0.1:9000 of the host, to its 90
- cache

Went:
- the network gone
- web's port 8443 of the host, to its 443
- app on front
- old

Changed:
- back is internal now: no way out of it
- app on back: 172.30.0.6, before 172.30.0.5
- web now reaches db

"#]]
    );
}

#[test]
fn what_is_different_is_marked_in_the_picture() {
    let svg = read(NEW).since(&read(OLD)).svg(&SvgOptions::default());
    for marked in [
        ">+ cache<",
        ">− old<",
        ">− gone<",
        ">≠ back<",
        ">+ back<",
        ">− front<",
        ">− 8443<",
        "stroke-dasharray=\"4 5\"",
        "n-came",
        "n-gone",
    ] {
        assert!(svg.contains(marked), "{marked} is not in {svg}");
    }
    assert!(!svg.contains("No way between"), "{svg}");
    let document = resvg::usvg::roxmltree::Document::parse(&svg);
    assert!(document.is_ok(), "{document:?}");
}

#[test]
fn nothing_is_different_from_itself() {
    let diagram = read(OLD).since(&read(OLD));
    assert_eq!(diagram.text(), "Changed:\n- nothing in the network\n");
    assert_eq!(diagram.description(), "Nothing changed in the network.");
    let plain = read(OLD).svg(&SvgOptions::default());
    let svg = diagram.svg(&SvgOptions::default());
    assert!(!svg.contains("n-came") && !svg.contains("n-gone"));
    assert!(plain.contains("No way"), "{plain}");
}
