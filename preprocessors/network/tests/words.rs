//! What pictures say in words: titles, descriptions and text versions.

use seaworthy_network::Diagram;
use snapbox::{assert_data_eq, str};

fn example(name: &str) -> Diagram {
    let path = format!(
        "{}/examples/compose/{name}.yaml",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    match Diagram::parse(&text) {
        Ok((diagram, _)) => diagram,
        Err(faults) => panic!("{path}: {faults:?}"),
    }
}

#[test]
fn titles() {
    assert_data_eq!(
        example("trio").title(),
        str!["nginx, flask-app and mysql on the networks front and back"]
    );
    assert_data_eq!(
        example("everything").title(),
        str!["Networks of everything"]
    );
    assert_data_eq!(
        example("large").title(),
        str!["40 containers on 10 networks"]
    );
}

#[test]
fn descriptions() {
    assert_data_eq!(
        example("trio").description(),
        str![
            "On docker-host: nginx, flask-app and mysql. Network front joins nginx and flask-app. Network back joins flask-app and mysql. Published to the outside: 80 (nginx). No way between nginx and mysql. 3 numbered arrows show traffic."
        ]
    );
    assert_data_eq!(
        example("overlay").description(),
        str![
            "On node-1: web-1 and api-1. On node-2: web-2 and api-2. Network my-overlay joins web-1, api-1, web-2 and api-2. One arrow shows traffic."
        ]
    );
    assert_data_eq!(
        example("large").description(),
        str![
            "On the host: 40 containers. 10 networks join them. Published to the outside: 8000 (service-0), 8009 (service-9), 8018 (service-18), 8027 (service-27) and 8036 (service-36). No way between containers that have no network in common but through the host's ports."
        ]
    );
}

#[test]
fn text_versions() {
    for (name, text) in [
        (
            "trio",
            str![[r#"
Containers:
- docker-host (192.168.1.10)
  - nginx: on front; port 80 of the host leads to its port 80
  - flask-app: on front; on back
  - mysql: on back

Networks:
- front: bridge, 172.18.0.0/16; joins nginx and flask-app
- back: bridge, 172.19.0.0/16, internal: no way out; joins flask-app and mysql

Outside:
- browser

Who reaches whom:
- nginx reaches flask-app
- flask-app reaches nginx and mysql
- mysql reaches flask-app
- No way between nginx and mysql

Traffic:
1. browser → nginx: asks for the page (port 80, through port 80 of docker-host)
2. nginx → flask-app: passes it on (port 5000, over front)
3. flask-app → mysql: reads the users (port 3306, over back)

"#]],
        ),
        (
            "two-bridges",
            str![[r#"
Containers:
- docker-host (192.168.1.10)
  - frontend: on front-net; port 80 of the host leads to its port 80
  - backend: on front-net; on back-net
  - db: on back-net, also called database

Networks:
- front-net: bridge, 172.18.0.0/16; joins frontend and backend
- back-net: bridge, 172.19.0.0/16; joins backend and db

Who reaches whom:
- frontend reaches backend
- backend reaches frontend and db
- db reaches backend
- db reaches frontend through port 80 of docker-host
- No way from frontend to db

Traffic:
1. frontend → backend: port 5000, over front-net
2. backend → db: port 3306, over back-net
3. frontend → db: port 3306, no way: they share no network

"#]],
        ),
        (
            "host-network",
            str![[r#"
Containers:
- docker-host (192.168.1.10)
  - web: uses the host's network; listens on 80
  - monitor: uses the host's network; listens on 9100
  - second-web: uses the host's network; listens on 80

Outside:
- browser

Who reaches whom:
- web reaches monitor and second-web at the address of docker-host
- monitor reaches web and second-web at the address of docker-host
- second-web reaches web and monitor at the address of docker-host
- second-web can't listen on port 80: web holds it, and the host has it once

Traffic:
1. browser → web: port 80, a port of docker-host itself
2. browser → second-web: port 80, no way: another container holds the port

"#]],
        ),
        (
            "default-bridge",
            str![[r#"
Containers:
- docker-host (192.168.1.10)
  - frontend: on bridge as 172.17.0.2; port 8080 of the host leads to its port 80
  - backend: on bridge as 172.17.0.3

Networks:
- bridge: the default bridge, which resolves no names; joins frontend and backend

Outside:
- browser

Who reaches whom:
- frontend reaches backend, by address only
- backend reaches frontend, by address only

Traffic:
1. browser → frontend: port 80, through port 8080 of docker-host
2. frontend → backend: asks 172.17.0.3 (port 5000, over bridge, by address only)
3. frontend → backend: asks for the name backend (no way: the default bridge resolves no names)

"#]],
        ),
        (
            "overlay",
            str![[r#"
Containers:
- node-1 (192.168.1.11)
  - web-1: on my-overlay
  - api-1: on my-overlay
- node-2 (192.168.1.12)
  - web-2: on my-overlay
  - api-2: on my-overlay

Networks:
- my-overlay: overlay, 10.0.1.0/24; joins web-1, api-1, web-2 and api-2

Who reaches whom:
- web-1 reaches api-1, web-2 and api-2
- api-1 reaches web-1, web-2 and api-2
- web-2 reaches web-1, api-1 and api-2
- api-2 reaches web-1, api-1 and web-2

Traffic:
1. web-1 → api-2: port 5000, over my-overlay

"#]],
        ),
        (
            "everything",
            str![[r#"
Containers:
- docker-host (192.168.1.10)
  - proxy: on front; port 127.0.0.1:8080 of the host leads to its port 80; port 53/udp of the host leads to its port 53/udp; port 8443 of the host leads to its port 443; port 3000-3005 of the host leads to its port 3000-3005; port any of the host leads to its port 9000
  - app: on front as 172.30.0.10 as 2001:db8::10, also called api, backend; on back as 172.31.0.10; listens on 5000 and 9090
  - metrics: shares the network of app
  - job: has no network
  - agent: uses the host's network; listens on 9100
  - database-with-a-very-long-name: on back, also called db
  - sensor: on plant-floor-lan as 192.168.1.200
  - legacy: shares the network of the container old-thing

Networks:
- front: bridge, 172.30.0.0/24, 2001:db8::/64; joins proxy and app
- back: bridge, 172.31.0.0/24, internal: no way out; joins app and database-with-a-very-long-name
- plant-floor-lan: macvlan, 192.168.1.0/24; joins sensor
- shared: made elsewhere; nobody is on it

Outside:
- laptop (192.168.1.50)
- internet

Who reaches whom:
- proxy reaches app and metrics
- proxy reaches agent at the address of docker-host
- app reaches proxy and database-with-a-very-long-name
- app reaches agent at the address of docker-host
- metrics reaches proxy and database-with-a-very-long-name
- metrics reaches agent at the address of docker-host
- agent reaches proxy, app, metrics and database-with-a-very-long-name from the host, by address
- database-with-a-very-long-name reaches app and metrics
- database-with-a-very-long-name reaches agent at the address of docker-host
- job has no network: no way to it or from it
- No way between front and back: only app is on both
- No way between front and plant-floor-lan: nobody is on both
- No way between back and plant-floor-lan: nobody is on both

Traffic:
1. laptop → proxy: port 443, through port 8443 of docker-host
2. proxy → app: port 5000, over front
3. app → database-with-a-very-long-name: port 5432, over back
4. laptop → sensor: without the host (port 502, straight to its own address on the LAN)
5. app → metrics: port 8125, inside one network stack, as localhost
6. app → agent: port 9100, a port of docker-host itself
7. proxy → internet: out through docker-host, under its address
8. job → app: no way: job has no network
9. database-with-a-very-long-name → internet: no way: its networks are internal
10. laptop → database-with-a-very-long-name: port 5432, no way: nothing is published from its networks

"#]],
        ),
    ] {
        assert_data_eq!(example(name).text(), text);
    }
}

#[test]
fn html_says_the_same_on_one_line() {
    for name in ["trio", "everything", "host-network"] {
        let diagram = example(name);
        let html = diagram.text_html();
        assert!(!html.contains('\n'), "{name}");
        // Without tags and marks of lists, the two are one text.
        let mut bare = String::new();
        let mut inside = false;
        for c in html.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => bare.push(c),
                _ => {}
            }
        }
        let bare: String = bare
            .replace("&gt;", ">")
            .replace("&amp;", "&")
            .split_whitespace()
            .collect();
        let mut plain = String::new();
        for line in diagram.text().lines() {
            let line = line.trim_start().trim_start_matches("- ");
            let (number, rest) = line.split_once(". ").unwrap_or(("", line));
            let numbered = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
            plain.push_str(if numbered { rest } else { line }.trim_end_matches(':'));
        }
        let plain: String = plain.split_whitespace().collect();
        assert_eq!(bare, plain, "{name}");
    }
}

#[test]
fn names_cannot_break_out_of_html() {
    let text =
        "services:\n  \"<b>&\": {networks: [\"</li><script>\"]}\nnetworks: {\"</li><script>\": }\n";
    let (diagram, _) = Diagram::parse(text).unwrap();
    for html in [
        diagram.text_html(),
        diagram.svg(&Default::default()),
        diagram.figure(&Default::default()),
    ] {
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    }
}
