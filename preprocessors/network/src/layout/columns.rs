//! Where things stand from left to right. Enter at [`Columns::new`].

use std::collections::BTreeMap;

use super::lanes::Tracks;
use super::slots::{LeftSlot, RightSlot, Side, lets_in, pill_lines, pill_width, side};
use super::{
    BADGE, Card, CardKind, FRAME, Lane, MAX_COMFORTABLE_WIDTH, MIN_WIDTH, Style, captions, size,
    tags,
};
use crate::measure::{Face, width};
use crate::model::{End, Flow, Model};
use crate::reach::Way;

/// Distance of the lines of one client, and of tracks left of the hosts.
const RAIL: f64 = 14.0;
/// Room of an arrowhead, or a cross, at a host's border.
pub(super) const HEAD: f64 = 16.0;
/// Distance of tracks beside a lane.
pub(super) const TRACK: f64 = 11.0;

/// The places of all columns.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Who is outside, from left to right: the lines of traffic from and to them.
    pub(super) rails: Vec<Rails>,
    /// Where tracks left of the hosts begin.
    outer: f64,
    /// The hosts' left border.
    pub(super) border: f64,
    pub(super) card_x: f64,
    pub(super) card_w: f64,
    /// Where the tracks between cards and lanes begin.
    inner: f64,
    /// The hosts' right border.
    pub(super) host_right: f64,
    pub(super) width: f64,
}

/// A client's lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rails {
    /// `None` for "outside".
    pub(super) client: Option<usize>,
    /// The line of what comes from there.
    pub(super) inwards: f64,
    /// The line of what goes there.
    pub(super) outwards: f64,
    /// Whether all published ports are joined to it, for want of traffic.
    pub(super) to_all_ports: bool,
}

impl Columns {
    /// Gives every column its place, and every lane its `x`.
    pub(super) fn new(
        model: &Model,
        lanes: &mut [Lane],
        cards: &[Card],
        tracks: &Tracks,
        style: Style,
    ) -> Columns {
        let place = |lanes: &mut [Lane], card_extra: f64, stub_extra: f64| {
            Columns::place(model, lanes, cards, tracks, style, (card_extra, stub_extra))
        };
        let tight = place(lanes, 0.0, 0.0);
        let titles = |columns: &Columns, lanes: &[Lane], least: bool| {
            lanes
                .iter()
                .filter(|lane| lane.titled)
                .map(|lane| {
                    let wanted = if least {
                        lane.tag.least_width()
                    } else {
                        lane.tag.full_width()
                    };
                    wanted - (lane.x + tags::OVERHANG - columns.tag_left(lane))
                })
                .fold(0.0, f64::max)
                .ceil()
        };
        // Titles in one row each are worth some width; more than a phone has, they aren't.
        // (Three pixels go into rounding.)
        let most = MAX_COMFORTABLE_WIDTH - 3.0;
        let full = titles(&tight, lanes, false);
        let least = titles(&tight, lanes, true);
        let stub_extra = if place(lanes, 0.0, full).width <= most {
            full
        } else {
            full.min((most - tight.width).max(0.0)).max(least)
        };
        let slack = (MIN_WIDTH - tight.width - stub_extra).max(0.0);
        let card_extra = (slack * 0.35).min(40.0).floor();
        let placed = place(lanes, card_extra, stub_extra + slack - card_extra);
        // A host's header may have taken up some of the slack already.
        let short = (MIN_WIDTH - placed.width).max(0.0);
        if short == 0.0 {
            return placed;
        }
        place(lanes, card_extra, stub_extra + slack - card_extra + short)
    }

    fn place(
        model: &Model,
        lanes: &mut [Lane],
        cards: &[Card],
        tracks: &Tracks,
        style: Style,
        (card_extra, stub_extra): (f64, f64),
    ) -> Columns {
        let mut columns = Columns::default();
        let mut x = columns.place_rails(model, lanes, cards);
        columns.outer = x;
        x += count(tracks.outer) * RAIL;
        let half_pill = widest(cards, |card| pill_half(model, card));
        x += match x > FRAME {
            true if has_left_flows(model, lanes, true) => 2.0 * BADGE + 9.0 + HEAD,
            true if has_left_flows(model, lanes, false) => 2.0 * BADGE + 9.0,
            true => 10.0,
            false => 0.0,
        };
        columns.border = x.max(FRAME) + half_pill;
        columns.card_x =
            columns.border + widest(cards, |card| inner_zone(model, card, style)).max(14.0);
        columns.card_w = (widest(cards, |card| card_width(card, style)).max(if style.dense {
            70.0
        } else {
            92.0
        }) + card_extra)
            .ceil();
        x = columns.card_x + columns.card_w;
        x += (widest(cards, |card| stub_zone(model, card, style)).max(if style.dense {
            10.0
        } else {
            16.0
        }) + stub_extra)
            .ceil();
        columns.inner = x;
        x += count(tracks.inner) * TRACK;
        let right = place_lanes(lanes, model, x, style);
        columns.host_right = right.max(columns.border + host_width(model)).ceil();
        let outside = lanes.iter_mut().filter(|lane| lane.host.is_none());
        let beyond = columns.host_right + count(tracks.beyond) * TRACK;
        let last = place_group(outside, beyond, style);
        let end = if tracks.beyond > 0 {
            beyond + 6.0
        } else {
            beyond
        };
        columns.width = last.map_or(end, |x| x + tags::OVERHANG) + FRAME;
        columns
    }

    /// Gives everyone outside their lines; returns the `x` after them.
    fn place_rails(&mut self, model: &Model, lanes: &[Lane], cards: &[Card]) -> f64 {
        let has_pills = cards.iter().any(|card| {
            card.left.iter().any(|slot| match slot.what {
                LeftSlot::Pill { port, .. } => lets_in(model, card.container, port),
                _ => false,
            })
        });
        let anyone_sends = model
            .flows
            .iter()
            .any(|flow| matches!(flow.from, End::Client(_)));
        let mut x = FRAME;
        let who: Vec<Option<usize>> = match model.clients.len() {
            0 if has_pills => vec![None],
            count => (0..count).map(Some).collect(),
        };
        for (at, client) in who.into_iter().enumerate() {
            let receives = client.is_some_and(|c| {
                model
                    .flows
                    .iter()
                    .any(|flow| flow.to == End::Client(c) && side(model, lanes, flow) == Side::Left)
            });
            let sends =
                client.is_some_and(|c| model.flows.iter().any(|flow| flow.from == End::Client(c)));
            let to_all_ports = at == 0 && has_pills && !anyone_sends;
            let inwards = x + RAIL;
            let outwards = if receives && (sends || to_all_ports) {
                inwards + RAIL
            } else {
                inwards
            };
            self.rails.push(Rails {
                client,
                inwards,
                outwards,
                to_all_ports,
            });
            x = outwards + 6.0;
        }
        x
    }

    /// The `x` of a track.
    pub(super) fn track_x(&self, lanes: &[Lane], side: Side, track: usize) -> f64 {
        match side {
            Side::Lane(lane) => lanes[lane].x - (count(track) + 1.0) * TRACK,
            Side::Inner => self.inner + (count(track) + 0.5) * TRACK,
            Side::Beyond => self.host_right + 6.0 + (count(track) + 0.5) * TRACK,
            Side::Left => self.outer + (count(track) + 0.5) * RAIL,
        }
    }

    /// How far left a lane's title may reach.
    pub(super) fn tag_left(&self, lane: &Lane) -> f64 {
        match lane.host {
            Some(_) => self.border + 10.0,
            None if self.rails.is_empty() => FRAME,
            None => self.border,
        }
    }
}

fn widest(cards: &[Card], of: impl Fn(&Card) -> f64) -> f64 {
    cards.iter().map(of).fold(0.0, f64::max)
}

#[expect(clippy::cast_precision_loss, reason = "a handful of tracks")]
fn count(n: usize) -> f64 {
    n as f64
}

/// Whether there is traffic left of the hosts; with `ends`, some that ends there, at a host's border.
fn has_left_flows(model: &Model, lanes: &[Lane], ends: bool) -> bool {
    let at_border = |flow: &Flow| {
        matches!(
            (&flow.route, flow.from, flow.to),
            (Err(_), End::Client(_), _) | (Ok(Way::HostPort), _, End::Container(_))
        )
    };
    model
        .flows
        .iter()
        .any(|flow| side(model, lanes, flow) == Side::Left && (!ends || at_border(flow)))
}

fn pill_half(model: &Model, card: &Card) -> f64 {
    let container = &model.containers[card.container];
    card.left
        .iter()
        .filter_map(|slot| match &slot.what {
            LeftSlot::Pill { port, .. } => {
                Some((pill_width(&pill_lines(container, *port)) / 2.0).ceil())
            }
            _ => None,
        })
        .fold(0.0, f64::max)
}

/// The room between a host's border and its cards that this card needs.
fn inner_zone(model: &Model, card: &Card, style: Style) -> f64 {
    let container = &model.containers[card.container];
    // A card in host mode begins at the border, with ribs where no ports are.
    let ribs = match card.kind {
        CardKind::Host if card.left.is_empty() => captions::text_x(style.dense),
        _ => 0.0,
    };
    card.left
        .iter()
        .map(|slot| match &slot.what {
            LeftSlot::Pill { port, .. } => {
                let half = (pill_width(&pill_lines(container, *port)) / 2.0).ceil();
                half + match captions::pill_label(container, *port) {
                    Some(label) => width(&label, Face::Mono, size::SMALL).ceil() + 12.0,
                    None => 9.0,
                }
            }
            LeftSlot::Entry { flow } => {
                let label = captions::port_label(&model.flows[*flow]);
                width(&label, Face::Mono, size::SMALL).ceil() + 20.0
            }
            LeftSlot::Exit { .. } => 2.0 * BADGE + 12.0,
        })
        .fold(ribs, f64::max)
}

/// The room between the cards and the first track that this card needs.
fn stub_zone(model: &Model, card: &Card, style: Style) -> f64 {
    let container = &model.containers[card.container];
    card.right
        .iter()
        .map(|slot| match slot.what {
            RightSlot::Stub {
                interface, naming, ..
            } => {
                let joined = &container.interfaces[interface];
                let texts = captions::stub_texts(
                    &model.networks[joined.network],
                    joined,
                    naming,
                    style.stub_width,
                );
                texts.width().ceil() + 14.0
            }
            RightSlot::Out { .. } => 2.0 * BADGE + 14.0,
            RightSlot::In { flow } => {
                let label = captions::port_label(&model.flows[flow]);
                width(&label, Face::Mono, size::SMALL).ceil() + 20.0
            }
        })
        .fold(0.0, f64::max)
}

/// The widest line of all cards' text.
pub(super) fn text_width(cards: &[Card]) -> f64 {
    widest(cards, card_text_width)
}

fn card_text_width(card: &Card) -> f64 {
    let names = card
        .name
        .iter()
        .map(|line| width(line, Face::Bold, size::NAME));
    let notes = card
        .notes
        .iter()
        .map(|line| width(line, Face::Sans, size::SMALL));
    names.chain(notes).fold(0.0, f64::max)
}

/// The room that a card's text needs.
fn card_width(card: &Card, style: Style) -> f64 {
    // A card in host mode reaches to the border: only its text must stand in the column.
    let sides = if card.kind == CardKind::Host {
        16.0
    } else {
        captions::text_x(style.dense) + 10.0
    };
    card_text_width(card) + sides
}

fn host_width(model: &Model) -> f64 {
    let header = |host: &crate::model::Host| {
        let (lines, beside) = captions::host_header(host);
        let name = lines
            .iter()
            .map(|line| width(line, Face::Bold, size::NAME))
            .fold(0.0, f64::max);
        let address = host
            .address
            .as_deref()
            .map_or(0.0, |a| width(a, Face::Mono, size::SMALL));
        captions::HOST_TEXT_X
            + 12.0
            + if beside {
                name + 8.0 + address
            } else {
                name.max(address)
            }
    };
    model.hosts.iter().map(header).fold(0.0, f64::max)
}

/// Places the lanes inside the hosts, which all begin at `x`; returns the hosts' right border.
fn place_lanes(lanes: &mut [Lane], model: &Model, x: f64, style: Style) -> f64 {
    let mut right = x + 4.0;
    for host in 0..model.hosts.len() {
        let here = lanes.iter_mut().filter(|lane| lane.host == Some(host));
        if let Some(last) = place_group(here, x, style) {
            right = right.max(last + tags::OVERHANG + if style.dense { 7.0 } else { 10.0 });
        }
    }
    right
}

/// Places some lanes, column after column; returns the `x` of the last.
fn place_group<'a>(
    lanes: impl Iterator<Item = &'a mut Lane>,
    start: f64,
    style: Style,
) -> Option<f64> {
    let mut columns: BTreeMap<usize, Vec<&mut Lane>> = BTreeMap::new();
    for lane in lanes {
        columns.entry(lane.column).or_default().push(lane);
    }
    let mut last = None;
    for lanes in columns.into_values() {
        let inside = lanes.iter().any(|lane| lane.host.is_some());
        let before = last.map_or(start + if inside { 6.0 } else { 16.0 }, |x| {
            x + style.lane_gap
        });
        let tracks = lanes.iter().map(|lane| lane.tracks).max();
        let x = (before + count(tracks.unwrap_or_default()) * TRACK).ceil();
        for lane in lanes {
            lane.x = x;
        }
        last = Some(x);
    }
    last
}
