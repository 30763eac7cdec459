//! Permanent links to claims: made of their words, so that an edit of what proves them leaves them as they are.

use std::collections::HashMap;

use seaworthy_page::Page;

/// How long an anchor may be, in bytes.
const LONGEST: usize = 80;

/// The anchors of a book: each is there once, since the page for printing holds all of them.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    used: HashMap<String, usize>,
}

/// The anchors of the claims of a page, by the ids of the sessions that prove them.
pub(crate) type Anchors = HashMap<String, String>;

impl Claims {
    /// The anchors of the claims that `page` shows. Pages come in the book's order.
    pub(crate) fn of(&mut self, page: &Page) -> Anchors {
        let shown = page.sessions().filter(|step| !step.attributes.hidden);
        let claims = shown.filter_map(|step| Some((&step.id, step.attributes.proves.as_ref()?)));
        claims
            .map(|(id, claim)| (id.clone(), self.anchor(claim)))
            .collect()
    }

    fn anchor(&mut self, claim: &str) -> String {
        let words = words(claim);
        let times = self.used.entry(words.clone()).or_default();
        *times += 1;
        match times {
            1 => format!("claim-{words}"),
            n => format!("claim-{words}-{n}"),
        }
    }
}

/// The words of a claim, in small letters, as many as there is room for.
fn words(claim: &str) -> String {
    let mut words = String::new();
    // "don't" is one word.
    let claim = claim.to_lowercase().replace(['\'', '’'], "");
    for word in claim.split(|c: char| !c.is_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        if words.len() + word.len() >= LONGEST && !words.is_empty() {
            break;
        }
        if !words.is_empty() {
            words.push('-');
        }
        words.push_str(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_says_what_is_claimed_once() {
        let mut claims = Claims::default();
        for (claim, anchor) in [
            ("Names don't resolve here", "claim-names-dont-resolve-here"),
            ("`-p` is discarded: 8080!", "claim-p-is-discarded-8080"),
            (
                "Names don’t resolve, here",
                "claim-names-dont-resolve-here-2",
            ),
            ("Écoute", "claim-écoute"),
        ] {
            assert_eq!(claims.anchor(claim), anchor);
        }
        let long = claims.anchor(&"word ".repeat(40));
        assert!(long.len() <= LONGEST + "claim-".len(), "{long}");
        assert!(long.ends_with("-word"), "{long}");
    }
}
