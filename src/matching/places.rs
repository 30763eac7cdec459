//! Where a measure measures. Enter at [`place`].
//!
//! An age, a duration, a size, a rate or a date differs from run to run where something measures: in a field of Docker's,
//! of `ping`, of `curl` or of a server's log, or where the line says so (took, elapsed, ago). Elsewhere it is a setting or a
//! claim. The places are named here, each with the programs that print it; [`super::shapes`] knows lines whose bare
//! numbers are measures.

use std::ops::Range;

use super::measures::Measure;
use super::reading::Reading;

/// What a measure is where it stands, the freest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// Something measures there: any value will do.
    Measured,
    /// As before, unless the page types that value: a limit, the size of a file system, a date in a log.
    Given,
    /// A setting or a claim: it is literal.
    Literal,
}

/// What the measure that takes the bytes `range` of `line` is.
pub(super) fn place(line: &str, range: &Range<usize>, measure: Measure, reading: Reading) -> Place {
    let around = Around {
        line,
        before: &line[..range.start],
        after: &line[range.end..],
    };
    if reading.limits && around.before.ends_with("/ ") {
        return Place::Given;
    }
    if reading.field {
        return Place::Measured;
    }
    let (measured, given) = match measure {
        Measure::Age => (around.is_age() || around.took(reading), false),
        Measure::Duration => (around.took(reading), false),
        Measure::Size => (around.moved(reading), reading.capacity),
        Measure::Rate => (around.moved(reading), false),
        Measure::Date => (around.is_stamp(reading), around.is_date(reading)),
        Measure::Clock => (
            around.is_stamp(reading),
            around.is_date(reading) || reading.spans,
        ),
        _ => (true, false),
    };
    match (measured, given) {
        (true, _) => Place::Measured,
        (_, true) => Place::Given,
        _ => Place::Literal,
    }
}

/// A measure's line, and what stands before and after it.
struct Around<'a> {
    line: &'a str,
    before: &'a str,
    after: &'a str,
}

/// Words before a measure that say that it measures.
const TOOK: [&str; 3] = ["took", "elapsed", "uptime"];

/// Words before `in 0.3s` that say so.
const DONE_IN: [&str; 16] = [
    "built",
    "compiled",
    "completed",
    "copied",
    "created",
    "done",
    "finished",
    "indexed",
    "installed",
    "loaded",
    "ran",
    "ready",
    "resolved",
    "served",
    "started",
    "tests",
];

impl Around<'_> {
    /// `3 seconds ago`, `Up 3 seconds`.
    fn is_age(&self) -> bool {
        self.after.starts_with(" ago") || self.last_word() == "Up"
    }

    /// A duration that was taken, by the words around it or by the program that prints it.
    fn took(&self, reading: Reading) -> bool {
        reading.spans
            || self.says_that_it_took()
            || self.is_of_ping()
            || self.is_of_curl()
            || self.is_of_shell_or_mysql()
            || self.is_of_transfer(reading)
            || (reading.build && self.ends_step())
            || self.last_word().ends_with("_lft")
    }

    /// `took 3s`, `0.3s elapsed`, `finished in 0.3s`, `Created network in 0.1s`.
    fn says_that_it_took(&self) -> bool {
        let last = self
            .last_word()
            .trim_end_matches([':', '='])
            .to_ascii_lowercase();
        if TOOK.contains(&last.as_str()) || self.after.trim_start().starts_with("elapsed") {
            return true;
        }
        let words = || self.before.split_ascii_whitespace().rev();
        // `Created network front in 0.1s`: the word that says what was done is not far.
        last == "in"
            && words().skip(1).take(3).any(|word| {
                DONE_IN.contains(
                    &word
                        .trim_matches(|c: char| !c.is_alphanumeric())
                        .to_ascii_lowercase()
                        .as_str(),
                )
            })
    }

    /// `time=0.083 ms`, `time 1002ms` after the packet loss, `round-trip min/avg/max = 0.1/0.2/0.3 ms`.
    fn is_of_ping(&self) -> bool {
        (self.before.ends_with("time=") || self.before.ends_with("time<"))
            && self.before.contains("ttl=")
            || self.before.ends_with("% packet loss, time ")
            || (self.before.ends_with(" = ") && self.before.contains("min/avg/max"))
            || self.before.ends_with("Query time: ")
    }

    /// `Connection timed out after 2001 milliseconds`, of curl's errors and its account of a connection.
    fn is_of_curl(&self) -> bool {
        let curl = self.line.starts_with("curl: (") || self.line.starts_with("* ");
        curl && matches!(self.last_word(), "after" | "in")
    }

    /// `real    0m0.345s` alone on its line; `1 row in set (0.01 sec)`.
    fn is_of_shell_or_mysql(&self) -> bool {
        let alone = self.after.trim().is_empty();
        let rows = self.before.contains(" in set (") || self.before.starts_with("Query OK");
        (alone && matches!(self.before.trim(), "real" | "user" | "sys"))
            || (rows && self.before.ends_with('('))
    }

    /// `4096 bytes (4.0KB) copied, 0.00002 seconds, 186.0MB/s`, which is `dd`'s.
    fn is_of_transfer(&self, reading: Reading) -> bool {
        reading.transfers && (self.before.contains(" copied, ") || self.line.contains("eta "))
    }

    /// `#5 DONE 0.3s`, ` => CACHED [2/3] COPY . .   0.0s`, ` ✔ Container web  Started  0.3s`.
    fn ends_step(&self) -> bool {
        let rest = self.after.trim();
        rest.is_empty() || rest == "done" || self.line.starts_with("[+] ")
    }

    /// Sizes and rates of what is moved: by programs that do that, in builds, in what Docker cleaned up.
    fn moved(&self, reading: Reading) -> bool {
        let label = self.before.trim_start();
        let docker = [
            "Total reclaimed space: ",
            "Total:\t",
            "Total Memory: ",
            "Sending build context to Docker daemon ",
        ];
        if docker
            .iter()
            .any(|known| label.trim_end() == known.trim_end())
        {
            return true;
        }
        // BuildKit's account of a step; what the step itself prints is its own.
        let step = ["transferring", "sha256:", "exporting", "extracting"];
        if reading.build && step.iter().any(|known| self.line.contains(known)) {
            return true;
        }
        // pip, apt and apk tell sizes and rates in builds, and where they are run by hand.
        let fetched = ["Downloading ", "Fetched ", "Get:", "OK: ", "Using cached "];
        if (reading.transfers || reading.build)
            && (fetched.iter().any(|known| label.starts_with(known)) || self.line.contains("eta "))
        {
            return true;
        }
        // `dd` counts bytes and measures how fast; `curl` and `wget` tell rates.
        let is_rate = self.after.is_empty() && self.before.contains(" copied, ");
        reading.transfers
            && (is_rate || self.line.contains(" saved ") || self.line.contains("bits/sec"))
    }

    /// A date where one is stamped: by servers' logs, HTTP, Docker.
    fn is_stamp(&self, reading: Reading) -> bool {
        let header = self
            .before
            .trim_start_matches("< ")
            .trim_start()
            .to_ascii_lowercase();
        let headers = [
            "date: ",
            "last-modified: ",
            "expires: ",
            "notbefore=",
            "notafter=",
            ";; when: ",
        ];
        if headers.contains(&header.as_str()) {
            return true;
        }
        // `2026/11/24 10:11:12 [error]`, nginx's; `[24/Nov/2026:10:11:12 +0000] "GET`, that of access logs.
        let nginx = self.before.is_empty()
            && self.after.starts_with(" [")
            && self.line.as_bytes().get(4) == Some(&b'/');
        let access = self.before.ends_with('[') && self.after.starts_with("] \"");
        if nginx || access {
            return true;
        }
        let label = self.before.trim_end();
        reading.docker && (label.ends_with("Built:") || label.ends_with("Created:"))
    }

    /// A date that a program tells because it is asked to, or with which a line of a log begins.
    fn is_date(&self, reading: Reading) -> bool {
        let begins = self.before.trim_start_matches(['[', '(']).trim().is_empty();
        reading.dates || (begins && (reading.logs || reading.transfers))
    }

    /// The word before the measure.
    fn last_word(&self) -> &str {
        let text = self.before.trim_end();
        let start = text.rfind([' ', '\t', '(']).map_or(0, |at| at + 1);
        &text[start..]
    }
}
