//! A session, read by itself or as a part of a page.

use std::ops::Range;

use seaworthy_blocks::{Fault, Line};

use crate::reader::Reader;
use crate::{Command, Programs};

/// A console session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Its commands, in order.
    pub commands: Vec<Command>,
}

impl Session {
    /// Reads the lines of a `console` block that stands alone, whose opening fence stands at `fence`.
    ///
    /// # Errors
    /// As [`Session::parse_in`].
    pub fn parse(lines: &[Line], fence: Range<usize>) -> Result<Self, Vec<Fault>> {
        let mut programs = Programs::default();
        let mut session = Self::parse_in(&mut programs, lines, fence, None)?;
        programs.link([&mut session]);
        Ok(session)
    }

    /// Reads the lines of a `console` block of a page, whose opening fence stands at `fence`. `programs` are
    /// those that are open before it, and then those that are open after it; when the page has been read,
    /// [`Programs::link`] tells each command what follows. `opens` is the prompt of the program that the
    /// author says is opened.
    ///
    /// # Errors
    /// Every fault that was met, at the lines' positions: output before any command, a command that
    /// doesn't end, a line too long to be typed, the prompt of a program that isn't open.
    pub fn parse_in(
        programs: &mut Programs,
        lines: &[Line],
        fence: Range<usize>,
        opens: Option<&str>,
    ) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(programs, opens);
        for line in lines {
            reader.read(line);
        }
        let commands = reader.finish(fence)?;
        Ok(Self { commands })
    }

    /// Reads the lines of a block without prompts as [`Session::parse_in`] does those of one with them: each line is typed
    /// into the page's shell, and nothing is printed.
    ///
    /// # Errors
    /// As [`Session::parse_in`].
    pub fn parse_bare(
        programs: &mut Programs,
        lines: &[Line],
        fence: Range<usize>,
    ) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(programs, None);
        for line in lines {
            reader.read_bare(line);
        }
        let commands = reader.finish(fence)?;
        Ok(Self { commands })
    }

    /// Whether a block has a line that begins with a prompt: that of the page's shell, or of a program that may be open.
    #[must_use]
    pub fn has_prompt(programs: &Programs, lines: &[Line]) -> bool {
        let mut programs = programs.clone();
        lines
            .iter()
            .any(|line| programs.prompt(&line.text, None).is_some())
    }
}
