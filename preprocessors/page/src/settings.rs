//! Settings: those of the whole book in `book.toml`, and those of one page in its first comment.

use std::ops::Range;
use std::time::Duration;

use seaworthy_blocks::{Comment, Document, Fault, FaultCode, parse_settings};
use seaworthy_network::EngineVersion;
use seaworthy_words::{is_image_name, suggestion};
use semver::{Version, VersionReq};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::attribute_reader::Reader;
use crate::duration::parse_days;
use crate::{MachineLimits, parse_duration, parse_size, show_size};

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
        }
    }
}

/// The keys of the table that are mdBook's own.
const MDBOOK_KEYS: [&str; 6] = [
    "command",
    "before",
    "after",
    "optional",
    "renderers",
    "renderer",
];

impl BookSettings {
    /// The names of the settings that a book may have.
    pub const NAMES: [&'static str; 10] = [
        "timeout",
        "images",
        "verification",
        "fresh",
        "read-also",
        "memory",
        "data-root",
        "processes",
        "output",
        "internet",
    ];

    /// Reads the table `[preprocessor.seaworthy]` in the text of a `book.toml`; defaults where it says nothing.
    ///
    /// # Errors
    /// Every fault, at its place in `text`. What isn't TOML at all is left to mdBook to report.
    pub fn from_toml(text: &str) -> Result<Self, Vec<Fault>> {
        let mut settings = Self::default();
        let Ok(document) = DeTable::parse(text) else {
            return Ok(settings);
        };
        let table = document
            .get_ref()
            .get("preprocessor")
            .and_then(|t| t.get_ref().get("seaworthy"))
            .and_then(|t| t.get_ref().as_table());
        let mut faults = Vec::new();
        for (key, value) in table.into_iter().flatten() {
            let name: &str = key.get_ref();
            match name {
                "timeout" => match value.get_ref().as_str().and_then(parse_duration) {
                    Some(timeout) => settings.timeout = timeout,
                    None => faults.push(
                        Fault::error(
                            FaultCode::InvalidSetting,
                            value.span(),
                            "`timeout` needs a duration",
                        )
                        .help("write, for example, `timeout = \"90s\"`; units are ms, s, m and h"),
                    ),
                },
                "images" => match images(value.get_ref()) {
                    Some(images) => settings.images = images,
                    None => faults.push(
                        Fault::error(
                            FaultCode::InvalidSetting,
                            value.span(),
                            "`images` needs a list of images",
                        )
                        .help("write, for example, `images = [\"alpine:3.22\"]`"),
                    ),
                },
                "verification" => match value.get_ref().as_bool() {
                    Some(verification) => settings.verification = verification,
                    None => faults.push(
                        Fault::error(
                            FaultCode::InvalidSetting,
                            value.span(),
                            "`verification` is `true` or `false`",
                        )
                        .help("`verification = false` leaves the page Verification out"),
                    ),
                },
                "fresh" => match value.get_ref().as_str().and_then(parse_days) {
                    Some(days) => settings.fresh = Some(days),
                    None => faults.push(
                        Fault::error(
                            FaultCode::InvalidSetting,
                            value.span(),
                            "`fresh` needs a number of days",
                        )
                        .help("write, for example, `fresh = \"30d\"`: results count for 30 days"),
                    ),
                },
                "read-also" => match texts(value.get_ref()) {
                    Some(names) => settings.read_also = names,
                    None => faults.push(
                        Fault::error(
                            FaultCode::InvalidSetting,
                            value.span(),
                            "`read-also` needs a list of folders",
                        )
                        .help("write, for example, `read-also = [\"../examples\"]`"),
                    ),
                },
                "memory" | "data-root" | "processes" | "output" | "internet" => {
                    faults.extend(limit(&mut settings.limits, name, value).err());
                }
                name if MDBOOK_KEYS.contains(&name) => {}
                name => faults.push(
                    Fault::error(
                        FaultCode::UnknownSetting,
                        key.span(),
                        format!("`{name}` is unknown"),
                    )
                    .label("not a setting of `[preprocessor.seaworthy]`")
                    .help(suggestion(name, &Self::NAMES)),
                ),
            }
        }
        if faults.is_empty() {
            let said = |key: &str| Some(table?.get(key)?.span());
            // One of the two is said, or the defaults would hold.
            let span = said("data-root").or(said("memory")).unwrap_or_default();
            faults.extend(too_large(&settings.limits, span));
        }
        if faults.is_empty() {
            Ok(settings)
        } else {
            Err(faults)
        }
    }
}

/// That the images and containers of a machine leave no memory to its programs.
fn too_large(limits: &MachineLimits, span: Range<usize>) -> Option<Fault> {
    if limits.data_root < limits.memory {
        return None;
    }
    let (data_root, memory) = (show_size(limits.data_root), show_size(limits.memory));
    let message = format!("a `data-root` of {data_root} doesn't fit into a `memory` of {memory}");
    Some(
        Fault::error(FaultCode::InvalidSetting, span, message).help(
            "images and containers lie in memory, and programs need the rest: leave them half",
        ),
    )
}

/// Reads the limit `name`.
fn limit(
    limits: &mut MachineLimits,
    name: &str,
    value: &Spanned<DeValue<'_>>,
) -> Result<(), Fault> {
    let size = || value.get_ref().as_str().and_then(parse_size);
    let (read, needs, example) = match name {
        "memory" => (
            size().map(|size| limits.memory = size),
            "a size",
            "\"2GiB\"",
        ),
        "data-root" => (
            size().map(|size| limits.data_root = size),
            "a size",
            "\"1GiB\"",
        ),
        "output" => (
            size().map(|size| limits.output = size),
            "a size",
            "\"10MB\"",
        ),
        "internet" => (
            value.get_ref().as_bool().map(|way| limits.internet = way),
            "`true` or `false`",
            "false",
        ),
        _ => {
            let number = value.get_ref().as_integer();
            let number = number.and_then(|number| number.as_str().parse().ok());
            (
                number
                    .filter(|number| *number > 0)
                    .map(|number| limits.processes = number),
                "a whole number above zero",
                "1024",
            )
        }
    };
    read.ok_or_else(|| {
        Fault::error(
            FaultCode::InvalidSetting,
            value.span(),
            format!("`{name}` needs {needs}"),
        )
        .help(format!(
            "write, for example, `{name} = {example}`{}",
            if needs == "a size" {
                "; units are B, kB, MB, GB, KiB, MiB and GiB"
            } else {
                ""
            }
        ))
    })
}

/// The images that `value` lists, if it does just that.
fn images(value: &DeValue<'_>) -> Option<Vec<String>> {
    texts(value).filter(|names| names.iter().all(|name| is_image_name(name)))
}

/// The texts that `value` lists, if it does just that; none of them is empty.
fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    let items = value.as_array()?.iter();
    let texts = items.map(|item| item.get_ref().as_str().filter(|text| !text.is_empty()));
    texts.map(|text| text.map(str::to_owned)).collect()
}

impl Settings {
    /// The names of the settings that a page may have.
    pub const NAMES: [&'static str; 9] = [
        "timeout",
        "images",
        "machines",
        "copy",
        "minutes",
        "description",
        "internet",
        "docker",
        "glossary",
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
        };
        let mut ours = document.comments.iter().filter_map(|c| body(text, c));
        let Some((comment, body)) = ours.next() else {
            return Ok(settings);
        };
        let mut faults = Vec::new();
        if !text[..comment.range.start].trim().is_empty() {
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
