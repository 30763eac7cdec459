//! Reading a page: from a chapter's text to its steps.

use std::collections::BTreeMap;
use std::path::Path;

use seaworthy_blocks::{
    Attribute, Block, Diagnostic, Document, Fault, Line, Lookalike, Reason, Severity,
};
use seaworthy_console::{Command, Session};
use seaworthy_network::Diagram;
use sha2::{Digest, Sha256};

use crate::attributes::of_diagram;
use crate::images::Images;
use crate::source::slashed;
use crate::{
    BookSettings, DiagramStep, FileStep, ImageUse, ListedStep, Loader, SessionAttributes,
    SessionStep, Settings, Source, Step,
};

/// The language of a session.
const SESSION: &str = "console";
/// The language of a diagram.
const DIAGRAM: &str = "network";
/// Languages whose blocks are ours, so that a fence that isn't parsed as one is a fault.
const OURS: [&str; 2] = [SESSION, DIAGRAM];
/// Shell languages that are shown and not run.
const LISTED: [&str; 3] = ["bash", "sh", "shell"];

/// A page that has no fault.
#[derive(Clone, Debug)]
pub struct Page {
    /// The chapter's file, relative to the book's root, with `/`.
    pub file: String,
    /// What holds for the page.
    pub settings: Settings,
    /// What is shown and run, in order.
    pub steps: Vec<Step>,
    /// The images that it names, in order.
    pub images: Vec<ImageUse>,
    /// The inline code of its prose, in order.
    pub inline_code: Vec<Line>,
    /// What is worth a look and stops nothing.
    pub warnings: Vec<Diagnostic>,
    /// Its text, and the way back to the author's lines.
    pub source: Source,
}

impl Page {
    /// Reads the chapter `file` (relative to the book's root).
    ///
    /// # Errors
    /// All faults of the page.
    pub fn load(
        file: &Path,
        loader: &dyn Loader,
        book: &BookSettings,
    ) -> Result<Self, Vec<Diagnostic>> {
        Self::load_as(file, None, loader, book)
    }

    /// Reads the chapter `file`, whose text became `text` on its way through other preprocessors.
    ///
    /// # Errors
    /// All faults of the page.
    pub fn load_as(
        file: &Path,
        text: Option<&str>,
        loader: &dyn Loader,
        book: &BookSettings,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (source, mut diagnostics) = Source::load(file, loader).map_err(|why| {
            vec![Diagnostic {
                file: slashed(file),
                source: "".into(),
                fault: Fault::error(0..0, format!("can't read this chapter: {why}"))
                    .help("create the file, or remove it from SUMMARY.md"),
            }]
        })?;
        let source = match text {
            Some(text) => source.rebased(text),
            None => source,
        };
        let reader = PageReader::new(slashed(file), &source);
        match reader.read(book) {
            Ok(read) if diagnostics.is_empty() => Ok(Self {
                file: slashed(file),
                settings: read.settings,
                steps: read.steps,
                images: read.images,
                inline_code: read.inline_code,
                warnings: read
                    .warnings
                    .into_iter()
                    .map(|w| source.diagnose(w))
                    .collect(),
                source,
            }),
            Ok(_) => Err(diagnostics),
            Err(faults) => {
                diagnostics.extend(faults.into_iter().map(|fault| source.diagnose(fault)));
                Err(diagnostics)
            }
        }
    }

    /// The sessions, in order.
    pub fn sessions(&self) -> impl Iterator<Item = &SessionStep> {
        self.steps.iter().filter_map(|step| match step {
            Step::Session(session) => Some(session),
            _ => None,
        })
    }

    /// Whether anything on the page is run.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.sessions().any(|s| s.attributes.no_run.is_none())
            || self
                .steps
                .iter()
                .any(|step| matches!(step, Step::Diagram(d) if d.verify))
    }
}

/// A page as it was read.
struct Read {
    settings: Settings,
    steps: Vec<Step>,
    images: Vec<ImageUse>,
    inline_code: Vec<Line>,
    warnings: Vec<Fault>,
}

struct PageReader<'a> {
    file: String,
    source: &'a Source,
    steps: Vec<Step>,
    /// Errors and warnings.
    faults: Vec<Fault>,
    images: Images,
    /// Grows with everything that is run.
    chain: Sha256,
    /// How often each name was given.
    ordinals: BTreeMap<String, usize>,
}

impl<'a> PageReader<'a> {
    fn new(file: String, source: &'a Source) -> Self {
        Self {
            file,
            source,
            steps: Vec::new(),
            faults: Vec::new(),
            images: Images::default(),
            chain: Sha256::new(),
            ordinals: BTreeMap::new(),
        }
    }

    /// Errors and warnings together, if there is an error.
    fn read(mut self, book: &BookSettings) -> Result<Read, Vec<Fault>> {
        let text = self.source.text();
        let document = Document::parse(text);
        self.faults
            .extend(document.lookalikes.iter().filter_map(lookalike));
        let settings = Settings::read(text, &document, book)
            .map_err(|faults| self.faults.extend(faults))
            .ok();
        if let Some(settings) = &settings {
            self.hash(&["settings", &format!("{:?}", settings.timeout)]);
            for image in &settings.images {
                self.hash(&["image", image]);
                self.images.named(image, 0);
            }
        }
        for block in &document.blocks {
            self.block(block);
        }
        match settings {
            Some(settings) if self.faults.iter().all(|f| f.severity == Severity::Warning) => {
                Ok(Read {
                    settings,
                    steps: self.steps,
                    images: self.images.finish(),
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
        let ours = OURS.contains(&block.language.as_str());
        if !ours && OURS.iter().any(|l| block.language.eq_ignore_ascii_case(l)) {
            let language = block.language.to_ascii_lowercase();
            self.faults.push(
                Fault::error(block.language_span.clone(), format!("the language is called `{language}`"))
                    .help("write it in lower case; for an example that isn't run, choose another language"),
            );
            return;
        }
        let attributes = match block.attributes() {
            Ok(attributes) => attributes,
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
                Fault::error(fence, "this block doesn't end")
                    .label("opened here")
                    .help("close it with a fence of the same kind, at least as long, on a line of its own"),
            );
            return;
        }
        match (block.language.as_str(), file) {
            (SESSION, _) => self.session(block, &attributes),
            (DIAGRAM, _) => self.diagram(block, &attributes),
            (_, Some(file)) => self.file(block, file),
            (language, None) if LISTED.contains(&language) => {
                self.steps.push(Step::Listed(ListedStep {
                    place: self.source.place(block.range.start),
                    language: language.to_owned(),
                }));
            }
            _ => {}
        }
    }

    fn session(&mut self, block: &Block, attributes: &[Attribute]) {
        let fence = block.range.start..block.info.end;
        let session =
            Session::parse(&block.lines, fence).map_err(|faults| self.faults.extend(faults));
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
        let said = &self.source.text()[block.info.clone()];
        let body = block.body();
        let fingerprint = if attributes.no_run.is_some() {
            let mut chain = self.chain.clone();
            hash(&mut chain, &["not run", said, &body]);
            hex(chain)
        } else {
            self.images.session(&session);
            self.hash(&["session", said, &body]);
            hex(self.chain.clone())
        };
        let id = self.id("session", session.commands.iter().map(Command::text));
        self.steps.push(Step::Session(SessionStep {
            id,
            fingerprint,
            place: self.source.place(block.range.start),
            range: block.range.clone(),
            prefix: block.prefix.clone(),
            attributes,
            session,
        }));
    }

    fn file(&mut self, block: &Block, file: &Attribute) {
        let path = file.value.as_deref().unwrap_or_default();
        let outside = path.starts_with('/') || path.split('/').any(|part| part == "..");
        if path.is_empty() || path.ends_with('/') || outside {
            self.faults.push(
                Fault::error(file.span.clone(), "`file` needs a path in the page's folder")
                    .help("write, for example, `file=app/Dockerfile`; it can't begin with `/` or hold `..`"),
            );
            return;
        }
        let content = block.body();
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.contains("Dockerfile") {
            self.images.dockerfile(&content, block.range.start);
        }
        self.hash(&["file", path, &content]);
        self.steps.push(Step::File(FileStep {
            place: self.source.place(block.range.start),
            range: block.range.clone(),
            prefix: block.prefix.clone(),
            path: path.to_owned(),
            language: block.language.clone(),
            content,
        }));
    }

    fn diagram(&mut self, block: &Block, attributes: &[Attribute]) {
        let body = block.body();
        let located = |fault: Fault| Fault {
            span: block.locate(&fault.span),
            ..fault
        };
        let diagram = match Diagram::parse(&body) {
            Ok((diagram, warnings)) => {
                self.faults.extend(warnings.into_iter().map(located));
                Some(diagram)
            }
            Err(faults) => {
                self.faults.extend(faults.into_iter().map(located));
                None
            }
        };
        let attributes = of_diagram(attributes).map_err(|faults| self.faults.extend(faults));
        let (Some(diagram), Ok((verify, title))) = (diagram, attributes) else {
            return;
        };
        if verify && diagram.expectations().hosts.len() > 1 {
            self.faults.push(
                Fault::error(
                    block.range.start..block.info.end,
                    "a diagram of several hosts can't be compared by this version",
                )
                .help("a page has one machine: remove `verify`, or draw one host"),
            );
            return;
        }
        // Looking at an engine changes nothing, so what follows doesn't depend on the picture.
        let mut chain = self.chain.clone();
        hash(
            &mut chain,
            &["diagram", &self.source.text()[block.info.clone()], &body],
        );
        let id = self.id("diagram", [body]);
        self.steps.push(Step::Diagram(DiagramStep {
            id,
            fingerprint: hex(chain),
            place: self.source.place(block.range.start),
            range: block.range.clone(),
            prefix: block.prefix.clone(),
            verify,
            title,
            diagram,
        }));
    }

    /// A name of its own for a block of `kind` that is made of `parts`.
    fn id(&mut self, kind: &str, parts: impl IntoIterator<Item = String>) -> String {
        let mut hasher = Sha256::new();
        hash(&mut hasher, &[&self.file]);
        for part in parts {
            hash(&mut hasher, &[&part]);
        }
        let name = format!("{kind}-{}", &hex(hasher)[..8]);
        let ordinal = self.ordinals.entry(name.clone()).or_default();
        *ordinal += 1;
        format!("{name}-{ordinal}")
    }

    fn hash(&mut self, parts: &[&str]) {
        hash(&mut self.chain, parts);
    }
}

/// Feeds the parts to a hasher so that no two lists of parts give the same bytes.
fn hash(hasher: &mut Sha256, parts: &[&str]) {
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
}

/// The first 32 digits of the hash: enough to tell edits apart.
fn hex(hasher: Sha256) -> String {
    let digest = hasher.finalize();
    digest.iter().take(16).map(|b| format!("{b:02x}")).collect()
}

fn lookalike(lookalike: &Lookalike) -> Option<Fault> {
    if !OURS.contains(&lookalike.language.as_str()) {
        return None;
    }
    let (label, help) = match lookalike.reason {
        Reason::Backtick => (
            "holds a backtick",
            "a fence of backticks can't hold one: use another quote, or a fence of tildes",
        ),
        Reason::Html => (
            "is taken for HTML",
            "put a blank line before the fence, after the HTML tag",
        ),
        Reason::Indented => (
            "is taken for text",
            "put the fence on a line of its own, indented by less than four blanks beyond its list item",
        ),
    };
    let message = format!(
        "this looks like a `{}` block and isn't one",
        lookalike.language
    );
    Some(
        Fault::error(lookalike.span.clone(), message)
            .label(label)
            .help(help),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::Files;

    fn load(files: &[(&'static str, &'static str)]) -> Result<Page, Vec<Diagnostic>> {
        let all = Files(files.iter().copied().collect());
        Page::load(Path::new(files[0].0), &all, &BookSettings::default())
    }

    fn page(text: &'static str) -> Page {
        load(&[("src/a.md", text)]).unwrap()
    }

    fn fingerprints(text: &'static str) -> Vec<String> {
        page(text)
            .sessions()
            .map(|s| s.fingerprint.clone())
            .collect()
    }

    #[test]
    fn steps_in_order_with_true_places() {
        let page = load(&[
            (
                "src/a.md",
                "# A\n\n```console\n$ true\n```\n\n- b\n\n  ```yaml,file=x/y.yml\n  a: 1\n  ```\n\n{{#include s.md}}\n\n```sh\nls\n```\n",
            ),
            ("src/s.md", "\n```console,hidden\n$ ls\n```\n"),
        ])
        .unwrap();
        let shown: Vec<_> = page
            .steps
            .iter()
            .map(|step| match step {
                Step::Session(s) => format!("session {}:{}", s.place.file, s.place.line),
                Step::File(f) => format!(
                    "file {} {}:{} {:?}",
                    f.path, f.place.file, f.place.line, f.content
                ),
                Step::Diagram(d) => format!("diagram {}:{}", d.place.file, d.place.line),
                Step::Listed(l) => format!("{} {}:{}", l.language, l.place.file, l.place.line),
            })
            .collect();
        assert_eq!(
            shown,
            [
                "session src/a.md:3",
                "file x/y.yml src/a.md:9 \"a: 1\\n\"",
                "session src/s.md:2",
                "sh src/a.md:15",
            ]
        );
        assert!(page.runs());
    }

    #[test]
    fn an_edit_changes_the_fingerprints_from_there_on() {
        let before =
            fingerprints("```console\n$ a\n```\n\n```console\n$ b\n```\n\n```console\n$ c\n```\n");
        let prose = fingerprints(
            "new\n\n```console\n$ a\n```\n\nx\n\n```console\n$ b\n```\n\n```console\n$ c\n```\n",
        );
        assert_eq!(before, prose);
        for edited in [
            "```console\n$ a\n```\n\n```console\n$ b\nx\n```\n\n```console\n$ c\n```\n",
            "```console\n$ a\n```\n\n```console,hidden\n$ b\n```\n\n```console\n$ c\n```\n",
            "```console\n$ a\n```\n\n```text,file=f\nx\n```\n\n```console\n$ b\n```\n\n```console\n$ c\n```\n",
        ] {
            let after = fingerprints(edited);
            assert_eq!(before[0], after[0], "{edited}");
            assert_ne!(before[1], after[1], "{edited}");
            assert_ne!(before[2], after[2], "{edited}");
        }
        let settings = fingerprints("<!-- seaworthy timeout=5s -->\n\n```console\n$ a\n```\n");
        assert_ne!(before[0], settings[0]);
    }

    #[test]
    fn what_is_not_run_changes_no_other_fingerprint() {
        let without = fingerprints("```console\n$ b\n```\n");
        let with = fingerprints("```console,no_run=\"x\"\n$ a\n```\n\n```console\n$ b\n```\n");
        assert_eq!(without[0], with[1]);
        assert!(!page("```console,no_run=\"x\"\n$ a\n```\n").runs());
    }

    #[test]
    fn ids_outlast_edits_of_the_output_and_count_repetitions() {
        let ids = |text| -> Vec<String> { page(text).sessions().map(|s| s.id.clone()).collect() };
        let first = ids("```console\n$ a\nx\n```\n");
        assert_eq!(first, ids("```console\n$ a\ny\n```\n"));
        let twice = ids("```console\n$ a\n```\n\n```console\n$ a\n```\n");
        assert_eq!(twice[0], first[0]);
        assert_eq!(twice[1], first[0].replace("-1", "-2"));
    }

    #[test]
    fn all_faults_in_one_go_in_order() {
        let diagnostics = load(&[
            (
                "src/a.md",
                "{{#include none.md}}\n\n```console,exti=1\n$ a\n```\n\n```network\nx\n```\n\n<details>\n```console\n$ a\n```\n</details>\n\n```text,file=/etc/x\n```\n\n{{#include s.md}}\n",
            ),
            ("src/s.md", "```console hidden\n$ a\n```\n\n```console\nout\n```\n\n```console\n$ open\n"),
        ])
        .unwrap_err();
        let found: Vec<_> = diagnostics
            .iter()
            .map(|d| format!("{}:{} {}", d.file, d.line(), d.fault.message))
            .collect();
        assert_eq!(
            found,
            [
                "src/a.md:1 can't include `none.md`: no such file",
                "src/a.md:3 `exti` is unknown",
                "src/a.md:8 a Compose file must be a map, not a single value",
                "src/a.md:12 this looks like a `console` block and isn't one",
                "src/a.md:17 `file` needs a path in the page's folder",
                "src/s.md:1 attributes follow the language after a comma",
                "src/s.md:6 output before any command",
                "src/s.md:9 this block doesn't end",
            ]
        );
    }

    #[test]
    fn diagrams() {
        let page = page("```network,verify,title=\"T\"\nservices:\n  web: {}\n```\n");
        assert!(page.runs());
        assert!(matches!(&page.steps[0], Step::Diagram(d) if d.verify && d.title.is_some()));
        for (text, line, message) in [
            (
                "> ```network\n> services:\n>   a: {networks: [nowhere]}\n> ```\n",
                3,
                "nowhere",
            ),
            (
                "```Network\nservices: {a: {}}\n```\n",
                1,
                "the language is called `network`",
            ),
            (
                "```network,verfy\nservices: {a: {}}\n```\n",
                1,
                "`verfy` is unknown",
            ),
            (
                "```network,verify\nservices: {a: {}, b: {}}\nnetworks: {default: {driver: overlay}}\nx-hosts: {n1: [a], n2: [b]}\n```\n",
                1,
                "a diagram of several hosts can't be compared by this version",
            ),
        ] {
            let faults = load(&[("src/a.md", text)]).unwrap_err();
            let found: Vec<_> = faults
                .iter()
                .map(|d| (d.line(), d.fault.message.as_str()))
                .collect();
            assert_eq!(found[0].0, line, "{found:?}");
            assert!(found[0].1.contains(message), "{found:?}");
        }
    }

    #[test]
    fn a_missing_chapter_is_named() {
        let diagnostics = Page::load(
            Path::new("src/none.md"),
            &Files([].into()),
            &BookSettings::default(),
        )
        .unwrap_err();
        assert_eq!(diagnostics[0].file, "src/none.md");
    }
}
