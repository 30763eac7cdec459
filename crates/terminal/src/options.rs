//! What a shell is like.

use std::time::Duration;

/// What a shell is like.
#[derive(Clone, Debug)]
pub struct TerminalOptions {
    /// The width of the terminal. Wide by default: programs fold or garble long lines at its edge.
    pub columns: u16,
    /// Its height.
    pub rows: u16,
    /// The folder to begin in; the image's own if there is none.
    pub directory: Option<String>,
    /// Further environment, as `NAME=value`.
    pub environment: Vec<String>,
    /// Whether a person types: the shell then shows what is typed and its prompt, knows history and completion, and tells
    /// each line that it runs.
    pub person: bool,
    /// How long the shell may take to show its first prompt.
    pub open_time: Duration,
}

impl Default for TerminalOptions {
    /// 1,000 columns by 50 rows, the image's folder and environment, typed into by a program, 20 seconds.
    fn default() -> Self {
        let open_time = Duration::from_secs(20);
        TerminalOptions {
            columns: 1000,
            rows: 50,
            directory: None,
            environment: Vec::new(),
            person: false,
            open_time,
        }
    }
}
