//! The words beside lines and in boxes: columns are made wide enough for them, then rows and lines carry them.

use super::size;
use super::slots::PillPort;
use crate::measure::{Face, width, wrap};
use crate::model::{Container, Flow, Host, Interface};

/// Where a card's text begins, from its left border: behind the ribs, if there is room for them.
pub(super) fn text_x(dense: bool) -> f64 {
    if dense { 9.0 } else { 20.0 }
}

/// Where a host's name begins, from its left border.
pub(crate) const HOST_TEXT_X: f64 = 34.0;
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
        PillPort::Published(port) => Some(format!(":{}", container.ports[port].target)),
        PillPort::Listens(_) => None,
    }
}

/// What stands at a stub: addresses above it, further names below.
pub(crate) fn stub_texts(interface: &Interface) -> (Vec<String>, Option<String>) {
    let addresses = interface
        .ipv4
        .iter()
        .chain(&interface.ipv6)
        .map(ToString::to_string);
    let aliases =
        (!interface.aliases.is_empty()).then(|| format!("alias {}", interface.aliases.join(", ")));
    (addresses.collect(), aliases)
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
