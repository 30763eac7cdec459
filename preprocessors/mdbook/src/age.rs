//! How long the results of a check count: `fresh` in the book's settings.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Until when results count.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fresh {
    /// For how many days, and the day on which the site is built; always, if a book doesn't say.
    limit: Option<(u32, Date)>,
}

impl Fresh {
    /// Results count for `days` days, if that is said.
    pub(crate) fn of(days: Option<u32>) -> Self {
        let today = || {
            jiff::Timestamp::now()
                .to_zoned_datetime(TimeZone::UTC)
                .date()
        };
        Self {
            limit: days.map(|days| (days, today())),
        }
    }

    #[cfg(test)]
    pub(crate) fn on(days: u32, today: Date) -> Self {
        Self {
            limit: Some((days, today)),
        }
    }

    /// The last day on which a result of `day` (`2026-11-24`) counts; none if it always does, or the day is none.
    pub(crate) fn until(self, day: &str) -> Option<String> {
        let (days, _) = self.limit?;
        let day: Date = day.parse().ok()?;
        Some(day.saturating_add(i64::from(days).days()).to_string())
    }

    /// Whether a result of `day` no longer counts. A day that is none is over.
    pub(crate) fn is_over(self, day: &str) -> bool {
        let Some((days, today)) = self.limit else {
            return false;
        };
        let day = day.parse::<Date>();
        day.map_or(true, |day| {
            day.saturating_add(i64::from(days).days()) < today
        })
    }

    /// What is said of a result of `day` that no longer counts.
    pub(crate) fn said(self, day: &str) -> String {
        let days = self.limit.map_or(0, |(days, _)| days);
        format!("Last verified on {day}, more than {days} days ago")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn results_count_to_their_last_day() {
        let fresh = Fresh::on(30, date(2026, 3, 3));
        assert_eq!(fresh.until("2026-02-01").as_deref(), Some("2026-03-03"));
        assert!(!fresh.is_over("2026-02-01") && fresh.is_over("2026-01-31"));
        assert!(fresh.is_over("no day"));
        assert!(!Fresh::default().is_over("2001-01-01"));
        assert_eq!(Fresh::default().until("2026-02-01"), None);
    }
}
