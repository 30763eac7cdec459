//! Sessions as authors write them: what is typed, what is printed, and what is wrong.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use seaworthy_blocks::Line;
use seaworthy_console::{Command, Programs, Session, Then};

fn lines(text: &str) -> Vec<Line> {
    let mut at = 0;
    text.split('\n')
        .map(|line| {
            let start = at;
            at += line.len() + 1;
            Line {
                text: line.to_owned(),
                start,
            }
        })
        .collect()
}

fn parse(text: &str) -> Vec<(String, Vec<String>)> {
    Session::parse(&lines(text), 0..0)
        .unwrap()
        .commands
        .into_iter()
        .map(|c| {
            let output = c.output.iter().map(|l| l.text.clone()).collect();
            (c.text(), output)
        })
        .collect()
}

fn command(text: &str, output: &[&str]) -> (String, Vec<String>) {
    (
        text.to_owned(),
        output.iter().map(|&l| l.to_owned()).collect(),
    )
}

fn messages(text: &str) -> Vec<String> {
    Session::parse(&lines(text), 0..0)
        .unwrap_err()
        .into_iter()
        .map(|f| f.message)
        .collect()
}

#[test]
fn commands_and_their_output() {
    assert_eq!(
        parse("$ docker ps\n\nCONTAINER ID\n\n$ true\n$ echo a\na\n"),
        [
            command("docker ps", &["CONTAINER ID"]),
            command("true", &[]),
            command("echo a", &["a"]),
        ]
    );
}

#[test]
fn continuations_with_and_without_a_prompt() {
    assert_eq!(
        parse("$ docker run \\\n>   -d nginx\n3f2a\n$ docker run \\\n  -d nginx\n3f2a"),
        [
            command("docker run \\\n  -d nginx", &["3f2a"]),
            command("docker run \\\n  -d nginx", &["3f2a"]),
        ]
    );
    assert_eq!(
        parse("$ cat <<EOF\n> $ x\n>\n> EOF\n$ x"),
        [command("cat <<EOF\n$ x\n\nEOF", &[]), command("x", &[])]
    );
    assert_eq!(
        parse("$ cat <<EOF\nfirst\n> quoted\nEOF\n> output"),
        [command("cat <<EOF\nfirst\n> quoted\nEOF", &["> output"])]
    );
}

#[test]
fn a_prompt_alone_and_a_comment_run_nothing() {
    let session = Session::parse(&lines("$\n$ # what follows\n$ true"), 0..0).unwrap();
    let runs: Vec<_> = session.commands.iter().map(|c| c.runs).collect();
    assert_eq!(runs, [false, false, true]);
}

#[test]
fn typed_lines_know_where_they_stand() {
    let text = "$ a \\\n> b\nout\n$ c";
    let session = Session::parse(&lines(text), 0..0).unwrap();
    let second = &session.commands[0].typed[1].line;
    assert_eq!(&text[second.span()], "b");
    assert_eq!(session.commands[1].start(), text.len() - 1);
}

#[test]
fn faults() {
    for (text, message) in [
        ("a\n$ b", "output before any command"),
        ("", "a session without a command"),
        (
            "$ cat <<EOF\nx",
            "this command isn't complete at the end of the session",
        ),
        (
            "$ a \\\n> b \\\nc",
            "this line lacks the continuation prompt `> `",
        ),
        ("$ # note\nout", "a comment prints nothing"),
        ("$ echo \u{1b}", "a control character can't be typed"),
    ] {
        assert_eq!(messages(text), [message], "{text}");
    }
    let long = format!("$ echo {}", "x".repeat(5000));
    assert!(messages(&long)[0].contains("5005 bytes"));
    assert_eq!(messages("a\nb\n$ echo \u{1b}").len(), 2);
}

#[test]
fn output_that_only_resembles_a_prompt_is_output() {
    for text in [
        "$ docker run --rm alpine cat /etc/hosts\n# comment: not a prompt",
        "$ cat notes\n/ # ls",
        "$ bash setup.sh\n# done",
        "$ docker run -it x\na # b",
    ] {
        assert!(Session::parse(&lines(text), 0..0).is_ok(), "{text}");
    }
}

/// A page of sessions, each command as `depth prompt|text|output|what follows`.
fn page(sessions: &[&str]) -> Vec<String> {
    let mut programs = Programs::default();
    let mut parsed: Vec<_> = sessions
        .iter()
        .map(|text| Session::parse_in(&mut programs, &lines(text), 0..0, None).unwrap())
        .collect();
    programs.link(&mut parsed);
    parsed.iter().flat_map(|s| &s.commands).map(shown).collect()
}

fn shown(command: &Command) -> String {
    let then = match &command.then {
        Then::Prompt => "prompt".to_owned(),
        Then::Opens(program) => format!("opens {}", program.name),
        Then::Ends(left) => format!("ends, {left} left"),
        Then::Keys => "keys".to_owned(),
        Then::Nothing => "nothing".to_owned(),
    };
    let output: Vec<_> = command.output.iter().map(|l| l.text.as_str()).collect();
    format!(
        "{} {}|{}|{}|{then}",
        command.inside.len(),
        command.prompt,
        command.text(),
        output.join("/"),
    )
}

#[test]
fn a_program_stays_open_until_it_is_ended() {
    assert_eq!(
        page(&[
            "$ docker exec -it web sh\n/ # cd /etc\n/etc # ls\nhosts",
            "/etc # cat <<EOF > motd\n> / # text\n> EOF",
            "/etc # exit\n$ docker ps",
        ]),
        [
            "0 $ |docker exec -it web sh||opens web's sh",
            "1 / # |cd /etc||prompt",
            "1 /etc # |ls|hosts|prompt",
            "1 /etc # |cat <<EOF > motd\n/ # text\nEOF||prompt",
            "1 /etc # |exit||ends, 0 left",
            "0 $ |docker ps||nothing",
        ]
    );
}

#[test]
fn programs_in_programs() {
    assert_eq!(
        page(&[
            "$ docker run -it --name box debian\nroot@3f2a:/# python3\nPython 3.13\n>>> for i in [1]:\n...     i\n...\n1\n>>> exit()\nroot@77aa:/etc# sh\n# ls\nbin\n# exit\nroot@3f2a:/# exit 3\nexit\n$ true"
        ]),
        [
            "0 $ |docker run -it --name box debian||opens box's program",
            "1 root@3f2a:/# |python3|Python 3.13|opens python3",
            "2 >>> |for i in [1]:\n    i\n|1|prompt",
            "2 >>> |exit()||ends, 1 left",
            "1 root@77aa:/etc# |sh||opens sh",
            "2 # |ls|bin|prompt",
            "2 # |exit||ends, 1 left",
            "1 root@3f2a:/# |exit 3|exit|ends, 0 left",
            "0 $ |true||nothing",
        ]
    );
}

#[test]
fn a_shell_in_a_shell_with_the_same_prompt() {
    assert_eq!(
        page(&["$ docker exec -it web sh\n/ # sh\n/ # exit\n/ # exit\n$ true"]),
        [
            "0 $ |docker exec -it web sh||opens web's sh",
            "1 / # |sh||opens sh",
            "2 / # |exit||ends, 1 left",
            "1 / # |exit||ends, 0 left",
            "0 $ |true||nothing",
        ]
    );
}

#[test]
fn keys() {
    assert_eq!(
        page(&[
            "$ ping web\nPING\n^C\n--- statistics\n$ cat > f\n^D\n$ docker attach box\n/ # top\n^C\n/ #\n^P^Q\n$ docker exec -it box sh\n/ # ^D\n$ docker attach box",
            "^P^Q\nread escape sequence",
        ]),
        [
            "0 $ |ping web|PING|keys",
            "0 |^C|--- statistics|prompt",
            "0 $ |cat > f||keys",
            "0 |^D||prompt",
            "0 $ |docker attach box||opens box's program",
            "1 / # |top||keys",
            "1 |^C||prompt",
            "1 / # |||keys",
            "1 |^P^Q||ends, 0 left",
            "0 $ |docker exec -it box sh||opens box's sh",
            "1 / # |^D||ends, 0 left",
            "0 $ |docker attach box||keys",
            "0 |^P^Q|read escape sequence|nothing",
        ]
    );
}

#[test]
fn pages_that_end_inside() {
    for (text, then) in [
        ("$ docker exec -it web sh", "opens web's sh"),
        ("$ docker exec -it web ls", "nothing"),
        ("$ docker run -it busybox:1.37", "nothing"),
        ("$ docker exec -it web sh\n/ # ls", "nothing"),
        ("$ docker exec -it web sh\n/ # exit", "ends, 0 left"),
    ] {
        let last = page(&[text]).pop().unwrap();
        assert!(last.ends_with(&format!("|{then}")), "{text}: {last}");
    }
}

#[test]
fn a_prompt_of_the_page_says_that_all_is_over() {
    assert_eq!(
        page(&["$ docker exec -it web sh\n/ # kill 1\n$ docker ps\n/ # not typed"]),
        [
            "0 $ |docker exec -it web sh||opens web's sh",
            "1 / # |kill 1||ends, 0 left",
            "0 $ |docker ps|/ # not typed|nothing",
        ]
    );
}

#[test]
fn said_prompts() {
    let opened = |texts: &[(&str, Option<&str>)]| {
        let mut programs = Programs::default();
        let mut parsed: Vec<_> = texts
            .iter()
            .map(|(text, opens)| {
                Session::parse_in(&mut programs, &lines(text), 0..0, *opens).unwrap()
            })
            .collect();
        programs.link(&mut parsed);
        let commands = parsed.iter().flat_map(|s| &s.commands);
        commands.map(shown).collect::<Vec<_>>()
    };
    // In its session, in the next one, and never printed.
    for texts in [
        &[(
            "$ sqlite3 db\nSQLite\nsqlite> .tables\nitems\nsqlite> .quit\n$ true",
            Some("sqlite>"),
        )][..],
        &[
            ("$ sqlite3 db\nSQLite", Some("sqlite> ")),
            ("sqlite> .tables\nitems\nsqlite> .quit\n$ true", None),
        ],
    ] {
        assert_eq!(
            opened(texts),
            [
                "0 $ |sqlite3 db|SQLite|opens sqlite3",
                "1 sqlite> |.tables|items|prompt",
                "1 sqlite> |.quit||ends, 0 left",
                "0 $ |true||nothing",
            ]
        );
    }
    assert_eq!(
        opened(&[("$ sqlite3 db", Some("sqlite>"))]),
        ["0 $ |sqlite3 db||opens sqlite3"]
    );
}

#[test]
fn prompts_of_programs_that_are_not_open() {
    for text in ["/ # ls", "root@3f2a:/# ls", ">>> 1", "mysql> select 1;"] {
        assert_eq!(
            messages(text),
            ["the prompt of a program, and none is open here"],
            "{text}"
        );
    }
    assert_eq!(messages("^C"), ["output before any command"]);
    assert_eq!(
        messages("$ python3\n>>> print(\n... 1,\nx"),
        [
            "this line lacks the continuation prompt `... `",
            "this command isn't complete at the end of the session"
        ]
    );
}

#[test]
fn comments_where_nothing_can_have_been_printed() {
    assert_eq!(
        parse("# first\n\n#\n$ echo a\n# printed\n$ true"),
        [
            command("# first", &[]),
            command("#", &[]),
            command("echo a", &["# printed"]),
            command("true", &[]),
        ]
    );
    assert_eq!(messages("# a\n# b"), ["a session without a command"]);
    assert_eq!(messages("#no blank\n$ true"), ["output before any command"]);
    let session = Session::parse(&lines("# a\n$ true"), 0..0).unwrap();
    let runs: Vec<_> = session.commands.iter().map(|c| c.runs).collect();
    assert_eq!(runs, [false, true]);
}

#[test]
fn another_prompt_of_the_page() {
    let mut programs = Programs::with_prompt("#");
    let read = Session::parse_in(
        &mut programs,
        &lines("# ip a\n1: lo\n# true\n$ 1"),
        0..0,
        None,
    );
    let commands = read.unwrap().commands;
    assert_eq!(commands[0].text(), "ip a");
    assert_eq!(commands[0].output.len(), 1);
    assert_eq!(
        (commands[1].text(), commands[1].output.len()),
        ("true".to_owned(), 1)
    );
}

#[test]
fn a_block_without_prompts_types_every_line() {
    let mut programs = Programs::default();
    let block = lines("# a comment\ndocker ps\n\nfor i in 1; do\n  echo $i\ndone\n");
    assert!(!Session::has_prompt(&programs, &block));
    assert!(Session::has_prompt(&programs, &lines("x\n$ a")));
    let session = Session::parse_bare(&mut programs, &block, 0..0).unwrap();
    let texts: Vec<_> = session.commands.iter().map(Command::text).collect();
    assert_eq!(
        texts,
        [
            "# a comment",
            "docker ps",
            "for i in 1; do\n  echo $i\ndone"
        ]
    );
    assert!(session.commands.iter().all(|c| c.output.is_empty()));
}
