//! The words beside lines and in boxes: columns are made wide enough for them, then rows and lines carry them.

use super::slots::PillPort;
use super::{size, tags};
use crate::measure::{Face, width, wrap, wrap_list};
use crate::model::{Container, Flow, Host, Interface, Mark, Network};

/// Where a card's text begins, from its left border: behind the ribs, if there is room for them.
pub(super) fn text_x(dense: bool) -> f64 {
    if dense { 9.0 } else { 20.0 }
}

/// Where a host's name begins, from its left border.
pub(crate) const HOST_TEXT_X: f64 = 34.0;
/// From line to line at a stub.
pub(crate) const STUB_STEP: f64 = 14.0;
/// The widest line of a host's name, and of a host's name and address in one line.
const MAX_HOST: f64 = 230.0;

/// `:80`, the port that a flow asks for; nothing if it names none.
pub(super) fn port_label(flow: &Flow) -> String {
    flow.port
        .map(|(port, protocol)| format!(":{port}{}", protocol.suffix()))
        .unwrap_or_default()
}

/// `:80`, the container's port behind a pill. A container in host mode has no other than the host's.
pub(super) fn pill_label(container: &Container, port: PillPort) -> Option<String> {
    match port {
        PillPort::Published(port) => Some(format!(":{}", container.ports[port].target_ports())),
        PillPort::Listens(_) => None,
    }
}

/// What of a network's title stands at a stub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// Nothing: it is at hand above.
    Nothing,
    /// The name: the title is far away.
    Name,
    /// All of it: the line begins here, and has no other.
    Title,
}

/// What stands at a stub, in lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct StubTexts {
    /// The network's name, above all else.
    pub(crate) name: Vec<String>,
    /// What else a title says, below the name.
    pub(crate) details: Vec<String>,
    /// Addresses, above the line.
    pub(crate) addresses: Vec<String>,
    /// Further names, below it.
    pub(crate) aliases: Vec<String>,
}

/// What stands at a stub, in lines of at most `most` where they can be broken.
pub(crate) fn stub_texts(
    network: &Network,
    interface: &Interface,
    naming: Naming,
    most: f64,
) -> StubTexts {
    let addresses = interface.ipv4.iter().chain(&interface.ipv6);
    let mut addresses: Vec<String> = addresses.map(ToString::to_string).collect();
    if interface.address_unknown {
        addresses.push("?".to_owned());
    }
    let mut aliases = interface.aliases.clone();
    if let Some(first) = aliases.first_mut() {
        *first = format!("alias {first}");
    }
    let mark = interface.mark;
    StubTexts {
        name: if naming != Naming::Nothing || mark != Mark::Same {
            let name = format!("{}{}", mark.sign(), network.name);
            wrap(&name, Face::Bold, size::SMALL, most)
        } else {
            Vec::new()
        },
        details: if naming == Naming::Title {
            tags::detail_lines(&tags::parts(network, false), most)
        } else {
            Vec::new()
        },
        addresses,
        aliases: wrap_list(&aliases, ",", Face::Sans, size::SMALL, most),
    }
}

impl StubTexts {
    /// The room that is needed above the line and below it.
    pub(super) fn room(&self) -> (f64, f64) {
        #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
        let high = |lines: usize, first: f64| first + (lines as f64 - 1.0) * STUB_STEP;
        let above = match self.name.len() + self.details.len() + self.addresses.len() {
            0 => 9.0,
            lines => high(lines, 16.0),
        };
        let below = match self.aliases.len() {
            0 => 8.0,
            lines => high(lines, 17.0),
        };
        (above, below)
    }

    /// The width of the widest line.
    pub(super) fn width(&self) -> f64 {
        let widths = |lines: &[String], face: Face| {
            let widths = lines.iter().map(|line| width(line, face, size::SMALL));
            widths.fold(0.0, f64::max)
        };
        widths(&self.name, Face::Bold)
            .max(widths(&self.details, Face::Mono))
            .max(widths(&self.addresses, Face::Mono))
            .max(widths(&self.aliases, Face::Sans))
    }
}

/// A host's name in lines, and whether its address stands beside it.
pub(super) fn host_header(host: &Host) -> (Vec<String>, bool) {
    let name = wrap(&host.name, Face::Bold, size::NAME, MAX_HOST);
    let beside = name.len() == 1
        && host.address.as_deref().is_none_or(|address| {
            width(&host.name, Face::Bold, size::NAME)
                + 8.0
                + width(address, Face::Mono, size::SMALL)
                <= MAX_HOST
        });
    (name, beside)
}
