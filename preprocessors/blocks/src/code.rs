//! The codes of faults: short words that stay, by which people look a fault up and programs tell one from another.

use strum::VariantArray;

/// What kind of fault it is. A code keeps its meaning; codes are added.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::Display,
    strum::IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum FaultCode {
    /// An address is no address, or lies outside of its network.
    InvalidAddress,
    /// Two services have one address.
    AddressTaken,
    /// mdBook alone can't publish an archive.
    ArchiveNotPublished,
    /// An arrow of a diagram can't be read, or doesn't lead from one to another.
    InvalidArrow,
    /// An attribute has a value that it can't have, or lacks one.
    InvalidAttribute,
    /// A link that leads nowhere.
    BrokenLink,
    /// A bridge has containers on several hosts.
    BridgeAcrossHosts,
    /// A part of a Compose file is of another kind than it has to be: a list, a map, a value.
    InvalidCompose,
    /// Attributes that contradict each other.
    ContradictoryAttributes,
    /// A character that can't be typed.
    ControlCharacter,
    /// Answers of `predict` of which not just one can be right.
    InvalidQuestion,
    /// The report of the last check isn't believed.
    DoubtedReport,
    /// Checks and solutions of an exercise don't go together.
    InvalidExercise,
    /// `should_fail`, and nothing that tells the failure from a typing error.
    FailureNotSaid,
    /// A folder that a page copies or packs can't be named so.
    InvalidFolder,
    /// Two copied folders have one name.
    FolderNameTaken,
    /// A claim that rests on nothing.
    GroundlessClaim,
    /// An include that can't be followed.
    InvalidInclude,
    /// A key that is read twice.
    RepeatedKey,
    /// A key that isn't known.
    UnknownKey,
    /// An exercise or a verified diagram on a page whose sessions stand alone.
    NotApart,
    /// The language of a block is written in another case.
    LanguageCase,
    /// A line that is longer than a terminal takes.
    LongLine,
    /// The page has no such machine.
    UnknownMachine,
    /// Settings that don't stand in one comment at the top of the page.
    MisplacedSettings,
    /// A chapter that isn't there.
    MissingChapter,
    /// A comma is missing between attributes.
    MissingComma,
    /// A line of a command lacks its continuation prompt.
    MissingContinuation,
    /// An attribute without a name.
    MissingName,
    /// A value is missing after `=`.
    MissingValue,
    /// A name that something else has.
    NameTaken,
    /// A network mode that can't be.
    InvalidNetworkMode,
    /// A session without a command.
    NoCommand,
    /// Something looks like a block of ours and isn't read as one.
    NotABlock,
    /// Something in a Compose file that isn't drawn.
    NotDrawn,
    /// An attribute that can't be said of the last command.
    NotOfLastCommand,
    /// `predict`, and no output to reveal.
    NothingToPredict,
    /// A diagram without services.
    NothingToDraw,
    /// A block that doesn't end.
    OpenBlock,
    /// A command that isn't complete at the end of its session.
    OpenCommand,
    /// A quoted value that doesn't end.
    OpenQuote,
    /// Something was made by another version of the tool.
    OtherVersion,
    /// Output before any command.
    OutputBeforeCommand,
    /// Output below a comment, which prints nothing.
    OutputOfComment,
    /// A path that can't be one of the page's files.
    InvalidPath,
    /// A port that can't be read, or that leads nowhere.
    InvalidPort,
    /// A port of a host that another container has.
    PortTaken,
    /// Published ports that change nothing.
    PortsWithoutEffect,
    /// The prompt of a program that isn't open.
    ProgramNotOpen,
    /// A diagram says that there is no way, and there is one.
    Reachable,
    /// Whether one reaches another depends on what the diagram doesn't tell.
    ReachabilityUnknown,
    /// Docker refuses it.
    RefusedByDocker,
    /// An attribute that is said twice.
    RepeatedAttribute,
    /// A service that runs on no host, or on several.
    ServiceHost,
    /// A setting has a value that it can't have.
    InvalidSetting,
    /// A setting that there isn't.
    UnknownSetting,
    /// A subnet that is none.
    InvalidSubnet,
    /// SUMMARY.md can't be read.
    InvalidSummary,
    /// A term of the glossary isn't explained, or more than once.
    InvalidTerm,
    /// More attributes than anybody reads.
    TooManyAttributes,
    /// More faults than anybody mends at a time.
    TooManyFaults,
    /// An attribute, or a setting of a page, that there isn't.
    UnknownAttribute,
    /// A service, a network or a host that isn't declared.
    UnknownName,
    /// A value in the prose that no session prints.
    UnprintedValue,
    /// A diagram says that there is a way, and there is none.
    Unreachable,
    /// A chapter that can't be read.
    UnreadableChapter,
    /// A folder that can't be read.
    UnreadableFolder,
    /// A chapter that can't be a page.
    UnusableChapter,
    /// A value that the session frees and doesn't print.
    ValueNotPrinted,
    /// A version of Docker Engine that is none.
    InvalidVersion,
    /// Text that isn't YAML.
    InvalidYaml,
    /// A variable of a Compose file that isn't set.
    UnsetVariable,
}

impl FaultCode {
    /// All codes.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The code as it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}
