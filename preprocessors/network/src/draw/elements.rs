//! Elements; what several share is written once, on a group.

use super::path::{Escaped, N};
use super::{Drawing, put};
use std::collections::HashMap;

use crate::layout::{Layout, Rect};

/// Elements, with the attributes that they share: ` class="o3"`.
pub(super) type Sharing = (String, Vec<String>);

impl Drawing<'_> {
    /// Writes elements. Those with the same attributes come together, in the order of the first: so none
    /// must lie over another.
    pub(super) fn grouped(&mut self, elements: impl Iterator<Item = Sharing>) {
        let mut groups: Vec<Sharing> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (attributes, elements) in elements {
            let next = groups.len();
            let place = *places.entry(attributes.clone()).or_insert(next);
            if place == next {
                groups.push((attributes, elements));
            } else {
                groups[place].1.extend(elements);
            }
        }
        for (attributes, members) in groups {
            match (attributes.as_str(), &members[..]) {
                ("", _) => self.out.push_str(&members.concat()),
                (_, [element]) => {
                    let (name, rest) = element.split_at(element.find(' ').unwrap_or(0));
                    put!(self, "{name}{attributes}{rest}");
                }
                _ => put!(self, "<g{attributes}>{}</g>", members.concat()),
            }
        }
    }
}

/// The class of what belongs to these lanes.
pub(super) fn class(layout: &Layout, lanes: &[usize]) -> String {
    let mut colours: Vec<usize> = lanes.iter().map(|at| layout.lanes[*at].colour).collect();
    colours.sort_unstable();
    colours.dedup();
    if colours.is_empty() {
        return "alone".to_owned();
    }
    let classes: Vec<String> = colours.iter().map(|at| format!("o{at}")).collect();
    classes.join(" ")
}

/// The attribute `class`.
pub(super) fn classed(class: &str) -> String {
    format!(" class=\"{class}\"")
}

/// A place, as attributes. 0 is understood.
fn at(x: f64, y: f64) -> String {
    let attribute = |name: &str, value: f64| match N(value).to_string().as_str() {
        "0" => String::new(),
        value => format!(" {name}=\"{value}\""),
    };
    attribute("x", x) + &attribute("y", y)
}

/// A box with round corners.
pub(super) fn rect(r: Rect, radius: f64) -> String {
    format!(
        "<rect{} width=\"{}\" height=\"{}\" rx=\"{}\"/>",
        at(r.x, r.y),
        N(r.w),
        N(r.h),
        N(radius)
    )
}

/// A line of text.
pub(super) fn text(x: f64, y: f64, line: &str) -> String {
    format!("<text{}>{}</text>", at(x, y), Escaped(line))
}

/// Lines of text, one below the other, the first one's baseline at `y`.
#[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
pub(super) fn lines(x: f64, y: f64, step: f64, lines: &[String]) -> Vec<String> {
    let each = lines.iter().enumerate();
    each.map(|(at, line)| text(x, y + at as f64 * step, line))
        .collect()
}
