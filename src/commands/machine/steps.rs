//! What is being done, on stderr: a line that moves on a terminal, else a line for each step.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use seaworthy_blocks::visible;

/// The steps of one piece of work.
pub(super) struct Steps {
    bar: Option<ProgressBar>,
    /// What is worked on.
    what: String,
}

impl Steps {
    pub(super) fn new(what: &str) -> Self {
        let what = visible(what).into_owned();
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {prefix} · {elapsed} · {msg}");
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
                .with_prefix(what.clone());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { bar, what }
    }

    /// Says that `step` begins.
    pub(super) fn tell(&self, step: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(visible(step).into_owned()),
            None => crate::errln!("{}: {step}", self.what),
        }
    }

    /// Takes the moving line away.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
