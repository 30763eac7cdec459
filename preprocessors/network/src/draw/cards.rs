//! Containers: cards that look a little like what they are named after.

use std::fmt::Write as _;

use super::path::{Escaped, N};
use super::{Drawing, put};
use crate::layout::{Card, CardKind, Rect, size};
use crate::theme::{Role, light};

impl Drawing<'_> {
    /// The cards, each with its shadow and ribs.
    pub(super) fn cards(&mut self) {
        let layout = self.layout;
        if layout.cards.is_empty() {
            return;
        }
        self.shadows();
        put!(
            self,
            "<g class=\"n-card\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.4\">",
            light(Role::Card),
            light(Role::Edge)
        );
        for card in &layout.cards {
            self.card(card);
        }
        self.out.push_str("</g>");
        if !layout.dense {
            self.ribs();
        }
        put!(
            self,
            "<g class=\"n-ink\" fill=\"{}\" font-weight=\"700\" font-size=\"{}\">",
            light(Role::Ink),
            size::NAME
        );
        for card in &layout.cards {
            self.card_text(card, true);
        }
        self.out.push_str("</g>");
        if layout.cards.iter().any(|card| !card.notes.is_empty()) {
            put!(
                self,
                "<g class=\"n-quiet\" fill=\"{}\">",
                light(Role::Quiet)
            );
            for card in &layout.cards {
                self.card_text(card, false);
            }
            self.out.push_str("</g>");
        }
    }

    /// What lifts the cards off their host: a soft edge below each, one path for all.
    fn shadows(&mut self) {
        if self.layout.dense {
            return;
        }
        let mut d = String::new();
        for card in &self.layout.cards {
            let r = card.rect;
            let _ = write!(
                d,
                "M{} {}h{}",
                N(r.x + 5.0),
                N(r.bottom() + 0.5),
                N(r.w - 10.0)
            );
        }
        put!(
            self,
            "<path stroke=\"#000\" stroke-opacity=\".13\" stroke-width=\"5\" stroke-linecap=\"round\" d=\"{d}\"/>"
        );
    }

    fn card(&mut self, card: &Card) {
        let Rect { x, y, w, h } = card.rect;
        let mut class = Self::classes(&card.lanes);
        let host = self.model.in_host_mode(card.container);
        let mut fill = String::new();
        if host {
            class.push_str(" n-host");
            let _ = write!(fill, " fill=\"{}\"", light(Role::HostCard));
        }
        match card.kind {
            // The border between the two is an open one: they share what is inside.
            CardKind::Joined => put!(
                self,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"{fill} stroke-dasharray=\"4 3\"/>",
                N(x + 4.0),
                N(y),
                N(w - 8.0),
                N(h)
            ),
            CardKind::Alone => put!(
                self,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" stroke-dasharray=\"2 3\"/>",
                N(x),
                N(y),
                N(w),
                N(h)
            ),
            CardKind::Own | CardKind::Host => put!(
                self,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"{fill}/>",
                N(x),
                N(y),
                N(w),
                N(h)
            ),
        }
    }

    /// Two ribs at each card's left, as on the side of a shipping container.
    fn ribs(&mut self) {
        let mut d = String::new();
        // A card that stands on the border has its ports there.
        for card in self
            .layout
            .cards
            .iter()
            .filter(|c| c.kind != CardKind::Host || c.left.is_empty())
        {
            let r = card.rect;
            let x = r.x
                + if card.kind == CardKind::Joined {
                    11.0
                } else {
                    7.0
                };
            let _ = write!(
                d,
                "M{} {}v{}m4.5 0v-{}",
                N(x),
                N(r.y + 7.0),
                N(r.h - 14.0),
                N(r.h - 14.0)
            );
        }
        if d.is_empty() {
            return;
        }
        put!(
            self,
            "<path class=\"n-ribs\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" stroke-linecap=\"round\" d=\"{d}\"/>",
            light(Role::Rim)
        );
    }

    /// A card's name, or its small print.
    fn card_text(&mut self, card: &Card, name: bool) {
        #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
        let (names, notes) = (card.name.len() as f64, card.notes.len() as f64);
        let middle = card.rect.y + card.rect.h / 2.0;
        let top = middle - (names * 16.0 + notes * 14.0) / 2.0;
        let (lines, mut y, step) = if name {
            (&card.name, top + 12.7, 16.0)
        } else {
            (&card.notes, top + names * 16.0 + 10.5, 14.0)
        };
        let class = Self::classes(&card.lanes);
        for line in lines {
            put!(
                self,
                "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
                N(card.text_x),
                N(y),
                Escaped(line)
            );
            y += step;
        }
    }
}
