//! How far a check is: a line that moves on a terminal, plain lines otherwise.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use seaworthy_report::Report;

use super::Reporter;
use crate::runner::{Event, Observer};

/// Shows on stderr what a check is doing.
pub(super) struct Progress {
    bar: ProgressBar,
    /// Pages are announced one by one, since no line can move.
    plain: bool,
}

impl Progress {
    pub(super) fn new(pages: usize) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let target = if plain {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let style = ProgressStyle::with_template("{spinner} {pos}/{len} pages · {elapsed} · {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::with_draw_target(Some(pages as u64), target).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, plain }
    }

    /// Prints through `print` without tearing the moving line.
    pub(super) fn suspend(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    pub(super) fn event(&self, event: &Event<'_>) {
        match event {
            Event::PageStarted(page) => {
                if self.plain {
                    anstream::eprintln!("checking {}", page.file);
                }
                self.bar.set_message(page.file.clone());
            }
            Event::Doing(page, what) => self.bar.set_message(format!("{}: {what}", page.file)),
            Event::SessionEnded(..) | Event::DiagramCompared(..) => {}
            Event::PageEnded(..) => self.bar.inc(1),
        }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Shows only how far the check is; the caller prints the report.
pub struct Quiet(Progress);

impl Quiet {
    /// For a check of `pages` pages.
    #[must_use]
    pub fn new(pages: usize) -> Self {
        Self(Progress::new(pages))
    }
}

impl Observer for Quiet {
    fn event(&self, event: &Event<'_>) {
        self.0.event(event);
    }
}

impl Reporter for Quiet {
    fn finish(&self, report: &Report) {
        self.stop();
        anstream::print!("{}", report.to_json());
    }

    fn stop(&self) {
        self.0.finish();
    }
}
