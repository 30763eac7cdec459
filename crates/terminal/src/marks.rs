//! Finding the shell's marks in what it prints: `ESC ] 133 ; kind ; values ; nonce BEL`. Anything that isn't exactly
//! that, or bears another nonce, is output.

use super::levels::Marked;
use super::setup;

const INTRODUCER: &[u8] = b"\x1b]133;";
/// No mark is longer, its introducer included.
const LONGEST: usize = 128;
/// The same where the shell tells the lines that it runs.
const LONGEST_WITH_LINES: usize = 64 * 1024;
const BELL: u8 = 7;

/// A mark that the shell printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `I`: the shell is set up; its process id in its container, and what it is like.
    Identity { pid: u32, marked: Marked },
    /// `L`: the text of the command that begins next, as the history has it; empty if it has none.
    Line(String),
    /// `C`: a command begins.
    Command,
    /// `P`: the shell waits for a further line of the command.
    Continue,
    /// `D`: the shell waits for a command; the exit code of the last one, and when the prompt was made (it doesn't
    /// change when bash shows the same prompt again).
    Done {
        /// `None` if what the shell printed is no number.
        code: Option<i32>,
        stamp: String,
    },
}

/// A piece of what the shell printed, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a [u8]),
    /// A mark, and the number of its nonce.
    Mark(usize, Mark),
}

/// Takes bytes apart that may be cut anywhere.
#[derive(Debug)]
pub(super) struct Marks {
    /// By their number.
    nonces: Vec<String>,
    /// The beginning of what may become a mark.
    held: Vec<u8>,
    longest: usize,
}

enum Found {
    Text,
    Unfinished,
    /// A mark, the number of its nonce, and its length.
    Mark(usize, Mark, usize),
}

impl Marks {
    /// Looks for the marks with a nonce, number 0.
    pub(super) fn new(nonce: String) -> Self {
        Marks {
            nonces: vec![nonce],
            held: Vec::new(),
            longest: LONGEST,
        }
    }

    /// The same for a shell that tells the lines that it runs.
    pub(super) fn with_lines(self) -> Self {
        Marks {
            longest: LONGEST_WITH_LINES,
            ..self
        }
    }

    /// Also looks for those with another nonce; gives its number.
    pub(super) fn add(&mut self, nonce: String) -> usize {
        self.nonces.push(nonce);
        self.nonces.len() - 1
    }

    /// All nonces.
    pub(super) fn nonces(&self) -> &[String] {
        &self.nonces
    }

    /// Passes on what the next bytes complete.
    pub(super) fn feed(&mut self, bytes: &[u8], mut take: impl FnMut(Piece<'_>)) {
        let joined;
        let mut rest = if self.held.is_empty() {
            bytes
        } else {
            let mut all = std::mem::take(&mut self.held);
            all.extend_from_slice(bytes);
            joined = all;
            &joined[..]
        };
        let mut searched = 0;
        while let Some(at) = rest[searched..]
            .iter()
            .position(|byte| *byte == INTRODUCER[0])
        {
            let at = searched + at;
            match self.look(&rest[at..]) {
                Found::Text => searched = at + 1,
                Found::Unfinished => {
                    self.held = rest[at..].to_vec();
                    rest = &rest[..at];
                    break;
                }
                Found::Mark(owner, mark, length) => {
                    if at > 0 {
                        take(Piece::Text(&rest[..at]));
                    }
                    take(Piece::Mark(owner, mark));
                    rest = &rest[at + length..];
                    searched = 0;
                }
            }
        }
        if !rest.is_empty() {
            take(Piece::Text(rest));
        }
    }

    /// What was held back for a mark that didn't come.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    /// Looks at bytes that begin with an escape.
    fn look(&self, bytes: &[u8]) -> Found {
        let common = bytes.len().min(INTRODUCER.len());
        if bytes[..common] != INTRODUCER[..common] {
            return Found::Text;
        }
        let body = &bytes[common..];
        match body.iter().position(|byte| *byte < b' ') {
            Some(end) if body[end] == BELL && common + end < self.longest => {
                match self.read(&body[..end]) {
                    Some((owner, mark)) => Found::Mark(owner, mark, common + end + 1),
                    None => Found::Text,
                }
            }
            Some(_) => Found::Text,
            None if bytes.len() < self.longest => Found::Unfinished,
            None => Found::Text,
        }
    }

    fn read(&self, body: &[u8]) -> Option<(usize, Mark)> {
        let body = std::str::from_utf8(body).ok()?;
        let (body, nonce) = body.rsplit_once(';')?;
        let owner = self.nonces.iter().position(|known| known == nonce)?;
        let (kind, values) = body.split_once(';')?;
        let mark = match kind {
            "I" => {
                let (pid, traits) = values.split_once(';')?;
                let pid = pid.parse().ok()?;
                let marked = Marked {
                    begins: traits.contains('b'),
                    echoes: traits.contains('e'),
                };
                Some(Mark::Identity { pid, marked })
            }
            "L" => setup::line(values).map(Mark::Line),
            "C" => Some(Mark::Command),
            "P" => Some(Mark::Continue),
            "D" => {
                let (code, stamp) = values.split_once(';')?;
                Some(Mark::Done {
                    code: code.parse().ok(),
                    stamp: stamp.to_owned(),
                })
            }
            _ => None,
        };
        Some((owner, mark?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All text as one string, with marks spelt out in it; fed in pieces of a size.
    fn read(bytes: &[u8], size: usize) -> String {
        let mut marks = Marks::new("beef".to_owned());
        marks.add("cafe".to_owned());
        let mut seen = Vec::new();
        for piece in bytes.chunks(size) {
            marks.feed(piece, |piece| match piece {
                Piece::Text(text) => seen.extend_from_slice(text),
                Piece::Mark(owner, Mark::Done { code, stamp }) => {
                    seen.extend_from_slice(format!("<{owner} D {code:?} {stamp}>").as_bytes());
                }
                Piece::Mark(_, Mark::Identity { pid, marked }) => {
                    let traits = (marked.begins, marked.echoes);
                    seen.extend_from_slice(format!("<I {pid} {traits:?}>").as_bytes());
                }
                Piece::Mark(_, mark) => seen.extend_from_slice(format!("<{mark:?}>").as_bytes()),
            });
        }
        seen.extend_from_slice(&marks.rest());
        String::from_utf8(seen).unwrap()
    }

    #[test]
    fn marks_and_text_cut_anywhere() {
        for (printed, expected) in [
            (
                "\x1b]133;C;;beef\x07hällo\r\n\x1b]133;D;0;17.5;beef\x07",
                "<Command>hällo\r\n<0 D Some(0) 17.5>",
            ),
            (
                "\x1b]133;I;4711;b;beef\x07\x1b]133;P;;beef\x07",
                "<I 4711 (true, false)><Continue>",
            ),
            (
                "no newline\x1b]133;D;130;;beef\x07",
                "no newline<0 D Some(130) >",
            ),
            ("\x1b]133;D;5;;cafe\x07", "<1 D Some(5) >"),
            ("\x1b]133;D;$?;1;beef\x07", "<0 D None 1>"),
            ("\x1b[31mred\x1b[0m\x1b", "\x1b[31mred\x1b[0m\x1b"),
            ("\x1b\x1b]133;C;;beef\x07", "\x1b<Command>"),
            // A sequence that was left open by the command doesn't hide the mark behind it.
            ("\x1b]133;\x1b]133;C;;beef\x07x", "\x1b]133;<Command>x"),
            (
                "\x1b]0;title\x1b]133;C;;beef\x07x",
                "\x1b]0;title<Command>x",
            ),
        ] {
            for size in 1..=printed.len() {
                assert_eq!(
                    read(printed.as_bytes(), size),
                    expected,
                    "{printed:?} in pieces of {size}"
                );
            }
        }
    }

    #[test]
    fn no_more_is_held_back_than_a_mark_has() {
        let mut marks = Marks::new("beef".to_owned());
        marks.feed(INTRODUCER, |_| {});
        assert_eq!(marks.held, INTRODUCER);
        for _ in 0..LONGEST {
            marks.feed(b"x", |_| {});
            assert!(marks.held.len() < LONGEST, "{}", marks.held.len());
        }
        assert_eq!(marks.rest(), b"");
    }

    #[test]
    fn forged_marks_are_text() {
        for forged in [
            "\x1b]133;D;0;1;dead\x07".to_owned(),
            "\x1b]133;D;0;1;\x07".to_owned(),
            "\x1b]133;D;0;1;beefy\x07".to_owned(),
            "\x1b]133;D;0\x07".to_owned(),
            "\x1b]133;X;;beef\x07".to_owned(),
            "\x1b]133;C;;beef\x1b\\".to_owned(),
            "\x1b]133;C;\n;beef\x07".to_owned(),
            "\x1b]133;D;0;1;beef".to_owned(),
            format!("\x1b]133;D;{};1;beef\x07", "0".repeat(LONGEST)),
            format!("\x1b]133;{}", "x".repeat(LONGEST)),
        ] {
            for size in [1, 7, forged.len()] {
                assert_eq!(read(forged.as_bytes(), size), forged);
            }
        }
    }
}
