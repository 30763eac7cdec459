//! Short texts that are ordered quickly, since a page that lists thousands of ids looks each up among all.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

use compact_str::CompactString;

/// A text in the order of its bytes. Ids as Docker prints them, addresses and names are kept in place.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct TextKey(CompactString);

impl From<&str> for TextKey {
    fn from(text: &str) -> Self {
        TextKey(text.into())
    }
}

impl Deref for TextKey {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Ord for TextKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mine, theirs) = (self.as_bytes(), other.as_bytes());
        // As much as an id has at least, as two numbers: nearly always, these differ.
        match (mine.first_chunk::<12>(), theirs.first_chunk::<12>()) {
            (Some(a), Some(b)) if a != b => numbers(a).cmp(&numbers(b)),
            _ => mine.cmp(theirs),
        }
    }
}

impl PartialOrd for TextKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn numbers(bytes: &[u8; 12]) -> (u64, u32) {
    let [a, b, c, d, e, f, g, h, i, j, k, l] = *bytes;
    (
        u64::from_be_bytes([a, b, c, d, e, f, g, h]),
        u32::from_be_bytes([i, j, k, l]),
    )
}

impl fmt::Debug for TextKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_ordered_as_texts() {
        let texts = [
            "",
            "0a1b",
            "0a1b2c3d4e5",
            "0a1b2c3d4e5f",
            "0a1b2c3d4e5f60718293",
            "0a1b2c3d4e5g",
            "0a1b2c3d4f",
            "silly_bohr",
            "zürich",
        ];
        for (nth, a) in texts.iter().enumerate() {
            for (other, b) in texts.iter().enumerate() {
                assert_eq!(
                    TextKey::from(*a).cmp(&(*b).into()),
                    nth.cmp(&other),
                    "{a} {b}"
                );
            }
        }
    }
}
