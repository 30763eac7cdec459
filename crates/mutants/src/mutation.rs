//! The mutants of a page: one thing that it types or prints is changed. Enter at [`mutants`].

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use seaworthy_console::Command;
use seaworthy_page::{Page, SessionStep, Version};
use seaworthy_words::occurrences;
use serde::Serialize;

use crate::dependence::depend;
use crate::looks::only_looks;
use crate::values::{misshapen, values};
use crate::words::{changed, words};

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A word of what is printed.
    PrintedWord,
    /// A number, an id or an address of what is printed.
    PrintedNumber,
    /// A printed line is left out, or stands twice.
    PrintedLine,
    /// One occurrence of a name in what is typed.
    Name,
    /// A container goes to another network, or to none of its own.
    Network,
    /// A port in what is typed.
    Port,
    /// Two commands change places.
    Order,
    /// A command is left out.
    Omitted,
}

impl Kind {
    /// Whether it is the printed output that is changed, and not what is run.
    #[must_use]
    pub fn is_of_output(self) -> bool {
        matches!(
            self,
            Kind::PrintedWord | Kind::PrintedNumber | Kind::PrintedLine
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::PrintedWord => "printed word",
            Kind::PrintedNumber => "printed number",
            Kind::PrintedLine => "printed line",
            Kind::Name => "typed name",
            Kind::Network => "typed network",
            Kind::Port => "typed port",
            Kind::Order => "order",
            Kind::Omitted => "omitted command",
        })
    }
}

/// A page with one change.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The page's file.
    pub file: String,
    /// The line of the change.
    pub line: usize,
    /// What is changed.
    pub kind: Kind,
    /// The change in words.
    pub what: String,
    /// Behind the last session that is changed.
    pub settled: Point,
    /// The stretches of the page's text that become other ones, in order.
    changes: Vec<(Range<usize>, String)>,
    /// Where a printed value became another one of its kind: in its place no such value at all. It is tried if matching
    /// lets the author print either value.
    pub(crate) misshapen: Option<Box<Mutant>>,
}

impl Mutant {
    /// The text of `page`, whose mutant this is, with the change.
    #[must_use]
    pub fn text(&self, page: &Page) -> String {
        let original = page.source.text();
        let mut text = String::with_capacity(original.len() + 64);
        let mut at = 0;
        for (range, new) in &self.changes {
            text.push_str(&original[at..range.start]);
            text.push_str(new);
            at = range.end;
        }
        text.push_str(&original[at..]);
        text
    }
}

/// Where a session can be put on a page and on its mutants.
#[derive(Clone, Debug)]
pub struct Point {
    /// How many bytes of the page follow: nothing is changed there.
    pub behind: usize,
    /// What a line needs before it to stay in the same list item or quote.
    pub prefix: String,
    /// The machine of the session before, where the page names its machines.
    pub on: Option<String>,
}

impl fmt::Display for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}: {}",
            self.file, self.line, self.kind, self.what
        )
    }
}

/// All mutants of a page, as it is run on `engine`.
pub(crate) fn mutants(page: &Page, engine: &Version) -> Vec<Mutant> {
    let mut maker = Maker {
        page,
        text: page.source.text(),
        found: Vec::new(),
    };
    let sessions: Vec<&SessionStep> = page
        .sessions()
        .filter(|step| is_run(step, engine))
        .collect();
    let commands: Vec<(&SessionStep, &Command)> = sessions
        .iter()
        .flat_map(|step| step.session.commands.iter().map(|command| (*step, command)))
        .filter(|(_, command)| command.runs)
        .collect();
    let names = Names::of(commands.iter().map(|(_, command)| *command));
    for (step, command) in &commands {
        maker.printed(step, command);
        maker.typed(step, command, &names);
    }
    for (step, command) in &commands {
        maker.omitted(step, command);
    }
    for pair in commands.windows(2) {
        maker.swapped(pair[0].1, pair[1]);
    }
    maker.found
}

/// Whether a session is run on `engine`.
fn is_run(step: &SessionStep, engine: &Version) -> bool {
    let meant = step.attributes.docker.as_ref();
    step.attributes.no_run.is_none() && meant.is_none_or(|versions| versions.matches(engine))
}

/// The names that a page gives.
struct Names<'a> {
    networks: BTreeSet<&'a str>,
    /// Of networks, containers and aliases.
    all: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(commands: impl Iterator<Item = &'a Command>) -> Self {
        let (mut networks, mut all) = (BTreeSet::new(), BTreeSet::new());
        for call in commands.flat_map(|command| command.script.calls()) {
            networks.extend(call.values("network", "network"));
            all.extend(call.value("name", "name"));
            all.extend(call.values("alias", "alias"));
            if (call.group, call.verb) == ("network", "create") {
                networks.extend(call.operands().next_back());
            }
        }
        let is_name = |name: &&str| {
            name.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
                && name.bytes().any(|b| b.is_ascii_alphabetic())
        };
        networks.retain(is_name);
        all.extend(&networks);
        all.retain(is_name);
        Names { networks, all }
    }
}

struct Maker<'a> {
    page: &'a Page,
    text: &'a str,
    found: Vec<Mutant>,
}

impl Maker<'_> {
    /// A mutant with these stretches replaced, which are in order and end in the session `step`.
    fn push(
        &mut self,
        step: &SessionStep,
        kind: Kind,
        what: String,
        changes: Vec<(Range<usize>, String)>,
    ) {
        let mutant = self.mutant(step, kind, what, changes);
        self.found.push(mutant);
    }

    fn mutant(
        &self,
        step: &SessionStep,
        kind: Kind,
        what: String,
        changes: Vec<(Range<usize>, String)>,
    ) -> Mutant {
        let start = changes.first().map_or(0, |(range, _)| range.start);
        Mutant {
            file: self.page.file.clone(),
            line: self.page.source.place(start).line,
            kind,
            what,
            settled: Point {
                behind: self.text.len() - step.range.end,
                prefix: step.prefix.clone(),
                on: step.attributes.on.clone(),
            },
            changes,
            misshapen: None,
        }
    }

    fn printed(&mut self, step: &SessionStep, command: &Command) {
        for line in &command.output {
            if line.text.trim().is_empty() || is_wild(&line.text) {
                continue;
            }
            for word in values(&line.text) {
                let old = &line.text[word.clone()];
                let kind = if old.bytes().any(|b| b.is_ascii_digit()) {
                    Kind::PrintedNumber
                } else {
                    Kind::PrintedWord
                };
                let range = line.start + word.start..line.start + word.end;
                let with = |new: String| {
                    let what = format!("`{old}` → `{new}` in `{}`", line.text.trim());
                    self.mutant(step, kind, what, vec![(range.clone(), new)])
                };
                let mut mutant = with(changed(old));
                mutant.misshapen = Some(Box::new(with(misshapen(old))));
                self.found.push(mutant);
            }
            let whole = self.whole_lines(line.span());
            let shown = line.text.trim();
            // A page that shows nothing of an output says nothing about it.
            if command.output.len() > 1 {
                let what = format!("without `{shown}`");
                let gone = vec![(whole.clone(), String::new())];
                self.push(step, Kind::PrintedLine, what, gone);
            }
            let again = self.text[whole.clone()].to_owned();
            let end = whole.end..whole.end;
            self.push(
                step,
                Kind::PrintedLine,
                format!("twice `{shown}`"),
                vec![(end, again)],
            );
        }
    }

    fn typed(&mut self, step: &SessionStep, command: &Command, names: &Names<'_>) {
        for typed in &command.typed {
            let line = &typed.line;
            let at = |range: &Range<usize>| line.start + range.start..line.start + range.end;
            for name in &names.all {
                for place in occurrences(&line.text, name) {
                    let what = format!("`{name}` → `{name}x` in `{}`", line.text);
                    let renamed = vec![(at(&place), format!("{name}x"))];
                    self.push(step, Kind::Name, what, renamed);
                    if !names.networks.contains(name) {
                        continue;
                    }
                    for other in names.networks.iter().filter(|other| *other != name) {
                        let what = format!("`{name}` → `{other}` in `{}`", line.text);
                        let moved = vec![(at(&place), (*other).to_owned())];
                        self.push(step, Kind::Network, what, moved);
                    }
                    let option = "--network ";
                    if line.text[..place.start].ends_with(option) {
                        let whole = place.start - option.len()..place.end;
                        let what = format!("without `--network {name}` in `{}`", line.text);
                        let gone = vec![(at(&whole), String::new())];
                        self.push(step, Kind::Network, what, gone);
                    }
                }
            }
            for port in words(&line.text) {
                let digits = &line.text[port.clone()];
                let (before, after) = (&line.text[..port.start], &line.text[port.end..]);
                let is_port = before.ends_with(':')
                    || before.ends_with("-p ")
                    || after.starts_with(':') && digits.len() > 1;
                if let (true, Ok(number)) = (is_port, digits.parse::<u16>()) {
                    let new = (number ^ 1).to_string();
                    let what = format!("`{digits}` → `{new}` in `{}`", line.text);
                    self.push(step, Kind::Port, what, vec![(at(&port), new)]);
                }
            }
        }
    }

    /// A session of one command goes as a whole: an empty one is malformed. A command that is refused does no more than
    /// one that looks.
    fn omitted(&mut self, step: &SessionStep, command: &Command) {
        let last = step.session.commands.last().map(Command::start);
        let must_fail =
            step.attributes.should_fail || step.attributes.exit.is_some_and(|code| code != 0);
        let refused = must_fail && last == Some(command.start());
        if refused || only_looks(&command.script) {
            return;
        }
        let alone = step.session.commands.len() == 1;
        let range = if alone {
            step.range.clone()
        } else {
            self.whole_lines(span(command))
        };
        let what = format!("`{}`", command.text());
        self.push(step, Kind::Omitted, what, vec![(range, String::new())]);
    }

    /// Only of two that are about the same thing: no order follows from the others.
    fn swapped(&mut self, first: &Command, (step, second): (&SessionStep, &Command)) {
        let (a, b) = (
            self.whole_lines(span(first)),
            self.whole_lines(span(second)),
        );
        let look = only_looks(&first.script) && only_looks(&second.script);
        if look
            || !depend(&first.script, &second.script)
            || a.end > b.start
            || first.text() == second.text()
        {
            return;
        }
        let what = format!("`{}` ↔ `{}`", first.text(), second.text());
        let (early, late) = (
            self.text[a.clone()].to_owned(),
            self.text[b.clone()].to_owned(),
        );
        self.push(step, Kind::Order, what, vec![(a, late), (b, early)]);
    }

    /// The bytes of the lines that a range touches, the last newline included.
    fn whole_lines(&self, range: Range<usize>) -> Range<usize> {
        let start = self.text[..range.start]
            .rfind('\n')
            .map_or(0, |end| end + 1);
        let rest = self.text[range.end..].find('\n');
        start..rest.map_or(self.text.len(), |len| range.end + len + 1)
    }
}

/// From the first typed byte of a command to its last printed one.
fn span(command: &Command) -> Range<usize> {
    let typed = command.typed.last().map(|typed| typed.line.span());
    let printed = command.output.last().map(|line| line.span());
    let end = printed.or(typed).map_or(command.start(), |last| last.end);
    command.start()..end
}

/// Whether a printed line stands for any lines.
pub(crate) fn is_wild(line: &str) -> bool {
    matches!(line.trim(), "..." | "<snip>")
}
