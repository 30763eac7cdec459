//! Following one command from its typing to its end, by the marks.

use super::levels::Marked;
use super::marks::{Mark, Piece};

/// What the open programs have printed since a command was typed.
#[derive(Debug)]
pub(super) struct Capture {
    /// Before the command began: late output of others, the echo, or bash's complaint about a line that it won't run.
    pub(super) before: Vec<u8>,
    /// From the command's beginning on.
    pub(super) output: Vec<u8>,
    /// Whether the command began.
    pub(super) began: bool,
    /// A shell waits: for a further line, or for the next command.
    pub(super) waits: Option<Waits>,
    /// A shell that isn't open, as far as is known, waits for a command: the number of its nonce.
    pub(super) other: Option<usize>,
    /// A shell has said what it is like; the number of its nonce.
    pub(super) identity: Option<(usize, Marked)>,
    /// A program that shows its prompt was typed the line that has it print marks.
    pub(super) asked: bool,
    /// More than that many bytes came.
    pub(super) too_much: bool,
    /// The numbers of the nonces of the open programs.
    owners: Vec<Option<usize>>,
    cap: usize,
}

/// What a shell waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Waits {
    Line,
    Command {
        /// How many open programs are around the shell.
        depth: usize,
        code: Option<i32>,
        stamp: String,
    },
}

impl Capture {
    /// Keeps at most `cap` bytes. `owners` are the numbers of the nonces of the open programs.
    pub(super) fn new(cap: usize, owners: Vec<Option<usize>>) -> Self {
        Capture {
            before: Vec::new(),
            output: Vec::new(),
            began: false,
            waits: None,
            other: None,
            identity: None,
            asked: false,
            too_much: false,
            owners,
            cap,
        }
    }

    /// Takes the next piece that was printed.
    pub(super) fn take(&mut self, piece: Piece<'_>) {
        let (owner, mark) = match piece {
            Piece::Text(bytes) => {
                let room = self
                    .cap
                    .saturating_sub(self.before.len() + self.output.len());
                let to = if self.began {
                    &mut self.output
                } else {
                    &mut self.before
                };
                to.extend_from_slice(&bytes[..bytes.len().min(room)]);
                self.too_much |= bytes.len() > room;
                return;
            }
            Piece::Mark(owner, mark) => (owner, mark),
        };
        let depth = self.owners.iter().position(|open| *open == Some(owner));
        // What is deepest is what is typed into; marks of others are those of a program that has come back.
        let top = depth.is_some_and(|depth| depth + 1 == self.owners.len());
        match (mark, depth) {
            (Mark::Command, _) if top => self.began = true,
            (Mark::Continue, _) if top => self.waits = Some(Waits::Line),
            (Mark::Done { code, stamp }, Some(depth)) => {
                self.waits = Some(Waits::Command { depth, code, stamp });
            }
            (Mark::Done { .. }, None) => self.other = Some(owner),
            (Mark::Identity { marked, .. }, _) => self.identity = Some((owner, marked)),
            (Mark::Command | Mark::Continue | Mark::Line(_), _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_from_typing_to_its_end() {
        let mut capture = Capture::new(10, vec![Some(0)]);
        capture.take(Piece::Text(b"late"));
        capture.take(Piece::Mark(0, Mark::Continue));
        assert_eq!(capture.waits.take(), Some(Waits::Line));
        capture.take(Piece::Mark(0, Mark::Command));
        capture.take(Piece::Text(b"out"));
        assert!(!capture.too_much && capture.began);
        capture.take(Piece::Text(b"put and more"));
        assert!(capture.too_much);
        assert_eq!(
            (capture.before.as_slice(), capture.output.as_slice()),
            (&b"late"[..], &b"output"[..])
        );
        capture.take(Piece::Mark(0, done(3)));
        assert_eq!(capture.waits, Some(ended(0, 3)));
    }

    fn done(code: i32) -> Mark {
        Mark::Done {
            code: Some(code),
            stamp: String::new(),
        }
    }

    fn ended(depth: usize, code: i32) -> Waits {
        Waits::Command {
            depth,
            code: Some(code),
            stamp: String::new(),
        }
    }

    #[test]
    fn marks_of_other_programs() {
        let mut capture = Capture::new(10, vec![Some(0), None, Some(2)]);
        // One that was left prints into this one, as `docker logs` shows it.
        for mark in [Mark::Command, Mark::Continue, done(0)] {
            capture.take(Piece::Mark(1, mark));
        }
        assert_eq!((capture.began, &capture.waits), (false, &None));
        assert_eq!(capture.other, Some(1));
        capture.take(Piece::Mark(2, done(1)));
        assert_eq!(capture.waits.take(), Some(ended(2, 1)));
        capture.take(Piece::Mark(0, done(137)));
        assert_eq!(capture.waits.take(), Some(ended(0, 137)));
    }
}
