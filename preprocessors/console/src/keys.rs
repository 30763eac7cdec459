//! Keys that an author writes on a line of their own: `^C`, `^D`, `^P^Q`; or `<Ctrl-C>`, as many manuals have it.

/// The bytes that the keys on the line `text` send; `None` if it holds anything else.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut rest = text.trim();
    let mut bytes = Vec::new();
    while !rest.is_empty() {
        let (letter, after) = named(rest).or_else(|| caret(rest))?;
        // Control and a letter is the letter's place in the alphabet.
        bytes.push(letter - b'@');
        rest = after.trim_start();
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// The letter of a key that is written as `^C`, and what follows it.
fn caret(text: &str) -> Option<(u8, &str)> {
    let rest = text.strip_prefix('^')?;
    let letter = *rest.as_bytes().first().filter(|b| b.is_ascii_uppercase())?;
    Some((letter, &rest[1..]))
}

/// The letter of a key that is written as `<Ctrl-C>` or `<CTRL+c>`, and what follows it.
fn named(text: &str) -> Option<(u8, &str)> {
    let (name, rest) = text.strip_prefix('<')?.split_once('>')?;
    let (control, letter) = name.split_once(['-', '+'])?;
    let letter = *letter
        .as_bytes()
        .first()
        .filter(|b| letter.len() == 1 && b.is_ascii_alphabetic())?;
    control
        .eq_ignore_ascii_case("ctrl")
        .then_some((letter.to_ascii_uppercase(), rest))
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
            ("<Ctrl-C>", Some(vec![3])),
            ("<CTRL+p><ctrl-Q>", Some(vec![16, 17])),
            ("<Ctrl-P> ^Q", Some(vec![16, 17])),
            ("<Alt-C>", None),
            ("<Ctrl-F1>", None),
            ("<C>", None),
            ("<none>", None),
        ] {
            assert_eq!(bytes(text), sent, "{text}");
        }
    }
}
