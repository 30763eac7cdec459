//! What is told of a check as it happens. Events own what they tell and serialise, so that they can be sent elsewhere.

use seaworthy_report as report;
use serde::Serialize;

/// Something that happened. Pages are named by their files.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The check begins; so many pages run at a time.
    Started {
        /// At least one.
        jobs: usize,
    },
    /// A page's machines are up, and its first session is about to be run.
    PageStarted {
        /// The page.
        page: String,
    },
    /// What a page is doing now.
    Doing {
        /// The page.
        page: String,
        /// What it does.
        what: String,
    },
    /// A session ended, or is known not to be run.
    SessionEnded {
        /// The page.
        page: String,
        /// What came of the session.
        result: Box<SessionResult>,
    },
    /// A diagram was compared with the engine.
    DiagramCompared {
        /// The page.
        page: String,
        /// What came of it.
        diagram: report::Diagram,
    },
    /// A page ended.
    PageEnded {
        /// The page.
        page: String,
        /// What came of it.
        report: Box<report::Page>,
    },
    /// A host is lost, and others go on.
    HostLost {
        /// The host, as [`Host::name`](crate::Host::name) says.
        host: String,
        /// What happened.
        why: String,
    },
    /// A page's host was lost before the page had ended: another one runs it from its beginning. What was told of it
    /// doesn't count.
    PageMoved {
        /// The page.
        page: String,
    },
    /// A page doesn't hold, and its machines stay.
    MachinesKept {
        /// The page.
        page: String,
        /// How to enter them, and how to remove them.
        how: String,
    },
    /// A page has ended and its machines can't be removed: it doesn't hold, because of this.
    MachinesStuck {
        /// The page.
        page: String,
        /// What keeps them.
        why: String,
    },
}

impl Event {
    pub(crate) fn page_ended(report: &report::Page) -> Self {
        Self::PageEnded {
            page: report.file.clone(),
            report: Box::new(report.clone()),
        }
    }
}

/// What came of a session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionResult {
    /// What goes into the report.
    pub report: report::Session,
    /// The page's images that changed since it last held, if the session doesn't hold.
    pub changed_images: Vec<report::ChangedImage>,
}

/// Is told what happens.
pub trait Observer: Send + Sync {
    /// `event` happened.
    fn event(&self, event: &Event);
}
