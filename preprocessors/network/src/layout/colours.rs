//! The networks' colours: a network has its own over a page, and no two side by side have one. Enter at [`Palette`] and
//! [`assign`].

use std::collections::HashMap;

use super::{Lane, lanes};
use crate::layout::crowds::Rows;
use crate::model::Model;
use crate::theme::NETWORKS;

/// Which networks have which colours, over several pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    colours: HashMap<String, usize>,
    used: [usize; NETWORKS],
}

impl Palette {
    /// Gives the networks of `model` colours, where they have none yet: the ones that are used least.
    pub(crate) fn add(&mut self, model: &Model) {
        for lane in lanes::order(model, &Rows::of(model, false)) {
            let name = &model.networks[lane.network].name;
            if !self.colours.contains_key(name) {
                let colour = least_used(&self.used, &[]);
                self.colours.insert(name.clone(), colour);
                self.used[colour] += 1;
            }
        }
    }
}

/// The first of the colours that are used least, none of `others`.
fn least_used(used: &[usize; NETWORKS], others: &[usize]) -> usize {
    let free = (0..NETWORKS).filter(|colour| !others.contains(colour));
    free.min_by_key(|colour| used[*colour]).unwrap_or(0)
}

/// Gives each lane its colour. Where a page has more networks than there are colours, and two that have one stand side
/// by side, or one below the other, the second gets another.
pub(super) fn assign(model: &Model, lanes: &mut [Lane], palette: &Palette) {
    let known: Vec<Option<usize>> = lanes
        .iter()
        .map(|lane| {
            palette
                .colours
                .get(&model.networks[lane.network].name)
                .copied()
        })
        .collect();
    let mut used = palette.used;
    for at in 0..lanes.len() {
        let beside = |other: &usize| is_beside(&lanes[at], &lanes[*other]);
        let before = (0..at).filter(beside).map(|other| lanes[other].colour);
        let before: Vec<usize> = before.collect();
        let colour = match known[at] {
            Some(colour) if !before.contains(&colour) => colour,
            _ => {
                let after = (at + 1..lanes.len()).filter(beside);
                let after = after.filter_map(|other| known[other]);
                let others: Vec<usize> = before.into_iter().chain(after).collect();
                least_used(&used, &others)
            }
        };
        used[colour] += 1;
        lanes[at].colour = colour;
    }
}

/// Whether two lanes stand side by side, or one ends where the other begins.
fn is_beside(one: &Lane, other: &Lane) -> bool {
    let ((first, last), (begins, ends)) = (one.rows, other.rows);
    one.column.abs_diff(other.column) <= 1 && first <= ends + 1 && begins <= last + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Diagram;

    fn model(networks: &[&str]) -> Model {
        let services: String = networks
            .iter()
            .enumerate()
            .map(|(at, n)| format!("  s{at}: {{networks: [{n}]}}\n"))
            .collect();
        let declared: String = networks.iter().map(|n| format!("  {n}:\n")).collect();
        let text = format!("services:\n{services}networks:\n{declared}");
        Diagram::parse(&text).unwrap().0.model
    }

    fn colours(model: &Model, palette: &Palette) -> Vec<(String, usize)> {
        let mut lanes = lanes::order(model, &Rows::of(model, false));
        assign(model, &mut lanes, palette);
        let told = lanes
            .iter()
            .map(|l| (model.networks[l.network].name.clone(), l.colour));
        told.collect()
    }

    #[test]
    fn a_network_keeps_its_colour_over_a_page() {
        let (one, other) = (model(&["a", "b", "c"]), model(&["c", "d", "a"]));
        let mut palette = Palette::default();
        palette.add(&one);
        palette.add(&other);
        let told = |model| colours(model, &palette);
        let named =
            |told: &[(String, usize)], name: &str| told.iter().find(|(n, _)| n == name).unwrap().1;
        for name in ["a", "c"] {
            assert_eq!(
                named(&told(&one), name),
                named(&told(&other), name),
                "{name}"
            );
        }
        let mut all: Vec<usize> = ["a", "b", "c"].map(|n| named(&told(&one), n)).to_vec();
        all.push(named(&told(&other), "d"));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 4);
    }

    #[test]
    fn neighbours_never_have_one_colour() {
        let names: Vec<String> = (0..37).map(|at| format!("n{at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let whole = model(&names);
        // The page's palette gave n0 and n10 one colour; here they stand side by side.
        let mut palette = Palette::default();
        palette.add(&whole);
        for picture in [whole, model(&["n0", "n10", "n20", "n1", "n11"])] {
            for palette in [&palette, &Palette::default()] {
                let told = colours(&picture, palette);
                assert!(
                    told.windows(2).all(|pair| pair[0].1 != pair[1].1),
                    "{told:?}"
                );
            }
        }
    }
}
