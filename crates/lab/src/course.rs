//! What there is to do on a page, in the order in which it is meant to be done. Pure.

use std::sync::Arc;

use seaworthy_console::{Command, Program, Then};
use seaworthy_matching::Bindings;
use seaworthy_page::{Page, SessionStep, Step};
use seaworthy_runner::{bindings_after, left_out};
use seaworthy_words::Script;

/// The things to do on a page.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) page: Arc<Page>,
    pub(crate) items: Vec<Item>,
}

/// One thing to do.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The number of its step on the page.
    pub(crate) step: usize,
    pub(crate) what: What,
    /// The number of the machine.
    pub(crate) machine: usize,
    /// It isn't shown: it is done when something below it is.
    pub(crate) unseen: bool,
    /// The values that it types and that the page has printed before: each with the line.
    needs: Vec<Need>,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A file is written, or an archive unpacked.
    Bring,
    /// That command of a session is typed.
    Type(usize),
}

/// A value that must be known before a command can be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// As the author has it.
    pub(crate) value: String,
    /// The author's line that prints it.
    pub(crate) line: u32,
}

impl Course {
    /// The course of `page` on machines whose engine tells its version as `version`.
    pub(crate) fn new(page: &Arc<Page>, version: &str) -> Self {
        let mut course = Self {
            page: Arc::clone(page),
            items: items(page, version),
        };
        course.find_needs();
        course
    }

    /// The session of an item that is typed.
    pub(crate) fn session(&self, at: usize) -> Option<(&SessionStep, usize)> {
        match (&self.page.steps[self.items[at].step], self.items[at].what) {
            (Step::Session(step), What::Type(nth)) => Some((step, nth)),
            _ => None,
        }
    }

    /// The command of an item that is typed.
    pub(crate) fn command(&self, at: usize) -> Option<&Command> {
        let (step, nth) = self.session(at)?;
        step.session.commands.get(nth)
    }

    /// The item that types the command `nth` of the session `id`.
    pub(crate) fn find(&self, id: &str, nth: usize) -> Option<usize> {
        (0..self.items.len())
            .find(|at| matches!(self.session(*at), Some((step, n)) if step.id == id && n == nth))
    }

    /// The items of the session `id`, in order.
    pub(crate) fn of_session(&self, id: &str) -> Vec<usize> {
        let is_it = |at: &usize| matches!(self.session(*at), Some((step, _)) if step.id == id);
        (0..self.items.len()).filter(is_it).collect()
    }

    /// The author's line of an item.
    pub(crate) fn line(&self, at: usize) -> usize {
        let start = self.command(at).map(Command::start);
        let start = start.unwrap_or_else(|| match &self.page.steps[self.items[at].step] {
            Step::File(step) => step.range.start,
            Step::Archive(step) => step.range.start,
            _ => 0,
        });
        self.page.source.place(start).line
    }

    /// What an item needs that `bindings` don't have; the first of it.
    pub(crate) fn lacks(&self, at: usize, bindings: &Bindings) -> Option<&Need> {
        let needs = &self.items[at].needs;
        let command = self.command(at).filter(|_| !needs.is_empty())?;
        let text = command.script.text();
        let known = bindings.values(&command.script);
        let known: Vec<&str> = known.iter().map(|v| &text[v.range.clone()]).collect();
        needs
            .iter()
            .find(|need| !known.contains(&need.value.as_str()))
    }

    /// The author's line of the command that opens `program`, the nearest above `at`.
    pub(crate) fn opener(&self, at: usize, program: &Program) -> Option<usize> {
        let opens = |at: &usize| match self.command(*at).map(|command| &command.then) {
            Some(Then::Opens(opened)) => opened.name == program.name,
            _ => false,
        };
        (0..at).rev().find(opens).map(|at| self.line(at))
    }

    /// The item that a line is which was typed by hand into the shell of `machine`; `typed` gives what an item's command is
    /// typed as there, and `done` whether that was done before. Of several, the next one that isn't done, from `from` on.
    pub(crate) fn matching(
        &self,
        machine: usize,
        line: &str,
        from: usize,
        typed: impl Fn(usize) -> Option<String>,
        done: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let line = Script::parse(line);
        let is_it = |at: &usize| {
            self.items[*at].machine == machine
                && self
                    .command(*at)
                    .is_some_and(|c| c.inside.is_empty() && !c.keys)
                && typed(*at).is_some_and(|text| Script::parse(text).is_same_as(&line))
        };
        let all: Vec<usize> = (0..self.items.len()).filter(is_it).collect();
        let next = all.iter().find(|at| **at >= from && !done(**at));
        let again = || all.iter().rev().find(|at| **at < from);
        next.or_else(again).or(all.last()).copied()
    }

    /// Finds out which values each command types that the page has printed before: with the author's own output, each
    /// stands for itself.
    fn find_needs(&mut self) {
        let mut bindings = Bindings::new();
        for at in 0..self.items.len() {
            if let Some(text) = self.file_text(at) {
                bindings.note_text(text);
            }
            let Some((step, nth)) = self.session(at) else {
                continue;
            };
            let command = &step.session.commands[nth];
            let text = command.script.text();
            let values = bindings.values(&command.script).into_iter();
            let needs = values.filter_map(|value| {
                Some(Need {
                    value: text[value.range].to_owned(),
                    line: value.since?,
                })
            });
            let needs = needs.collect();
            let lines: Vec<_> = command.output.iter().map(|l| l.text.as_str()).collect();
            let printed = lines.join("\n") + "\n";
            if let Some(after) = bindings_after(&self.page, step, nth, &printed, &bindings) {
                bindings = after;
            }
            self.items[at].needs = needs;
        }
    }

    /// The text of the file that an item writes.
    pub(crate) fn file_text(&self, at: usize) -> Option<&str> {
        match &self.page.steps[self.items[at].step] {
            Step::File(step) => Some(&step.content),
            _ => None,
        }
    }
}

/// The items of `page`; an exercise's check stands behind its solution, as a check runs it.
fn items(page: &Page, version: &str) -> Vec<Item> {
    let mut items = Vec::new();
    for (at, step) in page.steps.iter().enumerate() {
        let check = page.exercises.iter().any(|e| e.check == at);
        if !check {
            items.extend(items_of(at, step, version));
        }
        let solved = page.exercises.iter();
        let solved = solved.filter(|e| e.solutions.last() == Some(&at));
        for exercise in solved {
            items.extend(items_of(
                exercise.check,
                &page.steps[exercise.check],
                version,
            ));
        }
    }
    items
}

fn items_of(at: usize, step: &Step, version: &str) -> Vec<Item> {
    let item = |what, machine: seaworthy_page::MachineId, unseen| Item {
        step: at,
        what,
        machine: machine.index(),
        unseen,
        needs: Vec::new(),
    };
    match step {
        Step::File(file) => vec![item(What::Bring, file.machine, true)],
        Step::Archive(archive) => vec![item(What::Bring, archive.machine, true)],
        Step::Session(session) if left_out(session, version).is_none() => {
            let commands = session.session.commands.iter().enumerate();
            let run = commands.filter(|(_, command)| command.runs);
            run.map(|(nth, _)| item(What::Type(nth), session.machine, session.attributes.hidden))
                .collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;

    use seaworthy_page::{BookSettings, FolderFile, Loader};

    use super::*;

    /// The course of a book's only page.
    pub(crate) fn course(text: &'static str) -> Course {
        struct One(&'static str);
        impl Loader for One {
            fn load(&self, _: &Path) -> Result<String, String> {
                Ok(self.0.to_owned())
            }
            fn folder(&self, _: &Path) -> Result<Vec<FolderFile>, String> {
                Err("there is none".to_owned())
            }
        }
        let page = Page::load(Path::new("src/a.md"), &One(text), &BookSettings::default());
        Course::new(&Arc::new(page.unwrap()), "28.5.2")
    }

    const IDS: &str = "# T\n\n```console\n$ docker run -d nginx:1.30-alpine\n4f1c0e6b5a2d4f1c0e6b5a2d4f1c0e6b5a2d4f1c0e6b5a2d4f1c0e6b5a2d4f1c\n$ docker stop 4f1c0e6b5a2d\n4f1c0e6b5a2d\n$ # no command\n$ docker ps -a\n```\n";

    #[test]
    fn a_command_needs_what_the_page_printed_before() {
        let course = course(IDS);
        assert_eq!(course.items.len(), 3);
        let need = Need {
            value: "4f1c0e6b5a2d".to_owned(),
            line: 5,
        };
        let lacks: Vec<_> = (0..3)
            .map(|at| course.lacks(at, &Bindings::new()))
            .collect();
        assert_eq!(lacks, [None, Some(&need), None]);
        let (step, nth) = course.session(0).unwrap();
        let printed = "9".repeat(64) + "\n";
        let known = bindings_after(&course.page, step, nth, &printed, &Bindings::new());
        assert_eq!(course.lacks(1, &known.unwrap()), None);
    }

    #[test]
    fn a_check_comes_behind_its_solution_and_what_is_hidden_is_unseen() {
        let course = course(
            "# T\n\n```console,check=one\n$ a\n```\n\n```text,file=f\nx\n```\n\n```console,solution=one\n$ b\n```\n\n```console,hidden\n$ c\n```\n\n```console,no_run=\"shown only\"\n$ d\n```\n",
        );
        let told: Vec<_> = (0..course.items.len())
            .map(|at| {
                let text = course.command(at).map(Command::text);
                (
                    text.unwrap_or_else(|| "file".to_owned()),
                    course.items[at].unseen,
                )
            })
            .collect();
        let told: Vec<_> = told
            .iter()
            .map(|(text, unseen)| (text.as_str(), *unseen))
            .collect();
        assert_eq!(
            told,
            [("file", true), ("b", false), ("a", false), ("c", true)]
        );
    }

    #[test]
    fn a_line_typed_by_hand_is_the_next_command_that_says_the_same() {
        let course = course(
            "# T\n\n```console\n$ docker ps\n$ docker run --rm \\\n>   nginx:1.30-alpine true\n$ docker ps\n```\n",
        );
        let typed = |at: usize| course.command(at).map(|c| c.script.text().to_owned());
        let found = |line: &str, from, done: &[usize]| {
            course.matching(0, line, from, typed, |at| done.contains(&at))
        };
        assert_eq!(found("docker  ps", 0, &[]), Some(0));
        assert_eq!(found("docker ps", 1, &[0]), Some(2));
        assert_eq!(found("docker ps", 3, &[0, 2]), Some(2));
        assert_eq!(
            found("docker run --rm nginx:1.30-alpine true", 0, &[]),
            Some(1)
        );
        assert_eq!(found("docker ps -a", 0, &[]), None);
        assert_eq!(course.matching(1, "docker ps", 0, typed, |_| false), None);
    }
}
