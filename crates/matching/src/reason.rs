//! Why a printed value does not hold, and how that is said.

/// Why what was printed differs from what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It is simply another text.
    Text,
    /// What was printed is of a kind that what was found is not: `a size`, `an id`, …
    NotA(&'static str),
    /// What was printed stands for another value of the machine.
    StandsFor {
        /// That value.
        real: String,
        /// The author's line on which it was bound, as the caller numbers them.
        since: Option<u32>,
        /// The printed value that stands for what was found, if one does.
        instead: Option<Known>,
    },
    /// What was found is already what another printed value stands for.
    StoodForBy {
        /// That printed value.
        printed: String,
        /// The author's line on which it was bound.
        since: Option<u32>,
    },
    /// The page types this value, so it is literal.
    Typed(String),
    /// The prefix lengths differ, and those are literal.
    PrefixLength,
    /// The printed address is in a printed subnet whose real counterpart does not hold the address found.
    Subnet {
        /// The printed subnet.
        printed: String,
        /// What it stands for.
        real: String,
    },
    /// One is its subnet's first (the gateway's), own or last address, the other is not.
    Place,
    /// The printed column is not there.
    NoColumn,
    /// The printed key is not there.
    NoKey,
    /// Printed as empty, but it holds something.
    NotEmpty,
    /// Lists of different lengths: printed, found.
    Length(usize, usize),
    /// The printed element is not there.
    NoElement,
    /// The container with this name is on another network.
    OtherNetwork(String),
    /// The container is not on the network.
    NotOnNetwork {
        /// The name of the container.
        container: String,
        /// The name of the network.
        network: String,
    },
    /// The printed row of a table is not there; its name.
    NoRow(String),
    /// A row of the output's table is not printed; its name.
    MoreRow(String),
    /// A reference to an image that neither the command nor the pull names.
    NotPulled,
}

/// A value that the page printed before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// As it was printed.
    pub printed: String,
    /// The author's line on which it was bound.
    pub since: Option<u32>,
}

impl Reason {
    /// The reason in words, for what was printed and what was found.
    pub fn words(&self, printed: &str, found: &str) -> String {
        match self {
            Reason::Text => other_text(printed, found),
            Reason::NotA(kind) => format!("printed `{printed}`, and `{found}` is not {kind}"),
            Reason::StandsFor {
                real,
                since,
                instead,
            } => stands_for(printed, found, real, *since, instead.as_ref()),
            Reason::StoodForBy {
                printed: other,
                since,
            } => stood_for_by(printed, found, other, *since),
            Reason::Typed(value) if value == printed => {
                format!("printed `{printed}` as the page types it, is `{found}`")
            }
            Reason::Typed(value) => {
                format!("printed `{printed}`, is `{value}`, which the page types")
            }
            Reason::PrefixLength => other_in(printed, found, "the prefix lengths differ"),
            Reason::Subnet { printed: net, real } => format!(
                "`{printed}` is in `{net}`, which stands for `{real}`, and `{found}` is not in that"
            ),
            Reason::Place => other_in(printed, found, ONE_IS_SPECIAL),
            Reason::NoColumn => format!("there is no column `{printed}`"),
            Reason::NoKey => no_key(printed, found),
            Reason::NoElement => format!("there is no such element as `{printed}`"),
            Reason::OtherNetwork(container) => other_network(container, printed, found),
            Reason::NotOnNetwork { container, network } => {
                format!("`{container}` is not on network `{network}`")
            }
            Reason::NotEmpty => format!("printed empty, but it holds `{found}`"),
            Reason::Length(printed, all) => other_length(*printed, *all, found),
            Reason::NoRow(name) => format!("there is no row `{name}`"),
            Reason::MoreRow(name) => format!("the output has a row that is not printed: `{name}`"),
            Reason::NotPulled => format!("printed `{printed}`, and no such image is pulled"),
        }
    }

    /// Whether the words need to be told what they are about.
    pub(super) fn needs_subject(&self) -> bool {
        !matches!(self, Reason::OtherNetwork(_) | Reason::NotOnNetwork { .. })
    }
}

/// What [`Reason::Place`] says of two addresses.
const ONE_IS_SPECIAL: &str = "one is its subnet's first, last or own address, the other is not";

/// It is another text.
fn other_text(printed: &str, found: &str) -> String {
    if found.is_empty() {
        format!("printed `{printed}`, but there is nothing")
    } else if printed.is_empty() {
        format!("nothing is printed, but there is `{found}`")
    } else {
        format!("printed `{printed}`, is `{found}`")
    }
}

/// It differs in something that its text doesn't show at once.
fn other_in(printed: &str, found: &str, why: &str) -> String {
    format!("printed `{printed}`, is `{found}`: {why}")
}

/// What was found is what another printed value stands for.
fn stood_for_by(printed: &str, found: &str, other: &str, since: Option<u32>) -> String {
    if other == found {
        let of = since.map(|line| format!(" (that of line {line})"));
        let of = of.unwrap_or_default();
        return format!("printed `{printed}`, is `{found}`{of}");
    }
    let since = since.map(|line| format!(" since line {line}"));
    let since = since.unwrap_or_default();
    format!("printed `{printed}`, but `{found}` is what `{other}` stands for{since}")
}

/// The key isn't there; `found` is one that may have been meant.
fn no_key(printed: &str, found: &str) -> String {
    let none = format!("there is no key `{}`", bare(printed));
    if found.is_empty() {
        none
    } else {
        format!("{none}, but `{found}`")
    }
}

/// The container is on another network, or on none.
fn other_network(container: &str, printed: &str, found: &str) -> String {
    let printed = bare(printed);
    if found.is_empty() {
        format!("`{container}` is on no network, printed `{printed}`")
    } else {
        format!("`{container}` is on network `{found}`, printed `{printed}`")
    }
}

/// A list of another length; `found` is an element that isn't printed.
fn other_length(printed: usize, all: usize, found: &str) -> String {
    let lengths = format!("printed with {printed} elements, has {all}");
    if found.is_empty() {
        lengths
    } else {
        format!("{lengths}, among them `{found}`")
    }
}

/// A value that stands for another than the one found.
fn stands_for(
    printed: &str,
    found: &str,
    real: &str,
    since: Option<u32>,
    instead: Option<&Known>,
) -> String {
    let of = |line: Option<u32>| line.map(|line| format!(" (that of line {line})"));
    // An address's prefix length is no part of what it stands for.
    if printed.split('/').next() == real.split('/').next() {
        let (mine, theirs) = (of(since), instead.and_then(|known| of(known.since)));
        let (mine, theirs) = (mine.unwrap_or_default(), theirs.unwrap_or_default());
        return format!("printed `{printed}`{mine}, is `{found}`{theirs}");
    }
    let since = since.map(|line| format!(" since line {line}"));
    let known = instead.map(|known| format!(", for which `{}` stands", known.printed));
    let (since, known) = (since.unwrap_or_default(), known.unwrap_or_default());
    format!("`{printed}` stands for `{real}`{since}, and here is `{found}`{known}")
}

/// A key without its quotes.
fn bare(key: &str) -> &str {
    key.trim_matches('"')
}
