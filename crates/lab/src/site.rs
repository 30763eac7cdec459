//! The site over HTTP, with the lab's script in each page.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, RANGE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::services::{ServeDir, ServeFile};

use crate::assets::ASSETS;
use crate::guard;
use crate::lab::Lab;
use crate::socket;

/// Where what isn't the book's stands.
const OURS: &str = "/-seaworthy/lab";

#[derive(Clone)]
struct Site {
    host: Arc<str>,
    html: Arc<Path>,
}

/// Serves the site in the folder `html` with `lab` behind its pages.
pub fn router(lab: &Lab, html: PathBuf) -> Router {
    let site = Site {
        host: lab.shared.options.host.as_str().into(),
        html: html.into(),
    };
    let mut router = Router::new().route(
        &format!("{OURS}/socket"),
        get(socket::open).with_state(lab.clone()),
    );
    for asset in &ASSETS {
        let answer = || async { ([(CONTENT_TYPE, asset.kind)], asset.bytes) };
        router = router.route(&format!("{OURS}/{}", asset.name), get(answer));
    }
    router
        .fallback(get(page).with_state(site.clone()))
        .layer(from_fn_with_state(site, guarded))
}

/// Answers only requests for the lab itself, and lets no answer be taken for anything else than it is.
async fn guarded(State(site): State<Site>, request: Request, next: Next) -> Response {
    if !guard::is_for(&site.host, request.headers()) {
        let why = format!("this server answers to {} only\n", site.host);
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A file of the site.
async fn page(State(site): State<Site>, mut request: Request) -> Response {
    for part in [RANGE, IF_NONE_MATCH, IF_MODIFIED_SINCE] {
        request.headers_mut().remove(part);
    }
    let missing = ServeFile::new(site.html.join("404.html"));
    let mut files = ServeDir::new(&site.html).not_found_service(missing);
    match files.try_call(request).await {
        Ok(response) => with_lab(response.map(Body::new), &site.host).await,
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The response, with the script and what it may do if it is a page.
async fn with_lab(response: Response, host: &str) -> Response {
    let kind = response.headers().get(CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let html = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            return (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response();
        }
    };
    head.headers.remove(CONTENT_LENGTH);
    match HeaderValue::try_from(guard::policy(host, &html)) {
        Ok(policy) => head.headers.insert(CONTENT_SECURITY_POLICY, policy),
        Err(error) => {
            return (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response();
        }
    };
    Response::from_parts(head, Body::from(with_script(&html)))
}

fn with_script(html: &str) -> String {
    let script = format!(
        "<link rel=\"stylesheet\" href=\"{OURS}/xterm.css\"><link rel=\"stylesheet\" href=\"{OURS}/lab.css\">\
         <script type=\"module\" src=\"{OURS}/lab.mjs\"></script>"
    );
    let end = html.rfind("</body>").unwrap_or(html.len());
    format!("{}{script}{}", &html[..end], &html[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stands_at_the_end_of_the_page() {
        let html = with_script("<body>a</body></html>");
        assert!(html.starts_with("<body>a<link") && html.ends_with("</script></body></html>"));
    }
}
