//! Characters that do something to a terminal, or to its reader's eyes, and aren't seen: they are written as text.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether `c` isn't seen where it is printed: control characters but the end of a line and the tab, marks that change the
/// direction of text, what has no width, and code points that are no characters.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // C0, DEL and C1: U+009B does what ESC [ does.
        c if c.is_control() => true,
        // Soft hyphen, Arabic letter mark, Mongolian vowel separator.
        '\u{ad}' | '\u{61c}' | '\u{180e}' => true,
        // Without width: spaces, joiners, marks of direction, ends of lines that terminals don't know.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        // Tags, which spell words that nobody sees.
        '\u{e0000}'..='\u{e007f}' => true,
        c => is_no_character(c),
    }
}

/// Whether Unicode says of a code point that it will never be a character.
fn is_no_character(c: char) -> bool {
    let code = u32::from(c);
    (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
}

/// The text with what isn't seen written out, as in `\u{1b}`. Ends of lines stay: `\r\n` as `\n`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        if is_unseen(c) {
            // Writing to a String doesn't fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_isnt_seen_is_written_out() {
        for (text, shown) in [
            ("a\tb\nc\r\nd", "a\tb\nc\nd"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("\u{9b}2J\u{7f}", "\\u{9b}2J\\u{7f}"),
            ("a\rb", "a\\u{d}b"),
            ("\u{202e}live", "\\u{202e}live"),
            ("\u{2066}a\u{2069}", "\\u{2066}a\\u{2069}"),
            ("z\u{200b}w\u{feff}", "z\\u{200b}w\\u{feff}"),
            (
                "\u{fdd0}\u{fffe}\u{10ffff}",
                "\\u{fdd0}\\u{fffe}\\u{10ffff}",
            ),
            ("\u{e0041}", "\\u{e0041}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn what_is_seen_stays() {
        for text in [
            "",
            "plain",
            "é 漢字 🐳 ✔️ — “q”",
            "עברית العربية",
            "a\u{301}",
        ] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
    }
}
