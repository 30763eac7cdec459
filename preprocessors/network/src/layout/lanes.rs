//! The order of the lanes, and the tracks beside them on which traffic runs.

use std::cmp::Reverse;

use super::crowds::Rows;
use super::slots::{Side, side};
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
            x: 0.0,
            tag: tags::Tag::new(&model.networks[network], memberships[network].is_empty()),
            bottom: None,
            gaps: Vec::new(),
        }));
    }
    lanes
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
