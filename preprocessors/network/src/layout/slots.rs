//! What stands at the two sides of a card, from top to bottom.
//!
//! Every stub, arrow and port has a slot of its own, so nothing in a row can overlap. A flow from
//! above stands above the stub of its network and one from below stands under it: so it never crosses
//! that stub. Enter at [`right`] and [`left`].

use super::captions::{Naming, stub_texts};
use super::{BADGE, Card, Lane, size};
use crate::measure::{Face, width};
use crate::model::{Container, End, Flow, Model, Stack};
use crate::reach::{Obstacle, Origin, Reach, Way};

/// A slot and the `y` of its line, from the card's top.
#[derive(Clone, Debug)]
pub(crate) struct Placed<T> {
    pub(crate) what: T,
    pub(crate) y: f64,
    /// Room above and below the line.
    pub(super) above: f64,
    pub(super) below: f64,
}

impl<T> Placed<T> {
    fn new(what: T, above: f64, below: f64) -> Self {
        Placed {
            what,
            y: 0.0,
            above,
            below,
        }
    }
}

/// A slot at the right side, where the networks are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RightSlot {
    /// The container's interface on the network of a lane.
    Stub {
        interface: usize,
        lane: usize,
        /// What of the network's title stands there.
        naming: Naming,
    },
    /// A flow leaves.
    Out { flow: usize },
    /// A flow arrives.
    In { flow: usize },
}

/// A slot at the left side, where the outside is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LeftSlot {
    /// A port of the host, and the flows that come in through it.
    Pill { port: PillPort, flows: Vec<usize> },
    /// A flow arrives at the container without a port of the host in between, or fails to.
    Entry { flow: usize },
    /// A flow leaves through the host.
    Exit { flow: usize },
}

/// Which port a pill stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PillPort {
    /// One that the container publishes, by its index.
    Published(usize),
    /// One on which it listens, being in host mode, by its index.
    Listens(usize),
}

/// The column in which a flow runs up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Beside a lane.
    Lane(usize),
    /// Between the cards and the lanes: it runs on no network.
    Inner,
    /// Right of the hosts, before the lanes there: it runs on no network, from one host to another.
    Beyond,
    /// Left of the hosts.
    Left,
}

/// The column of `flow`.
pub(super) fn side(model: &Model, lanes: &[Lane], flow: &Flow) -> Side {
    let both = match (flow.from, flow.to) {
        (End::Container(a), End::Container(b)) => Some((a, b)),
        _ => None,
    };
    match (&flow.route, both) {
        (Ok(Way::Network(network)), _) => lanes
            .iter()
            .position(|lane| lane.network == *network)
            .map_or(Side::Inner, Side::Lane),
        (Err(_), Some((a, b))) if model.containers[a].host != model.containers[b].host => {
            Side::Beyond
        }
        (Err(_), Some(_)) => Side::Inner,
        (Ok(Way::Loopback), Some(_)) => Side::Inner,
        _ => Side::Left,
    }
}

/// The slots at the right side of `container`.
///
/// `naming` tells what of a lane's title stands at its stub here.
pub(super) fn right(
    model: &Model,
    lanes: &[Lane],
    container: usize,
    naming: &dyn Fn(usize) -> Naming,
    stub_width: f64,
) -> Vec<Placed<RightSlot>> {
    let mut slots = Vec::new();
    let flows = |column: Side, upwards: bool| flows_at(model, lanes, container, column, upwards);
    slots.extend(flows(Side::Inner, true));
    slots.extend(flows(Side::Beyond, true));
    let interfaces = &model.containers[container].interfaces;
    let is_on = |lane: &Lane| interfaces.iter().any(|i| i.network == lane.network);
    for (at, lane) in lanes.iter().enumerate() {
        // Most lanes pass by.
        if model.flows.is_empty() && !is_on(lane) {
            continue;
        }
        slots.extend(flows(Side::Lane(at), true));
        if let Some(interface) = interfaces.iter().position(|i| i.network == lane.network) {
            let naming = naming(at);
            let joined = &interfaces[interface];
            let texts = stub_texts(&model.networks[joined.network], joined, naming, stub_width);
            let (above, below) = texts.room();
            let stub = RightSlot::Stub {
                interface,
                lane: at,
                naming,
            };
            slots.push(Placed::new(stub, above, below));
        }
        slots.extend(flows(Side::Lane(at), false));
    }
    slots.extend(flows(Side::Beyond, false));
    slots.extend(flows(Side::Inner, false));
    slots
}

/// The flows of `container` in `column` whose other end is above (or below), in nested order.
fn flows_at(
    model: &Model,
    lanes: &[Lane],
    container: usize,
    column: Side,
    upwards: bool,
) -> Vec<Placed<RightSlot>> {
    let mut found: Vec<(usize, Placed<RightSlot>)> = Vec::new();
    for (at, flow) in model.flows.iter().enumerate() {
        let (End::Container(from), End::Container(to)) = (flow.from, flow.to) else {
            continue;
        };
        if side(model, lanes, flow) != column {
            continue;
        }
        let (other, slot) = if from == container {
            (to, Placed::new(RightSlot::Out { flow: at }, 11.0, 11.0))
        } else if to == container {
            let above = if flow.port.is_some() { 16.0 } else { 10.0 };
            (from, Placed::new(RightSlot::In { flow: at }, above, 9.0))
        } else {
            continue;
        };
        if (other < container) == upwards {
            found.push((other.abs_diff(container), slot));
        }
    }
    // The far ones next to the stub, which is below those that come from above.
    found.sort_by_key(|(distance, _)| {
        if upwards {
            *distance
        } else {
            usize::MAX - *distance
        }
    });
    found.into_iter().map(|(_, slot)| slot).collect()
}

/// The slots at the left side of `container`.
pub(super) fn left(model: &Model, lanes: &[Lane], container: usize) -> Vec<Placed<LeftSlot>> {
    let this = &model.containers[container];
    let mut pills: Vec<(PillPort, Vec<usize>)> = Vec::new();
    pills.extend((0..this.ports.len()).map(|port| (PillPort::Published(port), Vec::new())));
    if this.stack == Stack::Host {
        pills.extend((0..this.listens.len()).map(|port| (PillPort::Listens(port), Vec::new())));
    }
    let mut others = Vec::new();
    for (at, flow) in model.flows.iter().enumerate() {
        if side(model, lanes, flow) != Side::Left {
            continue;
        }
        if flow.from == End::Container(container) {
            others.push(Placed::new(LeftSlot::Exit { flow: at }, 11.0, 11.0));
        }
        let through_owner = matches!(flow.to, End::Container(to)
            if matches!(flow.route, Ok(Way::Published(_))) && model.stack_owner(to) == container);
        if flow.to != End::Container(container) && !through_owner {
            continue;
        }
        match pill_of(flow, this) {
            Some(pill) if through_owner || flow.to == End::Container(container) => {
                if let Some((_, flows)) = pills.iter_mut().find(|(port, _)| *port == pill) {
                    flows.push(at);
                }
            }
            _ if matches!(flow.route, Ok(Way::Published(_))) => {}
            _ => {
                let above = if flow.port.is_some() { 16.0 } else { 11.0 };
                others.push(Placed::new(LeftSlot::Entry { flow: at }, above, 11.0));
            }
        }
    }
    let mut slots: Vec<Placed<LeftSlot>> = pills
        .into_iter()
        .map(|(port, flows)| {
            let half = pill_height(pill_lines(this, port).len(), flows.len()) / 2.0 + 2.0;
            Placed::new(LeftSlot::Pill { port, flows }, half.max(16.0), half)
        })
        .collect();
    slots.extend(others);
    slots
}

/// The pill of `container` through which `flow` comes in.
fn pill_of(flow: &Flow, container: &Container) -> Option<PillPort> {
    match flow.route {
        Ok(Way::Published(port)) => Some(PillPort::Published(port)),
        Ok(Way::HostPort) | Err(Obstacle::PortTaken) if container.stack == Stack::Host => {
            let wanted = flow.port;
            let listens = container
                .listens
                .iter()
                .position(|(ports, protocol)| match wanted {
                    Some((port, p)) => *protocol == p && ports.contains(port),
                    None => true,
                });
            listens.map(PillPort::Listens)
        }
        _ => None,
    }
}

/// Whether the outside comes in by a pill: by one at a loopback address nobody does but the host.
pub(super) fn lets_in(model: &Model, container: usize, port: PillPort) -> bool {
    match port {
        PillPort::Published(port) => {
            let reach = Reach::of(model);
            reach
                .published(Origin::Outside, container, port)
                .way()
                .is_some()
        }
        PillPort::Listens(_) => true,
    }
}

/// What a pill says, in one or two lines: the host's address, if it isn't on all, and the port.
pub(crate) fn pill_lines(container: &Container, port: PillPort) -> Vec<String> {
    match port {
        PillPort::Published(port) => {
            let port = &container.ports[port];
            let (sign, suffix) = (port.mark.sign(), port.protocol.suffix());
            let ports = format!("{sign}{}{suffix}", port.host_ports());
            let address = port.host_ip.iter().map(ToString::to_string);
            address.chain([ports]).collect()
        }
        PillPort::Listens(port) => {
            let (ports, protocol) = &container.listens[port];
            vec![format!("{ports}{}", protocol.suffix())]
        }
    }
}

/// The width of a pill with these lines.
pub(crate) fn pill_width(lines: &[String]) -> f64 {
    let widest = lines.iter().map(|line| width(line, Face::Mono, size::TAG));
    widest.fold(0.0, f64::max).ceil() + 14.0
}

/// The height of a pill with so many lines of text and flows.
pub(crate) fn pill_height(lines: usize, flows: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let (lines, flows) = (lines as f64, flows as f64);
    (lines * 14.0 + 6.0).max(flows * (2.0 * BADGE + 3.0))
}

impl Card {
    /// The line of `flow` at the right side; `None` if it isn't there.
    pub(super) fn right_y(&self, flow: usize) -> Option<f64> {
        self.right
            .iter()
            .find(|slot| matches!(slot.what, RightSlot::Out { flow: f } | RightSlot::In { flow: f } if f == flow))
            .map(|slot| self.rect.y + slot.y)
    }

    /// The line of `flow` at the left side; `None` if it isn't there.
    pub(super) fn left_y(&self, flow: usize) -> Option<f64> {
        self.left.iter().find_map(|slot| match &slot.what {
            LeftSlot::Pill { flows, .. } => {
                let at = flows.iter().position(|f| *f == flow)?;
                #[expect(clippy::cast_precision_loss, reason = "a handful of flows")]
                let from_middle = at as f64 - (flows.len() - 1) as f64 / 2.0;
                Some(self.rect.y + slot.y + from_middle * (2.0 * BADGE + 3.0))
            }
            LeftSlot::Entry { flow: f } | LeftSlot::Exit { flow: f } => {
                (*f == flow).then_some(self.rect.y + slot.y)
            }
        })
    }
}

/// Spreads `slots` over the height of a card, centred.
pub(super) fn spread<T>(slots: &mut [Placed<T>], height: f64) {
    let mut y = (height - needed(slots)) / 2.0;
    for slot in slots {
        slot.y = (y + slot.above).round();
        y += slot.above + slot.below;
    }
}

/// The height that `slots` need.
pub(super) fn needed<T>(slots: &[Placed<T>]) -> f64 {
    slots.iter().map(|slot| slot.above + slot.below).sum()
}
