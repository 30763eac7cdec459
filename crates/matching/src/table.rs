//! Tables with Docker's headers: cut into columns, compared by the columns that the author printed.

use std::cell::OnceCell;
use std::ops::Range;

use super::alignment::Mark;
use super::bindings::Bindings;
use super::cell::{self, Rule};
use super::line::{self, Piece};
use super::occurrence::Occurrence;
use super::reading::Reading;
use super::reason::Reason;
use super::store::Store;
use super::tokens::{self, Token};

/// A header line.
pub(super) struct Header {
    pub(super) columns: Vec<Column>,
}

/// A column of a header.
pub(super) struct Column {
    /// Its name, in Docker's present spelling.
    name: String,
    /// Bytes of the header line.
    pub(super) range: Range<usize>,
    /// The character at which the column begins.
    pub(super) start: usize,
}

impl Column {
    /// Whether it has this name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

/// A cell of a row: bytes of the line, and its tokens once they are asked for.
pub(super) struct Cell<'a> {
    pub(super) range: Range<usize>,
    /// Whether its column is a field that measures.
    field: bool,
    store: &'a Store<'a>,
    tokens: OnceCell<&'a [Token]>,
}

/// A line and its cells.
pub(super) type Cells<'a> = (&'a str, &'a [Cell<'a>]);

/// Which column of the output each printed column is.
pub(super) struct Pairing {
    pairs: Vec<Pair>,
    /// Printed columns that the output has not.
    pub(super) missing: Vec<usize>,
    names: Option<usize>,
}

struct Pair {
    printed: usize,
    found: usize,
    name: String,
    rule: Rule,
}

/// Names of columns with which a table of Docker's begins or that it has.
const KNOWN: [&str; 60] = [
    "ACTIVE",
    "AVAILABILITY",
    "BLOCK I/O",
    "CMD",
    "COMMAND",
    "COMMENT",
    "CONFIG FILES",
    "CONTAINER",
    "CONTAINER ID",
    "CONTENT SIZE",
    "CPU %",
    "CREATED",
    "CREATED AT",
    "CREATED BY",
    "CURRENT STATE",
    "DESCRIPTION",
    "DESIRED STATE",
    "DIGEST",
    "DISK USAGE",
    "DRIVER",
    "ENGINE VERSION",
    "ERROR",
    "EXTRA",
    "HOSTNAME",
    "ID",
    "IMAGE",
    "IMAGE ID",
    "IMAGES",
    "INTERNAL",
    "IPV4",
    "IPV6",
    "LABELS",
    "LOCAL VOLUMES",
    "MANAGER STATUS",
    "MEM %",
    "MEM USAGE / LIMIT",
    "MODE",
    "MOUNTS",
    "NAME",
    "NAMES",
    "NET I/O",
    "NETWORK ID",
    "NETWORKS",
    "NODE",
    "ORCHESTRATOR",
    "PIDS",
    "PLATFORM",
    "PORTS",
    "RECLAIMABLE",
    "REPLICAS",
    "REPOSITORY",
    "RUNNING FOR",
    "SCOPE",
    "SERVICE",
    "SERVICES",
    "SIZE",
    "STATUS",
    "TYPE",
    "UID",
    "VOLUME NAME",
];

/// Columns with which only a table of Docker's begins, whatever command prints it.
const DOCKERS_OWN: [&str; 5] = [
    "CONTAINER ID",
    "IMAGE ID",
    "NETWORK ID",
    "REPOSITORY",
    "VOLUME NAME",
];

/// Reads a line as a header: at least two columns of capitals apart from each other, the first one of Docker's. A table
/// that a program in a container prints is text.
pub(super) fn header(line: &str, reading: Reading) -> Option<Header> {
    let first = line.trim_start().as_bytes().first()?;
    if !first.is_ascii_uppercase()
        || line.bytes().any(|b| b.is_ascii_lowercase())
        || line.len() > 1000
    {
        return None;
    }
    let pieces = split(line);
    let columns: Vec<Column> = pieces
        .into_iter()
        .map(|range| {
            let start = line[..range.start].chars().count();
            Column {
                name: present_name(&line[range.clone()]),
                range,
                start,
            }
        })
        .collect();
    let capitals = |c: &Column| {
        c.name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b" %/._-".contains(&b))
            && c.name.bytes().any(|b| b.is_ascii_uppercase())
    };
    let known = columns.first().is_some_and(|c| {
        let name = c.name.as_str();
        DOCKERS_OWN.contains(&name) || (reading.docker && KNOWN.contains(&name))
    });
    (columns.len() >= 2 && known && columns.iter().all(capitals)).then_some(Header { columns })
}

/// Names that Docker has given up, in the spelling of today.
fn present_name(name: &str) -> String {
    match name {
        "VIRTUAL SIZE" => "SIZE".to_owned(),
        "MEM USAGE/LIMIT" => "MEM USAGE / LIMIT".to_owned(),
        _ => name.to_owned(),
    }
}

/// The pieces of a line between runs of two blanks or more, or tabs.
fn split(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut apart = true;
    while at < bytes.len() {
        let blanks = bytes[at..]
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t' | b'\r'))
            .count();
        if blanks > 0 {
            apart = apart || blanks > 1 || bytes[at] != b' ';
            at += blanks;
            continue;
        }
        let len = bytes[at..]
            .iter()
            .take_while(|b| !matches!(b, b' ' | b'\t' | b'\r'))
            .count();
        match pieces.last_mut() {
            Some(last) if !apart => last.end = at + len,
            _ => pieces.push(at..at + len),
        }
        apart = false;
        at += len;
    }
    pieces
}

/// Cuts a row into as many cells as the header has columns: where the header's columns begin, or, if a cell stands
/// across such a place (a page that was edited by hand), at runs of blanks.
pub(super) fn cells<'a>(
    header: &Header,
    line: &str,
    store: &'a Store<'a>,
) -> Option<&'a [Cell<'a>]> {
    let ranges = match by_offset(header, line) {
        Some(ranges) if is_whole(line, &ranges) => ranges,
        other => by_blanks(header, line).or(other)?,
    };
    let cell = |(range, column): (Range<usize>, &Column)| Cell {
        range,
        field: cell::is_field(&column.name),
        store,
        tokens: OnceCell::new(),
    };
    Some(store.keep(ranges.into_iter().zip(&header.columns).map(cell)))
}

/// Whether cells cut at the header's columns look right. One of them may have two blanks in a row, as a command may; in
/// a row whose cells stand elsewhere more have, or most are empty.
fn is_whole(line: &str, cells: &[Range<usize>]) -> bool {
    let torn = |cell: &&Range<usize>| {
        let bytes = &line.as_bytes()[(*cell).clone()];
        // Of two neighbours, one is at an odd place.
        let two = |at: usize| {
            bytes[at] == b' ' && (bytes[at - 1] == b' ' || bytes.get(at + 1) == Some(&b' '))
        };
        (1..bytes.len()).step_by(2).any(two)
    };
    match cells.iter().filter(torn).count() {
        0 => true,
        1 => cells.iter().filter(|cell| !cell.is_empty()).count() * 2 > cells.len(),
        _ => false,
    }
}

fn by_offset(header: &Header, line: &str) -> Option<Vec<Range<usize>>> {
    let bytes = line.as_bytes();
    if bytes.contains(&b'\t') {
        return None;
    }
    let mut cells: Vec<Range<usize>> = Vec::with_capacity(header.columns.len());
    let close = |cells: &mut Vec<Range<usize>>, end: usize| {
        let Some(cell) = cells.last_mut() else {
            return true;
        };
        let text = bytes[cell.start..end].trim_ascii_end();
        // A cell begins where its column does.
        let begins = !text.starts_with(b" ");
        cell.end = cell.start + text.len();
        begins
    };
    // A byte of the line, and the number of its character.
    let (mut at, mut nth) = (0, 0);
    for column in &header.columns {
        let chars = column.start - nth;
        match bytes.get(at..at + chars) {
            Some(part) if part.is_ascii() => at += chars,
            _ => at = nth_char(line, at, chars),
        }
        nth = column.start;
        // The character before a column is a blank.
        let apart = at == 0 || at == bytes.len() || bytes[at - 1] == b' ';
        if !apart || !close(&mut cells, at) {
            return None;
        }
        cells.push(at..at);
    }
    close(&mut cells, bytes.len()).then_some(cells)
}

/// The byte at which the character begins that is `count` after the one at byte `at`; the end if there are fewer.
fn nth_char(line: &str, at: usize, count: usize) -> usize {
    line[at..]
        .char_indices()
        .nth(count)
        .map_or(line.len(), |(len, _)| at + len)
}

fn by_blanks(header: &Header, line: &str) -> Option<Vec<Range<usize>>> {
    let pieces = split(line);
    let columns = &header.columns;
    if pieces.len() == columns.len() {
        return Some(pieces);
    }
    if pieces.len() > columns.len() {
        return None;
    }
    // Empty cells leave no trace: PORTS is the column that is empty most often, else each piece goes where it stands.
    let ports = columns.iter().position(|column| column.name == "PORTS");
    if let Some(at) = ports
        && pieces.len() + 1 == columns.len()
        && !pieces
            .get(at)
            .is_some_and(|piece| cell::looks_like_ports(&line[piece.clone()]))
    {
        let mut pieces = pieces;
        let empty = pieces.get(at).map_or(line.len(), |piece| piece.start);
        pieces.insert(at, empty..empty);
        return Some(pieces);
    }
    let mut out: Vec<Range<usize>> = Vec::with_capacity(columns.len());
    for piece in pieces {
        let start = line[..piece.start].chars().count();
        let column = columns
            .iter()
            .rposition(|column| column.start <= start)
            .unwrap_or(0);
        if column < out.len() {
            return None;
        }
        out.resize(column, piece.start..piece.start);
        out.push(piece);
    }
    out.resize(columns.len(), line.len()..line.len());
    Some(out)
}

/// Whether a column names what its rows are about.
fn names_rows(column: &str) -> bool {
    matches!(column, "NAME" | "NAMES" | "VOLUME NAME" | "HOSTNAME")
}

/// What names a row, if a column does.
pub(super) fn name<'a>(header: &Header, row: Cells<'a>) -> Option<&'a str> {
    let column = header
        .columns
        .iter()
        .position(|column| names_rows(&column.name))?;
    Some(text(row, column))
}

impl Pairing {
    pub(super) fn new(printed: &Header, found: &Header) -> Self {
        let mut pairs = Vec::new();
        let mut missing = Vec::new();
        let mut taken = vec![false; found.columns.len()];
        for (nth, column) in printed.columns.iter().enumerate() {
            let same = |(at, other): &(usize, &Column)| other.name == column.name && !taken[*at];
            match found.columns.iter().enumerate().find(same) {
                Some((at, _)) => {
                    taken[at] = true;
                    let name = column.name.clone();
                    pairs.push(Pair {
                        printed: nth,
                        found: at,
                        rule: Rule::of(&name, &printed.columns[0].name),
                        name,
                    });
                }
                None => missing.push(nth),
            }
        }
        let names = pairs
            .iter()
            .find(|pair| names_rows(&pair.name))
            .map(|pair| pair.found);
        Pairing {
            pairs,
            missing,
            names,
        }
    }
}

impl Pairing {
    /// The columns that belong together: printed, found.
    pub(super) fn columns(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.pairs.iter().map(|pair| (pair.printed, pair.found))
    }
}

fn text<'a>((line, cells): Cells<'a>, at: usize) -> &'a str {
    &line[cells[at].range.clone()]
}

fn piece<'a>(row: Cells<'a>, at: usize) -> Piece<'a> {
    let (text, cell) = (text(row, at), &row.1[at]);
    let tokens = cell
        .tokens
        .get_or_init(|| cell.store.cell(text, cell.field));
    Piece { text, tokens }
}

/// Whether a printed row matches a row of the output.
pub(super) fn row_holds<'a>(
    pairing: &Pairing,
    printed: Cells<'a>,
    found: Cells<'a>,
    bindings: &mut Bindings,
    at: &Occurrence,
) -> bool {
    pairing.pairs.iter().all(|pair| {
        let texts = (text(printed, pair.printed), text(found, pair.found));
        if texts.0 == texts.1 && tokens::is_plain(texts.0, printed.1[pair.printed].store.reading) {
            return true;
        }
        let pieces = || (piece(printed, pair.printed), piece(found, pair.found));
        cell::compare(pair.rule, texts, pieces, bindings, at).is_ok()
    })
}

/// How unlike two rows are: the share of cells that differ, and a name that differs nearly as much as all the others.
pub(super) fn unlikeness<'a>(pairing: &Pairing, printed: Cells<'a>, found: Cells<'a>) -> f32 {
    let of = |pair: &Pair| line::unlikeness(piece(printed, pair.printed), piece(found, pair.found));
    let all: f32 = pairing.pairs.iter().map(of).sum();
    let name = pairing
        .pairs
        .iter()
        .find(|pair| Some(pair.found) == pairing.names)
        .map_or(0.0, of);
    all / pairing.pairs.len().max(1) as f32 + 0.8 * name
}

/// The cells in which a printed row differs from a row of the output, which is its line `line`.
pub(super) fn row_marks<'a>(
    pairing: &Pairing,
    printed: Cells<'a>,
    found: Cells<'a>,
    line: usize,
    bindings: &mut Bindings,
    at: &Occurrence,
) -> Vec<Mark> {
    let row = pairing
        .names
        .map(|column| piece(found, column).text.to_owned());
    let mut marks = Vec::new();
    for pair in &pairing.pairs {
        let texts = (text(printed, pair.printed), text(found, pair.found));
        let pieces = || (piece(printed, pair.printed), piece(found, pair.found));
        let point = bindings.savepoint();
        let Err(reason) = cell::compare(pair.rule, texts, pieces, bindings, at) else {
            continue;
        };
        bindings.undo(point);
        let reason = match &row {
            Some(row) if pair.name == "NETWORKS" && reason == Reason::Text => {
                Reason::OtherNetwork(row.clone())
            }
            _ => reason,
        };
        let subject = match &row {
            Some(row) if Some(pair.found) != pairing.names => format!("{} of `{row}`", pair.name),
            _ => pair.name.clone(),
        };
        marks.push(Mark {
            author: printed.1[pair.printed].range.clone(),
            actual: Some((line, found.1[pair.found].range.clone())),
            found: texts.1.to_owned(),
            subject: reason.needs_subject().then_some(subject),
            reason,
        });
    }
    marks.sort_by_key(|mark| mark.author.start);
    marks
}

#[cfg(test)]
mod tests;
