//! Dates as the programs of a page write them: ISO 8601, HTTP, logs, `date`, `ls`.

/// Reads a date, with its time of day if it has one, at the start of `text`: its length in bytes.
pub(super) fn read(text: &[u8]) -> Option<usize> {
    if !may_begin(text) {
        return None;
    }
    let mut s = Scan { text, at: 0 };
    let found = if text.first()?.is_ascii_digit() {
        s.iso() || s.reset().slashed() || s.reset().log() || s.reset().day_first()
    } else {
        s.weekday_first() || s.reset().month_first()
    };
    let next = |ahead: usize| text.get(s.at + ahead).copied();
    let goes_on = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
    // `2024-05-01.tar.gz` and `2024-05-01-rc1` are names.
    let named = matches!(next(0), Some(b'-' | b'/' | b'.')) && goes_on(next(1));
    (found && !goes_on(next(0)) && !named).then_some(s.at)
}

/// Whether a closer look is worth it: most numbers and words are no dates, which the first bytes tell.
fn may_begin(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    match (digits, &text[digits..]) {
        (0, rest) => rest.first().is_some_and(u8::is_ascii_uppercase),
        (1..=4, [b'-' | b'/', ..]) => true,
        // `1 May 2024`
        (1..=2, [b' ', next, ..]) => next.is_ascii_uppercase(),
        _ => false,
    }
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn reset(&mut self) -> &mut Self {
        self.at = 0;
        self
    }

    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    fn byte(&mut self, wanted: &[u8]) -> bool {
        let found = self.rest().first().is_some_and(|b| wanted.contains(b));
        self.at += usize::from(found);
        found
    }

    /// Exactly `min..=max` digits.
    fn digits(&mut self, min: usize, max: usize) -> bool {
        let count = self
            .rest()
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        let found = (min..=max).contains(&count);
        self.at += if found { count } else { 0 };
        found
    }

    fn blanks(&mut self) -> bool {
        let count = self.rest().iter().take_while(|b| **b == b' ').count();
        self.at += count;
        count > 0
    }

    fn word(&mut self, known: &[&[u8]]) -> bool {
        let count = self
            .rest()
            .iter()
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let word = &self.rest()[..count];
        // Abbreviated or in full.
        let found = count >= 3 && known.iter().any(|full| word == *full || word == &full[..3]);
        self.at += if found { count } else { 0 };
        found
    }

    fn month(&mut self) -> bool {
        self.word(&MONTHS)
    }

    /// Takes what `part` reads, or nothing.
    fn maybe(&mut self, part: impl FnOnce(&mut Self) -> bool) -> bool {
        let before = self.at;
        let found = part(self);
        if !found {
            self.at = before;
        }
        found
    }

    /// `10:11` or `10:11:12.345`.
    fn time(&mut self) -> bool {
        if !(self.digits(1, 2) && self.byte(b":") && self.digits(2, 2)) {
            return false;
        }
        if self.maybe(|s| s.byte(b":") && s.digits(2, 2)) {
            self.maybe(|s| s.byte(b".,") && s.digits(1, 9));
        }
        true
    }

    /// `Z`, `+02:00`, ` +0000 UTC`, ` UTC`, ` GMT`, ` PM`.
    fn zone(&mut self) {
        if self.maybe(|s| s.byte(b"Z")) {
            return;
        }
        self.maybe(|s| s.blanks() && matches!(s.rest(), [b'A' | b'P', b'M', ..]) && s.skip(2));
        self.maybe(|s| {
            s.blanks();
            s.byte(b"+-")
                && (s.maybe(|s| s.digits(4, 4))
                    || (s.digits(2, 2) && s.byte(b":") && s.digits(2, 2)))
        });
        self.maybe(|s| {
            if !s.blanks() {
                return false;
            }
            let count = s
                .rest()
                .iter()
                .take_while(|b| b.is_ascii_uppercase())
                .count();
            ZONES.contains(&&s.rest()[..count]) && s.skip(count)
        });
    }

    fn skip(&mut self, count: usize) -> bool {
        self.at += count;
        true
    }

    fn time_and_zone(&mut self) -> bool {
        let found = self.time();
        if found {
            self.zone();
        }
        found
    }

    /// `2024-05-01T10:11:12.123456789Z`, `2024-05-01 10:11:12 +0000 UTC`, `2024-05-01`.
    fn iso(&mut self) -> bool {
        let day = self.digits(4, 4)
            && self.byte(b"-")
            && self.digits(2, 2)
            && self.byte(b"-")
            && self.digits(2, 2);
        if day {
            self.maybe(|s| s.byte(b"T ") && s.time_and_zone());
        }
        day
    }

    /// `2024/05/01 10:11:12`, as nginx's error log has it.
    fn slashed(&mut self) -> bool {
        let day = self.digits(4, 4)
            && self.byte(b"/")
            && self.digits(2, 2)
            && self.byte(b"/")
            && self.digits(2, 2);
        if day {
            self.maybe(|s| s.byte(b" ") && s.time_and_zone());
        }
        day
    }

    /// `01/May/2024:10:11:12 +0000` as access logs have it, `01/May/2024 10:11:12` in those of Python's servers.
    fn log(&mut self) -> bool {
        let day = self.digits(1, 2)
            && self.byte(b"/")
            && self.month()
            && self.byte(b"/")
            && self.digits(4, 4);
        if day {
            self.maybe(|s| s.byte(b": ") && s.time_and_zone());
        }
        day
    }

    /// `01 May 2024 10:11:12.123`, `01-May-2024 10:11`.
    fn day_first(&mut self) -> bool {
        let day = self.digits(1, 2)
            && self.byte(b" -")
            && self.month()
            && self.byte(b" -")
            && self.digits(4, 4);
        if day {
            self.maybe(|s| s.blanks() && s.time_and_zone());
        }
        day
    }

    /// `Wed, 01 May 2024 10:11:12 GMT`, `Wed May  1 10:11:12 UTC 2024`.
    fn weekday_first(&mut self) -> bool {
        if !self.word(&WEEKDAYS) {
            return false;
        }
        self.byte(b",");
        self.blanks() && (self.maybe(Self::day_first) || self.month_first())
    }

    /// `May  1 10:11:12 UTC 2024`, `May  1 10:11`, `May  1  2024`, `May 1, 2024`.
    fn month_first(&mut self) -> bool {
        if !(self.month() && self.blanks() && self.digits(1, 2)) {
            return false;
        }
        self.byte(b",");
        if !self.blanks() {
            return false;
        }
        if self.maybe(Self::time_and_zone) {
            self.maybe(|s| s.blanks() && s.digits(4, 4));
            return true;
        }
        self.digits(4, 4)
    }
}

const MONTHS: [&[u8]; 12] = [
    b"January",
    b"February",
    b"March",
    b"April",
    b"May",
    b"June",
    b"July",
    b"August",
    b"September",
    b"October",
    b"November",
    b"December",
];

const WEEKDAYS: [&[u8]; 7] = [
    b"Monday",
    b"Tuesday",
    b"Wednesday",
    b"Thursday",
    b"Friday",
    b"Saturday",
    b"Sunday",
];

/// The zones that `date`, HTTP and Go print; others are left as text.
const ZONES: [&[u8]; 12] = [
    b"UTC", b"GMT", b"CET", b"CEST", b"BST", b"EST", b"EDT", b"CST", b"CDT", b"MST", b"PST", b"PDT",
];

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn reads_whole_dates() {
        for text in [
            "2024-05-01",
            "2024-05-01T10:11:12Z",
            "2024-05-01T10:11:12.123456789Z",
            "2024-05-01T10:11:12.123+02:00",
            "2024-05-01 10:11:12 +0000 UTC",
            "2024-05-01 10:11:12.123456789 +0200 CEST",
            "2024/05/01 10:11:12",
            "01/May/2024:10:11:12 +0000",
            "01/May/2024 10:11:12",
            "Wed, 01 May 2024 10:11:12 GMT",
            "Wed May  1 10:11:12 UTC 2024",
            "Thu May  5 13:18:11 2022",
            "May  1 10:11",
            "Jan  1  2020",
            "December 24, 2026",
            "01-May-2024 10:11",
            "01 May 2024 10:11:12.123",
            "Tue 24 Nov 2026 02:54:06 PM UTC",
        ] {
            assert_eq!(read(text.as_bytes()), Some(text.len()), "{text}");
            assert_eq!(
                read(format!("{text} next").as_bytes()),
                Some(text.len()),
                "{text} next"
            );
        }
    }

    #[test]
    fn leaves_other_text_alone() {
        for text in [
            "May",
            "May 1",
            "May 1 item",
            "Wed",
            "2024",
            "2024-05",
            "1/2/2024",
            "Marching 1 2024",
            "2024-05-011",
            "Mon 5",
            "2024-05-01.tar.gz",
            "2024-05-01-rc1",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
