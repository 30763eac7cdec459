//! What a Compose file says of networks, piece by piece and with places. Enter at [`read`].
//!
//! Nothing is resolved here: names are names, whether or not anything bears them. Whatever isn't
//! about networks is passed over; keys that look like a misspelling of one that is, are reported.

mod extensions;
mod fields;
mod keys;
mod network;
mod ports;
mod service;

use std::ops::Range;

use seaworthy_blocks::{Fault, FaultCode, Severity};
use seaworthy_words::nearest;

pub(crate) use extensions::{Arrow, ClientDecl, HostDecl};
pub(crate) use fields::{entries, names, text};
pub(crate) use keys::is_drawn;
pub(crate) use network::NetworkDecl;
pub(crate) use ports::{PortDecl, Published};
pub use ports::{PortRange, Protocol};
#[cfg(test)]
pub(crate) use service::Join;
pub(crate) use service::{Mode, ModeKind, Service};

use crate::project::Loaded;
use crate::reach::EngineVersion;
use crate::yaml::Node;
use keys::Level;

/// Of so many names a fault lists those that are declared.
const MOST_LISTED: usize = 20;

/// A piece of text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) span: Range<usize>,
}

/// Who wrote the text: that decides what an unknown `x-` key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    /// Someone who draws: an unknown `x-` key is a mistake.
    Diagram,
    /// Someone who runs Compose, where `x-` keys are free to use.
    Compose,
}

/// A Compose file, as far as it is drawn.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) name: Option<String>,
    pub(crate) services: Vec<Service>,
    pub(crate) networks: Vec<NetworkDecl>,
    /// `None` without `x-hosts`.
    pub(crate) hosts: Option<Vec<HostDecl>>,
    pub(crate) clients: Vec<ClientDecl>,
    pub(crate) traffic: Vec<Arrow>,
    /// `x-docker`: the version of the engines that the picture speaks of.
    pub(crate) docker: Option<EngineVersion>,
    /// The profiles that are chosen.
    pub(crate) profiles: Vec<String>,
    /// Whether a part could not be read: then a name that nothing declares may be declared there.
    pub(crate) partial: bool,
}

impl Document {
    /// Whether a service is there: it needs no profile, or one of its profiles is chosen.
    pub(crate) fn is_chosen(&self, service: &Service) -> bool {
        let chosen = |profile: &String| self.profiles.iter().any(|p| p == profile || p == "*");
        service.profiles.is_empty() || service.profiles.iter().any(chosen)
    }
}

/// Reads what `loaded` says of networks; what is wrong goes to `faults`, and the rest is still read.
pub(crate) fn read(loaded: &Loaded, author: Author, faults: &mut Vec<Fault>) -> Document {
    let source = loaded.sources.all();
    let mut document = Document {
        profiles: loaded.profiles.clone(),
        partial: loaded.partial,
        ..Document::default()
    };
    for (key, node) in entries(&loaded.root, "a Compose file", faults) {
        match key.name.as_str() {
            "name" => document.name = node.scalar().map(str::to_owned),
            "services" => document.services = service::read_all(node, author, faults),
            "networks" => document.networks = network::read_all(node, faults),
            "x-hosts" => document.hosts = extensions::read_hosts(node, faults),
            "x-clients" => document.clients = extensions::read_clients(node, faults),
            "x-traffic" => document.traffic = extensions::read_traffic(node, source, faults),
            "x-docker" => document.docker = extensions::read_docker(node, faults),
            name if name.starts_with("x-") => {
                keys::check_extension(key, is_anchored(source, key.span.end), author, faults);
            }
            _ => keys::check(key, Level::Top, faults),
        }
    }
    check_modes(&document, faults);
    let is_error = |fault: &Fault| fault.severity == Severity::Error;
    if document.services.is_empty() && !faults.iter().any(is_error) {
        faults.push(no_services(&loaded.root));
    }
    document
}

/// A service takes its networks from `networks` or from `network_mode`. Compose minds only those that are there.
fn check_modes(document: &Document, faults: &mut Vec<Fault>) {
    for service in &document.services {
        let Some(span) = &service.contradicts else {
            continue;
        };
        let message = format!(
            "`{}` has both `networks` and `network_mode`",
            service.name.value
        );
        let code = FaultCode::InvalidNetworkMode;
        let fault = match document.is_chosen(service) {
            true => Fault::error(code, span.clone(), message),
            false => Fault::warning(code, span.clone(), message),
        };
        faults.push(
            fault.help("a container takes its networks from one of the two: remove the other"),
        );
    }
}

fn no_services(root: &Node) -> Fault {
    Fault::error(
        FaultCode::NothingToDraw,
        root.span.start..root.span.end,
        "nothing to draw: there are no services",
    )
    .help("a diagram needs `services:` with at least one name below it, as in a Compose file")
}

/// Whether what follows a key is an anchor (`x-common: &common`): then it is there to be used elsewhere.
fn is_anchored(text: &str, after_key: usize) -> bool {
    text.get(after_key..)
        .map(|rest| rest.trim_start_matches(['"', '\'', ' ']))
        .and_then(|rest| rest.strip_prefix(':'))
        .is_some_and(|rest| rest.trim_start().starts_with('&'))
}

/// The fault that a name is borne by nothing; the nearest of `known` is proposed.
pub(crate) fn unknown(kind: &str, name: &Text, known: &[&str]) -> Fault {
    let fault = Fault::error(
        FaultCode::UnknownName,
        name.span.clone(),
        format!("there is no {kind} `{}`", name.value),
    );
    if let Some(meant) = nearest(&name.value, known) {
        return fault
            .label(format!("did you mean `{meant}`?"))
            .help(format!("write `{meant}`, or declare `{}`", name.value));
    }
    let mut list = known
        .iter()
        .take(MOST_LISTED)
        .map(|n| format!("`{n}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if known.len() > MOST_LISTED {
        list = format!("{list} and {} more", known.len() - MOST_LISTED);
    }
    fault.help(if list.is_empty() {
        format!("no {kind} is declared")
    } else {
        format!("declared: {list}")
    })
}
