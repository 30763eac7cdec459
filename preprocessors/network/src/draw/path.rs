//! SVG's own notation: numbers, paths and text. All of it is as short as it can be.

use std::fmt;

/// How wide a line's gap is on either side of what passes over it.
const GAP: f64 = 5.0;
/// The radius of a line's corners.
const CORNER: f64 = 6.0;

/// A number with one decimal at most.
pub(super) struct N(pub(super) f64);

impl fmt::Display for N {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round();
        let value = if tenths == 0.0 { 0.0 } else { tenths / 10.0 };
        write!(f, "{value}")
    }
}

/// Text, escaped for content and attributes alike.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                // Line ends would break the one line that a drawing is.
                c if c.is_control() => f.write_str(" ")?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

/// The path of a chain of straight pieces with rounded corners, interrupted at `gaps` (the piece, and
/// the coordinate along it).
pub(super) fn chain(points: &[(f64, f64)], gaps: &[(usize, f64)]) -> String {
    let mut d = String::new();
    let Some(&(x, y)) = points.first() else {
        return d;
    };
    d.push_str(&format!("M{} {}", N(x), N(y)));
    let mut cursor = (x, y);
    for at in 0..points.len().saturating_sub(1) {
        let (from, to) = (points[at], points[at + 1]);
        let next = points.get(at + 2).copied();
        let vertical = from.0 == to.0;
        let (a, b) = if vertical {
            (from.1, to.1)
        } else {
            (from.0, to.0)
        };
        let sign = if b >= a { 1.0 } else { -1.0 };
        // The corner at the end takes a bit of this piece and a bit of the next.
        let corner = next.map_or(0.0, |next| {
            let here = (b - a).abs();
            let there = (next.0 - to.0).abs() + (next.1 - to.1).abs();
            CORNER.min(here / 2.0).min(there / 2.0)
        });
        let end = b - sign * corner;
        let mut places: Vec<f64> = gaps
            .iter()
            .filter(|(p, _)| *p == at)
            .map(|(_, v)| *v)
            .collect();
        places.sort_by(|p, q| (p * sign).total_cmp(&(q * sign)));
        let mut here = if vertical { cursor.1 } else { cursor.0 };
        for place in places {
            let (stop, go) = (place - sign * GAP, place + sign * GAP);
            if (stop - here) * sign > 0.0 {
                d.push_str(&straight(vertical, stop));
            }
            // A gap at the very end leaves nothing to go on with.
            if (end - go) * sign > 0.0 && (go - here) * sign > 0.0 {
                let (x, y) = if vertical { (from.0, go) } else { (go, from.1) };
                d.push_str(&format!("M{} {}", N(x), N(y)));
                here = go;
            }
        }
        d.push_str(&straight(vertical, end));
        cursor = to;
        if let Some(next) = next.filter(|_| corner > 0.0) {
            let (dx, dy) = (
                signum(next.0 - to.0) * corner,
                signum(next.1 - to.1) * corner,
            );
            cursor = (to.0 + dx, to.1 + dy);
            d.push_str(&format!(
                "Q{} {} {} {}",
                N(to.0),
                N(to.1),
                N(cursor.0),
                N(cursor.1)
            ));
        }
    }
    d
}

fn signum(v: f64) -> f64 {
    if v == 0.0 { 0.0 } else { v.signum() }
}

fn straight(vertical: bool, to: f64) -> String {
    format!("{}{}", if vertical { 'V' } else { 'H' }, N(to))
}

#[cfg(test)]
mod tests {
    use super::{Escaped, N, chain};

    #[test]
    fn numbers_are_short() {
        for (n, text) in [
            (1.0, "1"),
            (1.25, "1.3"),
            (-0.04, "0"),
            (10.5, "10.5"),
            (100.0, "100"),
        ] {
            assert_eq!(N(n).to_string(), text);
        }
    }

    #[test]
    fn nothing_breaks_out_of_text() {
        assert_eq!(
            Escaped("<a b=\"c\">&\n").to_string(),
            "&lt;a b=&quot;c&quot;&gt;&amp; "
        );
    }

    #[test]
    fn a_chain_turns_round_corners_and_stops_at_gaps() {
        let points = [(0.0, 0.0), (50.0, 0.0), (50.0, 40.0)];
        assert_eq!(chain(&points, &[]), "M0 0H44Q50 0 50 6V40");
        assert_eq!(chain(&points, &[(0, 20.0)]), "M0 0H15M25 0H44Q50 0 50 6V40");
        assert_eq!(
            chain(&points, &[(0, 20.0), (0, 24.0)]),
            "M0 0H15M25 0M29 0H44Q50 0 50 6V40"
        );
        assert_eq!(
            chain(&[(50.0, 0.0), (0.0, 0.0)], &[(0, 20.0)]),
            "M50 0H25M15 0H0"
        );
        assert_eq!(chain(&[], &[]), "");
    }
}
