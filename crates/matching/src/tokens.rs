//! Cuts a line into tokens: blanks, words, punctuation, and the values that Docker draws anew on every run.
//!
//! Enter at [`tokens`]. The cutter is one pass from left to right, with at most a bounded look ahead at the start of a
//! word; what the line as a whole tells (a listing, a header of HTTP) is in [`super::shapes`].

use std::ops::Range;

use super::address::{self, Addr};
use super::drawn;
use super::measures::{self, Measure};
use super::places::{self, Place};
use super::reading::Reading;
use super::shapes;

/// A token: what it is and which bytes of the line it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Half of the size of `usize`: what long outputs cost is mostly memory.
    start: u32,
    end: u32,
}

impl Token {
    /// A token that takes these bytes; beyond 4 GiB it is empty.
    pub(super) fn new(kind: Kind, range: Range<usize>) -> Self {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let (start, end) = (narrow(range.start), narrow(range.end));
        Token { kind, start, end }
    }

    /// The bytes that it takes.
    pub(super) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(super) fn text<'a>(&self, line: &'a str) -> &'a str {
        line.get(self.range()).unwrap_or_default()
    }

    /// Whether only its own text will do, or another spelling of it.
    pub(super) fn is_literal(&self) -> bool {
        matches!(
            self.kind,
            Kind::Word | Kind::Punct | Kind::Measure(_, Place::Literal)
        )
    }

    /// Whether the value is drawn by Docker, and so stands for another.
    pub(super) fn is_drawn(&self) -> bool {
        matches!(
            self.kind,
            Kind::Id | Kind::Mac | Kind::Address | Kind::Port(_) | Kind::Opaque(_)
        )
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// A run of blanks; all such runs are equal.
    Blank,
    /// Letters, digits and `_`, or a number or address that is literal.
    Word,
    /// One character of anything else.
    Punct,
    /// Three or more of one rule character, as frames of tables have them; all lengths are equal.
    Rule(u8),
    /// An id or a digest's digits: 12 or 64 hexadecimal ones.
    Id,
    /// A MAC address.
    Mac,
    /// A private address, with the prefix length after it: [`address::read`] tells which.
    Address,
    /// All IPv6 addresses before a port: `[::]:`, or `:::` as older engines write it. In an error that names either,
    /// `0.0.0.0:` too.
    AllV6,
    /// A name that Docker may have made up, where the command asks for names.
    Name,
    /// A port that the kernel or the engine chose.
    Port(u16),
    /// Another drawn value.
    Opaque(Opaque),
    /// A measure, and whether it measures there.
    Measure(Measure, Place),
    /// What the author frees: any value of that class will do.
    Free(Class),
}

/// What may stand for a value that the author frees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A measure of that kind.
    Measure(Measure),
    /// A number.
    Number,
    /// A word.
    Word,
}

/// Drawn values of a fixed shape that are no id in Docker's sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Opaque {
    /// 25 digits and letters: nodes, services, tasks and networks of a swarm.
    Swarm,
    /// The token with which a node joins a swarm.
    JoinToken,
    /// The name of a virtual interface on the host's side.
    Veth,
    /// A UUID.
    Uuid,
    /// The identity of an engine, twelve groups of four.
    Engine,
    /// The end of a name that `mktemp` made.
    Temporary,
    /// The number of a process that the page's shell runs in the background.
    Process,
}

/// The least port that a kernel gives out on its own (`ip_local_port_range`), and an engine with it.
pub(super) const FIRST_EPHEMERAL: u16 = 32768;

/// Whether a text surely holds no value that is drawn, so that one which equals it needs no closer look. An id without
/// any of what is looked for here is bound on its next occurrence.
pub(super) fn is_plain(text: &str, reading: Reading) -> bool {
    let (mut run, mut digits, mut dots, mut colons) = (0, 0, 0, 0);
    for b in text.bytes() {
        match b {
            b'0'..=b'9' => (run, digits) = (run + 1, digits + 1),
            b'a'..=b'z' | b'A'..=b'Z' => (run, digits) = (run + 1, 0),
            // A name may have been made up.
            b'_' => return false,
            _ => {
                dots += usize::from(b == b'.');
                colons += usize::from(b == b':');
                (run, digits) = (0, 0);
            }
        }
        // An id, an address, a MAC or an IPv6 address, a port.
        if run >= 11 || dots > 2 || colons > 3 || (digits >= 5 && (colons > 0 || reading.bare_port))
        {
            return false;
        }
    }
    // `fe80::1` and the like.
    !text.contains("::")
}

/// Cuts `line` into tokens that cover all of it.
pub(super) fn tokens(line: &str, reading: Reading) -> Vec<Token> {
    let mut out = Vec::with_capacity(line.len() / 5 + 1);
    cut(line, reading, &mut out);
    out
}

/// Cuts `line` into tokens, in place of what `out` held.
pub(super) fn cut(line: &str, reading: Reading, out: &mut Vec<Token>) {
    out.clear();
    let forced = shapes::forced(line, reading);
    let mut cutter = Cutter {
        line,
        bytes: line.as_bytes(),
        at: 0,
        reading,
        out,
    };
    let mut forced = forced.iter().peekable();
    while cutter.at < cutter.bytes.len() {
        while forced
            .peek()
            .is_some_and(|(range, _)| range.start < cutter.at)
        {
            forced.next();
        }
        match forced.peek() {
            Some((range, measure)) if range.start == cutter.at => {
                let place = places::of_shape(*measure, reading);
                cutter.push(Kind::Measure(*measure, place), range.len());
            }
            _ => cutter.next(),
        }
    }
}

struct Cutter<'a> {
    line: &'a str,
    bytes: &'a [u8],
    at: usize,
    reading: Reading,
    out: &'a mut Vec<Token>,
}

impl Cutter<'_> {
    fn push(&mut self, kind: Kind, len: usize) {
        let end = (self.at + len.max(1)).min(self.bytes.len());
        self.out.push(Token::new(kind, self.at..end));
        self.at = end;
    }

    fn before(&self) -> Option<u8> {
        self.at.checked_sub(1).map(|at| self.bytes[at])
    }

    fn next(&mut self) {
        let rest = &self.bytes[self.at..];
        let first = rest[0];
        match first {
            b' ' | b'\t' | b'\r' => {
                let len = rest
                    .iter()
                    .take_while(|b| matches!(b, b' ' | b'\t' | b'\r'))
                    .count();
                self.push(Kind::Blank, len);
            }
            b'-' | b'=' | b'*' | b'_' | b'#' if rest.starts_with(&[first; 3]) => {
                let len = rest.iter().take_while(|b| **b == first).count();
                self.push(Kind::Rule(first), len);
            }
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                let (kind, len) = self.at_word(rest);
                self.push(kind, len);
            }
            b'[' if rest.starts_with(b"[::]:") && digit_at(rest, 5) => self.push(Kind::AllV6, 5),
            b':' if rest.starts_with(b":::") && digit_at(rest, 3) => self.push(Kind::AllV6, 3),
            // `::1`, but not `:::80`, which is a port of all addresses.
            b':' if rest.starts_with(b"::")
                && !rest.starts_with(b":::")
                && self.before() != Some(b':') =>
            {
                match address::read_v6(rest) {
                    Some((addr, _, used)) if used > 2 => self.push(address_kind(addr), used),
                    _ => self.push(Kind::Punct, 1),
                }
            }
            b'_' => self.push(Kind::Word, word_len(self.line, self.at)),
            0..=0x7f => self.push(Kind::Punct, 1),
            _ => {
                let len = word_len(self.line, self.at);
                if len > 0 {
                    self.push(Kind::Word, len);
                } else {
                    let len = self.line[self.at..]
                        .chars()
                        .next()
                        .map_or(1, char::len_utf8);
                    self.push(Kind::Punct, len);
                }
            }
        }
    }

    /// What begins with the letter or digit that `rest` begins with.
    fn at_word(&self, rest: &[u8]) -> (Kind, usize) {
        let len = word_len(self.line, self.at);
        let word = &rest[..len];
        let next = rest.get(len).copied();
        if let Some(found) = self.value(rest, word, next) {
            return found;
        }
        if word[0].is_ascii_digit() && next == Some(b'.') {
            if let Some((addr, _, used)) = address::read_v4(rest) {
                return (address_kind(addr), used);
            }
            // A version: its parts are no measures.
            let dotted = dotted_len(rest);
            if dotted > 0 {
                return (Kind::Word, dotted);
            }
        }
        if let Some((measure, used)) = measures::read(rest, self.before()) {
            let place = places::place(self.line, &(self.at..self.at + used), measure, self.reading);
            return (Kind::Measure(measure, place), used);
        }
        if len == 5
            && next != Some(b'.')
            && let Some(port) = ephemeral(word)
            && self.is_port(rest, len)
        {
            return (Kind::Port(port), len);
        }
        if word[0].is_ascii_digit()
            && let Some(len) = fraction_len(rest)
        {
            return (Kind::Word, len);
        }
        if self.reading.names && std::str::from_utf8(word).is_ok_and(drawn::is_made_up_name) {
            return (Kind::Name, len);
        }
        (Kind::Word, len)
    }

    /// Whether a number of five digits is a port: where one is published, in what Docker itself prints, at the ends of a
    /// connection, and alone where a command asks for one. What a program listens on is its own affair.
    fn is_port(&self, rest: &[u8], len: usize) -> bool {
        if self.before() == Some(b':') {
            let r = self.reading;
            // A server's log tells who asked; where it listens itself, it seldom names an address of its own.
            let client = || {
                let start = self.line[..self.at - 1].rfind(' ').map_or(0, |at| at + 1);
                let asks = self.line[..start].ends_with("from ");
                let private = address::read(&self.line[start..self.at - 1])
                    .is_some_and(|(address, _)| address.is_private());
                asks || (r.logs && private)
            };
            return r.docker
                || r.bare_port
                || r.peers
                || r.typed
                || rest[len..].starts_with(b"->")
                || client();
        }
        self.reading.bare_port && self.line.trim().len() == len
    }

    /// Digits alone are a number, save where Docker prints ids: the older builder does among what the steps print.
    fn is_id(&self, word: &[u8]) -> bool {
        let built = || {
            let known = [
                " ---> ",
                "Removing intermediate container ",
                "Successfully built ",
            ];
            self.reading.build && known.iter().any(|known| self.line.starts_with(known))
        };
        !self.reading.checksums
            && word.iter().all(drawn::is_lower_hex)
            && (self.reading.ids || word.iter().any(u8::is_ascii_lowercase) || built())
    }

    /// Ids and other drawn values.
    fn value(&self, rest: &[u8], word: &[u8], next: Option<u8>) -> Option<(Kind, usize)> {
        let len = word.len();
        let ends = || self.at + len == self.line.trim_end().len();
        if self.reading.jobs && ends() && is_job(self.line) {
            return Some((Kind::Opaque(Opaque::Process), len));
        }
        match len {
            12 | 64 if self.is_id(word) => Some((Kind::Id, len)),
            6..=10 if self.line[..self.at].ends_with("/tmp/tmp.") => {
                Some((Kind::Opaque(Opaque::Temporary), len))
            }
            25 if drawn::is_swarm_id(word) => Some((Kind::Opaque(Opaque::Swarm), len)),
            11 if word.starts_with(b"veth") && word[4..].iter().all(drawn::is_lower_hex) => {
                Some((Kind::Opaque(Opaque::Veth), len))
            }
            8 if next == Some(b'-') => {
                drawn::uuid_len(rest).map(|len| (Kind::Opaque(Opaque::Uuid), len))
            }
            6 if word == b"SWMTKN" && next == Some(b'-') => {
                let run = rest
                    .iter()
                    .take_while(|b| b.is_ascii_alphanumeric() || **b == b'-')
                    .count();
                Some((Kind::Opaque(Opaque::JoinToken), run))
            }
            1..=4 if next == Some(b':') => {
                if len == 2
                    && let Some(drawn) = drawn::mac(rest)
                {
                    let kind = if drawn { Kind::Mac } else { Kind::Word };
                    return Some((kind, 17));
                }
                if len == 4
                    && self.before() != Some(b':')
                    && let Some(len) = drawn::engine_id_len(rest)
                {
                    return Some((Kind::Opaque(Opaque::Engine), len));
                }
                if self.before() == Some(b':') || !word.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                address::read_v6(rest).map(|(addr, _, used)| (address_kind(addr), used))
            }
            _ => None,
        }
    }
}

/// Whether a line is what a shell prints of a job that it starts: `[1] 408`, its number and its process.
pub(super) fn is_job(line: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parts = line
        .trim_end()
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] "));
    parts.is_some_and(|(job, process)| number(job) && number(process))
}

fn digit_at(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(u8::is_ascii_digit)
}

fn address_kind(addr: Addr) -> Kind {
    if addr.is_private() {
        Kind::Address
    } else {
        Kind::Word
    }
}

/// Bytes of the word at `at`: letters, digits and `_`.
fn word_len(line: &str, at: usize) -> usize {
    let bytes = &line.as_bytes()[at..];
    let ascii = bytes
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
        .count();
    if bytes.get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    line[at..]
        .char_indices()
        .find(|(_, c)| !(c.is_alphanumeric() || *c == '_'))
        .map_or(bytes.len(), |(len, _)| len)
}

/// Bytes of `1.2.3` and longer, with what hangs on it (`1.27.0rc1`); 0 if there are fewer than two dots.
fn dotted_len(text: &[u8]) -> usize {
    let mut at = 0;
    let mut dots = 0;
    loop {
        let run = text[at..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count();
        at += run;
        let goes_on =
            text.get(at) == Some(&b'.') && text.get(at + 1).is_some_and(u8::is_ascii_digit);
        if run == 0 || !goes_on {
            return if dots >= 2 { at } else { 0 };
        }
        dots += 1;
        at += 1;
    }
}

/// Bytes of `12.5`, which is one number; none if there is no fraction.
fn fraction_len(text: &[u8]) -> Option<usize> {
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(text);
    let fraction = digits(text.get(whole + 1..)?);
    let end = whole + 1 + fraction;
    let ends = !text
        .get(end)
        .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    (text[whole] == b'.' && fraction > 0 && ends).then_some(end)
}

/// A port from [`FIRST_EPHEMERAL`] on.
pub(super) fn ephemeral(digits: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(digits).ok()?;
    text.parse()
        .ok()
        .filter(|port| text.len() == 5 && *port >= FIRST_EPHEMERAL)
}

#[cfg(test)]
mod tests;
