//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::reporters::Format;
use crate::shard::Shard;

/// Documentation that is proved against Docker.
#[derive(Debug, Parser)]
#[command(
    name = "seaworthy",
    version = crate::VERSION,
    about,
    after_help = "Exit codes: 0 all holds · 1 a page does not hold · 2 usage, or the book is malformed · 3 no usable engine or machine image · 4 nothing was run · 5 could not finish · 130 interrupted"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a small book that builds and holds
    New {
        /// The folder of the book: a new one, or one that is empty
        dir: PathBuf,
        /// Its title [default: the folder's name]
        #[arg(long)]
        title: Option<String>,
    },
    /// Add Seaworthy to an mdBook, or bring what it added up to date
    Install {
        /// The folder of the book
        #[arg(default_value = ".")]
        book: PathBuf,
        /// Take the whole site's look as well, and boxes that readers can tick
        #[arg(long)]
        theme: bool,
        /// Show what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Build the book's site, with the results of the last check
    Build {
        /// The folder of the book
        #[arg(default_value = ".")]
        book: PathBuf,
        /// Run no program that book.toml names: other preprocessors and outputs are left out
        #[arg(long)]
        only_ours: bool,
    },
    /// Show the site on this computer, built anew after every save
    Serve {
        /// The folder of the book
        #[arg(default_value = ".")]
        book: PathBuf,
        /// The port on 127.0.0.1; 0 takes a free one
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Run no program that book.toml names: other preprocessors and outputs are left out
        #[arg(long)]
        only_ours: bool,
    },
    /// Show the site on this computer with a machine behind each page: run its commands there, or type them
    Lab(LabArguments),
    /// Run the book's sessions on a real Docker Engine and say which don't hold
    Check(CheckArguments),
    /// Say of each fence of anybody's Markdown what it is: does it hold, and if not, why not
    Audit(AuditArguments),
    /// Run the sessions and rewrite the printed output of those that don't hold
    Accept {
        /// The folder of the book (the current one if left out), then pages; or Markdown files without a book
        #[arg(value_name = "BOOK|PAGE")]
        names: Vec<PathBuf>,
        /// Print the pages anew: the same ids and addresses in every block and in the prose
        #[arg(long)]
        all: bool,
        /// Settings for all pages
        #[command(flatten)]
        set: SetArguments,
        /// How machines are started
        #[command(flatten)]
        start: StartArguments,
    },
    /// List every block of the book and how it will be run; needs no Docker
    List {
        /// The folder of the book (the current one if left out), then pages; or Markdown files without a book
        #[arg(value_name = "BOOK|PAGE")]
        names: Vec<PathBuf>,
        /// Settings for all pages
        #[command(flatten)]
        set: SetArguments,
        /// How to print the list
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// Find what no longer holds although nobody edited it, and put what mends it on a branch
    Drift(DriftArguments),
    /// Serve an editor over standard input and output (Language Server Protocol); the editor starts it
    Lsp,
    /// Change one thing on a page and check it, so many times: would the page notice?
    Mutants(MutantsArguments),
    /// Draw the networks of a Compose project, or of a running engine, as SVG
    Draw(DrawArguments),
    /// Print, merge or describe reports
    #[command(subcommand)]
    Report(ReportCommand),
    /// Print a shell's completions, to be sourced by it
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Make, bring or list the images that machines are made from
    #[command(subcommand)]
    Machine(MachineCommand),
    /// Say what this computer can run, and how to mend what it can't
    Doctor(StartArguments),
    /// Remove what interrupted checks left on the engine; running checks are spared
    Clean {
        /// Remove the caches too: the machine image and the stand-ins
        #[arg(long)]
        all: bool,
    },
}

/// The arguments of `lab`.
#[derive(Args, Debug)]
pub struct LabArguments {
    /// The folder of the book
    #[arg(default_value = ".")]
    pub book: PathBuf,
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 3000)]
    pub port: u16,
    /// Remove a page's machines when nobody has used them for so many minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    pub idle: u16,
    /// Run no program that book.toml names: other preprocessors and outputs are left out
    #[arg(long)]
    pub only_ours: bool,
    /// How machines are started
    #[command(flatten)]
    pub start: StartArguments,
}

/// The arguments of `check`.
#[derive(Args, Debug)]
pub struct CheckArguments {
    /// The folder of the book (the current one if left out), then pages, such as `src/intro.md`; or Markdown files without a
    /// book, and folders of them
    #[arg(value_name = "BOOK|PAGE")]
    pub names: Vec<PathBuf>,
    /// Settings for all pages
    #[command(flatten)]
    pub set: SetArguments,
    /// How to print the results
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Write a copy of the JSON report to this file, or into this folder under the job's name
    #[arg(long, value_name = "FILE|FOLDER")]
    pub report: Option<PathBuf>,
    /// Run the further sessions of a page that failed, and what is well-formed where something isn't
    #[arg(long)]
    pub keep_going: bool,
    /// Leave the machines of a page that doesn't hold, and say how to enter and to remove them
    #[arg(long)]
    pub keep_machine: bool,
    /// Check on these versions of Docker Engine, one after the other [default: 28]
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    pub docker: Vec<String>,
    /// Leave out pages that held when they were last checked, and are written the same today
    #[arg(long)]
    pub changed: bool,
    /// Go on after the check: pages that are written anew are checked again, until Ctrl-C
    #[arg(long, conflicts_with_all = ["format", "keep_machine", "shard"])]
    pub watch: bool,
    /// Check a part of the pages: job K of N, which together check all; `K+1` if the job's number counts from 0
    #[arg(
        long,
        value_name = "K/N",
        env = "SEAWORTHY_SHARD",
        hide_env_values = true
    )]
    pub shard: Option<Shard>,
    /// Let it pass that nothing was run: exit code 0 instead of 4
    #[arg(long)]
    pub allow_nothing_run: bool,
    /// Run machines on this outer engine instead of Docker's current one; several share the pages
    #[arg(long, value_name = "URL")]
    pub engine: Vec<String>,
    /// How many pages to run at a time on each engine [default: as many as its memory holds, but two for each processor at most]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// How machines are started
    #[command(flatten)]
    pub start: StartArguments,
}

/// The arguments of `mutants`.
#[derive(Args, Debug)]
pub struct MutantsArguments {
    /// The folder of the book (the current one if left out), then pages, such as `src/intro.md`
    #[arg(value_name = "BOOK|PAGE")]
    pub names: Vec<PathBuf>,
    /// How many changes to try
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub count: usize,
    /// Which ones: the same number chooses the same changes
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How to print what became of them
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
    /// Try again what was tried before
    #[arg(long)]
    pub fresh: bool,
    /// Fail if less than this share of the changes is found, in percent; those that say nothing false don't count
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(..=100))]
    pub least_found: u8,
    /// Fail if more than this share of the changes says nothing false, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(..=100))]
    pub most_equivalent: u8,
    /// How many pages to run at a time [default: as many as the engine's memory holds, but two for each processor at most]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// How machines are started
    #[command(flatten)]
    pub start: StartArguments,
}

impl CheckArguments {
    /// As if nothing had been asked for but pages, whose failures are all wanted.
    pub(crate) fn of_pages(start: StartArguments) -> Self {
        Self {
            names: Vec::new(),
            set: SetArguments::default(),
            format: Format::Pretty,
            report: None,
            keep_going: true,
            keep_machine: false,
            docker: Vec::new(),
            changed: false,
            watch: false,
            shard: None,
            allow_nothing_run: false,
            engine: Vec::new(),
            jobs: None,
            start,
        }
    }
}

/// The arguments of `drift`.
#[derive(Args, Debug)]
pub struct DriftArguments {
    /// The folder of the book (the current one if left out), then pages
    #[arg(value_name = "BOOK|PAGE")]
    pub names: Vec<PathBuf>,
    /// The branch for what mends it [default: seaworthy/drift- and the day]
    #[arg(long, value_name = "NAME")]
    pub branch: Option<String>,
    /// Push the branch to this remote
    #[arg(long, value_name = "REMOTE")]
    pub push: Option<String>,
    /// Tell the remote's server something with it, such as `merge_request.create`
    #[arg(long, value_name = "OPTION", requires = "push")]
    pub push_option: Vec<String>,
    /// How machines are started
    #[command(flatten)]
    pub start: StartArguments,
}

/// The arguments of `audit`.
#[derive(Args, Debug)]
pub struct AuditArguments {
    /// Markdown files, and folders of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: AuditFormat,
    /// Write the edits that make the pages checkable to this file, as `git apply` takes them
    #[arg(long, value_name = "FILE")]
    pub patch: Option<PathBuf>,
    /// How long the whole may take; what is left then isn't tried
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub within: Option<Duration>,
    /// How many pages to run at a time [default: as many as the engine's memory holds, but two for each processor at most]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Settings for all pages
    #[command(flatten)]
    pub set: SetArguments,
    /// How machines are started
    #[command(flatten)]
    pub start: StartArguments,
}

/// How an audit is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// For people
    #[default]
    Pretty,
    /// For programs
    Json,
    /// For a CI job's summary or a comment
    Markdown,
    /// Annotations of a workflow on GitHub
    Github,
}

/// A duration as settings have it.
fn duration(text: &str) -> Result<Duration, String> {
    let units = || "write a whole number of `s`, `m` or `h`, as in `5m`".to_owned();
    seaworthy_page::parse_duration(text).ok_or_else(units)
}

/// Settings on the command line.
#[derive(Args, Clone, Debug, Default)]
pub struct SetArguments {
    /// A setting for all pages, in the place of what book.toml or seaworthy.toml says; a page's own comment comes before it
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

/// The arguments of `draw`.
#[derive(Args, Debug)]
pub struct DrawArguments {
    /// A Compose file, the folder of a project, or `-` for standard input [default: the current folder]
    #[arg(value_name = "FILE|FOLDER", conflicts_with = "files")]
    pub from: Option<PathBuf>,
    /// A Compose file; several go over one another, as with `docker compose -f`
    #[arg(short, long = "file", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Take variables from this file instead of the project's `.env`
    #[arg(long, value_name = "FILE")]
    pub env_file: Vec<PathBuf>,
    /// Draw the services of this profile as those that are there; `*` means all profiles
    #[arg(long, value_name = "NAME")]
    pub profile: Vec<String>,
    /// Draw the running containers of an engine: Docker's current one, or the one at this address
    #[arg(
        long,
        value_name = "URL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["from", "files", "env_file", "profile", "diff"]
    )]
    pub engine: Option<String>,
    /// Of the engine, draw this Compose project only
    #[arg(long, value_name = "NAME", requires = "engine")]
    pub project: Option<String>,
    /// Draw what came and went from one project to another: two Compose files, or folders
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["from", "files"])]
    pub diff: Vec<PathBuf>,
    /// Don't draw this network; the containers that are on it stay
    #[arg(long, value_name = "NETWORK")]
    pub hide: Vec<String>,
    /// Write the drawing to this file instead of printing it
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Say it in words instead of drawing
    #[arg(long)]
    pub text: bool,
}

/// The arguments of all commands that start machines.
#[derive(Args, Clone, Debug)]
pub struct StartArguments {
    /// Have the outer engine run machines by this one of its runtimes, such as one with a kernel of its own
    #[arg(
        long,
        value_name = "NAME",
        env = "SEAWORTHY_RUNTIME",
        hide_env_values = true
    )]
    runtime: Option<String>,
}

impl StartArguments {
    /// The runtime that is asked for. As with Docker's own variables, an empty one asks for none.
    #[must_use]
    pub fn runtime(&self) -> Option<String> {
        self.runtime.clone().filter(|name| !name.is_empty())
    }
}

/// How a list is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    #[default]
    Pretty,
    /// For programs
    Json,
}

/// What to do with machine images.
#[derive(Debug, Subcommand)]
pub enum MachineCommand {
    /// Make a machine image on the engine, from Debian's packages or Docker's; nothing of this computer is needed
    Build(MachineBuildArguments),
    /// Bring a machine image from a registry, for the version of Docker Engine that is in it
    Pull {
        /// Its name, such as `registry.example/machine:28`
        #[arg(value_name = "REF")]
        reference: String,
    },
    /// List the versions that can be built, and which of their images the engine holds
    List,
}

/// The arguments of `machine build`.
#[derive(Args, Debug)]
pub struct MachineBuildArguments {
    /// The version of Docker Engine inside
    #[arg(default_value = seaworthy_machine::DEFAULT_VERSION)]
    pub version: String,
    /// Where the engine inside comes from [default: debian if it has the version, else image]
    #[arg(long, value_enum)]
    pub from: Option<MachineSource>,
    /// Make it even if it is up to date: with the newest packages, and the authorities that this computer trusts today
    #[arg(long)]
    pub fresh: bool,
    /// Another mirror of Debian's packages than deb.debian.org
    #[arg(
        long,
        value_name = "URL",
        env = "SEAWORTHY_DEBIAN_MIRROR",
        hide_env_values = true
    )]
    pub mirror: Option<String>,
    /// How machines are started
    #[command(flatten)]
    pub start: StartArguments,
}

/// Where the engine of a machine comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MachineSource {
    /// Debian's packages
    Debian,
    /// Docker's own packages for Debian; not tried
    Packages,
    /// The programs of docker:VERSION-dind; not tried
    Image,
}

/// What to do with reports.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// Print the report of the last check, in any format
    Show {
        /// The report, or the folder of the book
        #[arg(default_value = ".")]
        report: PathBuf,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Put the reports of several jobs together, as if one had checked everything
    Merge {
        /// The reports, or folders of them
        #[arg(required = true, value_name = "REPORT|FOLDER")]
        reports: Vec<PathBuf>,
        /// Write the whole to this file instead of printing it; `target/seaworthy/report.json` is what `build` reads
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Print the JSON Schema of reports
    Schema,
}
