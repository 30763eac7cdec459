//! Following one command from its typing to its end, by the marks.

use super::marks::{Mark, Piece};

/// What the shell has printed since a command was typed.
#[derive(Debug)]
pub(super) struct Capture {
    /// Before the command began: late output of others, the echo, or bash's complaint about a line that it won't run.
    pub(super) before: Vec<u8>,
    /// From the command's beginning on.
    pub(super) output: Vec<u8>,
    /// Whether the command began.
    pub(super) began: bool,
    /// The shell waits: for a further line, or for the next command.
    pub(super) waits: Option<Waits>,
    /// More than that many bytes came.
    pub(super) too_much: bool,
    cap: usize,
}

/// What the shell waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Waits {
    Line,
    Command { code: Option<i32>, stamp: String },
}

impl Capture {
    /// Keeps at most `cap` bytes.
    pub(super) fn new(cap: usize) -> Self {
        Capture {
            before: Vec::new(),
            output: Vec::new(),
            began: false,
            waits: None,
            too_much: false,
            cap,
        }
    }

    /// Takes the next piece that the shell printed.
    pub(super) fn take(&mut self, piece: Piece<'_>) {
        match piece {
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
            }
            Piece::Mark(Mark::Command) => self.began = true,
            Piece::Mark(Mark::Continue) => self.waits = Some(Waits::Line),
            Piece::Mark(Mark::Done { code, stamp }) => {
                self.waits = Some(Waits::Command { code, stamp })
            }
            Piece::Mark(Mark::Identity(_)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_from_typing_to_its_end() {
        let mut capture = Capture::new(10);
        capture.take(Piece::Text(b"late"));
        capture.take(Piece::Mark(Mark::Continue));
        assert_eq!(capture.waits.take(), Some(Waits::Line));
        capture.take(Piece::Mark(Mark::Command));
        capture.take(Piece::Text(b"out"));
        assert!(!capture.too_much && capture.began);
        capture.take(Piece::Text(b"put and more"));
        assert!(capture.too_much);
        assert_eq!(
            (capture.before.as_slice(), capture.output.as_slice()),
            (&b"late"[..], &b"output"[..])
        );
        capture.take(Piece::Mark(Mark::Done {
            code: Some(3),
            stamp: "1".into(),
        }));
        assert_eq!(
            capture.waits,
            Some(Waits::Command {
                code: Some(3),
                stamp: "1".into()
            })
        );
    }
}
