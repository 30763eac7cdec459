//! The site over HTTP, for this computer only.
//!
//! A page gets one script more, `live.js`: it listens to `events` and reloads the page after a build,
//! or shows what is wrong.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State as Extract};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HOST};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures_util::{Stream, stream};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;
use tokio::sync::{AcquireError, Semaphore};
use tower_http::services::{ServeDir, ServeFile};

use super::build::Served;

const LIVE: &str = include_str!("live.js");
/// Where what isn't the book's stands.
const OURS: &str = "/-seaworthy";

/// The most connections at a time; more wait until one is free.
const MOST: usize = 400;
/// How long a reader may take to say what they want.
const PATIENCE: Duration = Duration::from_secs(2);

type States = Receiver<Arc<Served>>;

/// The site in each of its states.
pub(super) fn router(states: States) -> Router {
    let live = || async { ([(CONTENT_TYPE, "text/javascript")], LIVE) };
    Router::new()
        .route(&format!("{OURS}/live.js"), get(live))
        .route(&format!("{OURS}/events"), get(events))
        .fallback(page)
        .layer(from_fn(local_only))
        .with_state(states)
}

/// Serves `router` on `listener` until the program ends.
///
/// # Errors
/// If no further reader may be let in, ever.
pub(in crate::commands) async fn serve(
    listener: TcpListener,
    router: Router,
) -> Result<(), AcquireError> {
    let slots = Arc::new(Semaphore::new(MOST));
    loop {
        let slot = Arc::clone(&slots).acquire_owned().await?;
        let Ok((stream, _)) = listener.accept().await else {
            // The reader went again, or the system is short of something: it may have it a little later.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            // A reader who breaks off, or never says what they want, is nobody's trouble.
            let _ = connection.await;
            drop(slot);
        });
    }
}

/// Refuses a request that another site's page sends here under a name of its own.
async fn local_only(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|h| h.to_str().ok());
    if host.is_some_and(is_local) {
        let mut response = next.run(request).await;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return response;
    }
    let why = "this server answers to localhost and 127.0.0.1 only\n";
    (StatusCode::FORBIDDEN, why).into_response()
}

/// Whether `host`, with or without a port, is this computer.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// What a page is told.
#[derive(Serialize)]
struct News<'a> {
    build: &'a str,
    fault: Option<&'a str>,
}

/// The state now, and each that follows.
async fn events(
    Extract(states): Extract<States>,
) -> Sse<impl Stream<Item = serde_json::Result<Event>>> {
    let news = stream::unfold((states, true), |(mut states, first)| async move {
        if !first && states.changed().await.is_err() {
            return None;
        }
        let state = Arc::clone(&states.borrow_and_update());
        let news = News {
            build: &state.build,
            fault: state.fault.as_deref(),
        };
        let event = serde_json::to_string(&news).map(|json| Event::default().data(json));
        Some((event, (states, false)))
    });
    Sse::new(news).keep_alive(KeepAlive::default())
}

/// A file of the last good site.
async fn page(Extract(states): Extract<States>, mut request: Request) -> Response {
    let state = Arc::clone(&states.borrow());
    let Some(site) = &state.site else {
        let empty = "<!DOCTYPE html><html lang=\"en\"><title>Seaworthy</title><body></body></html>";
        return Html(with_script(empty, &state.build)).into_response();
    };
    for part in [
        header::RANGE,
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
    ] {
        request.headers_mut().remove(part);
    }
    let missing = ServeFile::new(site.html.join("404.html"));
    let mut files = ServeDir::new(&site.html).not_found_service(missing);
    match files.try_call(request).await {
        Ok(response) => live(response.map(Body::new), &state.build).await,
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The response, with the script if it is a page.
async fn live(response: Response, build: &str) -> Response {
    let kind = response.headers().get(CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => {
            let html = with_script(&String::from_utf8_lossy(&bytes), build);
            head.headers.remove(CONTENT_LENGTH);
            Response::from_parts(head, Body::from(html))
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn with_script(html: &str, build: &str) -> String {
    let script = format!("<script src=\"{OURS}/live.js?build={build}\"></script>");
    let end = html.rfind("</body>").unwrap_or(html.len());
    format!("{}{script}{}", &html[..end], &html[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computers_names_are_answered() {
        for host in [
            "localhost",
            "localhost:3000",
            "127.0.0.1:1",
            "[::1]:3000",
            "[::1]",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "example.org",
            "localhost.example.org:3000",
            "127.0.0.1.example.org",
            "",
            "[::1]x",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }

    #[test]
    fn the_script_stands_at_the_end_of_the_page() {
        let html = with_script("<body>a</body></html>", "7-1");
        assert_eq!(
            html,
            "<body>a<script src=\"/-seaworthy/live.js?build=7-1\"></script></body></html>"
        );
    }
}
