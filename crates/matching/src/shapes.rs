//! Lines whose shape tells that a bare number in them is a measure: listings, tags of HTTP, interfaces, loads.

use std::ops::Range;

use super::dates;
use super::measures::Measure;
use super::reading::Reading;

/// The byte ranges of `line` that are measures because of the line's shape, in order. Empty for most lines.
pub(super) fn forced(line: &str, reading: Reading) -> Vec<(Range<usize>, Measure)> {
    let mut found = Vec::new();
    let indent = line.len() - line.trim_start().len();
    let text = &line[indent..];
    match text.as_bytes().first() {
        Some(b'0'..=b'9') => interface_number(text, indent, &mut found),
        Some(b'-' | b'd' | b'l' | b'c' | b'b' | b's' | b'p') if reading.dates || reading.logs => {
            listing(text, indent, &mut found);
        }
        _ => {}
    }
    if line.contains(':') {
        entity_tag(line, indent, &mut found);
    }
    if reading.dates && text.starts_with("total ") {
        total(text, indent, &mut found);
    }
    if reading.processes {
        processes(line, &mut found);
    }
    if reading.capacity {
        blocks(line, &mut found);
    }
    if reading.build
        && let Some(seconds) = step_seconds(line)
    {
        found.push((seconds, Measure::Duration));
    }
    if reading.build || reading.transfers {
        fetched(line, &mut found);
    }
    if reading.shares {
        shares(line, &mut found);
    }
    if line.contains('#') {
        worker(line, &mut found);
    }
    after_markers(line, &mut found);
    if line.contains("\" ") {
        access(line, &mut found);
    }
    if line.ends_with(" ETA") {
        bar(line, &mut found);
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// Words after which a number is drawn by the kernel.
const MARKERS: [(&str, Measure); 9] = [
    ("@if", Measure::Index),
    ("link-netnsid ", Measure::Index),
    ("pid ", Measure::Process),
    ("PID ", Measure::Process),
    // NGINX's and Python's servers tell of theirs so.
    ("worker process ", Measure::Process),
    ("server process ", Measure::Process),
    ("pid: ", Measure::Process),
    ("pid=", Measure::Process),
    ("load average: ", Measure::Load),
];

fn after_markers(line: &str, found: &mut Vec<(Range<usize>, Measure)>) {
    let bytes = line.as_bytes();
    for start in 1..bytes.len() {
        // All markers end in one of these, and what they mark begins with a digit.
        if !bytes[start].is_ascii_digit() || !matches!(bytes[start - 1], b' ' | b'f' | b'=') {
            continue;
        }
        let Some((marker, measure)) = MARKERS
            .iter()
            .find(|(marker, _)| bytes[..start].ends_with(marker.as_bytes()))
        else {
            continue;
        };
        let at = start - marker.len();
        let whole_word =
            marker.starts_with('@') || !line[..at].ends_with(|c: char| c.is_alphanumeric());
        let digits = |c: char| {
            c.is_ascii_digit() || (*measure == Measure::Load && matches!(c, '.' | ',' | ' '))
        };
        let len = line[start..]
            .find(|c| !digits(c))
            .unwrap_or(line.len() - start);
        if !whole_word || line[start + len..].starts_with(|c: char| c.is_alphanumeric()) {
            continue;
        }
        // `@if7` is one word: the number is taken with its `if`.
        let from = if marker.starts_with('@') {
            at + 1
        } else {
            start
        };
        found.push((from..start + len, *measure));
    }
}

/// `7: eth0@if8: <BROADCAST,…>`: interfaces are numbered in the order in which the kernel made them.
fn interface_number(text: &str, indent: usize, found: &mut Vec<(Range<usize>, Measure)>) {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    if text[len..].starts_with(": ") && text[len..].contains(": <") {
        found.push((indent..indent + len, Measure::Index));
    }
}

/// `-rw-r--r--    1 root     root           615 May  1 10:11 index.html`: the size and the date, not the links.
fn listing(text: &str, indent: usize, found: &mut Vec<(Range<usize>, Measure)>) {
    let bytes = text.as_bytes();
    let mode = bytes.iter().take_while(|b| **b != b' ').count();
    if !(10..=11).contains(&mode) || !bytes[1..10].iter().all(|b| b"rwxsStT-".contains(b)) {
        return;
    }
    // Mode, links, owner, group, size, date.
    let mut at = mode;
    for field in 0..4 {
        at += bytes[at..].iter().take_while(|b| **b == b' ').count();
        let len = bytes[at..].iter().take_while(|b| **b != b' ').count();
        if field == 3 {
            let is_size = len > 0
                && bytes[at..at + len]
                    .iter()
                    .all(|b| b.is_ascii_digit() || b"KMGT.".contains(b));
            if !is_size {
                return;
            }
            found.push((indent + at..indent + at + len, Measure::Length));
        }
        at += len;
    }
    at += bytes[at..].iter().take_while(|b| **b == b' ').count();
    if let Some(len) = dates::read(&bytes[at..]) {
        found.push((indent + at..indent + at + len, Measure::Date));
    }
}

/// `[error] 10#10: `, nginx's process and thread.
fn worker(line: &str, found: &mut Vec<(Range<usize>, Measure)>) {
    let Some(start) = line.find("] ").map(|at| at + 2) else {
        return;
    };
    let Some(len) = line[start..].find(": ") else {
        return;
    };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if line[start..start + len]
        .split_once('#')
        .is_some_and(|(process, thread)| number(process) && number(thread))
    {
        found.push((start..start + len, Measure::Process));
    }
}

/// `"GET / HTTP/1.1" 200 615`, as access logs have it: the size of the answer, not its status.
fn access(line: &str, found: &mut Vec<(Range<usize>, Measure)>) {
    let Some(at) = line.find(" HTTP/") else {
        return;
    };
    let Some(end) = line[at..].find("\" ").map(|len| at + len + 2) else {
        return;
    };
    let mut words = line[end..].split(' ');
    let (Some(status), Some(size)) = (words.next(), words.next()) else {
        return;
    };
    let number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    if status.len() == 3 && number(status) && number(size) {
        let start = end + status.len() + 1;
        found.push((start..start + size.len(), Measure::Length));
    }
}

/// `index.html  100% |****|   615  0:00:00 ETA`, the bar of busybox's `wget`: how much it has fetched.
fn bar(line: &str, found: &mut Vec<(Range<usize>, Measure)>) {
    let Some(start) = line.rfind('|').map(|at| at + 1) else {
        return;
    };
    let start = start + line[start..].len() - line[start..].trim_start().len();
    let len = line[start..]
        .bytes()
        .take_while(|b| b.is_ascii_digit() || b"kMG.".contains(b))
        .count();
    if len > 0 {
        found.push((start..start + len, Measure::Size));
    }
}

/// The numbers with which a line of `ps` begins, after the user if it names one: process, and what it uses.
fn processes(line: &str, found: &mut Vec<(Range<usize>, Measure)>) {
    let mut at = 0;
    let mut first = true;
    for (nth, word) in line
        .split([' ', '\t'])
        .filter(|word| !word.is_empty())
        .enumerate()
    {
        let start = at + line[at..].find(word).unwrap_or_default();
        at = start + word.len();
        let number = word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if number {
            let measure = if first {
                Measure::Process
            } else {
                Measure::Load
            };
            found.push((start..at, measure));
            first = false;
        } else if nth > 0 {
            return;
        }
    }
}

/// `overlay  263174212  11534336  5% /`: the numbers of `df` and `free`, behind what they are of.
fn blocks(line: &str, found: &mut Vec<(Range<usize>, Measure)>) {
    let mut at = 0;
    for (nth, word) in line.split(' ').enumerate() {
        let number = word.strip_suffix('%').unwrap_or(word);
        let first = nth == 0 || line[..at].trim().is_empty();
        if !first && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
            found.push((at..at + number.len(), Measure::Blocks));
        }
        at += word.len() + 1;
    }
}

/// The bytes of `0.245` in `#7 0.245 hello`, with which BuildKit begins what a step itself prints.
pub(super) fn step_seconds(line: &str) -> Option<Range<usize>> {
    let rest = line.strip_prefix('#')?;
    let (step, rest) = rest.split_once(' ')?;
    let (seconds, _) = rest.split_once(' ').unwrap_or((rest, ""));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = seconds.split_once('.')?;
    let start = step.len() + 2;
    (digits(step) && digits(whole) && digits(fraction)).then(|| start..start + seconds.len())
}

/// `Fetched 9,316 kB in 2s (4,567 kB/s)`, the end of an `apt-get update`.
fn fetched(line: &str, found: &mut Vec<(Range<usize>, Measure)>) {
    let Some(start) = line.find("Fetched ").map(|at| at + "Fetched ".len()) else {
        return;
    };
    let end = line.trim_end().len();
    let starts_with_digit = line[start..].starts_with(|c: char| c.is_ascii_digit());
    if starts_with_digit && line[..end].ends_with("B/s)") {
        found.push((start..end, Measure::Size));
    }
}

/// `0.53%`, shares of what a container may use.
fn shares(line: &str, found: &mut Vec<(Range<usize>, Measure)>) {
    for (end, _) in line.match_indices('%') {
        let digits = |b: &u8| b.is_ascii_digit() || *b == b'.';
        let len = line.as_bytes()[..end]
            .iter()
            .rev()
            .take_while(|b| digits(b))
            .count();
        if len > 0 {
            found.push((end - len..end, Measure::Share));
        }
    }
}

/// `total 64`, the first line of a listing: blocks on disk.
fn total(text: &str, indent: usize, found: &mut Vec<(Range<usize>, Measure)>) {
    if let Some(rest) = text.strip_prefix("total ") {
        let rest = rest.trim_end();
        if !rest.is_empty()
            && rest
                .bytes()
                .all(|b| b.is_ascii_digit() || b"KMGT.".contains(&b))
        {
            let start = indent + "total ".len();
            found.push((start..start + rest.len(), Measure::Size));
        }
    }
}

/// `ETag: "65ce1234-267"`, as `curl -i` and `curl -v` print it: when the page was written, and its length.
fn entity_tag(line: &str, indent: usize, found: &mut Vec<(Range<usize>, Measure)>) {
    const NAME: &str = "etag: ";
    let text = &line[indent..];
    let (indent, text) = match text.strip_prefix("< ") {
        Some(rest) => (indent + 2, rest),
        None => (indent, text),
    };
    let Some(value) = text.get(NAME.len()..).map(str::trim_end) else {
        return;
    };
    let hex = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_hexdigit());
    let drawn = value
        .strip_prefix("W/")
        .unwrap_or(value)
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"')?.split_once('-'))
        .is_some_and(|(written, length)| hex(written) && hex(length));
    if text.as_bytes()[..NAME.len()].eq_ignore_ascii_case(NAME.as_bytes()) && drawn {
        let start = indent + NAME.len();
        found.push((start..start + value.len(), Measure::Tag));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<&str> {
        let reading = Reading {
            dates: true,
            ..Reading::default()
        };
        read(line, reading)
    }

    fn read(line: &str, reading: Reading) -> Vec<&str> {
        forced(line, reading)
            .into_iter()
            .map(|(range, _)| &line[range])
            .collect()
    }

    #[test]
    fn finds_numbers_that_a_line_s_shape_makes_measures() {
        let cases: &[(&str, &[&str])] = &[
            (
                "7: eth0@if8: <BROADCAST,MULTICAST,UP> mtu 1500",
                &["7", "if8"],
            ),
            (
                "    link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff link-netnsid 0",
                &["0"],
            ),
            (
                "-rw-r--r--    1 root     root           615 May  1 10:11 index.html",
                &["615", "May  1 10:11"],
            ),
            (
                "drwxr-xr-x 2 root root 4.0K Jan  1  2020 conf.d",
                &["4.0K", "Jan  1  2020"],
            ),
            ("total 64", &["64"]),
            ("Content-Length: 615", &[]),
            ("etag: \"v1\"", &[]),
            ("< etag: \"65ce1234-267\"", &["\"65ce1234-267\""]),
            ("start worker process 29", &["29"]),
            (
                "10:11:12 up 3 days, load average: 0.00, 0.01, 0.05",
                &["0.00, 0.01, 0.05"],
            ),
            (
                "2026/11/24 15:44:44 [error] 9#10: *5 open() failed",
                &["9#10"],
            ),
            ("[a] b#1: x", &[]),
            (
                "172.17.0.1 - - \"GET / HTTP/1.1\" 200 615 \"-\" \"curl/8\"",
                &["615"],
            ),
            ("\"GET / HTTP/1.1\" 200 -", &[]),
            (
                "index.html           100% |****|   615  0:00:00 ETA",
                &["615"],
            ),
            ("x | y ETA", &[]),
            ("total 64 files", &[]),
            ("7: eth0", &[]),
            ("HTTP/1.1 200 OK", &[]),
            ("users:((\"nginx\",pid=31,fd=6))", &["31"]),
            ("process 12", &[]),
            ("a process 12x", &[]),
            ("", &[]),
        ];
        for (line, expected) in cases {
            assert_eq!(texts(line), *expected, "{line}");
        }
    }

    #[test]
    fn what_a_command_lists_tells_more() {
        let processes = Reading {
            processes: true,
            ..Reading::default()
        };
        for (line, expected) in [
            ("   12 root      0:00 sleep 600", &["12"][..]),
            (
                "root   12  0.0  0.1  4400  700 ?  Ss  12:04  0:00 sleep 600",
                &["12", "0.0", "0.1", "4400", "700"],
            ),
            ("PID   USER     TIME  COMMAND", &[]),
            ("12 13", &["12", "13"]),
        ] {
            assert_eq!(read(line, processes), expected, "{line}");
        }
        let shares = Reading {
            shares: true,
            ..Reading::default()
        };
        assert_eq!(read("web 0.53% 12%", shares), ["0.53", "12"]);
        for line in ["total 64", "web 0.53%", "12 13"] {
            assert_eq!(read(line, Reading::default()), [""; 0], "{line}");
        }
    }
}
