//! A Markdown file with its fences: as it is read, as it is prepared for a run, and as a patch would leave it.

use std::path::{Path, PathBuf};

use seaworthy_blocks::{Block, Diagnostic, Dialect, Document};

use super::class::{Class, Finding};
use super::patch;
use super::reading::{self, Reading, Typed};
use crate::book::Book;
use crate::error::Usage;

/// A file.
pub(super) struct Text {
    /// From the root of the files, as reports name it.
    pub(super) file: String,
    /// As it is reached from the current folder.
    pub(super) shown: String,
    text: String,
    /// Its fences, in order.
    pub(super) fences: Vec<Fence>,
}

/// A fence.
pub(super) struct Fence {
    /// The line of its opening.
    pub(super) line: usize,
    pub(super) block: Block,
    /// Where it is typed, if it may be run.
    typed: Option<Typed>,
    pub(super) finding: Finding,
}

/// Reads the files that `paths` are, and those in folders among them.
pub(super) fn read(paths: &[PathBuf], book: &Book) -> Result<Vec<Text>, Usage> {
    let found = crate::book::markdown(paths)?;
    let root = book.files.root();
    let mut texts = Vec::new();
    for path in found {
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        let inside = real.strip_prefix(root).unwrap_or(&real);
        let file = seaworthy_page::slashed(inside);
        let shown = book.shown(&file);
        match book.files.text(Path::new(&file)) {
            Ok(text) => texts.push(Text::new(file, shown, text)),
            // Nothing stops an audit; what can't be read has no fences.
            Err(why) => crate::errln!("{shown}: can't read it: {why}"),
        }
    }
    Ok(texts)
}

impl Text {
    fn new(file: String, shown: String, text: String) -> Self {
        let document = Document::parse_as(&text, Dialect::Any);
        let page = reading::Page::of(&document.blocks);
        let fence = |block: Block| {
            let (typed, finding) = match reading::read(&block, &page) {
                Reading::Known(finding) => (None, finding),
                Reading::Session(typed) => {
                    let finding = Finding::new(Class::NotTried, "the time was over");
                    (Some(typed), finding)
                }
            };
            Fence {
                line: text[..block.range.start].matches('\n').count() + 1,
                block,
                typed,
                finding,
            }
        };
        let fences = document.blocks.into_iter().map(fence).collect();
        Self {
            file,
            shown,
            fences,
            text,
        }
    }

    /// The text with what may be run as sessions, and all else as no sessions; no line is in another place. None if nothing may
    /// be run.
    pub(super) fn prepared(&self) -> Option<String> {
        self.fences
            .iter()
            .any(|fence| fence.typed.is_some())
            .then_some(())?;
        let mut edits = Vec::new();
        for fence in &self.fences {
            let block = &fence.block;
            let Some(typed) = &fence.typed else {
                edits.push((block.info.clone(), "text".to_owned()));
                continue;
            };
            edits.push((block.info.clone(), "console".to_owned()));
            // The options of a directive.
            let begin = block.info.end + 1;
            if let Some(first) = block.lines.first().filter(|first| first.start > begin) {
                let between = &self.text[begin..first.start];
                if let Some(end) = between.rfind('\n').filter(|_| between.contains(':')) {
                    edits.push((
                        begin..begin + end + 1,
                        "\n".repeat(between[..=end].matches('\n').count()),
                    ));
                }
            }
            edits.extend(
                typed
                    .prompts
                    .iter()
                    .map(|prompt| (prompt.clone(), "$ ".to_owned())),
            );
        }
        let mut prepared = self.text.clone();
        edits.sort_by_key(|(range, _)| range.start);
        for (range, new) in edits.into_iter().rev() {
            prepared.replace_range(range, &new);
        }
        Some(prepared)
    }

    /// The page's settings have faults: none of it can be run.
    pub(super) fn unread(&mut self, faults: &[Diagnostic]) {
        let why = faults
            .first()
            .map_or("", |fault| fault.fault.message.as_str());
        for fence in self.fences.iter_mut().filter(|fence| fence.typed.is_some()) {
            fence.finding = Finding::new(Class::Malformed, why);
        }
    }

    /// What is known of the fence at a line.
    pub(super) fn found(&mut self, line: usize, finding: Finding) {
        let at_line = |fence: &&mut Fence| fence.line == line && fence.typed.is_some();
        if let Some(fence) = self.fences.iter_mut().find(at_line) {
            fence.finding = finding;
        }
    }

    /// The edits that make the page checkable, as a patch; none if there are none. It is for the current folder; or if the file
    /// isn't below that, which no patch may leave, for the folder that the files are named from.
    pub(super) fn patch(&self) -> Option<String> {
        let mut text = self.text.clone();
        for fence in self.fences.iter().rev() {
            let info = patch::info(
                &fence.block,
                &self.text,
                &fence.finding,
                fence.typed.as_ref(),
            );
            if let Some(info) = info {
                text.replace_range(fence.block.info.clone(), &info);
            }
        }
        let below = Path::new(&self.shown).is_relative() && !self.shown.starts_with("../");
        let name = if below { &self.shown } else { &self.file };
        (text != self.text).then(|| patch::unified(name, &self.text, &text))
    }
}
