//! Where everything stands. Enter at [`layout`].
//!
//! One row per container; hosts are boxes around their rows; each network is a lane, a vertical line
//! to the right of the rows, with a stub to every container that is on it. Lanes of bridges lie inside
//! their host, all others to the right of the hosts. What is outside comes in from the left.
//!
//! First the slots of each row are listed (`slots`), then the columns get their places (`columns`),
//! then rows and titles (`rows`, `tags`), then lines (`lines`) and where they are broken (`gaps`).
//! All lengths are in pixels at the picture's natural size.

mod captions;
mod colours;
mod columns;
mod crowds;
mod gaps;
mod lanes;
mod legend;
mod lines;
mod rows;
mod slots;
mod tags;

use crate::model::Model;
use crowds::Rows;

pub(crate) use captions::{HOST_TEXT_X, STUB_STEP, stub_texts};
pub use colours::Palette;
pub(crate) use legend::{Entry, Sign};
pub(crate) use lines::{Line, LineKind};
pub(crate) use slots::{LeftSlot, PillPort, RightSlot, pill_height, pill_lines, pill_width};
pub(crate) use tags::BASELINE as TAG_BASELINE;

/// Sizes of text, in pixels. On a phone (344 px) a picture of 376 px or less shrinks none below 10.5.
pub(crate) mod size {
    /// Names of containers and hosts.
    pub(crate) const NAME: f64 = 13.5;
    /// Names of networks, numbers of steps.
    pub(crate) const TAG: f64 = 12.0;
    /// Everything else.
    pub(crate) const SMALL: f64 = 11.5;
}

/// Radius of a step's badge.
pub(crate) const BADGE: f64 = 8.5;
/// Room around the picture.
const FRAME: f64 = 6.0;
/// The picture isn't made narrower than this: legends need room.
const MIN_WIDTH: f64 = 330.0;
/// Wider than this, text on a phone gets too small.
pub(crate) const MAX_COMFORTABLE_WIDTH: f64 = 376.0;

/// A box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) w: f64,
    pub(crate) h: f64,
}

impl Rect {
    pub(crate) fn right(&self) -> f64 {
        self.x + self.w
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.y + self.h
    }
}

/// A container's card.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    /// The container, or the first of several that are drawn as one.
    pub(crate) container: usize,
    pub(crate) rect: Rect,
    pub(crate) name: Vec<String>,
    /// Whether the name stands in several lines for want of room.
    broken: bool,
    /// Small print below the name.
    pub(crate) notes: Vec<String>,
    pub(crate) kind: CardKind,
    /// Where its text begins.
    pub(crate) text_x: f64,
    /// The networks that the container is on, as indices into the lanes.
    pub(crate) lanes: Vec<usize>,
    /// Slots at its two sides, from top to bottom, `y` being the slot's line.
    pub(crate) left: Vec<slots::Placed<LeftSlot>>,
    pub(crate) right: Vec<slots::Placed<RightSlot>>,
}

/// How a card looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CardKind {
    Own,
    /// Joined to the card above it.
    Joined,
    /// It stands on the host's border.
    Host,
    /// On no network.
    Alone,
}

/// A network's line and title.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    pub(crate) network: usize,
    /// The host inside of which it lies.
    pub(crate) host: Option<usize>,
    /// Which of the networks' colours it has.
    pub(crate) colour: usize,
    /// How many flows run beside it, at most.
    tracks: usize,
    /// Whether its title stands at the top; else it stands at the first stub, where the lane begins.
    pub(crate) titled: bool,
    /// Its place among the lines from left to right; those that share a column lie one below the other.
    column: usize,
    /// The rows along which it runs, the first and the last.
    rows: (usize, usize),
    pub(crate) x: f64,
    /// Where it begins: below its title, or at its first stub.
    pub(crate) top: f64,
    pub(crate) tag: tags::Tag,
    /// The last stub's `y`; `None` without members.
    pub(crate) bottom: Option<f64>,
    /// Where it is interrupted because something else crosses it.
    pub(crate) gaps: Vec<f64>,
}

/// A client's sign.
#[derive(Clone, Debug)]
pub(crate) struct ClientBox {
    /// `None` for "outside", which is there if ports are published and nobody is named.
    pub(crate) client: Option<usize>,
    pub(crate) rect: Rect,
    pub(crate) label: Vec<String>,
}

/// A host's box.
#[derive(Clone, Debug)]
pub(crate) struct HostBox {
    pub(crate) host: usize,
    pub(crate) rect: Rect,
    /// The lines of its name.
    pub(crate) name: Vec<String>,
    /// Whether the address stands on the name's last line, or on a line of its own.
    pub(crate) address_beside: bool,
}

/// A whole picture.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) hosts: Vec<HostBox>,
    pub(crate) cards: Vec<Card>,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) clients: Vec<ClientBox>,
    pub(crate) lines: Vec<Line>,
    pub(crate) legend: Vec<Entry>,
    pub(crate) border: f64,
    pub(crate) dense: bool,
    /// The widest line at a stub.
    pub(crate) stub_width: f64,
}

/// More containers than this are drawn closer together, and crowds of them as one.
const MANY: usize = 14;
/// The widest line of a list of names.
const CROWD_WIDTH: f64 = 190.0;
/// The widest line of a container's name: the first of these with which the picture fits a phone.
const NAME_WIDTHS: [f64; 4] = [220.0, 170.0, 128.0, 90.0];
/// The widest that a page of 700 pixels shows whole, with no text under 10.5.
const MAX_PAGE_WIDTH: f64 = 764.0;

/// How much room things get.
#[derive(Clone, Copy, Debug)]
struct Style {
    /// Many rows or lanes: everything a bit smaller and plainer.
    dense: bool,
    /// The widest line of a container's name.
    name_width: f64,
    /// Where a name would be broken within a word, the cards grow, to lines of this width at most.
    word_width: f64,
    /// The widest line at a stub.
    stub_width: f64,
    /// The distance of lanes.
    lane_gap: f64,
    /// Whether a network of a host whose first member is far down begins there.
    late: bool,
}

impl Style {
    fn of(model: &Model, name_width: f64) -> Style {
        let dense = model.containers.len() > MANY || model.networks.len() > 6;
        Style {
            dense,
            name_width,
            word_width: 260.0,
            stub_width: 150.0,
            lane_gap: if dense { 13.0 } else { 20.0 },
            late: true,
        }
    }

    /// For what would be wider than a page: words are broken, and dots just don't touch the next line.
    fn tight(self) -> Style {
        Style {
            word_width: 122.0,
            stub_width: 92.0,
            lane_gap: 8.0,
            ..self
        }
    }
}

/// Lays `model` out; networks that the palette knows have their colours.
pub(crate) fn layout(model: &Model, palette: &Palette) -> Layout {
    let with = |name_width: f64| with_style(model, Style::of(model, name_width), palette);
    let [longer @ .., usual, narrow] = NAME_WIDTHS;
    let layout = with(usual);
    if layout.width <= MAX_COMFORTABLE_WIDTH {
        if layout.cards.iter().all(|card| !card.broken) {
            return layout;
        }
        // No name is broken while there is room.
        let mut longer = longer.into_iter().map(with);
        let fitting = longer.find(|layout| layout.width <= MAX_COMFORTABLE_WIDTH);
        return fitting.unwrap_or(layout);
    }
    let layout = with(narrow);
    if layout.width <= MAX_PAGE_WIDTH {
        return layout;
    }
    with_style(model, Style::of(model, narrow).tight(), palette)
}

/// Networks whose first members are far down begin there, if that makes the picture no wider: what a title says takes
/// room at the stub.
fn with_style(model: &Model, style: Style, palette: &Palette) -> Layout {
    let layout = placed(model, style, palette);
    if layout.lanes.iter().all(|lane| lane.titled) {
        return layout;
    }
    let late = false;
    let titled = placed(model, Style { late, ..style }, palette);
    if titled.width < layout.width {
        titled
    } else {
        layout
    }
}

fn placed(model: &Model, style: Style, palette: &Palette) -> Layout {
    let rows = Rows::of(model, model.containers.len() > MANY);
    let mut lanes = lanes::order(model, &rows);
    let mut cards = rows::cards(model, &lanes, &rows, style);
    // The column is as wide as its widest card: in all others, too, names may be so long.
    let name_width = columns::text_width(&cards);
    if name_width > style.name_width {
        cards = rows::cards(
            model,
            &lanes,
            &rows,
            Style {
                name_width,
                ..style
            },
        );
    }
    lanes::begin_late(&mut lanes, &cards);
    colours::assign(model, &mut lanes, palette);
    let tracks = lanes::Tracks::assign(model, &mut lanes, &cards, &rows);
    let columns = columns::Columns::new(model, &mut lanes, &cards, &tracks, style);
    let (hosts, clients, rows_bottom) =
        rows::place(model, &columns, &mut lanes, &mut cards, style.dense);
    let mut lines = lines::lines(model, &columns, &lanes, (&cards, &rows), &clients, &tracks);
    gaps::cut(&mut lines, &mut lanes);
    let legend = legend::legend(model, columns.width, rows_bottom);
    let bottom = legend.last().map_or(rows_bottom, Entry::bottom);
    Layout {
        width: columns.width.ceil(),
        height: (bottom + FRAME).ceil(),
        hosts,
        cards,
        lanes,
        clients,
        lines,
        legend,
        border: columns.border,
        dense: style.dense,
        stub_width: style.stub_width,
    }
}
