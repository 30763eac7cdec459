//! The titles of the networks: a staircase above the rows, so that no lane crosses a title.

use super::{Lane, Rect, size};
use crate::measure::{Face, width, wrap};
use crate::model::{Network, NetworkKind};

/// The widest line of a network's name.
const MAX_NAME: f64 = 170.0;
/// How far a title reaches over its lane's middle.
pub(super) const OVERHANG: f64 = 6.0;
/// Room between the name and what stands beside it.
const GAP: f64 = 8.0;
/// From the top of the box around a name to the baseline of its first line.
pub(crate) const BASELINE: f64 = 14.0;
/// Room of the lock that says "internal".
const LOCK: f64 = 14.0;

/// A network's title.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    /// The box around the name.
    pub(crate) pill: Rect,
    pub(crate) name: Vec<String>,
    /// Whether a lock is shown.
    pub(crate) locked: bool,
    /// Driver, subnets and so on, in lines that end at `details_right`.
    pub(crate) details: Vec<String>,
    pub(crate) details_right: f64,
    /// The baseline of the first line of details.
    pub(crate) details_y: f64,
    /// The same, not yet in lines.
    parts: Vec<String>,
}

impl Tag {
    /// The title of `network`, not placed yet.
    pub(super) fn new(network: &Network, unused: bool) -> Tag {
        let name = format!("{}{}", network.mark.sign(), network.name);
        let name = wrap(&name, Face::Bold, size::TAG, MAX_NAME);
        let widest = name.iter().map(|line| width(line, Face::Bold, size::TAG));
        let lock = if network.internal { LOCK } else { 0.0 };
        Tag {
            pill: Rect {
                w: widest.fold(0.0, f64::max).ceil() + 16.0 + lock,
                h: lines_high(name.len()) + 5.0,
                ..Rect::default()
            },
            name,
            locked: network.internal,
            details: Vec::new(),
            details_right: 0.0,
            details_y: 0.0,
            parts: parts(network, unused),
        }
    }

    /// The width of name and details in one row.
    pub(super) fn full_width(&self) -> f64 {
        self.pill.w + GAP + width(&self.parts.join(" · "), Face::Mono, size::SMALL)
    }

    /// The least width: the widest of what can't be broken.
    pub(super) fn least_width(&self) -> f64 {
        self.parts
            .iter()
            .map(|part| width(part, Face::Mono, size::SMALL) + OVERHANG + GAP)
            .fold(self.pill.w, f64::max)
    }

    /// Places the title with its top at `y`, above a lane at `x`, from `left` on. Returns its height.
    pub(super) fn place(&mut self, x: f64, y: f64, left: f64) -> f64 {
        self.pill.x = x + OVERHANG - self.pill.w;
        self.pill.y = y;
        let joined = self.parts.join(" · ");
        if x + OVERHANG - left >= self.full_width() {
            self.details = vec![joined];
            self.details_right = self.pill.x - GAP;
            self.details_y = y + BASELINE;
            return self.pill.h;
        }
        self.details_right = x - GAP;
        self.details_y = y + self.pill.h + 13.0;
        self.details = detail_lines(&self.parts, self.details_right - left);
        self.pill.h + lines_high(self.details.len()) + 2.0
    }

    /// The left end of all of it.
    pub(super) fn left(&self) -> f64 {
        self.details
            .iter()
            .map(|line| self.details_right - width(line, Face::Mono, size::SMALL))
            .fold(self.pill.x, f64::min)
    }
}

fn lines_high(lines: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let lines = lines as f64;
    lines * 14.0
}

/// What is said beside a name, in lines of at most `room` that break between its parts.
pub(super) fn detail_lines(parts: &[String], room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let longer = match lines.last() {
            Some(line) => format!("{line} · {part}"),
            None => part.clone(),
        };
        let fits = width(&longer, Face::Mono, size::SMALL) <= room;
        match lines.last_mut() {
            Some(line) if fits => *line = longer,
            _ => lines.push(part.clone()),
        }
    }
    lines
}

/// What is said of a network beside its name.
pub(super) fn parts(network: &Network, unused: bool) -> Vec<String> {
    let mut parts = Vec::new();
    match &network.kind {
        NetworkKind::DefaultBridge => {
            parts.push("default bridge".to_owned());
            parts.push("no names".to_owned());
        }
        kind if network.external && *kind == NetworkKind::Bridge => {}
        kind => parts.push(kind.driver().to_owned()),
    }
    parts.extend(network.subnets.iter().map(ToString::to_string));
    if network.subnet_unknown {
        parts.push("subnet ?".to_owned());
    }
    if !network.driver_known && !network.external {
        parts.push("kind not known".to_owned());
    }
    if network.external && network.kind != NetworkKind::DefaultBridge {
        parts.push("external".to_owned());
    }
    if network.internal {
        parts.push("internal".to_owned());
    }
    if unused {
        parts.push("unused".to_owned());
    }
    parts
}

/// Places the titles of `lanes` (those of one host, or those outside) from `y` down, the rightmost
/// highest. Returns the `y` below the last. A lane that begins further down has none.
pub(super) fn staircase<'a>(
    lanes: impl DoubleEndedIterator<Item = &'a mut Lane>,
    mut y: f64,
    left: f64,
) -> f64 {
    for lane in lanes.rev().filter(|lane| lane.titled) {
        let x = lane.x;
        y += lane.tag.place(x, y, left) + 4.0;
    }
    y
}
