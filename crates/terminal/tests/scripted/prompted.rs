//! Programs without marks: their prompt, and quiet after it.

use std::sync::Arc;

use seaworthy_console::{Program, Prompt, interpreter};
use seaworthy_terminal::{Goal, Input, Limits};
use tokio::time::Instant;

use crate::place::{
    Fake, LIMITS, Terminal, TerminalError, both, open, press, run, told, took, type_for,
    type_showing,
};
use crate::programs::other;
use crate::shell::{Shell, pause};

fn mysql() -> Arc<Program> {
    let interpreter = interpreter("mysql", &[]).unwrap();
    Arc::new(Program {
        name: "mysql".into(),
        interpreter,
        prompt: Some(Prompt::Of(interpreter)),
        detaches: false,
        silent: false,
    })
}

/// Opens a program that shows this prompt.
async fn opens(terminal: &mut Terminal, played: &mut Shell, program: &Arc<Program>, prompt: &str) {
    let begun = Instant::now();
    let (opened, ()) = both(type_for(terminal, "db", Goal::Open(program)), async {
        played.typed("db\n").await;
        played.begins().await;
        played.prints(&format!("welcome\r\n{prompt}")).await;
    })
    .await;
    took(begun, 150);
    assert_eq!(told(&opened), ("welcome\n", 0, ""));
    assert_eq!(terminal.depth(), 1);
}

/// A `db` whose prompt is `db> `, in a terminal.
async fn db() -> (Terminal, Shell, Fake) {
    let (mut terminal, mut played, place) = open().await;
    opens(&mut terminal, &mut played, &other("db", "db> "), "db> ").await;
    (terminal, played, place)
}

#[tokio::test(start_paused = true)]
async fn the_prompt_and_quiet_end_a_command() {
    let (mut terminal, mut played, _) = db().await;
    let begun = Instant::now();
    let (ended, ()) = both(run(&mut terminal, &["get a"]), async {
        played.typed("get a\n").await;
        played.prints("get a\r\n1\r\n").await;
        pause(1000).await;
        played.prints("2\r\ndb> ").await;
    })
    .await;
    took(begun, 1150);
    assert_eq!(told(&ended), ("1\n2\n", 0, ""));
    // What looks like its prompt is none if more follows at once.
    let begun = Instant::now();
    let (ended, ()) = both(run(&mut terminal, &["get b"]), async {
        played.typed("get b\n").await;
        played.prints("db> ").await;
        pause(100).await;
        played.prints("was shown\r\ndb> ").await;
    })
    .await;
    took(begun, 250);
    assert_eq!(told(&ended), ("db> was shown\n", 0, ""));
    // Elsewhere than in a shell `exec` is a word.
    let (ended, ()) = both(run(&mut terminal, &["exec bash"]), async {
        played.typed("exec bash\n").await;
        played.prints("db> ").await;
    })
    .await;
    assert_eq!(told(&ended), ("", 0, ""));
}

#[tokio::test(start_paused = true)]
async fn two_seconds_if_what_is_shown_was_not_printed() {
    for (expected, milliseconds, output) in [
        ("1\n", 150, "1\n"),
        ("2\n", 2000, "1\n"),
        // It comes after a pause, and after what looks like the prompt.
        ("1\ndb> \nlate\n", 1150, "1\ndb> \nlate\n"),
    ] {
        let (mut terminal, mut played, _) = db().await;
        let mut shown = |printed: &str| printed == expected;
        let begun = Instant::now();
        let typing = type_showing(&mut terminal, "get a", Goal::Prompt, Some(&mut shown));
        let (ended, ()) = both(typing, async {
            played.typed("get a\n").await;
            played.prints("1\r\ndb> ").await;
            if expected.ends_with("late\n") {
                pause(1000).await;
                played.prints("\r\nlate\r\ndb> ").await;
            }
        })
        .await;
        took(begun, milliseconds);
        assert_eq!(told(&ended), (output, 0, ""));
    }
}

#[tokio::test(start_paused = true)]
async fn further_lines_of_a_statement() {
    let (mut terminal, mut played, _) = open().await;
    opens(&mut terminal, &mut played, &mysql(), "mysql> ").await;
    let begun = Instant::now();
    let lines = ["select 1", "from t;"];
    let (ended, ()) = both(run(&mut terminal, &lines), async {
        played.typed("select 1\n").await;
        played.prints("select 1\r\n    -> ").await;
        played.untouched(140).await;
        played.typed("from t;\n").await;
        played
            .prints("from t;\r\nERROR 1046 (3D000)\r\nmysql> ")
            .await;
    })
    .await;
    took(begun, 300);
    assert_eq!(told(&ended), ("ERROR 1046 (3D000)\n", 1, ""));
    // This one ends with 0 all the same.
    assert_eq!(terminal.code(), 0);
    // The prompt at which a line was typed is none that follows it, however slow the client is.
    let begun = Instant::now();
    let (ended, ()) = both(run(&mut terminal, &lines), async {
        played.typed("select 1\n").await;
        pause(400).await;
        played.prints("select 1\r\n    -> ").await;
        played.typed("from t;\n").await;
        pause(3000).await;
        played.prints("from t;\r\n1\r\nmysql> ").await;
    })
    .await;
    took(begun, 3700);
    assert_eq!(told(&ended), ("1\n", 0, ""));
    // One that isn't complete.
    let (ended, ()) = both(run(&mut terminal, &["select 1"]), async {
        played.typed("select 1\n").await;
        played.prints("    -> ").await;
        played.typed("\x03").await;
        played.level(1);
        played.done(130).await;
    })
    .await;
    assert!(
        matches!(ended, Err(TerminalError::Incomplete { usable: true, .. })),
        "{ended:?}"
    );
}

/// What sqlite3 3.46 showed on a terminal, when this was typed into it.
#[tokio::test(start_paused = true)]
async fn sqlite3_as_it_is() {
    let (mut terminal, mut played, _) = open().await;
    let sqlite = Arc::new(Program {
        name: "sqlite3".into(),
        interpreter: interpreter("sqlite3", &[]).unwrap(),
        prompt: None,
        detaches: false,
        silent: false,
    });
    opens(&mut terminal, &mut played, &sqlite, "sqlite> ").await;
    let mut failed = 0;
    for (lines, shown, output, exit) in [
        (
            &["insert into t values", "(1,'x;", "y');"][..],
            &[
                "insert into t values\r\n   ...> ",
                "(1,'x;\r\n'  ...> ",
                "y');\r\nsqlite> ",
            ][..],
            "",
            0,
        ),
        (
            &["select * from t;"],
            &["select * from t;\r\n1|x;\r\ny\r\nsqlite> "],
            "1|x;\ny\n",
            0,
        ),
        (
            &["select * from nosuch;"],
            &["select * from nosuch;\r\nParse error: no such table: nosuch\r\nsqlite> "],
            "Parse error: no such table: nosuch\n",
            1,
        ),
        (&["select 1;"], &["select 1;\r\n1\r\nsqlite> "], "1\n", 0),
    ] {
        let (ended, ()) = both(run(&mut terminal, lines), async {
            for (line, shown) in lines.iter().zip(shown) {
                played.typed(&format!("{line}\n")).await;
                played.prints(shown).await;
            }
        })
        .await;
        assert_eq!(told(&ended), (output, exit, ""));
        // It ends with 1 for an error, however long ago that was.
        failed = failed.max(exit);
        assert_eq!(terminal.code(), failed);
    }
}

#[tokio::test(start_paused = true)]
async fn surplus_lines_are_not_typed() {
    let (mut terminal, mut played, _) = db().await;
    let (ended, ()) = both(run(&mut terminal, &["get a", "get b"]), async {
        played.typed("get a\n").await;
        played.prints("1\r\ndb> ").await;
        played.untouched(1000).await;
    })
    .await;
    assert!(
        matches!(
            ended.as_ref().unwrap_err(),
            TerminalError::Surplus { line: 2, output } if output == "1\n"
        ),
        "{ended:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn it_ends_with_the_code_of_the_command_that_opened_it() {
    let (mut terminal, mut played, _) = db().await;
    let begun = Instant::now();
    let (left, ()) = both(type_for(&mut terminal, "quit", Goal::Left(0)), async {
        played.typed("quit\n").await;
        played.prints("quit\r\nBye\r\n").await;
        pause(400).await;
        played.done(5).await;
    })
    .await;
    took(begun, 400);
    assert_eq!(told(&left), ("Bye\n", 5, ""));
    assert_eq!(terminal.depth(), 0);
}

#[tokio::test(start_paused = true)]
async fn it_shows_its_prompt_again_instead_of_ending() {
    let (mut terminal, mut played, _) = db().await;
    let begun = Instant::now();
    let (stays, ()) = both(press(&mut terminal, b"\x04", Goal::Left(0)), async {
        played.typed("\x04").await;
        played.prints("use quit\r\ndb> ").await;
    })
    .await;
    took(begun, 3000);
    assert_eq!(told(&stays), ("use quit\n", 0, ""));
    assert_eq!(terminal.depth(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_time_out_says_where_it_stands() {
    for (printed, doing) in [
        ("", "db shows no prompt, nothing is on the last line"),
        ("1\r\nwait", "db shows no prompt, the last line is `wait`"),
    ] {
        let (mut terminal, mut played, place) = db().await;
        let (ended, ()) = both(run(&mut terminal, &["slow"]), async {
            played.typed("slow\n").await;
            played.prints(printed).await;
            // It obeys Ctrl-C; but no mark says so, and so it is killed.
            played.typed("\x03").await;
            played.prints("\r\ndb> ").await;
            place.killing().await;
            played.level(1);
            played.done(137).await;
            played.typed("\x03\n").await;
            played.done(130).await;
        })
        .await;
        match ended.unwrap_err() {
            TerminalError::TimedOut {
                doing: seen,
                usable: true,
                ..
            } => assert_eq!(seen, doing),
            other => panic!("{other:?}"),
        }
        assert_eq!(terminal.depth(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn too_much_output() {
    let (mut terminal, mut played, _) = db().await;
    let limits = Limits {
        output_bytes: 100,
        ..LIMITS
    };
    let typing = terminal.type_in(Input::Lines(&["big"]), Goal::Prompt, None, limits);
    let (ended, ()) = both(typing, async {
        played.typed("big\n").await;
        played.prints(&"x".repeat(200)).await;
        played.typed("\x03").await;
        played.level(1);
        played.done(130).await;
    })
    .await;
    match ended.unwrap_err() {
        TerminalError::TooMuchOutput {
            limit: 100,
            output,
            usable: true,
        } => assert_eq!(output, "x".repeat(100)),
        other => panic!("{other:?}"),
    }
    assert_eq!(terminal.depth(), 0);
}
