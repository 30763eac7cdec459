use super::super::fake::{Fake, answer, ok};
use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::io::AsyncWriteExt;
use tokio::time::Instant;

const GONE: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// The first words of the requests that have come.
fn asked(fake: &Fake) -> Vec<String> {
    let requests = fake.requests();
    let words = requests.iter().map(|request| {
        let mut words = request.split([' ', '?']);
        format!("{} {}", words.next().unwrap(), words.next().unwrap())
    });
    words.collect()
}

#[tokio::test(start_paused = true)]
async fn at_once_with_its_volumes() {
    for said in [
        GONE.to_owned(),
        answer("404 Not Found", r#"{"message":"No such container"}"#),
    ] {
        let fake = Fake::answering(move |_| Some(said.clone()));
        let begun = Instant::now();
        fake.engine().await.remove_container("box").await.unwrap();
        assert_eq!(begun.elapsed(), Duration::ZERO);
        let [request] = &fake.requests()[..] else {
            panic!("one request");
        };
        let first = request.lines().next().unwrap();
        assert!(
            first.starts_with("DELETE /v1.41/containers/box?"),
            "{first}"
        );
        assert!(
            first.contains("v=true") && first.contains("force=true"),
            "{first}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_is_just_going_is_waited_for() {
    let times = AtomicUsize::new(0);
    let fake = Fake::answering(move |_| {
        Some(match times.fetch_add(1, Ordering::Relaxed) {
            0 | 1 => answer(
                "409 Conflict",
                r#"{"message":"removal is already in progress"}"#,
            ),
            _ => GONE.to_owned(),
        })
    });
    let begun = Instant::now();
    fake.engine().await.remove_container("box").await.unwrap();
    assert_eq!((begun.elapsed(), fake.requests().len()), (AGAIN * 2, 3));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_told() {
    let fake = Fake::answering(|_| Some(answer("500 Oops", r#"{"message":"disk"}"#)));
    let error = fake
        .engine()
        .await
        .remove_container("box")
        .await
        .unwrap_err();
    let words = "the Docker Engine refused removing a container: disk (status 500)";
    assert_eq!(error.to_string(), words);
}

const INSPECTED: &str = r#"{"Image":"sha256:12","Config":{"Labels":
    {"seaworthy.run":"7","seaworthy.host":"here","seaworthy.engine":"28","other":"1"}}}"#;

/// An engine on which the removal of `box` ends when a helper has thawed it, with `first` said before; the helper's exit
/// code is `code`.
fn frozen(first: &'static str, code: u8) -> Fake {
    let thawed = Arc::new(AtomicBool::new(false));
    let tries = Arc::new(AtomicUsize::new(0));
    Fake::new(move |request, mut stream| {
        let (thawed, tries) = (thawed.clone(), tries.clone());
        async move {
            let said = if request.starts_with("DELETE /v1.41/containers/box") {
                let again = tries.fetch_add(1, Ordering::Relaxed) > 0;
                if !first.is_empty() && !again {
                    sleep(Duration::from_secs(4)).await;
                    answer("500 Oops", first)
                } else {
                    while !thawed.load(Ordering::Relaxed) {
                        sleep(Duration::from_millis(10)).await;
                    }
                    GONE.to_owned()
                }
            } else if request.contains("/containers/box/json") {
                ok(INSPECTED)
            } else if request.contains("/containers/create") {
                answer("201 Created", r#"{"Id":"helper","Warnings":[]}"#)
            } else if request.contains("/containers/helper/wait") {
                if !first.is_empty() {
                    sleep(Duration::from_secs(2)).await;
                }
                thawed.store(code == 0, Ordering::Relaxed);
                ok(&format!(r#"{{"StatusCode":{code}}}"#))
            } else if request.contains("/containers/helper/logs") {
                let said = b"\x02\0\0\0\0\0\0\x09no group\n";
                ok(std::str::from_utf8(said).unwrap())
            } else {
                GONE.to_owned()
            };
            stream.write_all(said.as_bytes()).await.unwrap();
        }
    })
}

#[tokio::test(start_paused = true)]
async fn what_is_frozen_is_thawed() {
    let fake = frozen("", 0);
    let begun = Instant::now();
    fake.engine().await.remove_container("box").await.unwrap();
    assert!(begun.elapsed() >= PATIENCE && begun.elapsed() < PATIENCE * 2);
    assert_eq!(
        asked(&fake),
        [
            "DELETE /v1.41/containers/box",
            "GET /v1.41/containers/box/json",
            "POST /v1.41/containers/create",
            "POST /v1.41/containers/helper/start",
            "POST /v1.41/containers/helper/wait",
            "DELETE /v1.41/containers/helper",
        ]
    );
    let (_, body) = fake.requests()[2]
        .split_once("\r\n\r\n")
        .map(|(head, body)| (head.to_owned(), body.to_owned()))
        .unwrap();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["Image"], "sha256:12");
    assert_eq!(
        body["Labels"],
        serde_json::json!({"seaworthy.run": "7", "seaworthy.host": "here"})
    );
    assert_eq!(body["Entrypoint"][4], "box");
    let script = body["Entrypoint"][2].as_str().unwrap();
    assert!(script.contains("echo THAWED"), "{script}");
    assert_eq!(body["HostConfig"]["NetworkMode"], "none");
    assert_eq!(body["HostConfig"]["CapDrop"], serde_json::json!(["ALL"]));
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_gave_up_before_is_asked_again() {
    let fake = frozen(r#"{"message":"could not kill"}"#, 0);
    fake.engine().await.remove_container("box").await.unwrap();
    let removals = asked(&fake);
    let removals = removals
        .iter()
        .filter(|words| *words == "DELETE /v1.41/containers/box");
    assert_eq!(removals.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_removed_says_why() {
    let begun = Instant::now();
    let fake = frozen("", 1);
    let error = fake
        .engine()
        .await
        .remove_container("0123456789abcdef")
        .await;
    // It isn't `box`, and gone at once: what is removed is what was named.
    error.unwrap();
    let error = fake
        .engine()
        .await
        .remove_container("box")
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not remove the container box: its processes don't end; what is frozen in it could not be thawed: \
         no group; `seaworthy clean` tries again"
    );
    assert_eq!(
        begun.elapsed().as_secs(),
        (PATIENCE + LAST_PATIENCE).as_secs()
    );
    let begun = Instant::now();
    let silent = Fake::answering(|_| None);
    let error = silent
        .engine()
        .await
        .remove_container("box")
        .await
        .unwrap_err();
    let words = "could not be thawed: gave up after 10 s; ";
    assert!(error.to_string().contains(words), "{error}");
    assert_eq!(begun.elapsed(), PATIENCE + THAW_TIME + LAST_PATIENCE);
}
