//! Reading the text of a page: its blocks become steps, its faults are collected.

mod copy;
mod files;
mod others;

use std::collections::BTreeMap;
use std::ops::Range;

use seaworthy_blocks::{Attribute, Block, Dialect, Document, Fault, FaultCode, Line, Severity};
use seaworthy_console::{Command, Programs, Session, Then};
use seaworthy_network::EngineVersion;

use crate::fingerprint::{Chain, short_name};
use crate::images::Images;
use crate::languages::{ARCHIVE, DIAGRAM, OURS, SESSION};
use crate::lookalike::lookalike;
use crate::machine::remedy;
use crate::{
    BookSettings, CopiedFolder, Exercise, Ground, ImageUse, Lasts, ListedStep, Loader, MachineId,
    SessionAttributes, SessionStep, Settings, Source, Step, exercise,
};

/// Attributes that are about the last command of a session.
const ON_LAST: [&str; 3] = ["retry", "exit", "should_fail"];
/// After so many faults a page is read no further.
const MOST_FAULTS: usize = 1000;
/// Shell languages that are shown and not run.
const LISTED: [&str; 3] = ["bash", "sh", "shell"];

/// A page as it was read.
pub(crate) struct Read {
    pub(crate) settings: Settings,
    pub(crate) steps: Vec<Step>,
    pub(crate) exercises: Vec<Exercise>,
    pub(crate) images: Vec<ImageUse>,
    pub(crate) copied: Vec<CopiedFolder>,
    pub(crate) title_end: Option<usize>,
    pub(crate) sections: Vec<usize>,
    pub(crate) prose: Vec<Line>,
    pub(crate) html: Vec<Range<usize>>,
    pub(crate) tasks: usize,
    pub(crate) inline_code: Vec<Line>,
    pub(crate) warnings: Vec<Fault>,
}

pub(crate) struct PageReader<'a> {
    file: String,
    source: &'a Source,
    loader: &'a dyn Loader,
    /// The machines that the author names.
    machines: Vec<String>,
    /// The version of the engines of which its diagrams speak.
    pictured: EngineVersion,
    steps: Vec<Step>,
    copied: Vec<CopiedFolder>,
    /// Whose Markdown it is.
    dialect: Dialect,
    /// The languages that are read as sessions, beside our own.
    languages: Vec<String>,
    /// The prompt of the page's shell.
    prompt: String,
    /// Each session finds a fresh machine.
    apart: bool,
    /// What is well-formed is read, though something else isn't.
    lenient: bool,
    /// Errors and warnings.
    faults: Vec<Fault>,
    images: Images,
    /// What is open on each machine.
    programs: BTreeMap<MachineId, Open>,
    /// Where sessions say something about their last command, by the index of their step.
    on_last: Vec<(usize, &'static str, Range<usize>)>,
    /// Grows with everything that is run.
    chain: Chain,
    /// How often each name was given.
    ordinals: BTreeMap<String, usize>,
}

/// The programs that are open on a machine.
struct Open {
    /// Where the sessions that are run have come to.
    run: Programs,
    /// The same for those after it that aren't run: what they open isn't there for those that are.
    shown: Option<Programs>,
}

impl<'a> PageReader<'a> {
    pub(crate) fn new(file: String, source: &'a Source, loader: &'a dyn Loader) -> Self {
        Self {
            file,
            source,
            loader,
            machines: Vec::new(),
            pictured: EngineVersion::default(),
            steps: Vec::new(),
            copied: Vec::new(),
            dialect: Dialect::default(),
            languages: Vec::new(),
            prompt: BookSettings::default().prompt,
            apart: false,
            lenient: false,
            faults: Vec::new(),
            images: Images::default(),
            programs: BTreeMap::new(),
            on_last: Vec::new(),
            chain: Chain::new(),
            ordinals: BTreeMap::new(),
        }
    }

    /// As it is, but that blocks with faults become steps that tell them.
    pub(crate) fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Errors and warnings together, if there is an error.
    pub(crate) fn read(mut self, book: &BookSettings) -> Result<Read, Vec<Fault>> {
        let text = self.source.text();
        self.dialect = book.dialect;
        let document = Document::parse_as(text, book.dialect);
        self.faults
            .extend(document.lookalikes.iter().filter_map(lookalike));
        let settings = Settings::read(text, &document, book)
            .map_err(|faults| self.faults.extend(faults))
            .ok();
        if let Some(settings) = &settings {
            self.chain.add_settings(settings);
            for image in &settings.images {
                self.images.named(image, 0);
            }
            self.machines.clone_from(&settings.machines);
            self.pictured = settings.pictured();
            self.languages.clone_from(&settings.languages);
            self.prompt.clone_from(&settings.prompt);
            self.apart = settings.state == Lasts::Session;
            let top = document.comments.first().map_or(0..0, |c| c.range.clone());
            for folder in &settings.copy {
                self.copy(folder, &top);
            }
        }
        for block in self.blocks(&document) {
            if self.faults.len() > MOST_FAULTS {
                let here = block.range.start..block.info.end;
                self.faults.push(
                    Fault::error(
                        FaultCode::TooManyFaults,
                        here,
                        format!("this page has more than {MOST_FAULTS} faults"),
                    )
                    .label("and isn't read further than this")
                    .help("mend those above first"),
                );
                break;
            }
            let before = self.faults.len();
            self.block(block);
            if self.lenient {
                self.set_aside(block.range.start, before);
            }
        }
        self.link();
        let (exercises, faults) = exercise::collect(&self.steps);
        // What can't be read leaves gaps, and exercises with gaps have faults that aren't their author's.
        if self.faults.iter().all(|f| f.severity == Severity::Warning) {
            self.faults.extend(faults);
        }
        self.prove_checks(&exercises);
        if self.lenient && settings.is_some() {
            self.set_aside_rest();
        }
        match settings {
            Some(settings) if self.faults.iter().all(|f| f.severity == Severity::Warning) => {
                Ok(Read {
                    settings,
                    steps: self.steps,
                    exercises,
                    images: self.images.finish(),
                    copied: self.copied,
                    title_end: document.heading_end,
                    sections: document.sections,
                    prose: document.prose,
                    html: document.html,
                    tasks: document.tasks,
                    inline_code: document.inline_code,
                    warnings: self.faults,
                })
            }
            _ => {
                self.faults.sort_by_key(|fault| fault.span.start);
                Err(self.faults)
            }
        }
    }

    fn block(&mut self, block: &Block) {
        let session = self.is_session(block);
        let ours = session || OURS.contains(&block.language.as_str());
        if !ours && OURS.iter().any(|l| block.language.eq_ignore_ascii_case(l)) {
            let language = block.language.to_ascii_lowercase();
            self.faults.push(
                Fault::error(FaultCode::LanguageCase, block.language_span.clone(), format!("the language is called `{language}`"))
                    .help("write it in lower case; for an example that isn't run, choose another language"),
            );
            return;
        }
        let attributes = match block.attributes() {
            Ok(attributes) => attributes,
            Err(_) if self.is_anothers(block) => Vec::new(),
            Err(faults) => {
                let raw = &self.source.text()[block.info.clone()];
                if ours || raw.contains("file=") {
                    self.faults.extend(faults);
                }
                return;
            }
        };
        let file = attributes.iter().find(|a| a.key == "file");
        if (ours || file.is_some()) && !block.closed {
            let fence = block.range.start..block.info.end;
            self.faults.push(
                Fault::error(FaultCode::OpenBlock, fence, "this block doesn't end")
                    .label("opened here")
                    .help("close it with a fence of the same kind, at least as long, on a line of its own"),
            );
            return;
        }
        match (block.language.as_str(), file) {
            _ if session => self.session(block, &attributes),
            (DIAGRAM, file) => self.diagram(block, &attributes, file),
            (ARCHIVE, _) => self.archive(block, &attributes),
            (_, Some(file)) => {
                self.file(block, file, &attributes);
            }
            (language, None) if LISTED.contains(&language) => {
                self.steps.push(Step::Listed(ListedStep {
                    place: self.source.place(block.range.start),
                    language: language.to_owned(),
                    lines: block.lines.clone(),
                }));
            }
            _ => {}
        }
    }

    /// The machine of a block that says `on` at `span`, the first one if it says nothing. That there is no such machine is
    /// a fault.
    fn machine(&mut self, on: Option<&str>, span: &Range<usize>) -> Option<MachineId> {
        let Some(on) = on else {
            return Some(MachineId::default());
        };
        let machine = MachineId::of(on, &self.machines);
        if machine.is_none() {
            self.faults.push(
                Fault::error(
                    FaultCode::UnknownMachine,
                    span.clone(),
                    format!("the page has no machine `{on}`"),
                )
                .help(remedy(on, &self.machines)),
            );
        }
        machine
    }

    /// A check is proved by the solution that comes after it: its fingerprint grows with that.
    fn prove_checks(&mut self, exercises: &[Exercise]) {
        for exercise in exercises {
            let last = exercise.solutions.last().and_then(|&at| self.steps.get(at));
            let Some(Step::Session(solution)) = last else {
                continue;
            };
            let solved = solution.fingerprint.clone();
            if let Some(Step::Session(check)) = self.steps.get_mut(exercise.check) {
                let mut chain = Chain::new();
                let parts = [
                    ("check", check.fingerprint.as_bytes()),
                    ("solution", solved.as_bytes()),
                ];
                chain.add("proved check", &parts);
                check.fingerprint = chain.fingerprint();
            }
        }
    }

    /// Whether the session prints each of the values that it frees; if not, that is a fault.
    fn printed(&mut self, values: &[String], varies: &Attribute, session: &Session) {
        let lines = || session.commands.iter().flat_map(|command| &command.output);
        for value in values {
            if !lines().any(|line| line.text.contains(value.as_str())) {
                self.faults.push(
                    Fault::error(
                        FaultCode::ValueNotPrinted,
                        varies.value_span.clone(),
                        format!("this session doesn't print `{value}`"),
                    )
                    .help("`varies` frees a value just as it is printed, as in `varies=\"37ms\"`"),
                );
            }
        }
    }

    fn session(&mut self, block: &Block, attributes: &[Attribute]) {
        let fence = block.range.start..block.info.end;
        let said = |key: &str| attributes.iter().find(|a| a.key == key);
        let on = said("on").and_then(|on| Some((on.value.as_deref()?, &on.value_span)));
        let machine = self.machine(
            on.map(|(name, _)| name),
            on.map_or(&fence, |(_, span)| span),
        );
        let Some(machine) = machine else {
            // What is open on a machine that isn't there says nothing of the session.
            let read = SessionAttributes::read(attributes, true);
            return self.faults.extend(read.err().unwrap_or_default());
        };
        if self.apart {
            self.stands_alone(attributes, &fence);
            self.programs.clear();
        }
        let fresh = Programs::with_prompt(&self.prompt);
        let programs = self.programs.entry(machine);
        let programs = programs.or_insert_with(|| Open {
            run: fresh,
            shown: None,
        });
        let programs = match said("no_run") {
            Some(_) => programs.shown.get_or_insert_with(|| programs.run.clone()),
            None => {
                programs.shown = None;
                &mut programs.run
            }
        };
        let opens = said("opens").and_then(|opens| opens.value.as_deref());
        let bare = block.language != SESSION && !Session::has_prompt(programs, &block.lines);
        let session = match bare {
            true => Session::parse_bare(programs, &block.lines, fence.clone()),
            false => Session::parse_in(programs, &block.lines, fence.clone(), opens),
        };
        let mut session = session.map_err(|faults| self.faults.extend(faults));
        if let (true, Ok(session)) = (self.apart, &mut session) {
            programs.link([session]);
        }
        for key in ON_LAST {
            if let Some(attribute) = said(key) {
                self.on_last
                    .push((self.steps.len(), key, attribute.span.clone()));
            }
        }
        let proves = said("proves").map(|proves| proves.span.clone());
        let prints = session.as_ref().is_ok_and(|s| {
            s.commands
                .iter()
                .rfind(|c| c.runs)
                .is_some_and(Command::says)
        });
        let attributes = SessionAttributes::read(attributes, prints || session.is_err())
            .map_err(|faults| self.faults.extend(faults));
        let (Ok(session), Ok(attributes)) = (session, attributes) else {
            return;
        };
        if let Some(varies) = said("varies") {
            self.printed(&attributes.varies, varies, &session);
        }
        let said = &self.source.text()[block.info.clone()];
        let body = block.body();
        let parts = [("fence", said.as_bytes()), ("body", body.as_bytes())];
        let fingerprint = if attributes.no_run.is_some() {
            let mut chain = self.chain.clone();
            chain.add("session that is not run", &parts);
            chain.fingerprint()
        } else {
            self.images.session(&session);
            // What stands alone depends on no other session.
            let before = self.apart.then(|| self.chain.clone());
            self.chain.add("session", &parts);
            let fingerprint = self.chain.fingerprint();
            self.chain = before.unwrap_or_else(|| self.chain.clone());
            fingerprint
        };
        let id = self.id("session", session.commands.iter().map(Command::text));
        let step = SessionStep {
            id,
            fingerprint,
            place: self.source.place(block.range.start),
            range: block.range.clone(),
            fence,
            prefix: block.prefix.clone(),
            machine,
            attributes,
            session,
        };
        if let (Some(span), Ground::Nothing) = (proves, step.ground()) {
            self.faults.push(
                Fault::warning(FaultCode::GroundlessClaim, span, "nothing in this session could come out otherwise if the claim were wrong")
                    .label("claimed here, and the last command shows no output")
                    .help("show what it prints, say how it ends (`exit`, `should_fail`), or end with a command that tests, such as `grep -q`"),
            );
        }
        self.steps.push(Step::Session(step));
    }

    /// Tells each command what the page goes on with.
    fn link(&mut self) {
        // What stands alone is linked already.
        for (machine, programs) in self.programs.iter().filter(|_| !self.apart) {
            let sessions = self.steps.iter_mut().filter_map(|step| match step {
                Step::Session(step)
                    if step.attributes.no_run.is_none() && step.machine == *machine =>
                {
                    Some(&mut step.session)
                }
                _ => None,
            });
            programs.run.link(sessions);
        }
        for (at, key, span) in &self.on_last {
            let Some(Step::Session(step)) = self.steps.get(*at) else {
                continue;
            };
            let Some(last) = step.session.commands.iter().rfind(|c| c.runs) else {
                continue;
            };
            let stays = matches!(last.then, Then::Prompt | Then::Nothing);
            let makes_sense = match *key {
                "retry" => stays && !last.keys,
                _ => stays || matches!(last.then, Then::Ends(_)),
            };
            if step.attributes.no_run.is_none() && !makes_sense {
                self.faults.push(
                    Fault::error(
                        FaultCode::NotOfLastCommand,
                        span.clone(),
                        format!("`{key}` can't be said of the last command"),
                    )
                    .label("it opens or ends a program, or goes with keys")
                    .help("put the command that it is about last, in a session of its own"),
                );
            }
        }
    }

    /// A name of its own for a block of `kind` that is made of `parts`.
    fn id(&mut self, kind: &str, parts: impl IntoIterator<Item = String>) -> String {
        let parts: Vec<_> = parts.into_iter().collect();
        let file = std::iter::once(self.file.as_str());
        let parts = file.chain(parts.iter().map(String::as_str));
        let name = format!("{kind}-{}", short_name(parts));
        let ordinal = self.ordinals.entry(name.clone()).or_default();
        *ordinal += 1;
        format!("{name}-{ordinal}")
    }
}
