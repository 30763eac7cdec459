//! Keys that an author writes on a line of their own: `^C`, `^D`, `^P^Q`.

/// The bytes that the keys on the line `text` send; `None` if it holds anything else.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut chars = text.trim().chars();
    let mut bytes = Vec::new();
    while let Some(c) = chars.next() {
        let letter = chars.next().filter(|_| c == '^')?;
        // Control and a letter is the letter's place in the alphabet.
        let letter = u8::try_from(letter).ok().filter(u8::is_ascii_uppercase)?;
        bytes.push(letter - b'@');
    }
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn keys() {
        for (text, sent) in [
            ("^C", Some(vec![3])),
            ("^D", Some(vec![4])),
            (" ^P^Q ", Some(vec![16, 17])),
            ("^Z", Some(vec![26])),
            ("", None),
            ("^", None),
            ("^c", None),
            ("^C^", None),
            ("^C stops it", None),
            ("^É", None),
        ] {
            assert_eq!(bytes(text), sent, "{text}");
        }
    }
}
