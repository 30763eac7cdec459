//! Networks: lines with a stub to each of their members.

use super::elements::class;
use super::path::Pen;
use super::{Drawing, put};
use crate::layout::{Lane, Layout, LineKind};
use crate::model::{Container, Mark, Model};
use crate::theme::{self, Role, light};

/// A band under a stub: its `y`, and the first and the last lane that it passes over.
type Halo = (f64, f64, f64);

impl Drawing<'_> {
    /// The networks: lanes first, then what their stubs need to pass over them, then stubs and joins.
    pub(super) fn lanes(&mut self) {
        let layout = self.layout;
        let halos = self.halos();
        self.out
            .push_str("<g fill=\"none\" stroke-linecap=\"round\" stroke-width=\"5\">");
        for lane in &layout.lanes {
            self.bus(lane, &halos);
        }
        if !halos.is_empty() {
            let mut bands = Pen::default();
            for (y, first, last) in halos {
                bands.between((first - 4.0, y), (last + 4.0, y));
            }
            put!(
                self,
                "<path class=\"n-halo\" stroke=\"{}\" stroke-width=\"9\" stroke-linecap=\"butt\" d=\"{}\"/>",
                light(Role::Panel),
                bands.d()
            );
        }
        self.stubs();
        self.out.push_str("</g>");
    }

    /// A lane's own line. Where a halo covers it, it needs no gap.
    fn bus(&mut self, lane: &Lane, halos: &[Halo]) {
        let Some(bottom) = lane.bottom else { return };
        let n = lane.colour;
        let covered = |gap: f64| {
            lane.host.is_some()
                && halos
                    .iter()
                    .any(|(y, first, last)| *y == gap && *first <= lane.x && lane.x <= *last)
        };
        let gaps: Vec<(usize, f64)> = lane
            .gaps
            .iter()
            .filter(|gap| !covered(**gap))
            .map(|gap| (0, *gap))
            .collect();
        let top = if lane.titled {
            lane.top - 2.0
        } else {
            lane.top
        };
        let mut pen = Pen::default();
        pen.chain(&[(lane.x, top), (lane.x, bottom)], &gaps);
        let bus = pen.d();
        let kind = &self.model.networks[lane.network].kind;
        let width = if kind.is_outside() {
            " stroke-width=\"6\""
        } else {
            ""
        };
        put!(
            self,
            "<path class=\"b{n}\" stroke=\"{}\"{width} d=\"{bus}\"/>",
            theme::network(n)
        );
        if kind.is_outside() {
            // A tunnel, or a cable of the LAN.
            let dash = if kind.is_on_lan() {
                ""
            } else {
                " stroke-dasharray=\"6 5\""
            };
            put!(
                self,
                "<path class=\"n-core\" stroke=\"{}\" stroke-width=\"1.75\" stroke-linecap=\"butt\"{dash} d=\"{bus}\"/>",
                light(Role::Page)
            );
        }
    }

    /// Where stubs pass over lanes inside hosts: a band of the host's colour under each stub, which
    /// ends before the stub's own lane.
    fn halos(&self) -> Vec<Halo> {
        let mut halos = Vec::new();
        for line in &self.layout.lines {
            let LineKind::Stub { lane, .. } = line.kind else {
                continue;
            };
            let ([(_, y), (end, _)], host) = (&line.points[..], self.layout.lanes[lane].host)
            else {
                continue;
            };
            let crossed = |other: &&Lane| {
                other.x < *end
                    && other.host.is_some()
                    && (host.is_none() || other.host == host)
                    && other.bottom.is_some_and(|bottom| bottom > *y + 3.0)
                    && other.top < *y
            };
            let over = self.layout.lanes.iter().filter(crossed);
            let ends = over.map(|other| (other.x, other.x));
            if let Some((first, last)) = ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) {
                halos.push((*y, first, last));
            }
        }
        halos
    }

    /// The networks' stubs, the plugs at their containers, and the joins: each kind on top of the last.
    fn stubs(&mut self) {
        let paths: Vec<Paths> = (0..self.layout.lanes.len())
            .map(|at| Paths::new(self.model, self.layout, at))
            .filter(|paths| !paths.dots.is_empty())
            .collect();
        if paths.is_empty() {
            return;
        }
        self.layer(" stroke-width=\"2.25\"", &paths, |p| &p.stubs);
        if paths.iter().any(|p| !p.gone.is_empty()) {
            let dashed = " stroke-width=\"2.25\" stroke-dasharray=\"4 5\"";
            self.layer(dashed, &paths, |p| &p.gone);
        }
        if self.layout.dense {
            self.layer(" stroke-width=\"9\"", &paths, |p| &p.dots);
            return;
        }
        let plugs = " stroke-width=\"10\" stroke-linecap=\"butt\"";
        self.layer(plugs, &paths, |p| &p.plugs);
        self.layer(" stroke-width=\"9.5\"", &paths, |p| &p.dots);
        let hole = format!(
            " class=\"n-hole\" stroke=\"{}\" stroke-width=\"4.5\"",
            light(Role::Card)
        );
        put!(self, "<g{hole}>");
        for path in &paths {
            let class = class(self.layout, &[path.lane]);
            put!(self, "<path class=\"{class}\" d=\"{}\"/>", path.dots.d());
        }
        self.out.push_str("</g>");
    }

    /// A path for each lane, in its colour, all with these attributes.
    fn layer(&mut self, attributes: &str, paths: &[Paths], which: fn(&Paths) -> &Pen) {
        put!(self, "<g{attributes}>");
        for path in paths.iter().filter(|path| !which(path).is_empty()) {
            put!(
                self,
                "<path class=\"b{}\" stroke=\"{}\" d=\"{}\"/>",
                path.colour,
                theme::network(path.colour),
                which(path).d()
            );
        }
        self.out.push_str("</g>");
    }
}

/// What joins the members of one network.
struct Paths {
    lane: usize,
    colour: usize,
    stubs: Pen,
    /// Those that are there no longer, in a comparison.
    gone: Pen,
    /// Where the stubs begin, at the containers.
    plugs: Pen,
    /// Where they end, on the lane.
    dots: Pen,
}

impl Paths {
    fn new(model: &Model, layout: &Layout, at: usize) -> Paths {
        let network = layout.lanes[at].network;
        let went = |container: usize| {
            let Container {
                mark, interfaces, ..
            } = &model.containers[container];
            let stub = interfaces.iter().find(|i| i.network == network);
            *mark == Mark::Went || stub.is_some_and(|i| i.mark == Mark::Went)
        };
        let mut paths = Paths {
            lane: at,
            colour: layout.lanes[at].colour,
            stubs: Pen::default(),
            gone: Pen::default(),
            plugs: Pen::default(),
            dots: Pen::default(),
        };
        for line in &layout.lines {
            let pen = match line.kind {
                LineKind::Stub { lane, container } if lane == at && went(container) => {
                    &mut paths.gone
                }
                LineKind::Stub { lane, .. } if lane == at => &mut paths.stubs,
                _ => continue,
            };
            let [card, lane] = line.points[..] else {
                continue;
            };
            if line.gaps.is_empty() {
                pen.between(card, lane);
            } else {
                pen.chain(&line.points, &line.gaps);
            }
            paths.plugs.between(card, (card.0 + 4.0, card.1));
            paths.dots.between(lane, lane);
        }
        paths
    }
}
