//! What stands in a page, as far as it can be read: a page with faults has one too.

use std::collections::BTreeMap;
use std::ops::Range;

use seaworthy_blocks::{Attribute, Block, Comment, Document, parse_settings};
use seaworthy_console::{Command, Programs, Session};
use seaworthy_words::occurrences;

/// The blocks of a page and what they say.
pub(super) struct Outline<'t> {
    pub(super) text: &'t str,
    pub(super) blocks: Vec<Part>,
    /// The attributes of the settings comment, and where its text stands.
    pub(super) settings: Vec<Attribute>,
    pub(super) settings_body: Option<Range<usize>>,
}

/// A block of a page.
pub(super) struct Part {
    pub(super) block: Block,
    pub(super) attributes: Vec<Attribute>,
    /// The commands of a session, if it can be read.
    pub(super) commands: Vec<Command>,
}

/// A name, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    Exercise(String),
    Network(String),
    Machine(String),
}

impl<'t> Outline<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let document = Document::parse(text);
        let settings_body = document.comments.iter().find_map(|it| settings(text, it));
        let settings = settings_body
            .clone()
            .map(|body| parse_settings(&text[body.clone()], body.start));
        // A fault of one session is none of the next: each is read as if nothing were open but what it opens.
        let mut programs = Programs::default();
        let blocks = document.blocks.into_iter().map(|block| {
            let attributes = block.attributes().unwrap_or_default();
            let fence = block.range.start..block.info.end;
            let opens = attributes.iter().find(|it| it.key == "opens");
            let opens = opens.and_then(|it| it.value.as_deref());
            let mut trial = programs.clone();
            let session = match block.language.as_str() {
                "console" => Session::parse_in(&mut trial, &block.lines, fence, opens),
                _ => Ok(Session::default()),
            };
            let commands = session.map(|session| {
                programs = trial;
                session.commands
            });
            Part {
                commands: commands.unwrap_or_default(),
                attributes,
                block,
            }
        });
        Self {
            text,
            blocks: blocks.collect(),
            settings: settings.and_then(Result::ok).unwrap_or_default(),
            settings_body,
        }
    }

    /// The block that holds the byte `at`.
    pub(super) fn block_at(&self, at: usize) -> Option<&Part> {
        let holds = |part: &&Part| (part.block.range.start..=part.block.range.end).contains(&at);
        self.blocks.iter().find(holds)
    }

    /// The names of the page's machines.
    pub(super) fn machines(&self) -> Vec<&str> {
        self.listed("machines")
    }

    /// What a setting lists.
    fn listed(&self, key: &str) -> Vec<&str> {
        let setting = self.settings.iter().find(|it| it.key == key);
        let value = setting.and_then(|it| it.value.as_deref());
        let names = value.into_iter().flat_map(|value| value.split(','));
        names
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// Where each name stands, that which gives it first.
    pub(super) fn names(&self) -> BTreeMap<Name, Vec<Range<usize>>> {
        let mut names: BTreeMap<Name, Vec<Range<usize>>> = BTreeMap::new();
        for (key, of) in [("check", true), ("solution", true), ("on", false)] {
            for attribute in self.blocks.iter().flat_map(|part| &part.attributes) {
                let Some(value) = attribute.value.as_ref().filter(|_| attribute.key == key) else {
                    continue;
                };
                let name = match of {
                    true => Name::Exercise(value.clone()),
                    false => Name::Machine(value.clone()),
                };
                let place = self.unquoted(&attribute.value_span);
                names.entry(name).or_default().push(place);
            }
        }
        for machine in self.machines() {
            let body = self.settings_body.clone().unwrap_or_default();
            let found = occurrences(&self.text[body.clone()], machine)
                .into_iter()
                .next();
            let places = names.entry(Name::Machine(machine.to_owned())).or_default();
            let place = found.map(|at| body.start + at.start..body.start + at.end);
            places.splice(0..0, place);
        }
        for network in self.networks() {
            let (made, used) = self.network(&network);
            let places = made.into_iter().chain(used).collect();
            names.insert(Name::Network(network), places);
        }
        names
    }

    /// The networks that the page makes, uses or draws.
    pub(super) fn networks(&self) -> Vec<String> {
        let calls = self.blocks.iter().flat_map(|part| &part.commands);
        let calls = calls.flat_map(|command| command.script.calls());
        let mut networks: Vec<String> = Vec::new();
        for call in calls {
            networks.extend(call.values("network", "network").map(str::to_owned));
            if call.group == "network" && matches!(call.verb, "create" | "rm" | "inspect") {
                networks.extend(call.operands().map(str::to_owned));
            }
            if call.group == "network" && matches!(call.verb, "connect" | "disconnect") {
                networks.extend(call.operands().next().map(str::to_owned));
            }
        }
        let drawn = self
            .blocks
            .iter()
            .filter(|part| part.block.language == "network");
        networks.extend(
            drawn
                .flat_map(|part| declared(&part.block))
                .map(|(name, _)| name),
        );
        networks.retain(|name| {
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        });
        networks.sort();
        networks.dedup();
        networks
    }

    /// Where a network is made, in commands and diagrams, and where else it is named.
    fn network(&self, name: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
        let (mut made, mut used) = (Vec::new(), Vec::new());
        for part in &self.blocks {
            for command in &part.commands {
                let creates = command.script.calls().iter().any(|call| {
                    (call.group, call.verb) == ("network", "create")
                        && call.operands().next_back() == Some(name)
                });
                for typed in &command.typed {
                    let line = &typed.line;
                    let places = occurrences(&line.text, name).into_iter();
                    let places = places.map(|at| line.start + at.start..line.start + at.end);
                    if creates {
                        made.extend(places)
                    } else {
                        used.extend(places)
                    }
                }
            }
            if part.block.language == "network" {
                let declared = declared(&part.block);
                for line in &part.block.lines {
                    for at in occurrences(&line.text, name) {
                        let place = line.start + at.start..line.start + at.end;
                        let declares = declared.iter().any(|(_, start)| *start == place.start);
                        if declares {
                            made.push(place)
                        } else {
                            used.push(place)
                        }
                    }
                }
            }
        }
        (made, used)
    }

    /// The bytes of a value without its quotes.
    pub(super) fn unquoted(&self, value: &Range<usize>) -> Range<usize> {
        match self.text[value.clone()].starts_with('"') {
            true if value.len() >= 2 => value.start + 1..value.end - 1,
            _ => value.clone(),
        }
    }
}

/// Where the settings of a page stand in a comment that begins with `seaworthy`.
fn settings(text: &str, comment: &Comment) -> Option<Range<usize>> {
    let body = &text[comment.body.clone()];
    let rest = body.trim_start().strip_prefix("seaworthy")?;
    let ours = rest.is_empty() || rest.starts_with(char::is_whitespace);
    ours.then(|| comment.body.end - rest.len()..comment.body.end)
}

/// The networks that a diagram declares, and where each begins. It may be half-written, so its lines are looked at and not
/// parsed: keys one step below `networks:` at the margin.
pub(super) fn declared(block: &Block) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut inside = false;
    let mut depth = None;
    for line in &block.lines {
        let text = line.text.trim_start();
        let indent = line.text.len() - text.len();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if indent == 0 {
            inside = text.trim_end() == "networks:";
            depth = None;
        } else if inside
            && indent == *depth.get_or_insert(indent)
            && let Some((name, _)) = text.split_once(':')
        {
            found.push((name.to_owned(), line.start + indent));
        }
    }
    found
}
