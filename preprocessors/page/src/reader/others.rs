//! Pages as anybody writes them: sessions in other languages than `console`, sessions that stand alone, and what is read of a
//! page with faults.

use std::ops::Range;

use seaworthy_blocks::{Attribute, Block, Dialect, Document, Fault, FaultCode, Severity};
use seaworthy_console::{Programs, Session};

use super::PageReader;
use crate::languages::{DIAGRAM, SESSION};
use crate::{DIAGRAM_ATTRIBUTES, MalformedStep, SessionAttributes, Step};

/// What stands in `languages` for blocks that are indented.
const INDENTED: &str = "indented";

impl PageReader<'_> {
    /// The blocks that may be steps, in order.
    pub(super) fn blocks<'d>(&self, document: &'d Document) -> Vec<&'d Block> {
        let mut blocks: Vec<_> = document.blocks.iter().collect();
        if self.languages.iter().any(|language| language == INDENTED) {
            blocks.extend(&document.indented);
            blocks.sort_by_key(|block| block.range.start);
        }
        blocks
    }

    /// Whether a block is read as a session: by its language, or by its prompts if it is indented. A script is none.
    pub(super) fn is_session(&self, block: &Block) -> bool {
        let language = block.language.as_str();
        if language == SESSION {
            return true;
        }
        if block.info.is_empty() && language.is_empty() && block.range.start == block.info.start {
            return Session::has_prompt(&Programs::with_prompt(&self.prompt), &block.lines);
        }
        let script = block
            .lines
            .first()
            .is_some_and(|line| line.text.starts_with("#!"));
        !script && !language.is_empty() && self.languages.iter().any(|one| one == language)
    }

    /// Whether what follows the language of a block is another tool's: ` title="a"`, ` {hl_lines="1"}`. Who meant one of our
    /// attributes forgot a comma.
    pub(super) fn is_anothers(&self, block: &Block) -> bool {
        let rest = block.rest();
        let key = |word: &str| word.split('=').next().unwrap_or(word).to_owned();
        let ours = |word: &str| {
            let key = key(word.trim_matches(','));
            let names: &[&str] = match block.language.as_str() {
                DIAGRAM => &DIAGRAM_ATTRIBUTES,
                _ => &SessionAttributes::NAMES,
            };
            names.contains(&key.as_str()) || key == "file"
        };
        self.dialect == Dialect::Any && !rest.starts_with(',') && !rest.split_whitespace().any(ours)
    }

    /// A session that stands alone can't be part of an exercise.
    pub(super) fn stands_alone(&mut self, attributes: &[Attribute], fence: &Range<usize>) {
        if attributes
            .iter()
            .any(|a| matches!(a.key.as_str(), "check" | "solution"))
        {
            let fault = not_apart(fence.clone(), "a check has to find what its solution did");
            self.faults.push(fault);
        }
    }

    /// Makes a step of the errors since `before`: those of the block at `at`.
    pub(super) fn set_aside(&mut self, at: usize, before: usize) {
        let new = self.faults.split_off(before);
        let (errors, warnings): (Vec<_>, Vec<_>) = new
            .into_iter()
            .partition(|fault| fault.severity == Severity::Error);
        self.faults.extend(warnings);
        if errors.is_empty() {
            return;
        }
        let id = self.id(
            "malformed",
            errors.iter().map(|fault| fault.message.clone()),
        );
        let diagnose = |fault| self.source.diagnose(fault);
        self.steps.push(Step::Malformed(MalformedStep {
            id,
            place: self.source.place(at),
            faults: errors.into_iter().map(diagnose).collect(),
        }));
    }

    /// Makes steps of the errors that are of no block by itself.
    pub(super) fn set_aside_rest(&mut self) {
        let all = std::mem::take(&mut self.faults);
        for fault in all {
            let (at, before) = (fault.span.start, self.faults.len());
            self.faults.push(fault);
            self.set_aside(at, before);
        }
    }
}

/// The fault of something that needs what an earlier session did, on a page whose sessions stand alone.
pub(super) fn not_apart(span: Range<usize>, why: &str) -> Fault {
    let message = format!("each session of this page has a machine of its own: {why}");
    Fault::error(FaultCode::NotApart, span, message)
        .help("take `state=\"session\"` away, or put this on another page")
}
