//! What is wrong with a piece of text, said so that its author can mend it.

use std::ops::Range;

use crate::FaultCode;

/// How much a [`Fault`] matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a look; nothing stops.
    Warning,
    /// The book can't be built or checked until this is mended.
    Error,
}

/// A fault in a text, at a byte range of that text.
///
/// Faults know no file: whoever knows where the text came from turns the range into a file, a line
/// and a column (see `Diagnostic`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault it is.
    pub code: FaultCode,
    /// The bytes of the text that the caret points at.
    pub span: Range<usize>,
    /// Whether this stops a build.
    pub severity: Severity,
    /// What is wrong: one line, lower-case, without a full stop.
    pub message: String,
    /// A few words beside the caret; may be empty.
    pub label: String,
    /// The remedy, as one or more sentences; may be empty.
    pub help: String,
}

impl Fault {
    /// An error at `span` that says `message`.
    pub fn error(code: FaultCode, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// A warning at `span` that says `message`.
    pub fn warning(code: FaultCode, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    fn new(
        severity: Severity,
        code: FaultCode,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            span,
            severity,
            message: message.into(),
            label: String::new(),
            help: String::new(),
        }
    }

    /// The same fault with a few words beside its caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same fault with its remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same fault, its range moved by `offset` bytes: for text that was cut out of a longer one.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.start + offset..self.span.end + offset;
        self
    }
}
