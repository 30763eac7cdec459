//! Versions of Docker Engine, as far as they differ in who reaches whom.

use std::fmt;
use std::str::FromStr;

/// A version of Docker Engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EngineVersion {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

/// Versions on which the rules were measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ReleaseLine {
    /// 20.10
    V20,
    /// 26
    V26,
    /// 28
    V28,
}

impl ReleaseLine {
    pub(crate) const ALL: [ReleaseLine; 3] = [ReleaseLine::V20, ReleaseLine::V26, ReleaseLine::V28];

    pub(crate) fn version(self) -> EngineVersion {
        let (major, minor) = match self {
            ReleaseLine::V20 => (20, 10),
            ReleaseLine::V26 => (26, 0),
            ReleaseLine::V28 => (28, 0),
        };
        EngineVersion { major, minor }
    }
}

impl EngineVersion {
    /// The measured versions next to this one, below and above; the same twice if it is one of them, or beyond all.
    pub(crate) fn lines(self) -> (ReleaseLine, ReleaseLine) {
        match (self.major, self.minor) {
            (28.., _) => (ReleaseLine::V28, ReleaseLine::V28),
            (27, _) => (ReleaseLine::V26, ReleaseLine::V28),
            (26, _) => (ReleaseLine::V26, ReleaseLine::V26),
            (21..26, _) | (20, 11..) => (ReleaseLine::V20, ReleaseLine::V26),
            _ => (ReleaseLine::V20, ReleaseLine::V20),
        }
    }
}

impl Default for EngineVersion {
    /// 28, of which pictures speak if nothing else is said.
    fn default() -> Self {
        EngineVersion {
            major: 28,
            minor: 0,
        }
    }
}

impl fmt::Display for EngineVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.minor {
            0 => write!(f, "{}", self.major),
            minor => write!(f, "{}.{minor}", self.major),
        }
    }
}

impl FromStr for EngineVersion {
    type Err = ();

    /// Reads a version as engines tell theirs (`28.5.2+dfsg4`, `20.10.24`), or the beginning of one.
    fn from_str(text: &str) -> Result<Self, ()> {
        let numbers = text.split(['+', '-', '~']).next().unwrap_or_default();
        let mut numbers = numbers.trim().split('.');
        let mut next = |missing: &'static str| {
            let number = numbers.next().unwrap_or(missing);
            number.parse::<u32>().map_err(drop)
        };
        let version = EngineVersion {
            major: next("")?,
            minor: next("0")?,
        };
        // What comes after them must be a number as well, or missing.
        next("0").map(|_| version)
    }
}

#[cfg(test)]
mod tests {
    use super::{EngineVersion, ReleaseLine};

    #[test]
    fn as_engines_tell_it() {
        for (text, major, minor) in [
            ("28", 28, 0),
            ("28.5.2+dfsg4", 28, 5),
            ("20.10", 20, 10),
            ("20.10.24+dfsg1-1+deb12u1", 20, 10),
        ] {
            assert_eq!(text.parse(), Ok(EngineVersion { major, minor }), "{text}");
        }
        for text in ["", "new", "28.x", ">=28", "-1", "20.10.z"] {
            assert_eq!(text.parse::<EngineVersion>(), Err(()), "{text}");
        }
    }

    #[test]
    fn measured_or_between() {
        let lines = |text: &str| text.parse::<EngineVersion>().map(EngineVersion::lines);
        assert_eq!(lines("20.10.24"), Ok((ReleaseLine::V20, ReleaseLine::V20)));
        assert_eq!(lines("23.0"), Ok((ReleaseLine::V20, ReleaseLine::V26)));
        assert_eq!(lines("26.1"), Ok((ReleaseLine::V26, ReleaseLine::V26)));
        assert_eq!(lines("27.5"), Ok((ReleaseLine::V26, ReleaseLine::V28)));
        assert_eq!(lines("29.1"), Ok((ReleaseLine::V28, ReleaseLine::V28)));
    }
}
