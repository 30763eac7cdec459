//! The numbered arrows.

use super::elements::class;
use super::path::{N, Pen};
use super::{Drawing, put};
use crate::layout::{BADGE, Line, LineKind};
use crate::reach::Way;
use crate::theme::{Role, light};

/// An arrowhead's length and half its width.
const HEAD: (f64, f64) = (9.0, 4.5);
/// How far before a card a cross stands.
const CROSS_AT: f64 = 9.0;

impl Drawing<'_> {
    /// All flows: those that don't get through first, so that the others are on top.
    pub(super) fn traffic(&mut self) {
        let (layout, model) = (self.layout, self.model);
        let blocked = |line: &&Line| match line.kind {
            LineKind::Flow { flow } => model.flows[flow].route.is_err(),
            _ => false,
        };
        let mut order: Vec<&Line> = layout
            .lines
            .iter()
            .filter(|line| matches!(line.kind, LineKind::Flow { .. }))
            .collect();
        order.sort_by_key(|line| !blocked(line));
        if order.is_empty() {
            return;
        }
        self.out
            .push_str("<g stroke-width=\"2.25\" stroke-linejoin=\"round\">");
        for line in order {
            self.flow(line);
        }
        self.out.push_str("</g>");
    }

    fn flow(&mut self, line: &Line) {
        let LineKind::Flow { flow } = line.kind else {
            return;
        };
        let lane = match &self.model.flows[flow].route {
            Ok(Way::Network(network)) => {
                self.layout.lanes.iter().position(|l| l.network == *network)
            }
            _ => None,
        };
        let class = class(self.layout, lane.as_slice());
        let mut shaft = Pen::default();
        shaft.chain(&shortened(line), &line.gaps);
        let d = shaft.d();
        if line.cross {
            let mut cross = Pen::default();
            cross.cross(cross_place(line));
            put!(
                self,
                "<g class=\"n-stop {class}\" fill=\"{hue}\" stroke=\"{hue}\"><path fill=\"none\" stroke-dasharray=\"5 4\" d=\"{d}\"/>\
                 <path stroke-width=\"2.75\" stroke-linecap=\"round\" d=\"{}\"/>",
                cross.d(),
                hue = light(Role::Stop)
            );
        } else {
            let hue = light(Role::Flow);
            put!(
                self,
                "<g class=\"n-flow {class}\" fill=\"{hue}\" stroke=\"{hue}\"><path fill=\"none\" d=\"{d}\"/>"
            );
            if line.arrow {
                let mut tip = Pen::default();
                head(&mut tip, line);
                put!(self, "<path stroke=\"none\" d=\"{}\"/>", tip.d());
            }
        }
        if let Some(place) = line.badge {
            put!(
                self,
                "<g stroke=\"none\" text-anchor=\"middle\" font-weight=\"700\">{}{}</g>",
                disc(place),
                number(place, flow, &on_fill())
            );
        }
        self.out.push_str("</g>");
    }
}

/// A step's disc.
pub(super) fn disc((x, y): (f64, f64)) -> String {
    format!("<circle cx=\"{}\" cy=\"{}\" r=\"{BADGE}\"/>", N(x), N(y))
}

/// The number on a step's disc, with further attributes.
pub(super) fn number((x, y): (f64, f64), flow: usize, attributes: &str) -> String {
    format!(
        "<text{attributes} x=\"{}\" y=\"{}\">{}</text>",
        N(x),
        N(y + 4.2),
        flow + 1
    )
}

/// The attributes of text on something filled.
pub(super) fn on_fill() -> String {
    format!(" class=\"n-on\" fill=\"{}\"", light(Role::OnFill))
}

/// The last piece's direction: (-1, 0) leads left.
fn direction(line: &Line) -> (f64, f64) {
    match line.points[..] {
        [.., (x1, y1), (x2, y2)] => {
            let sign = |v: f64| if v == 0.0 { 0.0 } else { v.signum() };
            (sign(x2 - x1), sign(y2 - y1))
        }
        _ => (0.0, 0.0),
    }
}

/// Where the cross of a flow stands that doesn't get through: before a card, or on a host's border.
fn cross_place(line: &Line) -> (f64, f64) {
    let (x, y) = line.points.last().copied().unwrap_or_default();
    let (dx, dy) = direction(line);
    // Straight out of a card it stops at the border itself; else before a card, a port or the border.
    let back = if line.points.len() > 2 { CROSS_AT } else { 0.0 };
    (x - dx * back, y - dy * back)
}

/// The corners of a line whose end makes room for its arrowhead or cross.
pub(super) fn shortened(line: &Line) -> Vec<(f64, f64)> {
    let mut points = line.points.clone();
    let (dx, dy) = direction(line);
    let cross = cross_place(line);
    if let Some(end) = points.last_mut() {
        if line.cross {
            *end = cross;
        } else if line.arrow {
            *end = (end.0 - dx * (HEAD.0 - 1.0), end.1 - dy * (HEAD.0 - 1.0));
        }
    }
    points
}

/// An arrowhead at the end of a line.
pub(super) fn head(pen: &mut Pen, line: &Line) {
    let (x, y) = line.points.last().copied().unwrap_or_default();
    let (dx, dy) = direction(line);
    let (back, half) = HEAD;
    pen.go((x, y));
    pen.line((x - dx * back + dy * half, y - dy * back + dx * half));
    pen.line((x - dx * back - dy * half, y - dy * back - dx * half));
    pen.close();
}
