//! Hashing what is run, so that an edit is noticed.
//!
//! A fingerprint is the first half of a SHA-256, in hexadecimal digits, over bytes that depend on nothing but what the page
//! says and this encoding: [`VERSION`], then a record for each thing that is run, in the page's order. A record is its kind,
//! how many fields it has, and each field's name and value, in the order of the names. A field whose value is empty is left
//! out, so a field that is added later changes no fingerprint of a page that doesn't use it. A text is its length in bytes, as
//! eight bytes with the lowest first, and its bytes; a count is written as such a length. Numbers are decimal digits.

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::{BookSettings, Lasts, MachineLimits, Settings};

/// The version of the encoding. Raising it changes every fingerprint, so that every page is unverified until it is checked
/// again.
const VERSION: &str = "seaworthy 1";

/// What is run up to a place of a page.
#[derive(Clone)]
pub(crate) struct Chain(Sha256);

impl Chain {
    /// Nothing is run yet.
    pub(crate) fn new() -> Self {
        let mut hasher = Sha256::new();
        feed(&mut hasher, VERSION.as_bytes());
        Self(hasher)
    }

    /// Adds a record of the `kind`.
    pub(crate) fn add(&mut self, kind: &str, fields: &[(&str, &[u8])]) {
        let mut fields: Vec<_> = fields.iter().filter(|(_, v)| !v.is_empty()).collect();
        fields.sort_by_key(|(name, _)| *name);
        feed(&mut self.0, kind.as_bytes());
        self.0.update((fields.len() as u64).to_le_bytes());
        for (name, value) in fields {
            feed(&mut self.0, name.as_bytes());
            feed(&mut self.0, value);
        }
    }

    /// Adds what of the settings is seen by what is run, and isn't as it is where nothing is said.
    pub(crate) fn add_settings(&mut self, settings: &Settings) {
        let usual = BookSettings::default();
        let timeout = said(settings.timeout, usual.timeout, |t: Duration| {
            t.as_millis().to_string()
        });
        let usual = MachineLimits::default();
        // Taken apart, so that a new limit isn't forgotten here.
        let MachineLimits {
            memory,
            data_root,
            processes,
            output,
            internet,
        } = settings.limits;
        let decimal = |number: u64| number.to_string();
        let values = [
            ("timeout", timeout),
            ("memory", said(memory, usual.memory, decimal)),
            ("data-root", said(data_root, usual.data_root, decimal)),
            (
                "processes",
                said(u64::from(processes), u64::from(usual.processes), decimal),
            ),
            ("output", said(output, usual.output, decimal)),
            (
                "internet",
                said(internet, usual.internet, |way| way.to_string()),
            ),
        ];
        let fields: Vec<_> = values
            .iter()
            .map(|(name, value)| (*name, value.as_bytes()))
            .collect();
        self.add("settings", &fields);
        for image in &settings.images {
            self.add("image", &[("name", image.as_bytes())]);
        }
        for machine in &settings.machines {
            self.add("machine", &[("name", machine.as_bytes())]);
        }
        if settings.state == Lasts::Session {
            self.add("state of a session", &[]);
        }
    }

    /// The fingerprint of all that was added.
    pub(crate) fn fingerprint(&self) -> String {
        hex(self.0.clone())
    }
}

/// A value as it is encoded; empty if it is the usual one.
fn said<T: PartialEq>(value: T, usual: T, encode: impl Fn(T) -> String) -> String {
    if value == usual {
        String::new()
    } else {
        encode(value)
    }
}

fn feed(hasher: &mut Sha256, text: &[u8]) {
    hasher.update((text.len() as u64).to_le_bytes());
    hasher.update(text);
}

/// A short name for `parts`, none of which can be taken for a part of another.
pub(crate) fn short_name<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        feed(&mut hasher, part.as_bytes());
    }
    hex(hasher)[..8].to_owned()
}

/// The first 32 digits of the hash: enough to tell edits apart.
fn hex(hasher: Sha256) -> String {
    let digest = hasher.finalize();
    digest.iter().take(16).map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes as the head of this file describes them, hashed by another hand (Python's `hashlib`).
    #[test]
    fn the_encoding_is_as_it_is_described() {
        let mut chain = Chain::new();
        let fields: [(&str, &[u8]); 3] = [("path", b"f"), ("on", b""), ("content", b"\xff\n")];
        chain.add("file", &fields);
        assert_eq!(chain.fingerprint(), "9c917e50f184724551f9c5c58a7fee9c");
    }
}
