//! Measures: ages, durations, sizes, rates and times of day, whose value says nothing. Dates are in [`super::dates`].

use super::dates;

/// What a measure measures. A measure matches any other of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Measure {
    /// `3 seconds`, `About a minute`, `2 weeks`.
    Age,
    /// `0.083 ms`, `1m2.3s`, `0.083/0.105/0.128 ms`.
    Duration,
    /// `133MB`, `1.24 kB`, `64 bytes`.
    Size,
    /// `853 MB/s`, `9.41 Gbits/sec`.
    Rate,
    /// `2024-05-01T10:11:12Z`, `Wed, 01 May 2024 10:11:12 GMT`.
    Date,
    /// `10:11:12`.
    Clock,
    /// The number of a network interface or of a namespace.
    Index,
    /// The number of a process.
    Process,
    /// The load of a machine.
    Load,
    /// The tag by which HTTP tells versions of a page apart.
    Tag,
    /// The length of a file or of an answer: none is a claim.
    Length,
    /// A share of a processor or of memory.
    Share,
    /// A number of blocks of 1 KiB, or of larger ones, on a disk or in memory.
    Blocks,
}

impl Measure {
    /// The measure's name in a sentence, with its article.
    pub(super) fn name(self) -> &'static str {
        match self {
            Measure::Age | Measure::Duration => "a duration",
            Measure::Size | Measure::Length | Measure::Blocks => "a size",
            Measure::Rate => "a rate",
            Measure::Date => "a date",
            Measure::Clock => "a time of day",
            Measure::Index => "an interface's number",
            Measure::Process => "a process's number",
            Measure::Load => "a load",
            Measure::Tag => "a tag",
            Measure::Share => "a share",
        }
    }
}

/// Reads a measure at the start of `text`, which is the start of a word: its kind and its length in bytes.
/// `before` is the byte before it, if any.
pub(super) fn read(text: &[u8], before: Option<u8>) -> Option<(Measure, usize)> {
    // A tag, a path, a range: `app:2024-09-26`, `release-2024-09-26`.
    let part_of_name = before.is_some_and(|b| b"-:/._@+".contains(&b));
    let date = || {
        let len = dates::read(text).filter(|_| !part_of_name)?;
        Some((Measure::Date, len))
    };
    match text.first()? {
        b'0'..=b'9' => date()
            .or_else(|| clock(text, before).map(|len| (Measure::Clock, len)))
            .or_else(|| quantity(text)),
        b'A' | b'a' | b'L' | b'l' => rough_age(text).map(|len| (Measure::Age, len)).or_else(date),
        b'F' | b'J' | b'M' | b'N' | b'O' | b'D' | b'S' | b'T' | b'W' => date(),
        _ => None,
    }
}

/// What a quantity comes to, so that two spellings of one can be told from two: `64m` and `64MiB` are bytes, `1m30s` and
/// `90s` are nanoseconds. A lone `m` is of memory, as in Docker's options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Amount {
    /// Bytes.
    Bytes(u128),
    /// Nanoseconds.
    Nanoseconds(u128),
}

/// The amount that `text` spells, if it is a quantity and nothing more.
pub(super) fn amount(text: &str) -> Option<Amount> {
    let mut nanoseconds = 0_u128;
    let mut rest = text.trim();
    let mut parts = 0;
    while !rest.is_empty() {
        let used = number(rest.as_bytes())?;
        let (value, after) = rest.split_at(used);
        let after = after.strip_prefix(' ').unwrap_or(after);
        let (unit, after) = after.split_at(letters(after.as_bytes()));
        if parts == 0
            && after.is_empty()
            && let Some(size) = bytes_in(unit)
        {
            return Some(Amount::Bytes(scaled(value, size)?));
        }
        nanoseconds = scaled(value, nanoseconds_in(unit)?)?.checked_add(nanoseconds)?;
        parts += 1;
        rest = after;
    }
    (parts > 0).then_some(Amount::Nanoseconds(nanoseconds))
}

/// `1.5` of a unit, whole; a quantity beyond what a computer holds is none.
fn scaled(value: &str, unit: u128) -> Option<u128> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = |text: &str| {
        if text.is_empty() {
            Some(0)
        } else {
            text.parse::<u128>().ok()
        }
    };
    let places = 10u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let whole = digits(whole)?.checked_mul(unit)?;
    whole.checked_add(digits(fraction)?.checked_mul(unit)? / places)
}

/// How many bytes a unit has. `m`, `M` and `MiB` are binary, as Docker's options and `df -h` have it; `MB` and `kB` are
/// decimal, as its tables have it.
fn bytes_in(unit: &str) -> Option<u128> {
    const BINARY: &[u8] = b"kmgtp";
    let lower = unit.to_ascii_lowercase();
    if matches!(lower.as_str(), "b" | "byte" | "bytes") {
        return Some(1);
    }
    let power = BINARY
        .iter()
        .position(|b| lower.as_bytes().first() == Some(b))?;
    let power = u32::try_from(power).ok()? + 1;
    match &lower[1..] {
        "" | "ib" => 1024u128.checked_pow(power),
        "b" => 1000u128.checked_pow(power),
        _ => None,
    }
}

fn nanoseconds_in(unit: &str) -> Option<u128> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" | "msec" | "millisecond" | "milliseconds" => 1_000_000,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000_000_000,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000_000_000,
        "h" | "hrs" | "hour" | "hours" => 3_600_000_000_000,
        "d" | "day" | "days" => 86_400_000_000_000,
        _ => return None,
    })
}

/// `About a minute`, `about an hour`, `Less than a second`.
fn rough_age(text: &[u8]) -> Option<usize> {
    let starts: [&[u8]; 6] = [
        b"About a ",
        b"about a ",
        b"About an ",
        b"about an ",
        b"Less than a ",
        b"less than a ",
    ];
    let start = starts.iter().find(|start| text.starts_with(start))?.len();
    let unit = letters(&text[start..]);
    is_age_unit(&text[start..start + unit]).then_some(start + unit)
}

/// `10:11:12`, with a fraction; `0:00` only where blanks stand around it, as it may be a pair of ports.
fn clock(text: &[u8], before: Option<u8>) -> Option<usize> {
    if before.is_some_and(|b| b":-/._@".contains(&b)) {
        return None;
    }
    let hours = digits(text);
    if !(1..=3).contains(&hours) {
        return None;
    }
    let mut at = hours;
    let mut parts = 1;
    while parts < 3 && text.get(at) == Some(&b':') && digits(&text[at + 1..]) == 2 {
        at += 3;
        parts += 1;
    }
    match parts {
        3 => {
            if matches!(text.get(at), Some(b'.' | b',')) {
                let fraction = digits(&text[at + 1..]);
                at += if fraction > 0 { fraction + 1 } else { 0 };
            }
            let next = text.get(at).copied();
            (next != Some(b':') && !next.is_some_and(is_word)).then_some(at)
        }
        2 => {
            let free = |b: Option<u8>| b.is_none_or(|b| b == b' ' || b == b'\t');
            (free(before) && free(text.get(at).copied())).then_some(at)
        }
        _ => None,
    }
}

/// A number, or several with `/` between, and its unit.
fn quantity(text: &[u8]) -> Option<(Measure, usize)> {
    let mut at = number(text)?;
    let mut parts = 1;
    // `min/avg/max/mdev` has four; a longer list is none of these, and is not to be read again and again.
    while parts < 8 && text.get(at) == Some(&b'/') {
        let Some(more) = number(&text[at + 1..]) else {
            break;
        };
        at += 1 + more;
        parts += 1;
    }
    let spaced = text.get(at) == Some(&b' ');
    let unit_at = at + usize::from(spaced);
    let unit_len = letters(&text[unit_at..]);
    if unit_len == 0 {
        return None;
    }
    let unit = &text[unit_at..unit_at + unit_len];
    let end = unit_at + unit_len;
    let next = text.get(end).copied();
    if parts > 1 {
        return (is_duration_unit(unit) && !next.is_some_and(is_word))
            .then_some((Measure::Duration, end));
    }
    if !spaced && next.is_some_and(|b| b.is_ascii_digit()) {
        return compound(text).map(|len| (Measure::Duration, len));
    }
    if next.is_some_and(is_word) {
        return None;
    }
    if spaced && is_age_unit(unit) {
        return Some((Measure::Age, end));
    }
    if is_duration_unit(unit) {
        return Some((Measure::Duration, end));
    }
    if is_size_unit(unit, spaced) {
        let per = &text[end..];
        for suffix in [b"/sec".as_slice(), b"/s"] {
            if per.starts_with(suffix) && !per.get(suffix.len()).copied().is_some_and(is_word) {
                return Some((Measure::Rate, end + suffix.len()));
            }
        }
        return Some((Measure::Size, end));
    }
    None
}

/// `1m2.3s`, `1h5m`, `2d3h`: at least two parts.
fn compound(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut parts = 0;
    while let Some(used) = number(&text[at..]) {
        let unit = letters(&text[at + used..]);
        let name = &text[at + used..at + used + unit];
        if !matches!(name, b"d" | b"h" | b"m") && !is_duration_unit(name) {
            return None;
        }
        at += used + unit;
        parts += 1;
    }
    (parts > 1 && !text.get(at).copied().is_some_and(is_word)).then_some(at)
}

/// Bytes of a plain number, `12` or `0.083`; none if it runs on as a version does (`1.2.3`).
fn number(text: &[u8]) -> Option<usize> {
    let whole = digits(text);
    if whole == 0 {
        return None;
    }
    if text.get(whole) != Some(&b'.') {
        return Some(whole);
    }
    let fraction = digits(&text[whole + 1..]);
    if fraction == 0 {
        return Some(whole);
    }
    let end = whole + 1 + fraction;
    let runs_on = text.get(end) == Some(&b'.') && text.get(end + 1).is_some_and(u8::is_ascii_digit);
    (!runs_on).then_some(end + exponent(&text[end..]))
}

/// Bytes of `e-05`, as C writes small numbers.
fn exponent(text: &[u8]) -> usize {
    match text {
        [b'e', b'-' | b'+', rest @ ..] if digits(rest) == 2 => 4,
        _ => 0,
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// Letters of a unit; `µ` (U+00B5, U+03BC) is one.
fn letters(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(b) = text.get(at) {
        if b.is_ascii_alphabetic() {
            at += 1;
        } else if text[at..].starts_with("µ".as_bytes()) || text[at..].starts_with("μ".as_bytes())
        {
            at += 2;
        } else {
            break;
        }
    }
    at
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

fn is_age_unit(unit: &[u8]) -> bool {
    let unit = unit.strip_suffix(b"s").unwrap_or(unit);
    matches!(
        unit,
        b"second" | b"minute" | b"hour" | b"day" | b"week" | b"month" | b"year"
    )
}

/// Units that cannot be mistaken; `5m` and `2h` alone can (512m of memory).
fn is_duration_unit(unit: &[u8]) -> bool {
    matches!(
        unit,
        b"s" | b"sec"
            | b"secs"
            | b"ms"
            | b"msec"
            | b"millisecond"
            | b"milliseconds"
            | b"us"
            | b"ns"
            | b"min"
            | b"mins"
            | b"hrs"
    ) || unit == "µs".as_bytes()
        || unit == "μs".as_bytes()
}

/// `spaced`: a blank stands between number and unit, where a lone `K` or `M` would be a word.
fn is_size_unit(unit: &[u8], spaced: bool) -> bool {
    match unit {
        b"B" | b"bytes" | b"byte" | b"Bytes" | b"bits" => true,
        [b'k' | b'K' | b'M' | b'G' | b'T' | b'P', b'B'] => true,
        [b'K' | b'M' | b'G' | b'T' | b'P', b'i', b'B'] => true,
        [b'K' | b'M' | b'G', b'B', b'y', b't', b'e', b's'] => true,
        [b'K' | b'M' | b'G', b'b', b'i', b't', b's'] => true,
        [b'K' | b'M' | b'G' | b'T'] | [b'K' | b'M' | b'G' | b'T', b'i'] => !spaced,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_whole_measures() {
        let cases = [
            ("3 seconds", Measure::Age),
            ("1 minute", Measure::Age),
            ("About a minute", Measure::Age),
            ("About an hour", Measure::Age),
            ("Less than a second", Measure::Age),
            ("about an hour", Measure::Age),
            ("0.083 ms", Measure::Duration),
            ("83ms", Measure::Duration),
            ("12 µs", Measure::Duration),
            ("1m2.3s", Measure::Duration),
            ("0m0.345s", Measure::Duration),
            ("86387sec", Measure::Duration),
            ("0.00 sec", Measure::Duration),
            ("2.1061e-05 s", Measure::Duration),
            ("0.083/0.105/0.128 ms", Measure::Duration),
            ("0.05/0.06/0.07/0.010 ms", Measure::Duration),
            ("133MB", Measure::Size),
            ("1.24 kB", Measure::Size),
            ("1.944GiB", Measure::Size),
            ("64 bytes", Measure::Size),
            ("4.0K", Measure::Size),
            ("0B", Measure::Size),
            ("853 MB/s", Measure::Rate),
            ("12.3kB/s", Measure::Rate),
            ("9.41 Gbits/sec", Measure::Rate),
            ("10:11:12", Measure::Clock),
            ("0:00:00.123", Measure::Clock),
            ("0:00", Measure::Clock),
            ("2024-05-01", Measure::Date),
        ];
        for (text, kind) in cases {
            assert_eq!(
                read(text.as_bytes(), None),
                Some((kind, text.len())),
                "{text}"
            );
            let longer = format!("{text} x");
            assert_eq!(
                read(longer.as_bytes(), Some(b' ')),
                Some((kind, text.len())),
                "{longer}"
            );
        }
    }

    #[test]
    fn two_spellings_come_to_one_amount() {
        for (a, b) in [
            ("64m", "64MiB"),
            ("1.5g", "1536M"),
            ("1000kB", "1MB"),
            ("64 bytes", "64B"),
            ("1m30s", "90s"),
            ("1500ms", "1.5s"),
        ] {
            assert!(amount(a).is_some(), "{a}");
            assert_eq!(amount(a), amount(b), "{a} {b}");
        }
        for (a, b) in [
            ("64MB", "64MiB"),
            ("5s", "50s"),
            ("1h", "1d"),
            ("64m", "512m"),
        ] {
            assert_ne!(amount(a), amount(b), "{a} {b}");
        }
        let huge = "9".repeat(38);
        let most = u128::MAX.to_string();
        for none in [
            "",
            "5",
            "s",
            "5x",
            "1.2.3s",
            "app",
            &format!("{huge}s1ns"),
            &format!("{most}ns1ns"),
        ] {
            assert_eq!(amount(none), None, "{none}");
        }
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "3",
            "3 packets",
            "0%",
            "64",
            "1.27.0",
            "28.5.1 s",
            "8080",
            "80/tcp",
            "512m",
            "5 M",
            "3 secondary",
            "12x",
            "1s_",
            "80:80/tcp",
            "10:11:12:13",
            "1.2.3MB",
            "About",
            "Less",
            "About a dog",
            "4/4",
            "1/2 done",
            "200 OK",
        ] {
            assert_eq!(read(text.as_bytes(), None), None, "{text}");
        }
        assert_eq!(read(b"80:80", Some(b':')), None);
    }
}
