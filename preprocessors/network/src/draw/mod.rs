//! From a layout to SVG. Enter at [`svg`].
//!
//! Everything is on one line. Colours are attributes; classes let the page's stylesheet put its own in
//! their place. `c` marks what belongs to networks and `o3` what belongs to the third lane's: these two
//! are all that pointing at something needs.

mod cards;
mod icons;
mod labels;
mod path;
mod traffic;

use std::fmt::Write as _;

use crate::layout::{BADGE, Lane, Layout, Line, LineKind, Sign, size};
use crate::model::{Model, Route};
use crate::theme::{self, Role, light};
use path::{Escaped, N, chain};

/// How a drawing is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SvgOptions {
    /// What its ids begin with. On one page, each drawing needs another.
    pub id_prefix: String,
    /// For a file of its own: with a background, in light colours.
    pub standalone: bool,
    /// The title, in place of the one that is made from the content.
    pub title: Option<String>,
}

impl Default for SvgOptions {
    fn default() -> Self {
        SvgOptions {
            id_prefix: "network".to_owned(),
            standalone: false,
            title: None,
        }
    }
}

/// The fonts of all text, and of addresses and ports.
const SANS: &str = "'Open Sans',Helvetica,Arial,'DejaVu Sans',sans-serif";
const MONO: &str = "Menlo,Consolas,'DejaVu Sans Mono',monospace";

/// Draws `layout`.
pub(crate) fn svg(
    model: &Model,
    layout: &Layout,
    options: &SvgOptions,
    title: &str,
    description: &str,
) -> String {
    let mut drawing = Drawing {
        model,
        layout,
        out: String::with_capacity(8 * 1024),
    };
    drawing.open(options, title, description);
    drawing.hosts();
    drawing.ways();
    drawing.lanes();
    drawing.cards();
    drawing.tags();
    drawing.traffic();
    drawing.pills();
    drawing.clients();
    drawing.texts();
    drawing.legend();
    drawing.out.push_str("</svg>");
    drawing.out
}

/// A drawing under way.
struct Drawing<'a> {
    model: &'a Model,
    layout: &'a Layout,
    out: String,
}

/// Appends to the drawing. Writing to a string can't fail.
macro_rules! put {
    ($drawing:expr, $($format:tt)*) => {{
        let _ = std::fmt::Write::write_fmt(&mut $drawing.out, format_args!($($format)*));
    }};
}
use put;

impl Drawing<'_> {
    fn open(&mut self, options: &SvgOptions, title: &str, description: &str) {
        let id = Escaped(&options.id_prefix);
        let (w, h) = (N(self.layout.width), N(self.layout.height));
        put!(
            self,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"nd\" role=\"img\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
             style=\"--w:{w}\" aria-labelledby=\"{id}-t {id}-d\" font-family=\"{SANS}\" font-size=\"{small}\">\
             <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
            Escaped(title),
            Escaped(description),
            small = size::SMALL,
        );
        if options.standalone {
            put!(
                self,
                "<rect class=\"n-page\" width=\"{w}\" height=\"{h}\" fill=\"{}\"/>",
                light(Role::Page)
            );
        }
    }

    fn hosts(&mut self) {
        put!(
            self,
            "<g class=\"n-panel\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\">",
            light(Role::Panel),
            light(Role::Rim)
        );
        for host in &self.layout.hosts {
            let r = host.rect;
            put!(
                self,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"10\"/>",
                N(r.x),
                N(r.y),
                N(r.w),
                N(r.h)
            );
        }
        self.out.push_str("</g>");
        put!(
            self,
            "<g class=\"n-icon\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\" stroke-linecap=\"round\">",
            light(Role::Ink)
        );
        for host in &self.layout.hosts {
            put!(
                self,
                "<path transform=\"translate({} {})\" d=\"{}\"/>",
                N(host.rect.x + 12.0),
                N(host.rect.y + 9.0),
                icons::SERVER
            );
        }
        self.out.push_str("</g>");
    }

    /// The ways from outside to published ports, where no traffic is drawn on them.
    fn ways(&mut self) {
        let layout = self.layout;
        let ways: Vec<&Line> = layout
            .lines
            .iter()
            .filter(|line| matches!(line.kind, LineKind::Way { .. }))
            .collect();
        if ways.is_empty() {
            return;
        }
        let quiet = light(Role::Quiet);
        put!(
            self,
            "<g class=\"n-way\" fill=\"none\" stroke=\"{quiet}\" stroke-width=\"1.75\"><path d=\""
        );
        for way in &ways {
            let d = chain(&traffic::shortened(way), &way.gaps);
            self.out.push_str(&d);
        }
        self.out.push_str("\"/>");
        let heads: String = ways
            .iter()
            .filter(|way| way.arrow)
            .map(|way| traffic::head(way))
            .collect();
        if !heads.is_empty() {
            put!(
                self,
                "<path class=\"n-head\" fill=\"{quiet}\" stroke=\"none\" d=\"{heads}\"/>"
            );
        }
        self.out.push_str("</g>");
    }

    /// The networks: lanes first, then what their stubs need to pass over them, then stubs and joins.
    fn lanes(&mut self) {
        let layout = self.layout;
        self.out
            .push_str("<g fill=\"none\" stroke-linecap=\"round\">");
        for (at, lane) in layout.lanes.iter().enumerate() {
            self.bus(at, lane);
        }
        self.halos();
        for at in 0..layout.lanes.len() {
            self.stubs(at);
        }
        self.out.push_str("</g>");
    }

    /// A lane's own line.
    fn bus(&mut self, at: usize, lane: &Lane) {
        let Some(bottom) = lane.bottom else { return };
        let n = at % theme::NETWORKS;
        let gaps: Vec<(usize, f64)> = lane.gaps.iter().map(|y| (0, *y)).collect();
        let bus = chain(
            &[(lane.x, lane.tag.pill.bottom() - 2.0), (lane.x, bottom)],
            &gaps,
        );
        let kind = &self.model.networks[lane.network].kind;
        put!(
            self,
            "<path class=\"b{n} c o{n}\" stroke=\"{}\" stroke-width=\"{}\" d=\"{bus}\"/>",
            theme::network(at),
            if kind.is_outside() { 6 } else { 5 },
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
    fn halos(&mut self) {
        let mut d = String::new();
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
                    && other.tag.pill.bottom() < *y
            };
            let over: Vec<f64> = self
                .layout
                .lanes
                .iter()
                .filter(crossed)
                .map(|other| other.x)
                .collect();
            if let (Some(first), Some(last)) = (over.first(), over.last()) {
                let _ = write!(d, "M{} {}h{}", N(first - 4.0), N(*y), N(last - first + 8.0));
            }
        }
        if !d.is_empty() {
            put!(
                self,
                "<path class=\"n-halo\" stroke=\"{}\" stroke-width=\"9\" stroke-linecap=\"butt\" d=\"{d}\"/>",
                light(Role::Panel)
            );
        }
    }

    /// A network's stubs, the plugs at its containers, and the joins.
    fn stubs(&mut self, at: usize) {
        let layout = self.layout;
        let n = at % theme::NETWORKS;
        let (mut stubs, mut plugs, mut dots) = (String::new(), String::new(), String::new());
        let mut last = None;
        for line in &layout.lines {
            match line.kind {
                LineKind::Stub { lane, .. } if lane == at => {}
                _ => continue,
            }
            let [(x1, y), (x2, _)] = line.points[..] else {
                continue;
            };
            stubs.push_str(&chain(&line.points, &line.gaps));
            let _ = write!(plugs, "M{} {}h4", N(x1), N(y));
            let _ = match last {
                None => write!(dots, "M{} {}h0", N(x2), N(y)),
                Some(before) => write!(dots, "m0 {}h0", N(y - before)),
            };
            last = Some(y);
        }
        if last.is_none() {
            return;
        }
        put!(
            self,
            "<g class=\"b{n} c o{n}\" stroke=\"{}\"><path stroke-width=\"2.25\" d=\"{stubs}\"/>",
            theme::network(at)
        );
        if layout.dense {
            put!(self, "<path stroke-width=\"9\" d=\"{dots}\"/></g>");
        } else {
            put!(
                self,
                "<path stroke-width=\"10\" stroke-linecap=\"butt\" d=\"{plugs}\"/><path stroke-width=\"9.5\" d=\"{dots}\"/>\
                 <path class=\"n-hole\" stroke=\"{}\" stroke-width=\"4.5\" d=\"{dots}\"/></g>",
                light(Role::Card)
            );
        }
    }

    /// The classes of what belongs to these lanes.
    fn classes(lanes: &[usize]) -> String {
        let mut classes = String::from("c");
        for lane in lanes {
            let _ = write!(classes, " o{}", lane % theme::NETWORKS);
        }
        if lanes.is_empty() {
            classes.push_str(" alone");
        }
        classes
    }

    /// A badge with a number.
    fn badge(&mut self, (x, y): (f64, f64), flow: usize) {
        let blocked = matches!(self.model.flows[flow].route, Route::Blocked(_));
        let (extra, role) = if blocked {
            (" n-stop", Role::Stop)
        } else {
            ("", Role::Flow)
        };
        put!(
            self,
            "<g stroke=\"none\" text-anchor=\"middle\" font-weight=\"700\"><circle class=\"n-fill{extra}\" cx=\"{x}\" cy=\"{y}\" r=\"{BADGE}\" fill=\"{}\"/>\
             <text class=\"n-on\" x=\"{x}\" y=\"{}\" fill=\"{}\">{}</text></g>",
            light(role),
            N(y + 4.2),
            light(Role::OnFill),
            flow + 1,
            x = N(x),
            y = N(y),
        );
    }

    fn legend(&mut self) {
        let layout = self.layout;
        if layout.legend.is_empty() {
            return;
        }
        let mut crosses = String::new();
        for entry in &layout.legend {
            let (x, y) = (6.0 + BADGE, entry.y - 4.0);
            match entry.sign {
                Sign::Step { flow } => self.badge((x, y), flow),
                Sign::NoWay => {
                    let _ = write!(crosses, "M{} {}{}", N(x), N(y), icons::CROSS);
                }
            }
        }
        if !crosses.is_empty() {
            put!(
                self,
                "<path class=\"n-stop\" fill=\"none\" stroke=\"{}\" stroke-width=\"2.5\" stroke-linecap=\"round\" d=\"{crosses}\"/>",
                light(Role::Stop)
            );
        }
        put!(self, "<g class=\"n-ink\" fill=\"{}\">", light(Role::Ink));
        for entry in &layout.legend {
            let mut y = entry.y;
            for (bold, rest) in &entry.lines {
                put!(
                    self,
                    "<text x=\"{}\" y=\"{}\">",
                    N(crate::layout::Entry::TEXT_X),
                    N(y)
                );
                if !bold.is_empty() {
                    put!(self, "<tspan font-weight=\"700\">{}</tspan>", Escaped(bold));
                    if !rest.is_empty() {
                        self.out.push(' ');
                    }
                }
                put!(self, "{}</text>", Escaped(rest));
                y += crate::layout::Entry::LINE;
            }
        }
        self.out.push_str("</g>");
    }
}

/// `text`, fit for HTML.
pub(crate) fn escaped(text: &str) -> String {
    Escaped(text).to_string()
}
