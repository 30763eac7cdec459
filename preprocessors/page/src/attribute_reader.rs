//! Attributes are read one by one, and what is wrong with them is collected. Enter at [`Reader`].

use std::ops::Range;
use std::time::Duration;

use seaworthy_blocks::{Attribute, Fault, FaultCode};
use seaworthy_words::{is_image_name, suggestion};
use semver::VersionReq;

use crate::parse_duration;

/// Reads attributes one by one and collects what is wrong with them.
pub(crate) struct Reader<'a> {
    attributes: &'a [Attribute],
    /// Whose attributes these are, for messages.
    owner: &'static str,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(attributes: &'a [Attribute], owner: &'static str) -> Self {
        let mut reader = Self {
            attributes,
            owner,
            faults: Vec::new(),
        };
        for (i, attribute) in attributes.iter().enumerate() {
            if attributes[..i].iter().any(|a| a.key == attribute.key) {
                reader.faults.push(
                    Fault::error(
                        FaultCode::RepeatedAttribute,
                        attribute.span.clone(),
                        format!("`{}` is said twice", attribute.key),
                    )
                    .label("said before")
                    .help("remove one of the two"),
                );
            }
        }
        reader
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a Attribute> {
        self.attributes.iter().find(|a| a.key == key)
    }

    pub(crate) fn fault(
        &mut self,
        code: FaultCode,
        span: Range<usize>,
        message: String,
        help: impl Into<String>,
    ) {
        self.faults
            .push(Fault::error(code, span, message).help(help));
    }

    pub(crate) fn fault_at(&mut self, code: FaultCode, key: &str, message: String, help: &str) {
        if let Some(attribute) = self.get(key) {
            self.fault(code, attribute.span.clone(), message, help);
        }
    }

    pub(crate) fn flag(&mut self, key: &str) -> bool {
        let Some(attribute) = self.get(key) else {
            return false;
        };
        if attribute.value.is_some() {
            let help = format!("write `{key}` alone");
            self.fault(
                FaultCode::InvalidAttribute,
                attribute.span.clone(),
                format!("`{key}` takes no value"),
                help,
            );
        }
        true
    }

    pub(crate) fn text(&mut self, key: &str, example: &str) -> Option<String> {
        let attribute = self.get(key)?;
        let value = attribute
            .value
            .as_deref()
            .map(str::trim)
            .unwrap_or_default();
        if value.is_empty() {
            let help = format!("write, for example, `{example}`");
            self.fault(
                FaultCode::InvalidAttribute,
                attribute.span.clone(),
                format!("`{key}` needs a text"),
                help,
            );
        }
        Some(value.to_owned())
    }

    pub(crate) fn duration(&mut self, key: &str) -> Option<Duration> {
        let attribute = self.get(key)?;
        let duration = attribute.value.as_deref().and_then(parse_duration);
        if duration.is_none() {
            self.fault(
                FaultCode::InvalidAttribute,
                attribute.value_span.clone(),
                format!("`{key}` needs a duration"),
                format!("write, for example, `{key}=30s`; units are ms, s, m and h"),
            );
        }
        duration
    }

    /// The images that `images="…"` lists, separated by commas.
    pub(crate) fn images(&mut self) -> Vec<String> {
        let names = self.names("images", "images=\"alpine:3.22,nginx:1.30\"");
        for name in names.iter().filter(|name| !is_image_name(name)) {
            self.fault_at(
                FaultCode::InvalidAttribute,
                "images",
                format!("`{name}` can't name an image"),
                "separate images by commas, each as `docker pull` takes it",
            );
        }
        names
    }

    /// An id: a word that can stand in an address of the site.
    pub(crate) fn id(&mut self, key: &str) -> Option<String> {
        let id = self.text(key, &format!("{key}=static-app"))?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !id.is_empty() && !id.chars().all(allowed) {
            self.fault_at(
                FaultCode::InvalidAttribute,
                key,
                format!("`{key}` needs an id"),
                "an id is made of letters, digits, `-`, `_` and `.`, as in `static-app`",
            );
        }
        Some(id)
    }

    /// The names that a list such as `machines="node-1,node-2"` gives, in order, blanks around them removed.
    pub(crate) fn names(&mut self, key: &str, example: &str) -> Vec<String> {
        let listed = self.text(key, example).unwrap_or_default();
        let names = listed.split(',').map(str::trim);
        names
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// The versions of Docker Engine that `docker=">=23"` asks for.
    pub(crate) fn versions(&mut self) -> Option<VersionReq> {
        let said = self.text("docker", "docker=\">=23\"")?;
        match VersionReq::parse(&said) {
            Ok(versions) => Some(versions),
            Err(why) => {
                self.fault_at(
                    FaultCode::InvalidAttribute,
                    "docker",
                    format!("`{said}` names no versions: {why}"),
                    "write, for example, `docker=\">=23\"` or `docker=\">=23, <29\"`",
                );
                None
            }
        }
    }

    /// How long a learner needs: `minutes=25`.
    pub(crate) fn minutes(&mut self) -> Option<u32> {
        let attribute = self.get("minutes")?;
        let minutes = attribute.value.as_deref().and_then(|v| v.parse().ok());
        let minutes = minutes.filter(|minutes| (1..=600).contains(minutes));
        if minutes.is_none() {
            self.fault(
                FaultCode::InvalidAttribute,
                attribute.value_span.clone(),
                "`minutes` needs a number of minutes".to_owned(),
                "write a number from 1 to 600, as in `minutes=25`",
            );
        }
        minutes
    }

    pub(crate) fn choice(&mut self, key: &str, choices: &[&str]) -> Option<&'a str> {
        let attribute = self.get(key)?;
        let value = attribute.value.as_deref().unwrap_or_default();
        if choices.contains(&value) {
            return attribute.value.as_deref();
        }
        let list = choices.join("`, `");
        self.fault(
            FaultCode::InvalidAttribute,
            attribute.value_span.clone(),
            format!("`{key}` can't be `{value}`"),
            format!("it can be `{list}`"),
        );
        None
    }

    pub(crate) fn exit(&mut self) -> Option<i32> {
        let attribute = self.get("exit")?;
        let code = attribute.value.as_deref().and_then(|v| v.parse().ok());
        let code = code.filter(|code| (0..=255).contains(code));
        if code.is_none() {
            self.fault(
                FaultCode::InvalidAttribute,
                attribute.value_span.clone(),
                "`exit` needs a code".to_owned(),
                "write a number from 0 to 255, as in `exit=7`",
            );
        }
        code
    }

    /// A fault for each attribute that isn't in `known`.
    pub(crate) fn reject(&mut self, known: &[&str]) {
        for attribute in self.attributes {
            let key = attribute.key.as_str();
            if known.contains(&key) {
                continue;
            }
            let span = attribute.span.start..attribute.span.start + key.len();
            let fault = Fault::error(
                FaultCode::UnknownAttribute,
                span,
                format!("`{key}` is unknown"),
            )
            .label(format!("not known to {}", self.owner))
            .help(suggestion(key, known));
            self.faults.push(fault);
        }
    }

    /// `read`, unless there were faults.
    pub(crate) fn finish<T>(self, read: T) -> Result<T, Vec<Fault>> {
        if self.faults.is_empty() {
            Ok(read)
        } else {
            Err(self.faults)
        }
    }
}
