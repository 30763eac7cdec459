//! The steps of a page: what is shown and run, in order.

use std::ops::Range;

use seaworthy_blocks::{Diagnostic, Line};
use seaworthy_console::Session;
use seaworthy_network::Diagram;

use crate::{CopiedFolder, MachineId, Place, SessionAttributes};

/// A block that takes part in the page.
#[derive(Clone, Debug)]
pub enum Step {
    /// A console session.
    Session(SessionStep),
    /// A file that is written.
    File(FileStep),
    /// A folder of the book that readers get as an archive.
    Archive(ArchiveStep),
    /// A network diagram.
    Diagram(DiagramStep),
    /// A shell block that isn't a session: shown as it is, and listed as not run.
    Listed(ListedStep),
    /// A block with faults, of a page that is read for what is well-formed in it.
    Malformed(MalformedStep),
}

/// What is wrong with a block.
#[derive(Clone, Debug)]
pub struct MalformedStep {
    /// Names it in the whole book: a hash of its file and its faults, and an ordinal.
    pub id: String,
    /// Where it stands.
    pub place: Place,
    /// All faults in it: at least one.
    pub faults: Vec<Diagnostic>,
}

/// A console session in its page.
#[derive(Clone, Debug)]
pub struct SessionStep {
    /// Names the session in the whole book: a hash of its file and commands, and an ordinal.
    pub id: String,
    /// Hashes everything that is run on the page up to and including this session.
    pub fingerprint: String,
    /// Where its fence stands.
    pub place: Place,
    /// Its bytes in the chapter's text.
    pub range: Range<usize>,
    /// The bytes of its opening fence.
    pub fence: Range<usize>,
    /// What a further line needs before it to stay in the same list item or quote.
    pub prefix: String,
    /// The machine that runs it.
    pub machine: MachineId,
    /// How it is run and shown.
    pub attributes: SessionAttributes,
    /// Its commands.
    pub session: Session,
}

/// A file in its page.
#[derive(Clone, Debug)]
pub struct FileStep {
    /// Where its fence stands.
    pub place: Place,
    /// Its bytes in the chapter's text.
    pub range: Range<usize>,
    /// What a further line needs before it to stay in the same list item or quote.
    pub prefix: String,
    /// The machine that gets it.
    pub machine: MachineId,
    /// The path that is written, relative to the shell's folder at that point.
    pub path: String,
    /// The language of its fence; may be empty.
    pub language: String,
    /// What is written.
    pub content: String,
    /// Its block is a network diagram, which is the next step, and shows the file.
    pub drawn: bool,
}

/// An archive in its page: published beside it, and unpacked on a machine at this point.
#[derive(Clone, Debug)]
pub struct ArchiveStep {
    /// Where its fence stands.
    pub place: Place,
    /// Its bytes in the chapter's text.
    pub range: Range<usize>,
    /// What a further line needs before it to stay in the same list item or quote.
    pub prefix: String,
    /// The machine that gets it.
    pub machine: MachineId,
    /// The folder, as its author names it.
    pub folder: String,
    /// What is in it.
    pub content: CopiedFolder,
}

/// A network diagram in its page.
#[derive(Clone, Debug)]
pub struct DiagramStep {
    /// Names the diagram in the whole book: a hash of its file and body, and an ordinal.
    pub id: String,
    /// Hashes everything that is run on the page before it, and the diagram.
    pub fingerprint: String,
    /// Where its fence stands.
    pub place: Place,
    /// Its bytes in the chapter's text.
    pub range: Range<usize>,
    /// What a further line needs before it to stay in the same list item or quote.
    pub prefix: String,
    /// The engine must look like the picture at this point of the page.
    pub verify: bool,
    /// A title instead of the one that is made from the content.
    pub title: Option<String>,
    /// The picture.
    pub diagram: Diagram,
}

/// A shell block that isn't run.
#[derive(Clone, Debug)]
pub struct ListedStep {
    /// Where its fence stands.
    pub place: Place,
    /// The language of its fence.
    pub language: String,
    /// What it shows.
    pub lines: Vec<Line>,
}
