//! Where a measure measures. Enter at [`place`].
//!
//! An age, a duration, a size, a rate or a date differs from run to run where something measures: in a field of Docker's,
//! of `ping`, of `curl` or of a server's log, or where the line says so (took, elapsed, ago). Elsewhere it is a setting or a
//! claim. The places are named here, each with the programs that print it; [`super::shapes`] knows lines whose bare
//! numbers are measures.

use std::ops::Range;

use super::measures::Measure;
use super::reading::Reading;
use super::shapes;

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
        text: &line[range.clone()],
        after: &line[range.end..],
    };
    if reading.limits && around.before.ends_with("/ ") {
        return Place::Given;
    }
    let measured = match measure {
        Measure::Age => {
            reading.field || (around.is_age() && reading.docker) || around.took(reading)
        }
        // No field of Docker's is a bare duration: that is a setting, or a label.
        Measure::Duration => around.took(reading),
        Measure::Size | Measure::Rate => around.moved(reading),
        Measure::Date | Measure::Clock => around.is_header(reading),
        _ => true,
    };
    if measured {
        return Place::Measured;
    }
    let given = match measure {
        Measure::Age => around.is_age() || around.says_that_it_took(),
        Measure::Duration => around.says_that_it_took(),
        Measure::Size => reading.field || reading.capacity || around.is_docker_s_total(),
        Measure::Rate => reading.field,
        Measure::Date => reading.field || around.is_date(reading),
        Measure::Clock => reading.field || around.is_date(reading) || reading.spans,
        _ => false,
    };
    if given { Place::Given } else { Place::Literal }
}

/// What a number is that is a measure because of its line's shape. Others may write such a line, too: what the page types
/// in one is literal, unless it is known who prints it.
pub(super) fn of_shape(measure: Measure, reading: Reading) -> Place {
    let known = match measure {
        Measure::Process | Measure::Load => reading.processes,
        Measure::Share => reading.shares,
        Measure::Duration => reading.build,
        _ => false,
    };
    if known { Place::Measured } else { Place::Given }
}

/// A measure's line, and what stands before and after it.
struct Around<'a> {
    line: &'a str,
    before: &'a str,
    text: &'a str,
    after: &'a str,
}

/// Words before a measure that say that it measures.
const TOOK: [&str; 3] = ["took", "elapsed", "uptime"];

/// Words before `in 0.3s` that say so.
const DONE_IN: [&str; 20] = [
    "added",
    "audited",
    "built",
    "compiled",
    "completed",
    "copied",
    "created",
    "done",
    "failed",
    "finished",
    "indexed",
    "installed",
    "loaded",
    "passed",
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

    /// A duration that was taken, by the program that prints it.
    fn took(&self, reading: Reading) -> bool {
        reading.spans
            || self.is_of_ping()
            || (reading.transfers && self.is_of_curl())
            || self.is_of_transfer(reading)
            || (reading.build && self.ends_step())
    }

    /// A duration that was taken, by the words around it: unless the page types it, as a setting or a claim.
    fn says_that_it_took(&self) -> bool {
        self.has_words_for_it()
            || self.is_of_shell_or_client()
            || self.is_of_go_test()
            || self.last_word().ends_with("_lft")
    }

    /// `took 3s`, `0.3s elapsed`, `finished in 0.3s`, `Created network in 0.1s`.
    fn has_words_for_it(&self) -> bool {
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

    /// `real    0m0.345s` alone on its line; `1 row in set (0.01 sec)`, `Empty set (0.00 sec)`; psql's `Time: 0.345 ms`.
    fn is_of_shell_or_client(&self) -> bool {
        let alone = self.after.trim().is_empty();
        let rows = self.before.contains(" in set (")
            || self.before.starts_with("Query OK")
            || self.before.starts_with("Empty set (");
        (alone && matches!(self.before.trim(), "real" | "user" | "sys" | "Time:"))
            || (rows && self.before.ends_with('('))
    }

    /// `4096 bytes (4.0KB) copied, 0.00002 seconds, 186.0MB/s`, which is `dd`'s.
    fn is_of_transfer(&self, reading: Reading) -> bool {
        reading.transfers && (self.before.contains(" copied, ") || self.line.contains("eta "))
    }

    /// `--- PASS: TestTide (0.00s)`; `ok`, a package and `0.003s`.
    fn is_of_go_test(&self) -> bool {
        let case = self.before.trim_start().starts_with("--- ") && self.after.trim() == ")";
        let package = self.before.starts_with("ok ") && self.before.ends_with('\t');
        case || package
    }

    /// Whether BuildKit or Compose tells of its own work in the line, not a step or a service of what it does.
    fn is_progress(&self) -> bool {
        let text = self.line.trim_start();
        let step = text.starts_with('#') && shapes::step_seconds(text).is_none();
        let known = [
            "=>",
            "[+]",
            "Container ",
            "Network ",
            "Volume ",
            "Image ",
            "Service ",
        ];
        step || known.iter().any(|known| text.starts_with(known))
            || text.starts_with(|c: char| !c.is_ascii())
    }

    /// `#5 DONE 0.3s`, ` => CACHED [2/3] COPY . .   0.0s`, ` ✔ Container web  Started  0.3s`.
    fn ends_step(&self) -> bool {
        let rest = self.after.trim();
        self.is_progress() && (rest.is_empty() || rest == "done" || self.line.starts_with("[+] "))
    }

    /// What Docker cleaned up, sent or has.
    fn is_docker_s_total(&self) -> bool {
        const LABELS: [&str; 4] = [
            "Total reclaimed space:",
            "Total:",
            "Total Memory:",
            "Sending build context to Docker daemon",
        ];
        LABELS.contains(&self.before.trim())
    }

    /// Sizes and rates of what is moved: by programs that do that, and in builds.
    fn moved(&self, reading: Reading) -> bool {
        if reading.docker && self.is_docker_s_total() {
            return true;
        }
        // BuildKit's account of a step; what the step itself prints is its own.
        let step = ["transferring", "sha256:", "exporting", "extracting"];
        if reading.build && self.is_progress() && step.iter().any(|known| self.line.contains(known))
        {
            return true;
        }
        if (reading.transfers || reading.build) && self.is_fetched() {
            return true;
        }
        // `dd` counts bytes and measures how fast; `curl` and `wget` tell rates.
        let is_rate = self.after.is_empty() && self.before.contains(" copied, ");
        reading.transfers
            && (is_rate || self.line.contains(" saved ") || self.line.contains("bits/sec"))
    }

    /// What pip, apt and apk tell of sizes and rates, where they are run by hand and behind BuildKit's time.
    fn is_fetched(&self) -> bool {
        let start = shapes::step_seconds(self.line).map_or(0, |seconds| seconds.end);
        let label = self.before.get(start..).unwrap_or_default().trim_start();
        let named = ["Downloading ", "Get:", "Using cached "]
            .iter()
            .any(|known| label.starts_with(known));
        (named && label.ends_with(['(', '[']))
            || (label == "OK: " && self.after.starts_with(" in "))
            || self.line.contains("eta ")
    }

    /// A date in a header of HTTP, a certificate or an answer of a name server, and of what Docker made.
    fn is_header(&self, reading: Reading) -> bool {
        const HEADERS: [&str; 3] = ["date: ", "last-modified: ", "expires: "];
        const OTHERS: [&str; 3] = ["notbefore=", "notafter=", ";; when: "];
        let header = self.before.trim_start_matches("< ").trim_start();
        let is_one_of = |names: &[&str]| names.iter().any(|name| header.eq_ignore_ascii_case(name));
        (reading.transfers && is_one_of(&HEADERS)) || is_one_of(&OTHERS)
    }

    /// `2026/11/24 10:11:12 [error]`, nginx's; `[24/Nov/2026:10:11:12 +0000] "GET`, that of access logs.
    fn is_of_server(&self) -> bool {
        let nginx = self.unprefixed().is_empty()
            && self.after.starts_with(" [")
            && self.text.as_bytes().get(4) == Some(&b'/');
        nginx || (self.before.ends_with('[') && self.after.starts_with("] \""))
    }

    /// A date that a program tells because it is asked to, or with which a line of a log begins.
    fn is_date(&self, reading: Reading) -> bool {
        let begins = self
            .unprefixed()
            .trim_start_matches(['[', '('])
            .trim()
            .is_empty();
        // A day alone is a claim: logs tell the time, too.
        let stamps = begins && self.text.contains(':') && (reading.logs || reading.build);
        let label = self.before.trim_end();
        let made = reading.docker && (label.ends_with("Built:") || label.ends_with("Created:"));
        reading.dates || stamps || made || self.is_of_server() || (begins && reading.transfers)
    }

    /// What stands before the measure, without what is put before a line of a log: `web-1  | ` by Compose, `1:M ` by Redis.
    fn unprefixed(&self) -> &str {
        let text = self
            .before
            .rsplit_once("| ")
            .map_or(self.before, |(_, text)| text);
        match text.as_bytes() {
            [process @ .., b':', b'C' | b'M' | b'S' | b'X', b' ']
                if process.iter().all(u8::is_ascii_digit) =>
            {
                ""
            }
            _ => text,
        }
    }

    /// The word before the measure.
    fn last_word(&self) -> &str {
        let text = self.before.trim_end();
        let start = text.rfind([' ', '\t', '(']).map_or(0, |at| at + 1);
        &text[start..]
    }
}
