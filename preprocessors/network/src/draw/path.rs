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
        let tenths = tenths(self.0);
        let (whole, part) = (tenths.abs() / 10, tenths.abs() % 10);
        if tenths < 0 {
            f.write_str("-")?;
        }
        match (whole, part) {
            (_, 0) => write!(f, "{whole}"),
            (0, _) => write!(f, ".{part}"),
            _ => write!(f, "{whole}.{part}"),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "pictures are far smaller")]
fn tenths(v: f64) -> i64 {
    (v * 10.0).round() as i64
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

/// Writes the commands of a path, each as an absolute or a relative one, whichever is shorter.
///
/// It goes by the numbers as [`N`] rounds them, so that relative ones don't drift.
#[derive(Default)]
pub(super) struct Pen {
    d: String,
    /// Where it is, if that is known: not before the first place, nor after a sign.
    at: Option<(f64, f64)>,
    /// Where closing leads back to.
    start: (f64, f64),
}

impl Pen {
    /// The path: the value of an attribute `d`.
    pub(super) fn d(&self) -> &str {
        &self.d
    }

    pub(super) fn is_empty(&self) -> bool {
        self.d.is_empty()
    }

    /// Goes to a place without a line.
    pub(super) fn go(&mut self, place: (f64, f64)) {
        self.put('m', &[place]);
        self.start = rounded(place);
    }

    /// A straight line to a place.
    pub(super) fn line(&mut self, place: (f64, f64)) {
        let to = rounded(place);
        match self.at {
            Some((x, y)) if y == to.1 => {
                self.shorter(format!("h{}", N(to.0 - x)), format!("H{}", N(to.0)));
            }
            Some((x, y)) if x == to.0 => {
                self.shorter(format!("v{}", N(to.1 - y)), format!("V{}", N(to.1)));
            }
            _ => self.put('l', &[place]),
        }
        self.at = Some(to);
    }

    /// A line between two places, begun at the one that is nearer.
    pub(super) fn between(&mut self, a: (f64, f64), b: (f64, f64)) {
        let away = |(x, y): (f64, f64)| {
            self.at
                .map_or(0.0, |at| (x - at.0).abs() + (y - at.1).abs())
        };
        let (from, to) = if away(a) <= away(b) { (a, b) } else { (b, a) };
        self.go(from);
        self.line(to);
    }

    /// A curve to a place, drawn towards a corner on its way.
    fn curve(&mut self, corner: (f64, f64), place: (f64, f64)) {
        self.put('q', &[corner, place]);
    }

    /// Back to where this piece began.
    pub(super) fn close(&mut self) {
        self.d.push('z');
        self.at = Some(self.start);
    }

    /// A cross, around its middle.
    pub(super) fn cross(&mut self, (x, y): (f64, f64)) {
        const HALF: f64 = 4.5;
        self.go((x - HALF, y - HALF));
        self.line((x + HALF, y + HALF));
        self.go((x + HALF, y - HALF));
        self.line((x - HALF, y + HALF));
    }

    /// A chain of straight pieces with rounded corners, interrupted at `gaps` (the piece, and the
    /// coordinate along it).
    pub(super) fn chain(&mut self, points: &[(f64, f64)], gaps: &[(usize, f64)]) {
        let Some(&first) = points.first() else {
            return;
        };
        self.go(first);
        let mut cursor = first;
        for at in 0..points.len().saturating_sub(1) {
            let (from, to) = (points[at], points[at + 1]);
            let next = points.get(at + 2).copied();
            let vertical = from.0 == to.0;
            let (a, b) = if vertical {
                (from.1, to.1)
            } else {
                (from.0, to.0)
            };
            let along = |v: f64| if vertical { (from.0, v) } else { (v, from.1) };
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
                    self.line(along(stop));
                }
                // A gap at the very end leaves nothing to go on with.
                if (end - go) * sign > 0.0 && (go - here) * sign > 0.0 {
                    self.go(along(go));
                    here = go;
                }
            }
            self.line(along(end));
            cursor = to;
            if let Some(next) = next.filter(|_| corner > 0.0) {
                let (dx, dy) = (
                    signum(next.0 - to.0) * corner,
                    signum(next.1 - to.1) * corner,
                );
                cursor = (to.0 + dx, to.1 + dy);
                self.curve(to, cursor);
            }
        }
    }

    /// Commands that begin with a relative move, from a place on.
    pub(super) fn sign(&mut self, place: (f64, f64), commands: &str) {
        self.go(place);
        self.d.push_str(commands);
        self.at = None;
    }

    /// A command, given in lower case, that leads to the last of these places.
    fn put(&mut self, relative: char, places: &[(f64, f64)]) {
        let places: Vec<(f64, f64)> = places.iter().copied().map(rounded).collect();
        let absolute = command(relative.to_ascii_uppercase(), &places);
        match self.at {
            Some((x, y)) => {
                let away: Vec<(f64, f64)> = places.iter().map(|(a, b)| (a - x, b - y)).collect();
                self.shorter(command(relative, &away), absolute);
            }
            None => self.d.push_str(&absolute),
        }
        self.at = places.last().copied();
    }

    fn shorter(&mut self, relative: String, absolute: String) {
        self.d.push_str(if relative.len() < absolute.len() {
            &relative
        } else {
            &absolute
        });
    }
}

/// A command as it is written: a minus sign parts two numbers as well as a space does.
fn command(letter: char, places: &[(f64, f64)]) -> String {
    let mut command = String::from(letter);
    for (at, number) in places.iter().flat_map(|(x, y)| [*x, *y]).enumerate() {
        let number = N(number).to_string();
        if at > 0 && !number.starts_with('-') {
            command.push(' ');
        }
        command.push_str(&number);
    }
    command
}

#[expect(clippy::cast_precision_loss, reason = "pictures are far smaller")]
fn rounded((x, y): (f64, f64)) -> (f64, f64) {
    (tenths(x) as f64 / 10.0, tenths(y) as f64 / 10.0)
}

fn signum(v: f64) -> f64 {
    if v == 0.0 { 0.0 } else { v.signum() }
}

#[cfg(test)]
mod tests {
    use super::{Escaped, N, Pen};

    #[test]
    fn numbers_are_short() {
        for (n, text) in [
            (1.0, "1"),
            (1.25, "1.3"),
            (-0.04, "0"),
            (0.5, ".5"),
            (-0.5, "-.5"),
            (-12.34, "-12.3"),
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
        let chain = |points: &[(f64, f64)], gaps: &[(usize, f64)]| {
            let mut pen = Pen::default();
            pen.chain(points, gaps);
            pen.d().to_owned()
        };
        let points = [(0.0, 0.0), (50.0, 0.0), (50.0, 40.0)];
        assert_eq!(chain(&points, &[]), "M0 0H44q6 0 6 6V40");
        assert_eq!(chain(&points, &[(0, 20.0)]), "M0 0H15M25 0H44q6 0 6 6V40");
        assert_eq!(
            chain(&points, &[(0, 20.0), (0, 24.0)]),
            "M0 0H15M25 0m4 0H44q6 0 6 6V40"
        );
        assert_eq!(
            chain(&[(50.0, 0.0), (0.0, 0.0)], &[(0, 20.0)]),
            "M50 0H25M15 0H0"
        );
        assert_eq!(chain(&[], &[]), "");
    }

    #[test]
    fn a_pen_takes_the_shorter_form_and_knows_where_it_is() {
        let mut pen = Pen::default();
        pen.go((113.0, 397.0));
        pen.line((104.0, 401.5));
        pen.line((104.0, 392.5));
        pen.close();
        // Closing led back to the tip.
        pen.go((113.0, 745.0));
        pen.line((9.0, 745.0));
        assert_eq!(pen.d(), "M113 397l-9 4.5v-9zm0 348H9");
    }

    #[test]
    fn a_line_between_two_places_begins_at_the_nearer_one() {
        let mut pen = Pen::default();
        pen.between((211.0, 1000.0), (263.0, 1000.0));
        pen.between((211.0, 1017.0), (263.0, 1017.0));
        pen.between((211.0, 1034.0), (263.0, 1034.0));
        assert_eq!(pen.d(), "M211 1000h52m0 17H211m0 17h52");
    }

    #[test]
    fn after_a_sign_the_pen_is_nowhere() {
        let mut pen = Pen::default();
        pen.sign((101.0, 102.0), "m1 1h3");
        pen.go((106.0, 103.0));
        pen.line((107.0, 104.0));
        assert_eq!(pen.d(), "M101 102m1 1h3M106 103l1 1");
    }

    #[test]
    fn rounding_does_not_add_up() {
        let mut pen = Pen::default();
        pen.go((100.0, 100.0));
        let mut y = 100.0;
        for _ in 0..30 {
            y += 1.04;
            pen.go((100.0, y));
        }
        let ends: f64 = pen
            .d()
            .split("m0 ")
            .skip(1)
            .map(|step| step.parse::<f64>().unwrap())
            .sum();
        assert!((ends - 31.2).abs() < 0.01, "{}", pen.d());
    }
}
