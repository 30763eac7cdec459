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
}

impl Measure {
    /// The measure's name in a sentence, with its article.
    pub(super) fn name(self) -> &'static str {
        match self {
            Measure::Age | Measure::Duration => "a duration",
            Measure::Size => "a size",
            Measure::Rate => "a rate",
            Measure::Date => "a date",
            Measure::Clock => "a time of day",
            Measure::Index => "an interface's number",
            Measure::Process => "a process's number",
            Measure::Load => "a load",
            Measure::Tag => "a tag",
        }
    }
}

/// Reads a measure at the start of `text`, which is the start of a word: its kind and its length in bytes.
/// `before` is the byte before it, if any.
pub(super) fn read(text: &[u8], before: Option<u8>) -> Option<(Measure, usize)> {
    match text.first()? {
        b'0'..=b'9' => dates::read(text)
            .map(|len| (Measure::Date, len))
            .or_else(|| clock(text, before).map(|len| (Measure::Clock, len)))
            .or_else(|| quantity(text)),
        b'A' | b'a' | b'L' | b'l' => rough_age(text)
            .map(|len| (Measure::Age, len))
            .or_else(|| dates::read(text).map(|len| (Measure::Date, len))),
        b'F' | b'J' | b'M' | b'N' | b'O' | b'D' | b'S' | b'T' | b'W' => {
            dates::read(text).map(|len| (Measure::Date, len))
        }
        _ => None,
    }
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
    if before == Some(b':') {
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
    (!runs_on).then_some(end)
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
        b"s" | b"sec" | b"secs" | b"ms" | b"us" | b"ns" | b"min" | b"mins" | b"hrs"
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
