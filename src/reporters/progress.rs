//! How far a check is: a line that moves on a terminal, plain lines otherwise.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use seaworthy_blocks::visible;
use seaworthy_report::Report;

use super::{Format, Reporter, prefix, print};
use seaworthy_runner::{Event, Observer};

/// Shows on stderr what a check is doing.
pub(super) struct Progress {
    bar: ProgressBar,
    /// Pages are announced one by one, since no line can move.
    plain: bool,
    /// What each page that runs is doing, by its file.
    doing: Mutex<BTreeMap<String, String>>,
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
        Self {
            bar,
            plain,
            doing: Mutex::default(),
        }
    }

    /// Prints through `print` without tearing the moving line.
    pub(super) fn suspend(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    pub(super) fn event(&self, event: &Event) {
        match event {
            Event::PageStarted { page } => {
                if self.plain {
                    crate::errln!("checking {page}");
                }
                self.show(|doing| {
                    doing.insert(page.clone(), String::new());
                });
            }
            Event::Doing { page, what } => self.show(|doing| {
                doing.insert(page.clone(), format!(": {what}"));
            }),
            Event::Started { .. }
            | Event::SessionEnded { .. }
            | Event::DiagramCompared { .. }
            | Event::MachinesKept { .. }
            | Event::MachinesStuck { .. } => {}
            Event::HostLost { host, why } => self.suspend(|| {
                crate::errln!("{host} is left out, and the others run its pages: {why}");
            }),
            Event::PageMoved { page } => {
                self.suspend(|| {
                    crate::errln!("{page} begins anew: its engine was lost before it had ended");
                });
                self.show(|doing| {
                    doing.remove(page);
                });
            }
            Event::PageEnded { page, .. } => {
                self.bar.inc(1);
                self.show(|doing| {
                    doing.remove(page);
                });
            }
        }
    }

    /// Shows what all pages are doing after `change`.
    fn show(&self, change: impl FnOnce(&mut BTreeMap<String, String>)) {
        let mut doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut doing);
        let all = doing.iter().map(|(file, what)| format!("{file}{what}"));
        let all = all.collect::<Vec<_>>().join(" · ");
        self.bar.set_message(visible(&all).into_owned());
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Shows only how far the check is while it runs, and prints the whole when it ended.
pub struct Whole {
    progress: Progress,
    format: Format,
    prefix: String,
}

impl Whole {
    /// For a check of `pages` pages of the book in `root`, printed in `format`.
    #[must_use]
    pub fn new(pages: usize, root: &str, format: Format) -> Self {
        Self {
            progress: Progress::new(pages),
            format,
            prefix: prefix(root),
        }
    }

    /// Prints through `print` without tearing the line that says how far the check is.
    pub fn suspend(&self, print: impl FnOnce()) {
        self.progress.suspend(print);
    }
}

impl Observer for Whole {
    fn event(&self, event: &Event) {
        self.progress.event(event);
    }
}

impl Reporter for Whole {
    fn finish(&self, report: &Report) {
        self.stop();
        print(report, self.format, &self.prefix);
    }

    fn stop(&self) {
        self.progress.finish();
    }
}
