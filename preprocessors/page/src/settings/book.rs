//! What holds for a whole book, read from TOML.

use std::ops::Range;

use seaworthy_blocks::{Fault, FaultCode};
use seaworthy_words::{is_image_name, suggestion};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{BookSettings, Lasts, NO_PROMPT, prompt};
use crate::duration::parse_days;
use crate::{MachineLimits, parse_duration, parse_size, show_size};

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
    pub const NAMES: [&'static str; 13] = [
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
        "languages",
        "prompt",
        "state",
    ];

    /// Reads the table `[preprocessor.seaworthy]` in the text of a `book.toml`; defaults where it says nothing.
    ///
    /// # Errors
    /// Every fault, at its place in `text`. What isn't TOML at all is left to mdBook to report.
    pub fn from_toml(text: &str) -> Result<Self, Vec<Fault>> {
        let Ok(document) = DeTable::parse(text) else {
            return Ok(Self::default());
        };
        let table = document
            .get_ref()
            .get("preprocessor")
            .and_then(|t| t.get_ref().get("seaworthy"))
            .and_then(|t| t.get_ref().as_table());
        Self::from_table(table)
    }

    /// Reads the text of a `seaworthy.toml`, which has at its top what `book.toml` has in `[preprocessor.seaworthy]`.
    ///
    /// # Errors
    /// Every fault, at its place in `text`.
    pub fn from_own_toml(text: &str) -> Result<Self, Vec<Fault>> {
        match DeTable::parse(text) {
            Ok(document) => Self::from_table(Some(document.get_ref())),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let message = format!("this is no TOML: {}", error.message());
                Err(vec![
                    Fault::error(FaultCode::InvalidSetting, span, message)
                        .help("write settings as `timeout = \"90s\"`, a line each"),
                ])
            }
        }
    }

    /// Takes one setting over what these are: `value` as it is typed on a command line, without quotes; a list is separated by
    /// commas.
    ///
    /// # Errors
    /// Every fault; their places mean nothing.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), Vec<Fault>> {
        let quoted = |text: &str| {
            format!(
                "\"{}\"",
                text.trim().replace('\\', "\\\\").replace('"', "\\\"")
            )
        };
        let value = match key {
            "images" | "languages" | "read-also" => {
                let items: Vec<_> = value.split(',').map(quoted).collect();
                format!("[{}]", items.join(", "))
            }
            "verification" | "internet" | "processes" => {
                match value.parse::<u32>().is_ok() || value.parse::<bool>().is_ok() {
                    true => value.to_owned(),
                    false => quoted(value),
                }
            }
            _ => quoted(value),
        };
        let text = format!("{} = {value}\n", quoted(key));
        match DeTable::parse(&text) {
            Ok(document) => *self = std::mem::take(self).changed_by(Some(document.get_ref()))?,
            Err(error) => {
                let message = format!("it can't be read: {}", error.message());
                return Err(vec![Fault::error(FaultCode::InvalidSetting, 0..0, message)]);
            }
        }
        Ok(())
    }

    fn from_table(table: Option<&DeTable<'_>>) -> Result<Self, Vec<Fault>> {
        Self::default().changed_by(table)
    }

    /// These settings with what `table` says in their place.
    fn changed_by(self, table: Option<&DeTable<'_>>) -> Result<Self, Vec<Fault>> {
        let mut settings = self;
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
                "languages" => match texts(value.get_ref()) {
                    Some(languages) => settings.languages = languages,
                    None => faults.push(
                        Fault::error(
                            FaultCode::InvalidSetting,
                            value.span(),
                            "`languages` needs a list of languages",
                        )
                        .help("write, for example, `languages = [\"bash\", \"sh\"]`"),
                    ),
                },
                "prompt" => match value.get_ref().as_str().and_then(prompt) {
                    Some(prompt) => settings.prompt = prompt,
                    None => faults.push(
                        Fault::error(FaultCode::InvalidSetting, value.span(), NO_PROMPT)
                            .help("write, for example, `prompt = \"# \"`"),
                    ),
                },
                "state" => match value.get_ref().as_str().and_then(Lasts::named) {
                    Some(state) => settings.state = state,
                    None => faults.push(
                        Fault::error(
                            FaultCode::InvalidSetting,
                            value.span(),
                            "`state` is `\"page\"` or `\"session\"`",
                        )
                        .help(
                            "`state = \"session\"` gives each session a machine as good as fresh",
                        ),
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
