//! What the attributes of a session and the settings of a page mean.

use std::ops::Range;
use std::time::Duration;

use seaworthy_blocks::{Attribute, Fault, FaultCode};
use seaworthy_words::{is_image_name, suggestion};
use semver::VersionReq;

use crate::{Question, parse_duration};

/// How a session is to be run and shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionAttributes {
    /// Why the session isn't run, if it isn't.
    pub no_run: Option<String>,
    /// The last command must fail.
    pub should_fail: bool,
    /// The exit code that the last command must have.
    pub exit: Option<i32>,
    /// For how long the last command is repeated until it holds.
    pub retry: Option<Duration>,
    /// How long each command may take; the page's setting if absent.
    pub timeout: Option<Duration>,
    /// Run and not shown.
    pub hidden: bool,
    /// The claim that the session proves.
    pub proves: Option<String>,
    /// What a reader is asked before the output of the last command is shown.
    pub predict: Option<Question>,
    /// Printed output is compared character by character.
    pub exact: bool,
    /// Printed lines may come in any order.
    pub unordered: bool,
    /// Printed values that differ from run to run, where nothing else tells that they do.
    pub varies: Vec<String>,
    /// The machine that runs it; the page's first if absent.
    pub on: Option<String>,
    /// The exercise that it checks.
    pub check: Option<String>,
    /// The exercise that it solves.
    pub solution: Option<String>,
    /// The prompt of the program that a command of the session opens.
    pub opens: Option<String>,
    /// The versions of Docker Engine that it is meant for; all that its page is meant for, if absent.
    pub docker: Option<VersionReq>,
}

impl SessionAttributes {
    /// The names of the attributes that a session may have.
    pub const NAMES: [&'static str; 16] = [
        "no_run",
        "should_fail",
        "exit",
        "retry",
        "timeout",
        "hidden",
        "proves",
        "predict",
        "match",
        "unordered",
        "varies",
        "on",
        "check",
        "solution",
        "opens",
        "docker",
    ];

    /// Reads the attributes of a session that prints output if `prints`.
    pub(crate) fn read(attributes: &[Attribute], prints: bool) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(attributes, "a session");
        let read = Self {
            no_run: reader.text("no_run", "no_run=\"needs a cloud account\""),
            should_fail: reader.flag("should_fail"),
            exit: reader.exit(),
            retry: reader.duration("retry"),
            timeout: reader.duration("timeout"),
            hidden: reader.flag("hidden"),
            proves: reader.text("proves", "proves=\"names resolve here\""),
            predict: reader.question(),
            exact: reader.choice("match", &["exact"]).is_some(),
            unordered: reader.flag("unordered"),
            varies: reader.names("varies", "varies=\"37ms\""),
            on: reader.text("on", "on=node-2"),
            check: reader.id("check"),
            solution: reader.id("solution"),
            opens: reader.text("opens", "opens=\"db> \""),
            docker: reader.versions(),
        };
        reader.reject(&Self::NAMES);
        read.check(&mut reader, prints);
        reader.finish(read)
    }

    fn check(&self, reader: &mut Reader<'_>, prints: bool) {
        if self.no_run.is_some() {
            // What is shown depends on the machine and on the prompt as well.
            let shown = ["no_run", "on", "opens"];
            for key in Self::NAMES.iter().filter(|key| !shown.contains(key)) {
                let message = format!("`{key}` says nothing about a session that isn't run");
                reader.fault_at(
                    FaultCode::ContradictoryAttributes,
                    key,
                    message,
                    "remove one of the two",
                );
            }
        }
        if self.check.is_some() {
            if self.solution.is_some() {
                reader.fault_at(
                    FaultCode::ContradictoryAttributes,
                    "solution",
                    "a session can't check an exercise and solve one".to_owned(),
                    "make two sessions of it: the check first",
                );
            }
            if self.hidden {
                reader.fault_at(
                    FaultCode::ContradictoryAttributes,
                    "hidden",
                    "a learner can't run a check that is hidden".to_owned(),
                    "remove one of the two",
                );
            }
        }
        if self.check.is_some() || self.solution.is_some() {
            reader.fault_at(
                FaultCode::ContradictoryAttributes,
                "docker",
                "an exercise can't be left out on some engines".to_owned(),
                "say it for the whole page, as in `<!-- seaworthy docker=\">=23\" -->`",
            );
        }
        self.check_question(reader, prints);
        if self.exact && self.unordered {
            reader.fault_at(
                FaultCode::ContradictoryAttributes,
                "unordered",
                "`unordered` contradicts `match=exact`".to_owned(),
                "remove one of the two",
            );
        }
        if self.exact {
            reader.fault_at(
                FaultCode::ContradictoryAttributes,
                "varies",
                "`varies` contradicts `match=exact`".to_owned(),
                "remove one of the two",
            );
        }
        if self.opens.as_deref() == Some("$") {
            reader.fault_at(
                FaultCode::InvalidAttribute,
                "opens",
                "`$ ` is the prompt of the page's shell".to_owned(),
                "give the program another prompt, as in `$ docker exec -it -e 'PS1=app$ ' web sh`",
            );
        }
        if self.should_fail && self.exit == Some(0) {
            reader.fault_at(
                FaultCode::ContradictoryAttributes,
                "exit",
                "`exit=0` contradicts `should_fail`".to_owned(),
                "remove one of the two",
            );
        }
        if self.should_fail && self.exit.is_none() && !prints {
            reader.fault_at(FaultCode::FailureNotSaid,
                "should_fail",
                "this session doesn't say how it fails".to_owned(),
                "print the message that shows the failure, or say the code, as in `exit=1`: any typing error would fail too",
            );
        }
    }
}

impl SessionAttributes {
    /// A question is about what a reader sees afterwards, and a check isn't there to be guessed.
    fn check_question(&self, reader: &mut Reader<'_>, prints: bool) {
        if self.predict.is_none() || self.no_run.is_some() {
            return;
        }
        if self.hidden {
            reader.fault_at(
                FaultCode::ContradictoryAttributes,
                "predict",
                "nobody can predict what a hidden session prints".to_owned(),
                "remove one of the two",
            );
        } else if self.check.is_some() {
            reader.fault_at(
                FaultCode::ContradictoryAttributes,
                "predict",
                "what a check has to print can't wait behind a question".to_owned(),
                "readers compare their own output with it: ask in a session of its own",
            );
        } else if !prints {
            reader.fault_at(
                FaultCode::NothingToPredict,
                "predict",
                "the last command of this session shows no output, so there is nothing to reveal"
                    .to_owned(),
                "show what it prints, or make the command that is asked about the last one",
            );
        }
    }
}

/// The names of the attributes that a diagram may have.
pub const DIAGRAM_ATTRIBUTES: [&str; 2] = ["verify", "title"];

/// Reads the attributes of a network diagram: whether it is verified, and its title.
pub(crate) fn of_diagram(attributes: &[Attribute]) -> Result<(bool, Option<String>), Vec<Fault>> {
    let mut reader = Reader::new(attributes, "a diagram");
    let verify = reader.flag("verify");
    let title = reader.text("title", "title=\"Two networks\"");
    reader.reject(&DIAGRAM_ATTRIBUTES);
    reader.finish((verify, title))
}

/// The names of the attributes that an archive may have.
pub const ARCHIVE_ATTRIBUTES: [&str; 1] = ["on"];

/// Reads the attributes of an archive: the machine that gets it.
pub(crate) fn of_archive(attributes: &[Attribute]) -> Result<Option<String>, Vec<Fault>> {
    let mut reader = Reader::new(attributes, "an archive");
    let on = reader.text("on", "on=node-2");
    reader.reject(&ARCHIVE_ATTRIBUTES);
    reader.finish(on)
}

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
    fn id(&mut self, key: &str) -> Option<String> {
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

    fn exit(&mut self) -> Option<i32> {
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

#[cfg(test)]
mod tests;
