//! Containers: cards that look a little like what they are named after.

use super::elements::{Sharing, class, classed, lines, rect};
use super::path::{N, Pen};
use super::{Drawing, put};
use crate::layout::{Card, CardKind, Layout, Rect, size};
use crate::model::Mark;
use crate::theme::{Role, light};

/// From line to line of a name, and of small print.
const NAME_STEP: f64 = 16.0;
const NOTE_STEP: f64 = 14.0;

impl Drawing<'_> {
    /// The cards, each with its shadow, ribs and text; with them the hosts' names.
    pub(super) fn cards(&mut self) {
        let layout = self.layout;
        let cards = &layout.cards;
        let dense = self.layout.dense;
        if !dense {
            self.shadows();
        }
        // Most cards stand in one column, and their names in another: the groups are moved there.
        let left = cards.first().map_or(0.0, |card| card.rect.x);
        put!(
            self,
            "<g class=\"n-card\" transform=\"translate({})\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.4\">",
            N(left),
            light(Role::Card),
            light(Role::Edge)
        );
        let boxes: Vec<Sharing> = cards.iter().map(|card| self.card(card, left)).collect();
        self.grouped(boxes.into_iter());
        self.out.push_str("</g>");
        if !dense {
            self.ribs();
        }
        let left = cards.first().map_or(0.0, |card| card.text_x);
        put!(
            self,
            "<g transform=\"translate({})\" font-weight=\"700\" font-size=\"{}\">",
            N(left),
            size::NAME
        );
        self.host_names(left);
        self.grouped(cards.iter().map(|card| name(layout, card, left)));
        self.out.push_str("</g>");
        if cards.iter().any(|card| !card.notes.is_empty()) {
            put!(
                self,
                "<g class=\"n-quiet\" fill=\"{}\">",
                light(Role::Quiet)
            );
            let noted = cards.iter().filter(|card| !card.notes.is_empty());
            self.grouped(noted.map(|card| notes(layout, card)));
            self.out.push_str("</g>");
        }
    }

    /// What lifts the cards off their host: a soft edge below each, one path for all.
    fn shadows(&mut self) {
        let mut edges = Pen::default();
        for card in &self.layout.cards {
            let (r, y) = (card.rect, card.rect.bottom() + 0.5);
            edges.between((r.x + 5.0, y), (r.right() - 5.0, y));
        }
        if edges.is_empty() {
            return;
        }
        put!(
            self,
            "<path stroke=\"#000\" stroke-opacity=\".13\" stroke-width=\"5\" stroke-linecap=\"round\" d=\"{}\"/>",
            edges.d()
        );
    }

    /// A card's box, in a group that is moved by `left`.
    fn card(&self, card: &Card, left: f64) -> Sharing {
        // The border between joined ones is an open one: they share what is inside.
        let (inset, dashes) = match card.kind {
            CardKind::Joined => (4.0, " stroke-dasharray=\"4 3\""),
            CardKind::Alone => (0.0, " stroke-dasharray=\"2 3\""),
            CardKind::Own | CardKind::Host => (0.0, ""),
        };
        let gone = self.model.containers[card.container].mark == Mark::Went;
        let waits = gone || !self.model.containers[card.container].waits_for.is_empty();
        let dashes = if waits {
            " stroke-dasharray=\"7 4\""
        } else {
            dashes
        };
        let mut classes = class(self.layout, &card.lanes);
        let mut fill = String::new();
        if self.model.in_host_mode(card.container) {
            classes.push_str(" n-host");
            fill = format!(" fill=\"{}\"", light(Role::HostCard));
        }
        let marked = match self.model.containers[card.container].mark {
            Mark::Same => None,
            Mark::Came => Some(("n-came", Role::Came)),
            Mark::Went => Some(("n-gone", Role::Stop)),
            Mark::Changed => Some(("n-changed", Role::Flow)),
        };
        if let Some((class, role)) = marked {
            classes.push(' ');
            classes.push_str(class);
            fill.push_str(&format!(" stroke=\"{}\" stroke-width=\"2.5\"", light(role)));
        }
        let r = Rect {
            x: card.rect.x - left + inset,
            w: card.rect.w - 2.0 * inset,
            ..card.rect
        };
        (classed(&classes) + &fill + dashes, vec![rect(r, 6.0)])
    }

    /// Two ribs at each card's left, as on the side of a shipping container.
    fn ribs(&mut self) {
        let mut ribs = Pen::default();
        // A card that stands on the border has its ports there.
        for card in self
            .layout
            .cards
            .iter()
            .filter(|c| c.kind != CardKind::Host || c.left.is_empty())
        {
            let r = card.rect;
            let joined = card.kind == CardKind::Joined;
            let x = r.x + if joined { 11.0 } else { 7.0 };
            for x in [x, x + 4.5] {
                ribs.between((x, r.y + 7.0), (x, r.bottom() - 7.0));
            }
        }
        if ribs.is_empty() {
            return;
        }
        put!(
            self,
            "<path class=\"n-ribs\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" stroke-linecap=\"round\" d=\"{}\"/>",
            light(Role::Rim),
            ribs.d()
        );
    }
}

/// Where a card's name and its small print begin, which stand in the card's middle together.
#[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
fn tops(card: &Card) -> (f64, f64) {
    let names = card.name.len() as f64 * NAME_STEP;
    let notes = card.notes.len() as f64 * NOTE_STEP;
    let top = card.rect.y + (card.rect.h - names - notes) / 2.0;
    (top, top + names)
}

/// A card's name, in a group that is moved by `left`. Its baseline is a whole number: nobody sees tenths.
fn name(layout: &Layout, card: &Card, left: f64) -> Sharing {
    let y = (tops(card).0 + 12.7).round();
    (
        classed(&class(layout, &card.lanes)),
        lines(card.text_x - left, y, NAME_STEP, &card.name),
    )
}

/// A card's small print.
fn notes(layout: &Layout, card: &Card) -> Sharing {
    let y = tops(card).1 + 10.5;
    (
        classed(&class(layout, &card.lanes)),
        lines(card.text_x, y, NOTE_STEP, &card.notes),
    )
}
