//! What the attributes of a session and the settings of a page mean.

use std::time::Duration;

use seaworthy_blocks::{Attribute, Fault, FaultCode};
use semver::VersionReq;

use crate::Question;
use crate::attribute_reader::Reader;

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
pub const DIAGRAM_ATTRIBUTES: [&str; 4] = ["verify", "title", "file", "on"];

/// Reads the attributes of a network diagram: whether it is verified, and its title. That it is a file too, and on which
/// machine, is read as of all files.
pub(crate) fn of_diagram(attributes: &[Attribute]) -> Result<(bool, Option<String>), Vec<Fault>> {
    let mut reader = Reader::new(attributes, "a diagram");
    let verify = reader.flag("verify");
    let title = reader.text("title", "title=\"Two networks\"");
    if reader.text("file", "file=compose.yaml").is_none()
        && reader.text("on", "on=node-2").is_some()
    {
        reader.fault_at(
            FaultCode::ContradictoryAttributes,
            "on",
            "a picture is on no machine".to_owned(),
            "`on` says which machine gets the file: name that with `file=compose.yaml`",
        );
    }
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

#[cfg(test)]
mod tests;
