//! Settings: those of the whole book in `book.toml`, and those of one page in its first comment.

mod book;

use std::time::Duration;

use seaworthy_blocks::{Comment, Dialect, Document, Fault, FaultCode, parse_settings};
use seaworthy_network::EngineVersion;
use semver::{Version, VersionReq};

use crate::MachineLimits;
use crate::attribute_reader::Reader;

/// What holds for the whole book: the table `[preprocessor.seaworthy]` of `book.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookSettings {
    /// How long a command may take.
    pub timeout: Duration,
    /// Images that every page is given beside those that it names.
    pub images: Vec<String>,
    /// Whether the site has the page *Verification*.
    pub verification: bool,
    /// For how many days the results of a check count; always, if the book doesn't say.
    pub fresh: Option<u32>,
    /// Folders and files outside of the book, or hidden in it, that it may read, from its root.
    pub read_also: Vec<String>,
    /// What each page may use up.
    pub limits: MachineLimits,
    /// The languages of blocks that are read as sessions, beside `console`.
    pub languages: Vec<String>,
    /// The prompt of a page's shell.
    pub prompt: String,
    /// How long a machine's state lasts.
    pub state: Lasts,
    /// Whose Markdown the pages are; no setting says it.
    pub dialect: Dialect,
}

/// How long the state of a page's machine lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lasts {
    /// Over the whole page, which tells a story.
    #[default]
    Page,
    /// For one session: each finds a machine that is as good as fresh, and nothing open.
    Session,
}

impl Lasts {
    /// What the setting `state` can be.
    const NAMES: [&'static str; 2] = ["page", "session"];

    fn named(name: &str) -> Option<Self> {
        match name {
            "page" => Some(Self::Page),
            "session" => Some(Self::Session),
            _ => None,
        }
    }
}

/// What holds for one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a command may take.
    pub timeout: Duration,
    /// Images that the page is given beside those that its sessions name.
    pub images: Vec<String>,
    /// The names of its machines, in order, if the author names them: at least one then.
    pub machines: Vec<String>,
    /// Folders of the book that are put into each machine, as the author names them.
    pub copy: Vec<String>,
    /// The versions of Docker Engine that it needs, if not all do.
    pub docker: Option<VersionReq>,
    /// How many minutes a learner needs for it, if its author says so.
    pub minutes: Option<u32>,
    /// What it is about, in a sentence for those who search.
    pub description: Option<String>,
    /// It is the book's glossary.
    pub glossary: bool,
    /// What the page may use up: the book's, but for `internet`.
    pub limits: MachineLimits,
    /// The languages of blocks that are read as sessions, beside `console`.
    pub languages: Vec<String>,
    /// The prompt of its shell.
    pub prompt: String,
    /// How long its machine's state lasts.
    pub state: Lasts,
}

impl Settings {
    /// The version of the engines of which the page's diagrams speak: 28, else the newest before it that the page is
    /// meant for, else the first after it.
    pub(crate) fn pictured(&self) -> EngineVersion {
        let usual = EngineVersion::default();
        let Some(meant) = &self.docker else {
            return usual;
        };
        let majors = (0..=usual.major).rev().chain(usual.major + 1..100);
        // The last of the old numbering is 20.10.
        let last = |major| if major == 20 { 10 } else { 20 };
        let minors =
            majors.flat_map(|major| (0..=last(major)).rev().map(move |minor| (major, minor)));
        let is_meant = |(major, minor): &(u32, u32)| {
            let version = |patch| Version::new((*major).into(), (*minor).into(), patch);
            (0..=40).any(|patch| meant.matches(&version(patch)))
        };
        let found = minors.into_iter().find(is_meant);
        found.map_or(usual, |(major, minor)| EngineVersion { major, minor })
    }
}

impl Default for BookSettings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            images: Vec::new(),
            verification: true,
            fresh: None,
            read_also: Vec::new(),
            limits: MachineLimits::default(),
            languages: Vec::new(),
            prompt: "$ ".to_owned(),
            state: Lasts::default(),
            dialect: Dialect::default(),
        }
    }
}

/// What is said of a prompt that is none.
const NO_PROMPT: &str = "`prompt` needs a prompt, which ends in `$`, `#`, `%` or `>`";

/// The prompt that a setting says, its blank at the end included.
fn prompt(said: &str) -> Option<String> {
    let text = said.trim_end();
    text.ends_with(['$', '#', '%', '>'])
        .then(|| format!("{text} "))
}

impl Settings {
    /// The names of the settings that a page may have.
    pub const NAMES: [&'static str; 12] = [
        "timeout",
        "images",
        "machines",
        "copy",
        "minutes",
        "description",
        "internet",
        "docker",
        "glossary",
        "languages",
        "prompt",
        "state",
    ];

    /// The settings of the page `text`, whose parts are `document`.
    pub(crate) fn read(
        text: &str,
        document: &Document,
        book: &BookSettings,
    ) -> Result<Self, Vec<Fault>> {
        let mut settings = Self {
            timeout: book.timeout,
            images: book.images.clone(),
            machines: Vec::new(),
            copy: Vec::new(),
            docker: None,
            minutes: None,
            description: None,
            glossary: false,
            limits: book.limits.clone(),
            languages: book.languages.clone(),
            prompt: book.prompt.clone(),
            state: book.state,
        };
        let mut ours = document.comments.iter().filter_map(|c| body(text, c));
        let Some((comment, body)) = ours.next() else {
            return Ok(settings);
        };
        let mut faults = Vec::new();
        let before = &text[document.front_matter.min(comment.range.start)..comment.range.start];
        if !before.trim().is_empty() {
            faults.push(
                Fault::error(
                    FaultCode::MisplacedSettings,
                    comment.range.clone(),
                    "settings stand at the top of the page",
                )
                .help("move this comment to the first line"),
            );
        }
        for (comment, _) in ours {
            faults.push(
                Fault::error(
                    FaultCode::MisplacedSettings,
                    comment.range.clone(),
                    "a page has one settings comment",
                )
                .help("put all settings into the first one"),
            );
        }
        let offset = comment.body.end - body.len();
        match parse_settings(body, offset) {
            Err(more) => faults.extend(more),
            Ok(attributes) => {
                let mut reader = Reader::new(&attributes, "a page");
                if let Some(timeout) = reader.duration("timeout") {
                    settings.timeout = timeout;
                }
                settings.images.extend(reader.images());
                settings.machines = machines(&mut reader);
                settings.copy = copied(&mut reader);
                settings.docker = reader.versions();
                settings.minutes = reader.minutes();
                settings.description =
                    reader.text("description", "description=\"What a network is for\"");
                settings.glossary = reader.flag("glossary");
                settings
                    .languages
                    .extend(reader.names("languages", "languages=\"bash,sh\""));
                if let Some(said) = reader.text("prompt", "prompt=\"#\"") {
                    match prompt(&said) {
                        Some(prompt) => settings.prompt = prompt,
                        None => reader.fault_at(
                            FaultCode::InvalidSetting,
                            "prompt",
                            NO_PROMPT.to_owned(),
                            "write, for example, `prompt=\"#\"`",
                        ),
                    }
                }
                if let Some(state) = reader.choice("state", &Lasts::NAMES).and_then(Lasts::named) {
                    settings.state = state;
                }
                if let Some(way) = reader.choice("internet", &["true", "false"]) {
                    settings.limits.internet = way == "true";
                }
                reader.reject(&Self::NAMES);
                faults.extend(reader.finish(()).err().unwrap_or_default());
            }
        }
        if faults.is_empty() {
            Ok(settings)
        } else {
            Err(faults)
        }
    }
}

/// The machines that the page asks for.
fn machines(reader: &mut Reader<'_>) -> Vec<String> {
    let names = reader.names("machines", "machines=\"node-1,node-2\"");
    for (i, name) in names.iter().enumerate() {
        // RFC 1123: what a host name may be.
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let inside = !name.starts_with('-') && !name.ends_with('-') && name.len() <= 63;
        if !inside || !name.chars().all(allowed) {
            reader.fault_at(
                FaultCode::InvalidSetting,
                "machines",
                format!("`{name}` can't be the name of a machine"),
                "it is a host name: small letters, digits and inner hyphens, at most 63 of them",
            );
        }
        if names[..i].contains(name) {
            reader.fault_at(
                FaultCode::InvalidSetting,
                "machines",
                format!("two machines are called `{name}`"),
                "give each a name of its own",
            );
        }
    }
    names
}

/// The folders that the page asks for.
fn copied(reader: &mut Reader<'_>) -> Vec<String> {
    let folders = reader.names("copy", "copy=\"samples/app\"");
    for folder in &folders {
        if !is_inside(folder) {
            reader.fault_at(
                FaultCode::InvalidFolder,
                "copy",
                format!("`{folder}` is no folder inside the book"),
                "name a folder below the one that holds `book.toml`, as in `copy=\"samples/app\"`",
            );
        }
    }
    folders
}

/// Whether a path names a folder below the book's root.
pub(crate) fn is_inside(folder: &str) -> bool {
    let outside = folder.starts_with('/') || folder.split('/').any(|part| part == "..");
    !outside && !folder.trim_matches(['.', '/']).is_empty()
}

/// What follows the word `seaworthy` in a comment that begins with it.
fn body<'a>(text: &'a str, comment: &'a Comment) -> Option<(&'a Comment, &'a str)> {
    let body = &text[comment.body.clone()];
    let rest = body.trim_start().strip_prefix("seaworthy")?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some((comment, rest))
}

#[cfg(test)]
mod tests;
