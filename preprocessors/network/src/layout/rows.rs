//! Cards, hosts and who is outside, from top to bottom. Enter at [`cards`], then at [`place`].

use super::captions::{Naming, host_header, text_x};
use super::columns::Columns;
use super::crowds::Rows;
use super::slots::{self, RightSlot, needed, spread};
use super::{
    CROWD_WIDTH, Card, CardKind, ClientBox, FRAME, HostBox, Lane, Rect, Style, size, tags,
};
use crate::measure::{Face, widest_piece, width, wrap, wrap_list};
use crate::model::{Container, Model, Stack};

/// So far below its title, or the last time that it was named, a lane is named again, in pixels.
const OUT_OF_SIGHT: f64 = 420.0;

/// The cards of all rows, with their slots and heights, stacked from 0 down.
pub(super) fn cards(model: &Model, lanes: &[Lane], rows: &Rows, style: Style) -> Vec<Card> {
    let mut y = 0.0;
    let mut cards = Vec::with_capacity(rows.rows.len());
    // Where each lane's name was last read, and which have members already.
    let mut named: Vec<f64> = vec![0.0; lanes.len()];
    let mut begun = vec![false; lanes.len()];
    let mut host = 0;
    for containers in &rows.rows {
        let here = model.containers[containers[0]].host;
        if here != host {
            host = here;
            let titles = lanes.iter().zip(&mut named);
            titles
                .filter(|(lane, _)| lane.host == Some(host))
                .for_each(|(_, read)| *read = y);
        }
        let naming = |lane: usize| match y - named[lane] > OUT_OF_SIGHT {
            false => Naming::Nothing,
            true if style.late && !begun[lane] && lanes[lane].host.is_some() => Naming::Title,
            true => Naming::Name,
        };
        let mut card = card(model, lanes, containers, style, &naming);
        let joined = card.kind == CardKind::Joined;
        y += if joined { 0.0 } else { gap(style.dense) };
        card.rect.y = y;
        y += card.rect.h;
        for slot in &card.right {
            let RightSlot::Stub { lane, naming, .. } = slot.what else {
                continue;
            };
            begun[lane] = true;
            if naming != Naming::Nothing {
                named[lane] = y;
            }
        }
        cards.push(card);
    }
    cards
}

fn gap(dense: bool) -> f64 {
    if dense { 5.0 } else { 10.0 }
}

/// The card of a row; `naming` tells what of the lanes' titles stands there.
fn card(
    model: &Model,
    lanes: &[Lane],
    containers: &[usize],
    style: Style,
    naming: &dyn Fn(usize) -> Naming,
) -> Card {
    let at = containers[0];
    let container = &model.containers[at];
    let dense = style.dense;
    let kind = match &container.stack {
        Stack::Own | Stack::Elsewhere(_) | Stack::Unknown(_) => CardKind::Own,
        Stack::None => CardKind::Alone,
        Stack::Host => CardKind::Host,
        Stack::Of(_) => CardKind::Joined,
    };
    let mut right = slots::right(model, lanes, at, naming, style.stub_width);
    let mut left = slots::left(model, lanes, at);
    let (name, notes) = text(model, containers, style);
    let text = lines_high(name.len(), 16.0) + lines_high(notes.len(), 14.0);
    let padding = if dense { 6.0 } else { 12.0 };
    let least = if dense { 27.0 } else { 36.0 };
    let height = (text + padding)
        .max(needed(&right) + 4.0)
        .max(needed(&left) + 4.0)
        .max(least)
        .ceil();
    spread(&mut right, height);
    spread(&mut left, height);
    let interfaces = model.interfaces(at);
    let on = |lane: &Lane| interfaces.iter().any(|i| i.network == lane.network);
    Card {
        container: at,
        rect: Rect {
            h: height,
            ..Rect::default()
        },
        broken: containers.len() == 1 && name.len() > 1,
        name,
        notes,
        kind,
        text_x: 0.0,
        lanes: (0..lanes.len()).filter(|lane| on(&lanes[*lane])).collect(),
        left,
        right,
    }
}

/// What stands in the card of a row: the name, or names, and the small print.
fn text(model: &Model, containers: &[usize], style: Style) -> (Vec<String>, Vec<String>) {
    let container = &model.containers[containers[0]];
    let name = |c: &usize| {
        let container = &model.containers[*c];
        format!("{}{}", container.mark.sign(), container.name)
    };
    let names: Vec<String> = containers.iter().map(name).collect();
    let word = |name: &String| widest_piece(name, Face::Bold, size::NAME);
    let widest = names
        .iter()
        .map(word)
        .fold(0.0, f64::max)
        .min(style.word_width);
    if names.len() == 1 {
        let room = style.name_width.max(widest);
        let name = wrap(&names[0], Face::Bold, size::NAME, room);
        return (name, notes(model, container, room));
    }
    // As wide as its longest name, so that only what is longer still is broken.
    let whole = |name: &String| width(&format!("{name},"), Face::Bold, size::NAME);
    let longest = names.iter().map(whole).fold(CROWD_WIDTH, f64::max);
    let most = CROWD_WIDTH.max(style.word_width);
    let room = longest.min(most);
    let lines = wrap_list(&names, ",", Face::Bold, size::NAME, room);
    let lines = lines
        .iter()
        .flat_map(|line| wrap(line, Face::Bold, size::NAME, most));
    let mut notes = vec![format!("{} containers", names.len())];
    notes.extend(profiles(container));
    notes.extend(on_hidden(model, container));
    (lines.collect(), notes)
}

/// What a card says of the profiles that its containers wait for.
fn profiles(container: &Container) -> Option<String> {
    let profiles = &container.waits_for;
    (!profiles.is_empty()).then(|| format!("profile {}", profiles.join(", ")))
}

/// What a card says of networks that are left out of the picture.
fn on_hidden(model: &Model, container: &Container) -> Option<String> {
    let hidden = container
        .interfaces
        .iter()
        .map(|i| &model.networks[i.network]);
    let names: Vec<&str> = hidden
        .filter(|n| n.hidden)
        .map(|n| n.name.as_str())
        .collect();
    (!names.is_empty()).then(|| format!("on {}", names.join(", ")))
}

/// The small print of a card: whose network it uses, if not its own, and where it listens.
fn notes(model: &Model, container: &Container, width: f64) -> Vec<String> {
    let text = match &container.stack {
        Stack::Own => String::new(),
        Stack::None => "no network".to_owned(),
        Stack::Host => "host network".to_owned(),
        Stack::Of(owner) => format!("in {}'s network", model.containers[*owner].name),
        Stack::Elsewhere(other) => format!("in the network of {other}"),
        Stack::Unknown(written) => format!("network not known: {written}"),
    };
    let said = [
        Some(text).filter(|text| !text.is_empty()),
        profiles(container),
        on_hidden(model, container),
    ];
    let said = said.iter().flatten();
    let mut lines: Vec<String> = said
        .flat_map(|text| wrap(text, Face::Sans, size::SMALL, width))
        .collect();
    // Where arrows and pills don't show it already.
    if container.stack != Stack::Host && !container.listens.is_empty() {
        let told = |port: u16| {
            model.flows.iter().any(|f| {
                f.port.is_some_and(|(p, _)| p == port) && model.end_name(f.to) == container.name
            }) || container
                .ports
                .iter()
                .any(|p| p.target.is_some_and(|t| t.contains(port)))
        };
        let ports: Vec<String> = container
            .listens
            .iter()
            .filter(|(ports, _)| !told(ports.first))
            .map(|(ports, protocol)| format!(":{ports}{}", protocol.suffix()))
            .collect();
        if !ports.is_empty() {
            lines.extend(wrap_list(&ports, "", Face::Sans, size::SMALL, width));
        }
    }
    lines
}

#[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
fn lines_high(lines: usize, height: f64) -> f64 {
    lines as f64 * height
}

/// Gives every card, title, host and client its place. Returns the hosts, the clients and the `y`
/// below all of them.
pub(super) fn place(
    model: &Model,
    columns: &Columns,
    lanes: &mut [Lane],
    cards: &mut [Card],
    dense: bool,
) -> (Vec<HostBox>, Vec<ClientBox>, f64) {
    let clients = place_clients(model, columns);
    let mut y = place_outside(lanes, columns, &clients);
    let mut hosts = Vec::with_capacity(model.hosts.len());
    for (at, host) in model.hosts.iter().enumerate() {
        let top = y;
        let (name, address_beside) = host_header(host);
        y += lines_high(name.len() + usize::from(!address_beside), 16.0) + 16.0;
        let here = lanes.iter_mut().filter(|lane| lane.host == Some(at));
        y = tags::staircase(here, y, columns.border + 10.0);
        y += if dense { 2.0 } else { 4.0 };
        let here = |card: &&mut Card| model.containers[card.container].host == at;
        for card in cards.iter_mut().filter(here) {
            y = place_card(model, columns, card, y, dense);
        }
        y += if dense { 8.0 } else { 12.0 };
        hosts.push(HostBox {
            host: at,
            rect: Rect {
                x: columns.border,
                y: top,
                w: columns.host_right - columns.border,
                h: y - top,
            },
            name,
            address_beside,
        });
        y += 14.0;
    }
    set_lane_ends(lanes, cards);
    (hosts, clients, y - 14.0)
}

/// Gives the titles of the lanes outside of all hosts their places: beside the clients, if there is room, else below
/// them. Returns the `y` below both.
fn place_outside(lanes: &mut [Lane], columns: &Columns, clients: &[ClientBox]) -> f64 {
    let clients_bottom = clients.last().map_or(FRAME, |c| c.rect.bottom() + 14.0);
    let clients_right = clients.iter().map(|c| c.rect.right()).fold(0.0, f64::max);
    let left = lanes
        .iter()
        .find(|l| l.host.is_none())
        .map_or(0.0, |l| columns.tag_left(l));
    let outside = |lanes: &mut [Lane], y: f64| {
        tags::staircase(lanes.iter_mut().filter(|l| l.host.is_none()), y, left)
    };
    let mut titles_bottom = outside(lanes, FRAME);
    let titles_left = lanes
        .iter()
        .filter(|l| l.host.is_none() && l.titled)
        .map(|l| l.tag.left())
        .fold(f64::INFINITY, f64::min);
    if !clients.is_empty() && titles_left < clients_right + 12.0 {
        titles_bottom = outside(lanes, clients_bottom - 6.0);
    }
    let has_outside = titles_left.is_finite();
    clients_bottom.max(if has_outside {
        titles_bottom + 4.0
    } else {
        FRAME
    })
}

/// Gives a card its place below `y`; returns the `y` below it.
fn place_card(model: &Model, columns: &Columns, card: &mut Card, y: f64, dense: bool) -> f64 {
    let joined = card.kind == CardKind::Joined;
    let at_border = model.in_host_mode(card.container);
    card.rect.x = if at_border {
        columns.border
    } else {
        columns.card_x
    };
    card.rect.w = columns.card_x + columns.card_w - card.rect.x;
    card.text_x = match card.kind {
        // Its left end is the host's border, where ports are.
        _ if at_border => columns.card_x,
        CardKind::Joined => card.rect.x + text_x(dense) + 4.0,
        _ => card.rect.x + text_x(dense),
    };
    card.rect.y = if joined { y } else { y + gap(dense) };
    card.rect.bottom()
}

fn place_clients(model: &Model, columns: &Columns) -> Vec<ClientBox> {
    let mut y = FRAME;
    let mut boxes = Vec::new();
    for rails in &columns.rails {
        let label = match rails.client.map(|c| &model.clients[c]) {
            None => vec!["outside".to_owned()],
            Some(client) => {
                let mut lines = wrap(&client.name, Face::Bold, size::TAG, 150.0);
                lines.extend(client.address.clone());
                lines
            }
        };
        let widest = label
            .iter()
            .map(|line| width(line, Face::Bold, size::TAG))
            .fold(0.0, f64::max);
        let rect = Rect {
            x: rails.inwards - 14.0,
            y,
            w: (widest + 42.0)
                .ceil()
                .max(rails.outwards - rails.inwards + 28.0),
            h: lines_high(label.len(), 15.0) + 11.0,
        };
        y = rect.bottom() + 6.0;
        boxes.push(ClientBox {
            client: rails.client,
            rect,
            label,
        });
    }
    boxes
}

fn set_lane_ends(lanes: &mut [Lane], cards: &[Card]) {
    for (at, lane) in lanes.iter_mut().enumerate() {
        let stubs = cards.iter().flat_map(|card| {
            card.right.iter().filter_map(move |slot| match slot.what {
                slots::RightSlot::Stub { lane, .. } if lane == at => Some(card.rect.y + slot.y),
                _ => None,
            })
        });
        let stubs: Vec<f64> = stubs.collect();
        lane.bottom = stubs.iter().copied().reduce(f64::max);
        lane.top = match lane.titled {
            true => lane.tag.pill.bottom(),
            false => stubs.into_iter().fold(f64::INFINITY, f64::min),
        };
    }
}
