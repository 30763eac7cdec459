//! What other sites may show of a book's verification: a small JSON, and a badge.

use serde::Serialize;

use crate::marks::{Proof, Tally};

/// The version of the format of `verification.json`.
const VERSION: u32 = 1;

/// What is verified of a book. Addresses are relative to the site's first page.
#[derive(Clone, Debug, Serialize)]
pub struct Published {
    /// The version of this format.
    pub(crate) version: u32,
    /// `verified`, `failed` or `unverified`; none if nothing is run.
    pub(crate) state: Option<Proof>,
    /// The day of the check that is longest ago, as `2026-11-24`.
    pub(crate) checked: Option<String>,
    /// The last day on which the results count, if the book says how long they do.
    pub(crate) until: Option<String>,
    /// The engines of the check.
    pub(crate) engines: Vec<String>,
    pub(crate) sessions: Tally,
    pub(crate) diagrams: Tally,
    pub(crate) claims: Vec<PublishedClaim>,
    pub(crate) pages: Vec<PublishedPage>,
}

/// A claim, and where its proof is.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PublishedClaim {
    pub(crate) text: String,
    pub(crate) link: String,
    pub(crate) state: Proof,
}

/// A page with something to run.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PublishedPage {
    pub(crate) name: String,
    pub(crate) link: String,
    pub(crate) state: Proof,
    pub(crate) verified: usize,
    pub(crate) all: usize,
    pub(crate) checked: Option<String>,
}

impl Published {
    /// What is said of nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            version: VERSION,
            state: None,
            checked: None,
            until: None,
            engines: Vec::new(),
            sessions: Tally::default(),
            diagrams: Tally::default(),
            claims: Vec::new(),
            pages: Vec::new(),
        }
    }

    /// The JSON, indented, with a last newline.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, numbers and lists only: there is nothing in it that JSON can't hold.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// The badge, as SVG: it says the day, since a picture on another site doesn't age by itself.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let day = self.checked.as_deref().unwrap_or("never checked");
        let engines: Vec<_> = self.engines.iter().map(|full| short(full)).collect();
        let (said, colour) = match self.state {
            Some(Proof::Verified) => (format!("verified {day}"), "#14603a"),
            Some(Proof::Failed) => (format!("does not hold, {day}"), "#a8201a"),
            Some(Proof::Unverified) | None => ("unverified".to_owned(), "#6b4700"),
        };
        let label = match engines.as_slice() {
            [] => "Docker".to_owned(),
            some => format!("Docker {}", some.join(", ")),
        };
        badge(&label, &said, colour)
    }
}

/// The first two numbers of a version, or one if the second is 0 or of a later numbering: `28`, `20.10`.
fn short(version: &str) -> String {
    let numbers: Vec<_> = version.split('.').take(2).collect();
    match numbers.as_slice() {
        ["20", minor] => format!("20.{minor}"),
        [major, ..] => (*major).to_owned(),
        [] => String::new(),
    }
}

/// The width of a character of the badge's text, in pixels: of Verdana at 11 px, on average.
const CHARACTER: usize = 7;

fn badge(label: &str, said: &str, colour: &str) -> String {
    let width = |text: &str| text.chars().count() * CHARACTER + 12;
    let (left, right) = (width(label), width(said));
    let all = left + right;
    let (label, said) = (escaped(label), escaped(said));
    let (at_label, at_said) = (left / 2, left + right / 2);
    let (room_label, room_said) = (left - 12, right - 12);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all}\" height=\"20\" role=\"img\" aria-label=\"{label}: {said}\"><title>{label}: {said}</title><rect width=\"{left}\" height=\"20\" fill=\"#22324a\"/><rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{colour}\"/><g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\"><text x=\"{at_label}\" y=\"14\" textLength=\"{room_label}\">{label}</text><text x=\"{at_said}\" y=\"14\" textLength=\"{room_said}\">{said}</text></g></svg>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_says_engines_state_and_day() {
        let mut published = Published::new();
        assert!(
            published
                .to_svg()
                .contains("<title>Docker: unverified</title>")
        );
        published.state = Some(Proof::Verified);
        published.checked = Some("2026-11-24".to_owned());
        published.engines = vec!["28.5.2+dfsg4".to_owned(), "20.10.24".to_owned()];
        let badge = published.to_svg();
        assert!(
            badge.contains("<title>Docker 28, 20.10: verified 2026-11-24</title>"),
            "{badge}"
        );
        published.state = Some(Proof::Failed);
        assert!(published.to_svg().contains("does not hold, 2026-11-24"));
    }
}
