//! What helps where a command fails: what else on the page explains it.

use crate::book::{keeping_going, one, page};
use crate::host::FakeHost;
use crate::shell::{Script, prints};

/// The help of the last failure of a page.
async fn help(script: Script, text: &str) -> String {
    let report = one(FakeHost::new(script), &page("a", text), &keeping_going()).await;
    let failures = report
        .sessions
        .iter()
        .flat_map(|session| session.failures());
    failures.last().expect("something fails").help.clone()
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_would_be_made_by_what_is_not_run() {
    let run = "docker run --network front nginx";
    let script = Script::default().on(run, [prints("network front not found\n").exit(125)]);
    let text = format!(
        "```console,no_run=\"later\"\n$ true\n$ docker network create front\n```\n\n```console\n$ {run}\n```\n"
    );
    assert_eq!(
        help(script.clone(), &text).await,
        "`front`: line 3 would make it, and isn't run"
    );
    let listed = format!("```sh\ndocker network create front\n```\n\n```console\n$ {run}\n```\n");
    assert_eq!(
        help(script.clone(), &listed).await,
        "`front`: line 2 would make it, and isn't run"
    );
    // What comes after it couldn't have made it.
    let after = format!("```console\n$ {run}\n```\n\n```sh\ndocker network create front\n```\n");
    assert!(!help(script, &after).await.contains("would make it"));
}

#[tokio::test(start_paused = true)]
async fn a_printed_line_that_looks_like_a_command() {
    let script = Script::default().on("show", [prints("$ ls\n")]);
    let text = "```console\n$ show\n$ ls\n```\n";
    assert_eq!(
        help(script, text).await,
        "`$ ls` is what line 2 printed; printed lines can't begin with `$ `: put `...` in its place"
    );
}

#[tokio::test(start_paused = true)]
async fn a_host_out_in_the_world() {
    let typed = "curl -s https://example.com/x";
    let script = Script::default().on(typed, [prints("").exit(6)]);
    let text = format!("```console\n$ {typed}\n```\n");
    assert_eq!(
        help(script.clone(), &text).await,
        "this machine may have no way out to `example.com`; if not, show it without running it: `no_run=\"needs the internet\"`"
    );
    let closed = format!("<!-- seaworthy internet=false -->\n\n{text}");
    assert!(
        help(script, &closed)
            .await
            .starts_with("`internet = false` closes the way out to `example.com`")
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_just_starting() {
    let run = "docker run -d -p 8080:80 nginx";
    let script = Script::default()
        .on(run, [prints("")])
        .on("curl -s localhost:8080", [prints("").exit(7)]);
    let text = format!("```console\n$ {run}\n```\n\n```console\n$ curl -s localhost:8080\n```\n");
    let told = help(script.clone(), &text).await;
    assert!(
        told.starts_with("what was started above may not answer yet: `retry=30s`"),
        "{told}"
    );
    // Who waits already is told nothing of waiting.
    let waits = "```console,retry=5s\n$ curl";
    let text = text.replace("```console\n$ curl", waits);
    assert!(!help(script, &text).await.contains("may not answer yet"));
}
