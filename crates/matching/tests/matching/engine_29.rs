//! What Docker Engine 29 prints otherwise: pages of one engine hold on the other (`true.txt` has those), and what is false on
//! the one is false on both.

use crate::support::last_holds;

const APART: &str = "REPOSITORY   TAG    IMAGE ID       CREATED       SIZE
busybox      1.37   b573fc3cdcef   6 weeks ago   5.7MB
nginx        1.30   ed722d111b2a   3 weeks ago   32.1MB";

const JOINED: &str = "IMAGE          ID             DISK USAGE   CONTENT SIZE   EXTRA
busybox:1.37   0b8a9b5e8f1c       11.6MB         5.88MB        
nginx:1.30     112233445566       52.1MB         20.1MB    U   ";

#[test]
fn lists_of_images() {
    let holds = |printed: &str, found: &str| last_holds(&[("docker images", printed, found)]);
    for (printed, found, wrong) in [
        (APART, JOINED, ["1.37", "1.36"]),
        (APART, JOINED, ["nginx  ", "httpd  "]),
        (APART, JOINED, ["5.7MB", "large"]),
        (APART, JOINED, ["b573fc3cdcef", "an id"]),
        (
            APART,
            JOINED,
            [
                "nginx        1.30   ed722d111b2a   3 weeks ago   32.1MB",
                "",
            ],
        ),
        (JOINED, APART, [":1.37", ":1.36"]),
        (JOINED, APART, ["nginx:", "httpd:"]),
        (JOINED, APART, ["0b8a9b5e8f1c", "an id"]),
        (
            JOINED,
            APART,
            [
                "nginx:1.30     112233445566       52.1MB         20.1MB    U   ",
                "",
            ],
        ),
    ] {
        assert!(holds(printed, found), "{printed}");
        let other = printed.replace(wrong[0], wrong[1]);
        assert_ne!(other, printed);
        assert!(!holds(&other, found), "{other}");
    }
}

#[test]
fn members_that_not_all_engines_have() {
    let holds = |printed: &str, found: &str| last_holds(&[("docker inspect web", printed, found)]);
    let found = r#"{"Name":"/web","NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.3","IPPrefixLen":16}}}}"#;
    for (settings, right) in [
        (r#""IPPrefixLen":16"#, true),
        (r#""IPPrefixLen":24"#, false),
        (r#""IPAddress":"172.17.0.2""#, true),
        (r#""IPAddress":"10.0.0.2""#, false),
        (r#""IPAddress":"""#, false),
        (r#""Bridge":"""#, true),
        (r#""Bridge":"br0""#, false),
        (r#""HairpinMode":true"#, false),
        (r#""Other":"""#, false),
    ] {
        let printed = format!(r#"{{"Name":"/web","NetworkSettings":{{{settings}}}}}"#);
        assert_eq!(holds(&printed, found), right, "{settings}");
        // Elsewhere no member may be missing.
        let printed = format!(r#"{{"Name":"/web","HostConfig":{{{settings}}}}}"#);
        assert!(
            !holds(&printed, &found.replace("NetworkSettings", "HostConfig")),
            "{settings}"
        );
    }
    let apart = r#"{"NetworkSettings":{"IPAddress":"172.18.0.2"}}"#;
    let front = r#"{"NetworkSettings":{"Networks":{"front":{"IPAddress":"172.18.0.2"}}}}"#;
    assert!(!holds(apart, front), "it is on no default bridge");
    let status = r#"{"Name":"/web","Status":{"IPAM":{}},"IPAM":{"Driver":"default"}}"#;
    assert!(!holds(
        status,
        r#"{"Name":"/web","IPAM":{"Driver":"default"}}"#
    ));
}
