//! Where one line passes under another: it is interrupted there, so that only a dot is a join.
//!
//! Enter at [`cut`]. Traffic passes over everything, a stub over lanes that aren't its own; what doesn't
//! get through passes under all that does.

use super::{Lane, Line, LineKind};

/// How near to its end a line may be crossed and still not be taken to be met there.
const END: f64 = 3.0;

/// What passes over what: the higher over the lower.
const WAY: u8 = 0;
/// Traffic that doesn't get through.
const BLOCKED: u8 = 1;
const LANE: u8 = 2;
const STUB: u8 = 3;
const FLOW: u8 = 4;

/// A straight piece of a line.
struct Piece {
    /// Which line it belongs to, lanes counted after the lines.
    line: usize,
    /// Which piece of it.
    at: usize,
    vertical: bool,
    /// The coordinate that all of it shares, and where it begins and ends.
    fixed: f64,
    from: f64,
    to: f64,
    /// The higher one is drawn through.
    rank: u8,
    /// Lines of one owner join, they don't cross.
    owner: Owner,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Owner {
    Lane(usize),
    Flow(usize),
    Way,
}

/// Interrupts the lower of any two that cross.
pub(super) fn cut(lines: &mut [Line], lanes: &mut [Lane]) {
    let pieces = pieces(lines, lanes);
    for h in pieces.iter().filter(|p| !p.vertical) {
        for v in pieces.iter().filter(|p| p.vertical) {
            if h.owner == v.owner || !crosses(h, v) {
                continue;
            }
            let (under, place) = if h.rank > v.rank {
                (v, h.fixed)
            } else {
                (h, v.fixed)
            };
            match lanes.get_mut(under.line.wrapping_sub(lines.len())) {
                Some(lane) => lane.gaps.push(place),
                None => lines[under.line].gaps.push((under.at, place)),
            }
        }
    }
}

fn crosses(h: &Piece, v: &Piece) -> bool {
    h.from + END < v.fixed && v.fixed < h.to - END && v.from + END < h.fixed && h.fixed < v.to - END
}

fn pieces(lines: &[Line], lanes: &[Lane]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let (rank, owner) = match line.kind {
            LineKind::Flow { flow } if line.cross => (BLOCKED, Owner::Flow(flow)),
            LineKind::Flow { flow } => (FLOW, Owner::Flow(flow)),
            LineKind::Stub { lane, .. } => (STUB, Owner::Lane(lane)),
            LineKind::Way { .. } => (WAY, Owner::Way),
        };
        for (number, ends) in line.points.windows(2).enumerate() {
            let [(x1, y1), (x2, y2)] = *ends else {
                continue;
            };
            let vertical = x1 == x2;
            let (a, b, fixed) = if vertical { (y1, y2, x1) } else { (x1, x2, y1) };
            pieces.push(Piece {
                line: at,
                at: number,
                vertical,
                fixed,
                from: a.min(b),
                to: a.max(b),
                rank,
                owner,
            });
        }
    }
    for (at, lane) in lanes.iter().enumerate() {
        if let Some(bottom) = lane.bottom {
            pieces.push(Piece {
                line: lines.len() + at,
                at: 0,
                vertical: true,
                fixed: lane.x,
                from: lane.top,
                to: bottom,
                rank: LANE,
                owner: Owner::Lane(at),
            });
        }
    }
    pieces
}
