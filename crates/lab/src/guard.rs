//! Who may talk to the lab: pages of its own, under the one name that it has, and nobody's scripts but the site's.
//!
//! Another site's page can have a browser send requests here: under a name of its own that leads to this computer (DNS
//! rebinding), which its `Host` gives away, or across sites, which its `Origin` does. A browser lets no page change these.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Whether a request is for the lab by its very name.
pub(crate) fn is_for(host: &str, headers: &HeaderMap) -> bool {
    // One that bears two is nobody's browser's.
    let mut all = headers.get_all(HOST).iter();
    let named = all
        .next()
        .is_some_and(|name| name.as_bytes() == host.as_bytes());
    named && all.next().is_none()
}

/// Whether a request comes from a page of the lab itself.
pub(crate) fn is_from(host: &str, headers: &HeaderMap) -> bool {
    let mut all = headers.get_all(ORIGIN).iter();
    let origin = format!("http://{host}");
    let own = all
        .next()
        .is_some_and(|from| from.as_bytes() == origin.as_bytes());
    own && all.next().is_none()
}

/// Whether two secrets are the same; how long that takes says nothing of where they differ.
pub(crate) fn is_secret(one: &str, other: &str) -> bool {
    Sha256::digest(one.as_bytes()) == Sha256::digest(other.as_bytes())
}

/// What a page of the site may do: run its own files and the scripts that stand in it, and talk to the lab. The terminal
/// makes style sheets as it goes, which no hash can know before.
pub(crate) fn policy(host: &str, html: &str) -> String {
    let scripts: Vec<String> = inline_scripts(html).map(hash).collect();
    format!(
        "default-src 'none'; script-src 'self' {}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self' ws://{host}; frame-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'self'",
        scripts.join(" ")
    )
}

fn hash(script: &str) -> String {
    let digest = Sha256::digest(script.as_bytes());
    format!("'sha256-{}'", STANDARD.encode(digest))
}

/// The scripts that stand in a page, as mdBook writes them: without attributes.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    let parts = html.split("<script>").skip(1);
    parts.filter_map(|part| part.split_once("</script>").map(|(script, _)| script))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use axum::http::header::HeaderName;

    fn headers(of: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in of {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn only_the_very_name_is_answered() {
        for (names, answered) in [
            (&["127.0.0.1:3000"][..], true),
            (&["127.0.0.1"], false),
            (&["127.0.0.1:3001"], false),
            (&["localhost:3000"], false),
            (&["127.0.0.1:3000.example.org"], false),
            (&["book.example.org:3000"], false),
            (&[""], false),
            (&[], false),
            (&["127.0.0.1:3000", "127.0.0.1:3000"], false),
        ] {
            let all: Vec<_> = names.iter().map(|name| (HOST, *name)).collect();
            assert_eq!(
                is_for("127.0.0.1:3000", &headers(&all)),
                answered,
                "{names:?}"
            );
        }
    }

    #[test]
    fn only_its_own_pages_may_open_a_connection() {
        for (origin, answered) in [
            ("http://127.0.0.1:3000", true),
            ("https://127.0.0.1:3000", false),
            ("http://127.0.0.1:8080", false),
            ("http://localhost:3000", false),
            ("http://example.org", false),
            ("null", false),
            ("", false),
        ] {
            let headers = headers(&[(ORIGIN, origin)]);
            assert_eq!(is_from("127.0.0.1:3000", &headers), answered, "{origin}");
        }
        // Whoever is no browser, and has none, isn't let in either.
        assert!(!is_from("127.0.0.1:3000", &HeaderMap::new()));
    }

    #[test]
    fn scripts_are_known_by_their_hashes() {
        let policy = policy(
            "127.0.0.1:3000",
            "<script>a()</script><script src=\"x.js\"></script>",
        );
        let hash = hash("a()");
        assert!(
            policy.contains(&format!("script-src 'self' {hash};")),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-eval"), "{policy}");
    }

    #[test]
    fn secrets() {
        assert!(is_secret("a", "a") && !is_secret("a", "b") && !is_secret("", "a"));
    }
}
