//! The programs that are open in a terminal: the page's shell, and what was opened in it.

use std::sync::Arc;

use seaworthy_console::Program;

/// What is known of a shell that prints marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marked {
    /// It also marks where a command begins, as only bash can.
    pub(super) begins: bool,
    /// Its terminal shows what is typed: there is no `stty` to switch that off.
    pub(super) echoes: bool,
}

/// How the end of a command is known in a program.
#[derive(Clone, Debug)]
pub(super) enum How {
    /// By its marks; they bear the nonce of that number.
    Marked(usize),
    /// By its prompt, and quiet after it.
    Prompted(Arc<Program>),
}

/// An open program.
#[derive(Clone, Debug)]
struct Level {
    name: String,
    how: How,
    /// The exit code of its last command.
    code: i32,
}

/// The open programs, the page's shell first.
#[derive(Debug)]
pub(super) struct Levels {
    open: Vec<Level>,
    /// By the number of their nonce, those that were left as well: one can be attached to again.
    marked: Vec<Marked>,
}

impl Levels {
    /// The page's shell alone; its nonce is number 0.
    pub(super) fn new() -> Self {
        let shell = Marked {
            begins: true,
            echoes: false,
        };
        let level = Level {
            name: String::new(),
            how: How::Marked(0),
            code: 0,
        };
        Levels {
            open: vec![level],
            marked: vec![shell],
        }
    }

    /// How many programs are open in the page's shell.
    pub(super) fn depth(&self) -> usize {
        self.open.len() - 1
    }

    /// The numbers of the nonces of the open programs, the page's shell first.
    pub(super) fn owners(&self) -> Vec<Option<usize>> {
        let owner = |level: &Level| match level.how {
            How::Marked(owner) => Some(owner),
            How::Prompted(_) => None,
        };
        self.open.iter().map(owner).collect()
    }

    /// The program that is typed into, if it has no marks.
    pub(super) fn prompted(&self) -> Option<Arc<Program>> {
        match &self.open.last()?.how {
            How::Prompted(program) => Some(Arc::clone(program)),
            How::Marked(_) => None,
        }
    }

    /// What is known of the program that is typed into.
    pub(super) fn top(&self) -> Marked {
        match self.open.last().map(|level| &level.how) {
            Some(How::Marked(owner)) => self.marked.get(*owner).copied().unwrap_or_default(),
            _ => Marked::default(),
        }
    }

    /// The name of the program that is typed into; nothing for the page's shell.
    pub(super) fn name(&self) -> Option<&str> {
        let level = self.open.last()?;
        (!level.name.is_empty()).then_some(&level.name)
    }

    /// The exit code of the last command of the program that is typed into.
    pub(super) fn code(&self) -> i32 {
        self.open.last().map_or(0, |level| level.code)
    }

    /// Takes note that the program with `depth` programs around it has ended a command: those in it are gone.
    pub(super) fn ended(&mut self, depth: usize, code: Option<i32>) {
        self.open.truncate(depth + 1);
        if let (Some(level), Some(code)) = (self.open.last_mut(), code) {
            level.code = code;
        }
    }

    /// Takes note of what stands for the exit code of a command in the program that is typed into, which has none; if that
    /// ends with 1 for an error, however long ago, an error stays.
    pub(super) fn said(&mut self, code: i32) {
        if let Some(Level {
            how: How::Prompted(program),
            code: kept,
            ..
        }) = self.open.last_mut()
            && program.interpreter.keeps_errors()
        {
            *kept = (*kept).max(code);
        }
    }

    /// A program was opened.
    pub(super) fn push(&mut self, name: &str, how: How) {
        self.open.push(Level {
            name: name.to_owned(),
            how,
            code: 0,
        });
    }

    /// What is known of the shell with the nonce of number `owner`.
    pub(super) fn know(&mut self, owner: usize, marked: Marked) {
        if self.marked.len() <= owner {
            self.marked.resize(owner + 1, Marked::default());
        }
        self.marked[owner] = marked;
    }
}
