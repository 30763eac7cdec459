//! Tests of [`super`].

use super::*;

/// As Docker prints.
fn docker() -> Reading {
    Reading {
        docker: true,
        ..Reading::default()
    }
}

fn texts<'a>(head: &str, line: &'a str) -> Option<Vec<&'a str>> {
    let header = header(head, docker()).expect("a header");
    let arena = bumpalo::Bump::new();
    let store = Store::new(&arena, Reading::default(), &[]);
    let cells = cells(&header, line, &store)?;
    Some(cells.iter().map(|cell| &line[cell.range.clone()]).collect())
}

#[test]
fn knows_headers() {
    for line in [
        "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES",
        "NETWORK ID          NAME                DRIVER",
        "NAMES     STATUS",
        "DRIVER    VOLUME NAME",
        "CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT   MEM %     NET I/O   BLOCK I/O   PIDS",
        "REPOSITORY\tTAG\tIMAGE ID\tCREATED\tVIRTUAL SIZE",
    ] {
        assert!(header(line, docker()).is_some(), "{line}");
    }
    for line in [
        "",
        "NAMES",
        "CONTAINER ID IMAGE",
        "Name   Driver",
        "PID   USER     TIME  COMMAND",
        "FOO   BAR",
        "ERROR   x",
    ] {
        assert!(header(line, docker()).is_none(), "{line}");
    }
}

#[test]
fn what_a_program_prints_is_no_table_of_docker_s() {
    assert!(header("NAME   SIZE", Reading::default()).is_none());
    assert!(header("CONTAINER ID   SIZE", Reading::default()).is_some());
}

#[test]
fn cuts_rows_by_the_header_or_by_blanks() {
    let head = "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES";
    let cut = |line| texts(head, line);
    assert_eq!(
        cut("0a1b2c3d4e5f   nginx     \"cmd\"     now       Up        80/tcp    web"),
        Some(vec![
            "0a1b2c3d4e5f",
            "nginx",
            "\"cmd\"",
            "now",
            "Up",
            "80/tcp",
            "web"
        ])
    );
    assert_eq!(
        cut("0a1b2c3d4e5f   nginx     \"c…\"      now       Up                  web"),
        Some(vec![
            "0a1b2c3d4e5f",
            "nginx",
            "\"c…\"",
            "now",
            "Up",
            "",
            "web"
        ])
    );
    // Widened by hand, PORTS empty.
    assert_eq!(
        cut("0a1b2c3d4e5f  nginx:latest  \"a cmd\"  3 days ago  Up 3 days  web"),
        Some(vec![
            "0a1b2c3d4e5f",
            "nginx:latest",
            "\"a cmd\"",
            "3 days ago",
            "Up 3 days",
            "",
            "web"
        ])
    );
    assert_eq!(
        cut("a\tb\tc\td\te\tf\tg"),
        Some(vec!["a", "b", "c", "d", "e", "f", "g"])
    );
    // Two blanks within a command.
    assert_eq!(
        cut("a              b         c  c      d         e         f         g"),
        Some(vec!["a", "b", "c  c", "d", "e", "f", "g"])
    );
    assert_eq!(cut(""), Some(vec![""; 7]));
    assert_eq!(cut("é"), Some(vec!["é", "", "", "", "", "", ""]));
}

#[test]
fn a_command_may_have_two_blanks_in_a_row() {
    let head = "IMAGE          CREATED       CREATED BY                        SIZE      COMMENT";
    assert_eq!(
        texts(
            head,
            "8fd047ca08cc   3 weeks ago   /bin/sh -c #(nop)  CMD [\"sh\"]     0B"
        ),
        Some(vec![
            "8fd047ca08cc",
            "3 weeks ago",
            "/bin/sh -c #(nop)  CMD [\"sh\"]",
            "0B",
            ""
        ])
    );
}
