//! The order of the lanes, and the tracks beside them on which traffic runs.

use std::cmp::Reverse;

use super::captions::Naming;
use super::crowds::Rows;
use super::slots::{RightSlot, Side, side};
use super::{Card, Lane, tags};
use crate::model::{End, Model};

/// Lanes from left to right: those of each host, then those outside. A lane that ends early lies near
/// the cards, so that few stubs cross it.
pub(super) fn order(model: &Model, rows: &Rows) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::with_capacity(model.networks.len());
    let memberships = model.memberships();
    let hosts = (0..model.hosts.len()).map(Some).chain([None]);
    for host in hosts {
        let mut here: Vec<usize> = (0..model.networks.len())
            .filter(|&n| model.networks[n].host == host && !model.networks[n].hidden)
            .collect();
        here.sort_by_key(|&network| {
            let members = &memberships[network];
            let rows = members.iter().map(|c| rows.row(*c));
            (rows.clone().max(), Reverse(rows.min()))
        });
        lanes.extend(here.into_iter().map(|network| Lane {
            network,
            host,
            colour: 0,
            tracks: 0,
            titled: true,
            column: 0,
            rows: span(&memberships[network], rows),
            x: 0.0,
            top: 0.0,
            tag: tags::Tag::new(&model.networks[network], memberships[network].is_empty()),
            bottom: None,
            gaps: Vec::new(),
        }));
    }
    pack(&mut lanes);
    lanes
}

/// The rows from a picture's top, where the title is, to the last member's.
fn span(members: &[usize], rows: &Rows) -> (usize, usize) {
    let last = members.iter().map(|c| rows.row(*c)).max();
    (0, last.unwrap_or_default())
}

/// Lets the lanes whose titles stand at their first stubs (see [`Naming::Title`]) begin there.
pub(super) fn begin_late(lanes: &mut [Lane], cards: &[Card]) {
    for (row, card) in cards.iter().enumerate() {
        for slot in &card.right {
            if let RightSlot::Stub {
                lane,
                naming: Naming::Title,
                ..
            } = slot.what
            {
                lanes[lane].titled = false;
                lanes[lane].rows.0 = row;
            }
        }
    }
    pack(lanes);
}

/// Gives each lane its column, counted from the cards: where one ends, another may begin.
fn pack(lanes: &mut [Lane]) {
    // Of each column its host and the row of its end; a column's first lane gives it its place.
    let mut columns: Vec<(Option<usize>, usize)> = Vec::new();
    for lane in lanes {
        let free = |(host, end): &(Option<usize>, usize)| *host == lane.host && *end < lane.rows.0;
        lane.column = columns.iter().position(free).unwrap_or(columns.len());
        match columns.get_mut(lane.column) {
            Some((_, end)) => *end = lane.rows.1,
            None => columns.push((lane.host, lane.rows.1)),
        }
    }
}

/// Which track each flow runs on: 0 is the one nearest to its lane.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    of_flow: Vec<usize>,
    /// How many tracks lie between the cards and the first lane, for what runs on no network.
    pub(super) inner: usize,
    /// How many lie right of the hosts, before the lanes there, for what runs on no network.
    pub(super) beyond: usize,
    /// How many lie left of the hosts, for what goes from container to container through the host.
    pub(super) outer: usize,
}

impl Tracks {
    /// The track of `flow`.
    pub(super) fn of(&self, flow: usize) -> usize {
        self.of_flow[flow]
    }

    /// Gives each flow a track and each lane room for its tracks. The longest flows run nearest to the
    /// lane: then flows with an end in common never cross.
    pub(super) fn assign(model: &Model, lanes: &mut [Lane], cards: &[Card], rows: &Rows) -> Tracks {
        let mut tracks = Tracks {
            of_flow: vec![0; model.flows.len()],
            ..Tracks::default()
        };
        for at in 0..lanes.len() {
            lanes[at].tracks = tracks.fill(model, lanes, (cards, rows), Side::Lane(at));
        }
        tracks.inner = tracks.fill(model, lanes, (cards, rows), Side::Inner);
        tracks.beyond = tracks.fill(model, lanes, (cards, rows), Side::Beyond);
        tracks.outer = tracks.fill(model, lanes, (cards, rows), Side::Left);
        tracks
    }

    /// Assigns the tracks of one column; returns how many it needs.
    fn fill(
        &mut self,
        model: &Model,
        lanes: &[Lane],
        (cards, rows): (&[Card], &Rows),
        column: Side,
    ) -> usize {
        let card = |container: usize| &cards[rows.row(container)];
        let mut spans: Vec<(usize, f64, f64)> = Vec::new();
        for (at, flow) in model.flows.iter().enumerate() {
            let (End::Container(from), End::Container(to)) = (flow.from, flow.to) else {
                continue;
            };
            if side(model, lanes, flow) != column {
                continue;
            }
            let (a, b) = if column == Side::Left {
                let arrives = card(to).left_y(at);
                // A published port belongs to the owner of the network stack.
                (
                    card(from).left_y(at),
                    arrives.or_else(|| card(model.stack_owner(to)).left_y(at)),
                )
            } else {
                (card(from).right_y(at), card(to).right_y(at))
            };
            let (Some(a), Some(b)) = (a, b) else { continue };
            spans.push((at, a.min(b), a.max(b)));
        }
        spans.sort_by(|a, b| (b.2 - b.1).total_cmp(&(a.2 - a.1)));
        let mut used: Vec<Vec<(f64, f64)>> = Vec::new();
        for (flow, top, bottom) in spans {
            let free = used.iter().position(|taken| {
                taken
                    .iter()
                    .all(|(t, b)| bottom + 6.0 < *t || *b + 6.0 < top)
            });
            let track = free.unwrap_or_else(|| {
                used.push(Vec::new());
                used.len() - 1
            });
            used[track].push((top, bottom));
            self.of_flow[flow] = track;
        }
        used.len()
    }
}
