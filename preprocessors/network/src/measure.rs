//! How wide text is, without a font: for a picture that is drawn before anyone chooses one.
//!
//! Enter at [`width`] and [`wrap`]. The widths are, letter by letter, the widest of three common
//! families (DejaVu Sans, Liberation Sans, which has Arial's metrics, and Open Sans, mdBook's own),
//! measured from their files: text in any of them takes at most the room that is kept for it.

use unicode_width::UnicodeWidthChar;

/// A style of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Sans,
    Bold,
    /// Of one width: addresses, ports, subnets.
    Mono,
}

/// The width of a letter in monospaced fonts, in thousandths of the size (DejaVu Sans Mono: 602).
const MONO: u32 = 602;

/// Widths of the letters from space to `~`, in thousandths of the size.
const SANS: [u16; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 552, 838, 318, 361, 318, 368, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 557, 1016, 685, 687, 723, 771, 667,
    611, 778, 752, 295, 500, 667, 558, 903, 754, 788, 667, 788, 723, 667, 611, 732, 685, 989, 686,
    667, 686, 391, 368, 391, 838, 557, 578, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580,
    278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 551, 637, 838,
];

/// The same for bold.
const BOLD: [u16; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 545, 838, 380, 416, 380, 414, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 611, 1000, 774, 763, 734, 831, 684,
    684, 821, 837, 373, 557, 775, 638, 996, 837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771,
    725, 726, 458, 414, 458, 838, 557, 607, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666,
    343, 1042, 712, 688, 716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 551, 712, 838,
];

/// The width of `text` at `size`, in the size's unit.
pub(crate) fn width(text: &str, face: Face, size: f64) -> f64 {
    let thousandths: u32 = text.chars().map(|c| letter(c, face)).sum();
    f64::from(thousandths) * size / 1000.0
}

fn letter(c: char, face: Face) -> u32 {
    let columns = u32::try_from(c.width().unwrap_or(0)).unwrap_or(0);
    let table = match face {
        // Letters that the monospaced font lacks come from another one, of any width.
        Face::Mono if c.is_ascii() => return MONO * columns,
        Face::Mono | Face::Sans => &SANS,
        Face::Bold => &BOLD,
    };
    match (c as usize).checked_sub(32).and_then(|at| table.get(at)) {
        Some(width) => u32::from(*width),
        // Full width is one em; all else is taken to be as wide as a wide capital.
        None if columns == 2 => 1050,
        None => 900 * columns,
    }
}

/// `text` in lines of at most `max`: broken at blanks, else after `-`, `_`, `.`, `/`, `:`, else anywhere.
pub(crate) fn wrap(text: &str, face: Face, size: f64, max: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let mut piece = piece;
        if width(&line, face, size) + width(piece.trim_end(), face, size) > max && !line.is_empty()
        {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        // A piece that is longer than a line is cut wherever the line ends.
        while width(piece.trim_end(), face, size) > max {
            let cut = fitting(piece, face, size, max);
            lines.push(piece[..cut].to_owned());
            piece = &piece[cut..];
        }
        line.push_str(piece);
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Entries of a list in lines of at most `max`, broken between entries only; one that is longer has a line of its own.
/// `separator` stands after each entry but the last.
pub(crate) fn wrap_list(
    entries: &[String],
    separator: &str,
    face: Face,
    size: f64,
    max: f64,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let last = at + 1 == entries.len();
        let entry = if last {
            entry.clone()
        } else {
            format!("{entry}{separator}")
        };
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {entry}"), face, size) <= max => {
                line.push(' ');
                line.push_str(&entry);
            }
            _ => lines.push(entry),
        }
    }
    lines
}

/// The width of the widest piece of `text` that no line should break.
pub(crate) fn widest_piece(text: &str, face: Face, size: f64) -> f64 {
    let widths = pieces(text)
        .into_iter()
        .map(|piece| width(piece.trim_end(), face, size));
    widths.fold(0.0, f64::max)
}

/// `text` cut after each place where a line may end.
fn pieces(text: &str) -> Vec<&str> {
    text.split_inclusive([' ', '-', '_', '.', '/', ':'])
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// How many bytes of `piece` fit into `max`: one letter at least.
fn fitting(piece: &str, face: Face, size: f64, max: f64) -> usize {
    let mut used = 0.0;
    for (at, c) in piece.char_indices() {
        used += f64::from(letter(c, face)) * size / 1000.0;
        if used > max && at > 0 {
            return at;
        }
    }
    piece.len()
}

#[cfg(test)]
mod tests {
    use super::{Face, widest_piece, width, wrap, wrap_list};

    #[test]
    fn lists_are_broken_between_entries() {
        let entries: Vec<String> = ["one-two", "three", "a-very-long-entry", "b"]
            .map(String::from)
            .to_vec();
        assert_eq!(
            wrap_list(&entries, ",", Face::Sans, 12.0, 100.0),
            ["one-two, three,", "a-very-long-entry,", "b"]
        );
        assert_eq!(
            wrap_list(&entries[..1], ",", Face::Sans, 12.0, 1.0),
            ["one-two"]
        );
        assert!(wrap_list(&[], ",", Face::Sans, 12.0, 1.0).is_empty());
    }

    #[test]
    fn the_widest_piece_is_what_would_be_broken() {
        let piece = widest_piece("orchestrator-base", Face::Bold, 13.5);
        assert_eq!(piece, width("orchestrator-", Face::Bold, 13.5));
        assert_eq!(
            wrap("orchestrator-base", Face::Bold, 13.5, piece),
            ["orchestrator-", "base"]
        );
    }

    #[test]
    fn names_are_broken_where_they_may_be() {
        for (text, max, lines) in [
            ("web", 100.0, vec!["web"]),
            (
                "a-very-long-service-name",
                80.0,
                vec!["a-very-", "long-", "service-", "name"],
            ),
            ("unbreakablename", 60.0, vec!["unbrea", "kablen", "ame"]),
            ("one two", 1000.0, vec!["one two"]),
            ("", 10.0, vec![""]),
            ("漢字漢字", 30.0, vec!["漢字", "漢字"]),
        ] {
            assert_eq!(wrap(text, Face::Bold, 13.5, max), lines, "{text}");
        }
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        for text in [
            "a-very-long-service-name",
            "supercalifragilistic",
            "x y z",
            "mixed_name.with:signs",
        ] {
            for max in [30.0, 55.0, 120.0] {
                for line in wrap(text, Face::Sans, 12.0, max) {
                    assert!(width(&line, Face::Sans, 12.0) <= max, "{line} in {max}");
                }
            }
        }
    }
}
