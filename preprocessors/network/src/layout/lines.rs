//! Every line of the picture but the lanes: stubs, traffic, and the ways through published ports.
//!
//! Enter at [`lines`]. Each line is a chain of horizontal and vertical pieces.

use super::captions::{pill_label, port_label};
use super::columns::{Columns, HEAD};
use super::crowds::Rows;
use super::lanes::Tracks;
use super::slots::{LeftSlot, RightSlot, Side, lets_in, pill_lines, pill_width, side};
use super::{BADGE, Card, ClientBox, Lane};
use crate::model::{End, Flow, Model};
use crate::reach::Way;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// From a container to a lane.
    Stub { container: usize, lane: usize },
    /// Traffic; with a badge if this is where it begins.
    Flow { flow: usize },
    /// From a published port to its container, or from the outside to a published port.
    Way { container: usize },
}

/// A place in the picture: `x` and `y`.
type Point = (f64, f64);

/// A line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) kind: LineKind,
    /// Its corners.
    pub(crate) points: Vec<(f64, f64)>,
    /// Where it is interrupted: the piece (0 is the first) and the place along it.
    pub(crate) gaps: Vec<(usize, f64)>,
    /// Whether it ends in an arrowhead.
    pub(crate) arrow: bool,
    /// Where the badge stands.
    pub(crate) badge: Option<(f64, f64)>,
    /// Words above its last piece: the port, and where they begin.
    pub(crate) label: Option<(String, f64)>,
    /// Whether it ends in a cross: it doesn't get through.
    pub(crate) cross: bool,
}

/// All lines of the picture.
pub(super) fn lines(
    model: &Model,
    columns: &Columns,
    lanes: &[Lane],
    (cards, rows): (&[Card], &Rows),
    clients: &[ClientBox],
    tracks: &Tracks,
) -> Vec<Line> {
    let drawing = Drawing {
        model,
        columns,
        lanes,
        cards,
        rows,
        clients,
        tracks,
    };
    let mut lines = Vec::new();
    for card in cards {
        drawing.stubs(card, &mut lines);
        drawing.ways(card, &mut lines);
    }
    for (at, flow) in model.flows.iter().enumerate() {
        lines.extend(match side(model, lanes, flow) {
            Side::Left => drawing.through_host(at, flow),
            side => drawing.between(at, flow, side),
        });
    }
    lines
}

struct Drawing<'a> {
    model: &'a Model,
    columns: &'a Columns,
    lanes: &'a [Lane],
    cards: &'a [Card],
    rows: &'a Rows,
    clients: &'a [ClientBox],
    tracks: &'a Tracks,
}

impl Drawing<'_> {
    /// The card of a container.
    fn card(&self, container: usize) -> &Card {
        &self.cards[self.rows.row(container)]
    }

    fn stubs(&self, card: &Card, lines: &mut Vec<Line>) {
        for slot in &card.right {
            if let RightSlot::Stub { lane, .. } = slot.what {
                let y = card.rect.y + slot.y;
                let container = card.container;
                lines.push(line(
                    LineKind::Stub { container, lane },
                    vec![(card.rect.right(), y), (self.lanes[lane].x, y)],
                ));
            }
        }
    }

    /// The ways from published ports to their container, and from "outside" to published ports.
    fn ways(&self, card: &Card, lines: &mut Vec<Line>) {
        let container = &self.model.containers[card.container];
        for slot in &card.left {
            let LeftSlot::Pill { port, flows } = &slot.what else {
                continue;
            };
            let y = card.rect.y + slot.y;
            let half = pill_width(&pill_lines(container, *port)) / 2.0;
            let kind = match flows.iter().find(|f| self.model.flows[**f].route.is_ok()) {
                Some(flow) => LineKind::Flow { flow: *flow },
                None => LineKind::Way {
                    container: card.container,
                },
            };
            if let Some(label) = pill_label(container, *port) {
                let mut way = line(
                    kind,
                    vec![(self.columns.border + half, y), (card.rect.x, y)],
                );
                way.arrow = true;
                way.label = Some((label, self.columns.border + half + 4.0));
                lines.push(way);
            }
            for (rails, client) in self.columns.rails.iter().zip(self.clients) {
                if rails.to_all_ports && lets_in(self.model, card.container, *port) {
                    let kind = LineKind::Way {
                        container: card.container,
                    };
                    let from = (rails.inwards, client.rect.bottom());
                    let end = self.columns.border - half;
                    lines.push(line(kind, vec![from, (rails.inwards, y), (end, y)]));
                }
            }
        }
    }

    /// A flow from container to container beside a lane, or on no network.
    fn between(&self, at: usize, flow: &Flow, side: Side) -> Option<Line> {
        let (End::Container(from), End::Container(to)) = (flow.from, flow.to) else {
            return None;
        };
        let (start, end) = (self.card(from), self.card(to));
        let (top, bottom) = start.right_y(at).zip(end.right_y(at))?;
        let x = self.columns.track_x(self.lanes, side, self.tracks.of(at));
        let points = vec![
            (start.rect.right(), top),
            (x, top),
            (x, bottom),
            (end.rect.right(), bottom),
        ];
        let mut line = self.flow_line(at, flow, points);
        line.badge = Some((start.rect.right() + BADGE + 6.0, top));
        // What doesn't arrive needs no port at its end: the legend names it.
        line.label = flow
            .port
            .filter(|_| !line.cross)
            .map(|_| (port_label(flow), end.rect.right() + 12.0));
        Some(line)
    }

    /// A flow that comes from outside, goes there, or leads through the host.
    fn through_host(&self, at: usize, flow: &Flow) -> Option<Line> {
        let blocked = flow.route.is_err();
        let mut points = Vec::with_capacity(4);
        let (start, badge) = self.start(at, flow)?;
        points.push(start);
        match flow.to {
            // What a container sends in vain ends at the host's border.
            _ if blocked && matches!(flow.from, End::Container(_)) => {
                points.push((self.columns.border, start.1));
            }
            End::Client(client) => {
                let (x, bottom) = self.rail(client, true)?;
                points.extend([(x, start.1), (x, bottom)]);
            }
            End::Container(container) => {
                return self.to_container(at, flow, container, points, badge);
            }
        }
        let mut line = self.flow_line(at, flow, points);
        line.badge = badge;
        Some(line)
    }

    /// Where a flow begins that runs left of the cards; and where its badge stands, if that is there.
    fn start(&self, at: usize, flow: &Flow) -> Option<(Point, Option<Point>)> {
        Some(match flow.from {
            End::Client(client) => (self.rail(client, false)?, None),
            End::Container(container) => {
                let card = self.card(container);
                let y = card.left_y(at)?;
                ((card.rect.x, y), Some((card.rect.x - BADGE - 3.0, y)))
            }
        })
    }

    /// The line of a flow that began with `points` and goes to a container, or in vain to its host's border.
    fn to_container(
        &self,
        at: usize,
        flow: &Flow,
        container: usize,
        mut points: Vec<Point>,
        badge: Option<Point>,
    ) -> Option<Line> {
        let border = self.columns.border;
        let blocked = flow.route.is_err();
        let card = self.card(container);
        let (card, y) = match card.left_y(at) {
            Some(y) => (card, y),
            None => {
                let owner = self.card(self.model.stack_owner(container));
                (owner, owner.left_y(at)?)
            }
        };
        let x = match flow.from {
            End::Client(_) => points.last()?.0,
            End::Container(_) => {
                let x = self
                    .columns
                    .track_x(self.lanes, Side::Left, self.tracks.of(at));
                points.push((x, points.last()?.1));
                x
            }
        };
        let pill = self.pill_edge(card, at);
        let end = match pill {
            Some(edge) => edge,
            None if blocked => border,
            None => card.rect.x,
        };
        points.extend([(x, y), (end, y)]);
        let mut line = self.flow_line(at, flow, points);
        // Through a published port, the arrowhead is at the container, behind the pill.
        line.arrow = !blocked && pill.is_none_or(|_| matches!(flow.route, Ok(Way::HostPort)));
        line.badge = badge.or_else(|| {
            let ends_here = line.cross || (line.arrow && end <= border);
            let room = if ends_here { HEAD } else { 5.0 };
            Some((end.min(border) - BADGE - room, y))
        });
        if pill.is_none() && !blocked {
            line.label = flow.port.map(|_| (port_label(flow), border + 5.0));
        }
        Some(line)
    }

    /// The left end of the pill that `flow` goes through.
    fn pill_edge(&self, card: &Card, flow: usize) -> Option<f64> {
        let container = &self.model.containers[card.container];
        card.left.iter().find_map(|slot| match &slot.what {
            LeftSlot::Pill { port, flows } if flows.contains(&flow) => {
                Some(self.columns.border - pill_width(&pill_lines(container, *port)) / 2.0)
            }
            _ => None,
        })
    }

    /// A client's line: its `x` and where it begins.
    fn rail(&self, client: usize, outwards: bool) -> Option<(f64, f64)> {
        let at = self
            .columns
            .rails
            .iter()
            .position(|r| r.client == Some(client))?;
        let rails = &self.columns.rails[at];
        let x = if outwards {
            rails.outwards
        } else {
            rails.inwards
        };
        Some((x, self.clients[at].rect.bottom()))
    }

    fn flow_line(&self, at: usize, flow: &Flow, points: Vec<(f64, f64)>) -> Line {
        let blocked = flow.route.is_err();
        Line {
            arrow: !blocked,
            cross: blocked,
            ..line(LineKind::Flow { flow: at }, points)
        }
    }
}

fn line(kind: LineKind, points: Vec<(f64, f64)>) -> Line {
    Line {
        kind,
        points,
        gaps: Vec::new(),
        arrow: false,
        badge: None,
        label: None,
        cross: false,
    }
}
