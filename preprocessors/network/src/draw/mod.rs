//! From a layout to SVG. Enter at [`svg`].
//!
//! Everything is on one line. Colours are attributes; classes let the page's stylesheet put its own in
//! their place. What belongs to the network of lane 3 has the class `o3`, or `b3` or `f3` if its line or
//! fill has the network's colour, too; what belongs to none is `alone`. These are all that pointing at
//! something needs.

mod cards;
mod elements;
mod icons;
mod labels;
mod lanes;
mod path;
mod traffic;

use crate::layout::{BADGE, Entry, Layout, Line, LineKind, Palette, Sign, size};
use crate::model::Model;
use crate::theme::{Role, light, width_class};
use elements::rect;
use path::{Escaped, N, Pen};

/// How a drawing is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SvgOptions {
    /// What its ids begin with. On one page, each drawing needs another.
    pub id_prefix: String,
    /// For a file of its own: with a background, in light colours.
    pub standalone: bool,
    /// The title, in place of the one that is made from the content.
    pub title: Option<String>,
    /// The colours that networks have in other drawings of the same page.
    pub palette: Palette,
}

impl Default for SvgOptions {
    fn default() -> Self {
        SvgOptions {
            id_prefix: "network".to_owned(),
            standalone: false,
            title: None,
            palette: Palette::default(),
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
    drawing.small_print();
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
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"nd {wide}\" role=\"img\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
             aria-labelledby=\"{id}-t {id}-d\" fill=\"{ink}\" font-family=\"{SANS}\" font-size=\"{small}\">\
             <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
            Escaped(title),
            Escaped(description),
            ink = light(Role::Ink),
            small = size::SMALL,
            wide = width_class(self.layout.width),
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
        let panel = format!(
            " class=\"n-panel\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"",
            light(Role::Panel),
            light(Role::Rim)
        );
        let boxes = self.layout.hosts.iter().map(|host| rect(host.rect, 10.0));
        self.grouped([(panel, boxes.collect())].into_iter());
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
        let (mut shafts, mut tips) = (Pen::default(), Pen::default());
        for way in ways {
            shafts.chain(&traffic::shortened(way), &way.gaps);
            if way.arrow {
                traffic::head(&mut tips, way);
            }
        }
        let quiet = light(Role::Quiet);
        put!(
            self,
            "<g class=\"n-way\" fill=\"{quiet}\" stroke=\"{quiet}\" stroke-width=\"1.75\"><path fill=\"none\" d=\"{}\"/>",
            shafts.d()
        );
        if !tips.is_empty() {
            put!(self, "<path stroke=\"none\" d=\"{}\"/>", tips.d());
        }
        self.out.push_str("</g>");
    }

    fn legend(&mut self) {
        let layout = self.layout;
        if layout.legend.is_empty() {
            return;
        }
        let (mut discs, mut numbers, mut crosses) = (Vec::new(), String::new(), Pen::default());
        for entry in &layout.legend {
            let place = (6.0 + BADGE, entry.y - 4.0);
            match entry.sign {
                Sign::Step { flow } => {
                    let blocked = self.model.flows[flow].route.is_err();
                    let (class, role) = if blocked {
                        ("n-barred", Role::Stop)
                    } else {
                        ("n-step", Role::Flow)
                    };
                    let fill = format!(" class=\"{class}\" fill=\"{}\"", light(role));
                    discs.push((fill, vec![traffic::disc(place)]));
                    numbers.push_str(&traffic::number(place, flow, ""));
                }
                Sign::NoWay => crosses.cross(place),
                Sign::Change => {}
            }
        }
        self.grouped(discs.into_iter());
        if !numbers.is_empty() {
            let on = traffic::on_fill();
            put!(
                self,
                "<g{on} text-anchor=\"middle\" font-weight=\"700\">{numbers}</g>"
            );
        }
        if !crosses.is_empty() {
            put!(
                self,
                "<path class=\"n-stop\" stroke=\"{}\" stroke-width=\"2.5\" stroke-linecap=\"round\" d=\"{}\"/>",
                light(Role::Stop),
                crosses.d()
            );
        }
        for entry in &layout.legend {
            let mut y = entry.y;
            for (bold, rest) in &entry.lines {
                put!(self, "<text x=\"{}\" y=\"{}\">", N(Entry::TEXT_X), N(y));
                if !bold.is_empty() {
                    put!(self, "<tspan font-weight=\"700\">{}</tspan>", Escaped(bold));
                    if !rest.is_empty() {
                        self.out.push(' ');
                    }
                }
                put!(self, "{}</text>", Escaped(rest));
                y += Entry::LINE;
            }
        }
    }
}

/// `text`, fit for HTML.
pub(crate) fn escaped(text: &str) -> String {
    Escaped(text).to_string()
}
