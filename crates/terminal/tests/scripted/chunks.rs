//! One stream, cut anywhere, comes to the same.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use seaworthy_terminal::Goal;

use crate::place::{both, open, press, run, type_for};
use crate::programs::{other, shell};

/// All that comes of a session whose stream is cut into pieces of these sizes, over and over.
async fn session(pieces: Vec<usize>) -> Vec<String> {
    let (mut terminal, mut played, _) = open().await;
    played.pieces = pieces;
    let (ash, db) = (shell("ash"), other("db", "db> "));
    let typed = async {
        let mut seen = Vec::new();
        let mut note = |ended: Result<seaworthy_terminal::Ended, _>| {
            seen.push(match ended {
                Ok(ended) => format!("{:?} {} {:?}", ended.output, ended.exit, ended.late),
                Err(error) => format!("{error:?}"),
            });
        };
        note(run(&mut terminal, &["echo 'a", "b'"]).await);
        note(run(&mut terminal, &["if then"]).await);
        note(type_for(&mut terminal, "ash", Goal::Open(&ash)).await);
        note(run(&mut terminal, &["ls"]).await);
        note(type_for(&mut terminal, "exit 5", Goal::Left(0)).await);
        note(type_for(&mut terminal, "db", Goal::Open(&db)).await);
        note(run(&mut terminal, &["get"]).await);
        note(press(&mut terminal, b"\x04", Goal::Left(0)).await);
        note(type_for(&mut terminal, "ping x", Goal::Keys).await);
        note(press(&mut terminal, b"\x03", Goal::Prompt).await);
        note(run(&mut terminal, &["yes"]).await);
        seen
    };
    let plays = async {
        played.typed("echo 'a\n").await;
        played.prints("late\r\n").await;
        played.asks().await;
        played.typed("b'\n").await;
        played.begins().await;
        played
            .prints("grüße 世界 \x1b[1mb\x1b[0m\x1b]133;D;0;1;feed\x07\x1b]0;t\x07\r\n10%\r100%")
            .await;
        played.done(3).await;
        played.typed("if then\n").await;
        played.prints("bash: syntax error\r\n").await;
        played.done(2).await;
        played.typed("ash\n").await;
        played.begins().await;
        played.prints("welcome\r\n\x1b[6n/ # ").await;
        played.first_line().await;
        played.identity("7;e").await;
        played.done(0).await;
        played.typed("ls\n").await;
        played.prints("ls\r\na\r\n").await;
        played.done(0).await;
        played.typed("exit 5\n").await;
        played.prints("exit 5\r\n").await;
        played.level(1);
        played.done(5).await;
        played.typed("db\n").await;
        played.begins().await;
        played.prints("hello\r\ndb> ").await;
        played.typed("get\n").await;
        played.prints("get\r\n1\r\n\r\x1b[Kdb> ").await;
        played.typed("\x04").await;
        played.prints("Bye\r\n").await;
        played.done(0).await;
        played.typed("ping x\n").await;
        played.begins().await;
        played.prints("one\r\n").await;
        played.typed("\x03").await;
        played.prints("^C\r\n").await;
        played.done(130).await;
        played.typed("yes\n").await;
        played.begins().await;
        played.prints(&"y\r\n".repeat(400)).await;
        played.typed("\x03").await;
        played.done(130).await;
    };
    both(typed, plays).await.0
}

fn played(pieces: Vec<usize>) -> Vec<String> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(session(pieces))
}

#[test]
fn any_cut_of_one_stream_comes_to_the_same() {
    let whole = played(Vec::new());
    let expected = [
        r#""grüße 世界 b\n100%" 3 "late\n""#,
        r#""bash: syntax error\n" 2 """#,
        r#""welcome\n" 0 """#,
        r#""a\n" 0 """#,
        r#""" 5 """#,
        r#""hello\n" 0 """#,
        r#""1\n" 0 """#,
        r#""Bye\n" 0 """#,
        r#""one\n" 0 """#,
        r#""\n" 130 """#,
    ];
    assert_eq!(whole[..expected.len()], expected);
    assert!(
        whole[expected.len()].starts_with("TooMuchOutput"),
        "{whole:?}"
    );
    assert_eq!(played(vec![1]), whole, "byte by byte");
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases: 48,
            failure_persistence: None,
            ..Config::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let cuts = prop::collection::vec(1..40usize, 1..30);
    let same = runner.run(&cuts, |pieces| {
        prop_assert_eq!(played(pieces), whole.clone());
        Ok(())
    });
    same.unwrap();
}
