use super::super::fake::{Fake, answer, ok};
use super::*;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::AsyncWriteExt;
use tokio::time::Instant;

fn inspected(labels: &str) -> String {
    ok(&format!(
        r#"{{"Id":"sha256:12","RepoDigests":["other@sha256:aa","busybox@sha256:bb"],"Config":{{"Labels":{labels}}}}}"#
    ))
}

fn missing() -> String {
    answer("404 Not Found", r#"{"message":"No such image"}"#)
}

#[tokio::test(start_paused = true)]
async fn what_an_image_is() {
    let fake = Fake::answering(|_| Some(inspected(r#"{"a":"b"}"#)));
    let image = fake
        .engine()
        .await
        .image("busybox:1.37")
        .await
        .unwrap()
        .unwrap();
    assert!(fake.requests()[0].starts_with("GET /v1.41/images/busybox:1.37/json"));
    assert_eq!(
        (image.id.as_str(), image.labels["a"].as_str()),
        ("sha256:12", "b")
    );
    assert_eq!(image.digest.as_deref(), Some("sha256:bb"));
    assert!(!image.built_on_stand_in && !image.pulled && image.stand_in().is_none());
    let other = fake
        .engine()
        .await
        .image("elsewhere")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(other.digest.as_deref(), Some("sha256:aa"));
    let none = Fake::answering(|_| Some(missing())).engine().await;
    assert!(none.image("busybox").await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn what_is_built_on_a_stand_in() {
    for (recipe, built) in [("scripts/images.d/nginx", false), ("RUN make", true)] {
        let fake = Fake::answering(move |request| {
            Some(match request.contains("/history") {
                true => ok(&format!(
                    r#"[{{"Id":"1","Created":1,"CreatedBy":"{recipe}","Tags":[],"Size":1,"Comment":""}}]"#
                )),
                false => inspected(r#"{"seaworthy.stand-in":"Debian"}"#),
            })
        });
        let image = fake.engine().await.image("nginx").await.unwrap().unwrap();
        assert_eq!(
            (image.built_on_stand_in, image.stand_in()),
            (built, Some("Debian"))
        );
    }
}

/// An engine that lacks the image until it has pulled it, and says `said` of that.
fn pulling(said: &'static str, gets_it: bool) -> Fake {
    let there = AtomicBool::new(false);
    Fake::answering(move |request| {
        if request.starts_with("POST /v1.41/images/create?") {
            assert!(request.contains("fromImage=busybox&") && request.contains("tag=1.37"));
            there.store(gets_it, Ordering::Relaxed);
            return Some(ok(said));
        }
        Some(match there.load(Ordering::Relaxed) {
            true => inspected("{}"),
            false => missing(),
        })
    })
}

#[tokio::test(start_paused = true)]
async fn images_that_are_pulled_or_can_not_be() {
    let engine = pulling(
        "{\"status\":\"Pulling\"}\r\n{\"status\":\"Done\"}\r\n",
        true,
    )
    .engine()
    .await;
    assert!(engine.ensure_image("busybox:1.37").await.unwrap().pulled);
    assert!(!engine.ensure_image("busybox:1.37").await.unwrap().pulled);
    for (said, words) in [
        ("", "the pull ended well, but the image is not there"),
        (
            "{\"error\":\"manifest unknown\",\"errorDetail\":{\"message\":\"manifest unknown\"}}\r\n",
            "its registry knows none of that name",
        ),
    ] {
        let error = pulling(said, false)
            .engine()
            .await
            .ensure_image("busybox:1.37")
            .await;
        let message = error.unwrap_err().to_string();
        assert!(
            message.starts_with("there is no image busybox:1.37: "),
            "{message}"
        );
        assert!(message.contains(words), "{message}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_says_nothing_is_given_up() {
    let fake = Fake::new(|request, mut stream| async move {
        if !request.starts_with("POST /v1.41/images/create?") {
            return stream.write_all(missing().as_bytes()).await.unwrap();
        }
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head).await.unwrap();
        for _ in 0..3 {
            tokio::time::sleep(SILENCE - Duration::from_secs(1)).await;
            stream.write_all(b"a\r\n{\"id\":\"1\"}\r\n").await.unwrap();
        }
        std::future::pending::<()>().await;
    });
    let begun = Instant::now();
    let error = fake
        .engine()
        .await
        .ensure_image("busybox:1.37")
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("its registry can't be reached"),
        "{error}"
    );
    assert_eq!(begun.elapsed(), SILENCE * 4 - Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn removing_and_listing() {
    let fake = Fake::answering(|request| {
        Some(match request {
            list if list.starts_with("GET /v1.41/images/json?") => ok("[]"),
            kept if kept.contains("/images/kept") => {
                answer("409 Conflict", r#"{"message":"in use"}"#)
            }
            gone if gone.contains("/images/gone") => missing(),
            _ => ok("[]"),
        })
    });
    let engine = fake.engine().await;
    assert!(engine.list_images("a=b").await.unwrap().is_empty());
    assert!(fake.requests()[0].contains("%7B%22label%22%3A%5B%22a%3Db%22%5D%7D"));
    engine.remove_image("there").await.unwrap();
    engine.remove_image("gone").await.unwrap();
    let error = engine.remove_image("kept").await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the Docker Engine refused removing the image kept: in use (status 409)"
    );
}

/// Engines with containerd's image store give a digest to what they have built, too.
#[tokio::test(start_paused = true)]
async fn what_was_built_is_in_no_registry() {
    const BUILT: &str = r#"{"Build":[{"Ref":"a"}]}"#;
    const PUSHED: &str = r#"{"Build":[{"Ref":"a"}],"Pull":[{"Repository":"docker.io/me/a"}]}"#;
    for (identity, digest) in [
        (BUILT, None),
        (PUSHED, Some("sha256:12")),
        (
            r#"{"Pull":[{"Repository":"docker.io/library/a"}]}"#,
            Some("sha256:12"),
        ),
        ("null", Some("sha256:12")),
    ] {
        let said = format!(
            r#"{{"Id":"sha256:12","RepoDigests":["a@sha256:12"],"Config":{{}},"Identity":{identity}}}"#
        );
        let fake = Fake::answering(move |_| Some(ok(&said)));
        let image = fake.engine().await.image("a").await.unwrap().unwrap();
        assert_eq!(image.digest.as_deref(), digest, "{identity}");
    }
}
