//! Pages in memory, and a check of them that is listened to.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use seaworthy_page::{BookSettings, FolderFile, Loader, Page};
use seaworthy_report as report;
use seaworthy_runner::{Accept, Checked, Event, Observer, Options, check};

use crate::host::{FakeError, FakeHost};

struct Files(BTreeMap<String, String>);

impl Loader for Files {
    fn load(&self, path: &Path) -> Result<String, String> {
        let text = self.0.get(&path.to_string_lossy().into_owned());
        text.cloned().ok_or_else(|| "no such file".to_owned())
    }

    fn folder(&self, path: &Path) -> Result<Vec<FolderFile>, String> {
        Ok(vec![FolderFile {
            path: "readme".to_owned(),
            content: path.to_string_lossy().into_owned().into_bytes(),
            executable: false,
        }])
    }
}

/// The page `name` with `text`.
pub(crate) fn page(name: &str, text: &str) -> Arc<Page> {
    let file = format!("src/{name}.md");
    let files = Files(BTreeMap::from([(file.clone(), text.to_owned())]));
    let page = Page::load(Path::new(&file), &files, &BookSettings::default());
    Arc::new(page.unwrap_or_else(|faults| panic!("{faults:#?}")))
}

/// A page of one session, on a machine that is called as the page is.
pub(crate) fn simple(name: &str, session: &str) -> Arc<Page> {
    page(
        name,
        &format!("<!-- seaworthy machines={name} -->\n\n```console\n{session}```\n"),
    )
}

pub(crate) fn options() -> Options {
    Options {
        root: ".".to_owned(),
        keep_going: false,
        accept: None,
        jobs: None,
        earlier: None,
        keep_machine: false,
    }
}

pub(crate) fn keeping_going() -> Options {
    Options {
        keep_going: true,
        ..options()
    }
}

pub(crate) fn accepting(accept: Accept) -> Options {
    Options {
        accept: Some(accept),
        ..keeping_going()
    }
}

/// Keeps what it is told, as JSON.
#[derive(Default)]
pub(crate) struct Heard(Mutex<Vec<serde_json::Value>>);

impl Observer for Heard {
    fn event(&self, event: &Event) {
        let event = serde_json::to_value(event).expect("an event serialises");
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.push(event);
    }
}

impl Heard {
    pub(crate) fn all(&self) -> Vec<serde_json::Value> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.clone()
    }

    /// The kind of each event and its page.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let kind = |event: &serde_json::Value| {
            let kind = text(&event["event"]);
            format!("{kind} {}", text(&event["page"])).trim().to_owned()
        };
        self.all().iter().map(kind).collect()
    }

    /// The events of one kind.
    pub(crate) fn of(&self, kind: &str) -> Vec<serde_json::Value> {
        let mut all = self.all();
        all.retain(|event| event["event"] == kind);
        all
    }
}

/// Checks `pages` on `hosts`.
pub(crate) async fn checked(
    hosts: &[Arc<FakeHost>],
    pages: &[Arc<Page>],
    options: &Options,
) -> (Result<Checked, FakeError>, Arc<Heard>) {
    let heard = Arc::new(Heard::default());
    let observer: Arc<dyn Observer> = heard.clone();
    (check(hosts, pages, options, &observer).await, heard)
}

/// Checks one page on a host.
pub(crate) async fn one(host: FakeHost, page: &Arc<Page>, options: &Options) -> report::Page {
    let (checked, _) = checked(&[Arc::new(host)], std::slice::from_ref(page), options).await;
    let mut run = checked.expect("the check ends").run;
    run.pages.remove(0)
}

/// What is said of each session: its line, its status and why.
pub(crate) fn told(page: &report::Page) -> Vec<String> {
    let sessions = page.sessions.iter();
    sessions
        .map(|session| {
            let reason = session.reason.as_deref().unwrap_or_default();
            let told = format!("{} {:?} {reason}", session.line, session.status);
            told.trim_end().to_owned()
        })
        .collect()
}
