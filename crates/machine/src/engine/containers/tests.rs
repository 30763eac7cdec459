use super::super::fake::{Fake, answer, ok};
use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The end of a container of these states, one after the other, and how long it took to be told.
async fn end(states: &'static [&'static str], killed: bool) -> (Option<String>, Duration) {
    let asked = AtomicUsize::new(0);
    let fake = Fake::answering(move |_| {
        let next = asked.fetch_add(1, Ordering::Relaxed).min(states.len() - 1);
        Some(match states[next] {
            "" => answer("404 Not Found", r#"{"message":"No such container"}"#),
            state => ok(&format!(r#"{{"State":{state}}}"#)),
        })
    });
    let begun = Instant::now();
    let end = fake
        .engine()
        .await
        .container_end("box", killed)
        .await
        .unwrap();
    (end, begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn how_a_container_ended() {
    const RUNS: &str = r#"{"Status":"running","Running":true}"#;
    const KILLED: &str = r#"{"Status":"exited","Running":false,"ExitCode":137,"OOMKilled":true}"#;
    for (states, words) in [
        (&[""] as &[&str], "its container was removed"),
        (
            &[KILLED],
            "its container ended with exit code 137, out of memory",
        ),
        (
            &[r#"{"Running":false,"ExitCode":3}"#],
            "its container ended with exit code 3",
        ),
        (
            &[r#"{"Status":"removing","Running":true}"#],
            "its container is being removed",
        ),
    ] {
        assert_eq!(
            end(states, false).await,
            (Some(words.to_owned()), Duration::ZERO)
        );
    }
    assert_eq!(end(&[RUNS, KILLED], false).await, (None, Duration::ZERO));
    // Of one that was just killed, the end may be about to be noticed.
    let (told, after) = end(&[RUNS, RUNS, KILLED], true).await;
    assert!(told.unwrap().contains("137") && after == Duration::from_millis(100));
    assert_eq!(end(&[RUNS], true).await, (None, BOOKKEEPING));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_the_end() {
    for (said, code) in [(r#"{"StatusCode":0}"#, 0), (r#"{"StatusCode":7}"#, 7)] {
        let engine = Fake::answering(move |_| Some(ok(said))).engine().await;
        assert_eq!(engine.container_exit("box").await.unwrap(), code);
    }
    let empty = Fake::answering(|_| Some(ok(""))).engine().await;
    let error = empty.container_exit("box").await.unwrap_err().to_string();
    assert!(
        error.ends_with("waiting for a container's end: the answer is empty"),
        "{error}"
    );
    let refused = Fake::answering(|_| Some(answer("500 Oops", r#"{"message":"no"}"#)));
    let error = refused
        .engine()
        .await
        .container_exit("box")
        .await
        .unwrap_err();
    let words = "the Docker Engine refused waiting for a container's end: no (status 500)";
    assert_eq!(error.to_string(), words);
}

#[tokio::test(start_paused = true)]
async fn logs_and_counts() {
    let fake = Fake::answering(|request| {
        let logged = "\x01\0\0\0\0\0\0\x04one\n\x02\0\0\0\0\0\0\x04two\n";
        Some(ok(match request.contains("/stats") {
            true => r#"{"pids_stats":{"current":7,"limit":1024}}"#,
            false => logged,
        }))
    });
    let engine = fake.engine().await;
    assert_eq!(
        engine
            .container_log("reading", "box", Some(20))
            .await
            .unwrap(),
        "one\ntwo\n"
    );
    engine.container_log("reading", "box", None).await.unwrap();
    assert!(fake.requests()[0].contains("tail=20") && !fake.requests()[1].contains("tail=20"));
    let counted = engine.container_processes("counting", "box").await.unwrap();
    assert_eq!(counted, Some((7, 1024)));
    let uncounted = Fake::answering(|_| Some(ok(r#"{"pids_stats":{}}"#)))
        .engine()
        .await;
    assert_eq!(
        uncounted
            .container_processes("counting", "box")
            .await
            .unwrap(),
        None
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_container_prints() {
    let printed = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n\
        \x01\0\0\0\0\0\0\x04one\n\x02\0\0\0\0\0\0\x04err\n\x01\0\0\0\0\0\0\x04two\n";
    let engine = Fake::answering(|_| Some(printed.to_owned())).engine().await;
    let output = engine.attach_container("attaching", "box").await.unwrap();
    let pieces: Vec<Bytes> = output.try_collect().await.unwrap();
    assert_eq!(pieces, ["one\n", "two\n"]);
}

#[tokio::test(start_paused = true)]
async fn a_terminal_in_a_container() {
    let fake = Fake::answering(|request| {
        Some(
            match request.starts_with("POST /v1.41/containers/box/exec ") {
                true => answer("201 Created", r#"{"Id":"feed"}"#),
                false => ok(""),
            },
        )
    });
    let engine = fake.engine().await;
    let command = TerminalCommand {
        words: vec!["bash".to_owned()],
        environment: vec!["A=b".to_owned()],
        directory: Some("/srv".to_owned()),
        detach_keys: Some("ctrl-@".to_owned()),
    };
    let exec = engine
        .create_terminal("opening", "box", command)
        .await
        .unwrap();
    engine
        .resize_terminal("opening", &exec, (24, 80))
        .await
        .unwrap();
    let requests = fake.requests();
    let (_, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    for (name, value) in [
        ("AttachStdin", serde_json::json!(true)),
        ("AttachStdout", serde_json::json!(true)),
        ("AttachStderr", serde_json::json!(true)),
        ("Tty", serde_json::json!(true)),
        ("Cmd", serde_json::json!(["bash"])),
        ("Env", serde_json::json!(["A=b"])),
        ("WorkingDir", serde_json::json!("/srv")),
        ("DetachKeys", serde_json::json!("ctrl-@")),
    ] {
        assert_eq!(body[name], value, "{name}");
    }
    assert!(
        requests[1].starts_with("POST /v1.41/exec/feed/resize?"),
        "{}",
        requests[1]
    );
    assert!(requests[1].contains("h=24") && requests[1].contains("w=80"));
}
