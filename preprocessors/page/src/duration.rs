//! Durations as an author writes them.

use std::time::Duration;

/// Reads `500ms`, `30s`, `2m` or `1h`; `None` for anything else, and for zero.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let number: u64 = number.parse().ok()?;
    let total = number.checked_mul(milliseconds)?;
    (total > 0).then(|| Duration::from_millis(total))
}

/// Reads a number of days, `30d`; `None` for anything else, and for zero.
pub(crate) fn parse_days(text: &str) -> Option<u32> {
    let days = text.strip_suffix('d')?.parse().ok()?;
    (days > 0).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        assert_eq!(parse_days("30d"), Some(30));
        for text in ["", "d", "0d", "30", "30s", "-1d", "1.5d"] {
            assert_eq!(parse_days(text), None, "{text}");
        }
    }

    #[test]
    fn units() {
        for (text, milliseconds) in [
            ("500ms", 500),
            ("30s", 30_000),
            ("2m", 120_000),
            ("1h", 3_600_000),
        ] {
            let expected = Some(Duration::from_millis(milliseconds));
            assert_eq!(parse_duration(text), expected, "{text}");
        }
        for text in [
            "",
            "30",
            "s",
            "0s",
            "-1s",
            "1.5s",
            "1d",
            "99999999999999999999s",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
