//! What a page may use up on its machine, and the sizes that say how much.

/// What a page may use up, and whether there is a way out of its machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineLimits {
    /// Memory in bytes, of everything on the machine together.
    pub memory: u64,
    /// Bytes for images, containers and volumes. They lie in memory, and count as such.
    pub data_root: u64,
    /// Processes and threads at one time.
    pub processes: u32,
    /// Bytes that one command may print.
    pub output: u64,
    /// Whether a page reaches the internet.
    pub internet: bool,
}

impl Default for MachineLimits {
    /// 2 GiB of memory with a data-root of 1 GiB in it, 1,024 processes, 10 MB of output, a way out.
    fn default() -> Self {
        Self {
            memory: 2 << 30,
            data_root: 1 << 30,
            processes: 1024,
            output: 10_000_000,
            internet: true,
        }
    }
}

/// The units of sizes. Docker reads `m` and `g` as powers of two; here the name says which they are.
const UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

/// Reads a size such as `2GiB`, `512 MiB` or `10MB`: a whole number above zero and its unit. Gives bytes.
#[must_use]
pub fn parse_size(text: &str) -> Option<u64> {
    let (unit, bytes) = UNITS.iter().find(|(unit, _)| text.ends_with(unit))?;
    let number = text.strip_suffix(unit)?.trim_end();
    let digits = number.chars().all(|c| c.is_ascii_digit());
    let number: u64 = digits.then(|| number.parse().ok())??;
    number.checked_mul(*bytes).filter(|size| *size > 0)
}

/// A size in the largest unit that says it exactly.
#[must_use]
pub fn show_size(bytes: u64) -> String {
    let exact = UNITS
        .iter()
        .filter(|(_, unit)| bytes >= *unit && bytes.is_multiple_of(*unit));
    let (unit, size) = exact
        .min_by_key(|(_, unit)| bytes / unit)
        .unwrap_or(&("B", 1));
    format!("{} {unit}", bytes / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes, shown) in [
            ("2GiB", 2 << 30, "2 GiB"),
            ("512 MiB", 512 << 20, "512 MiB"),
            ("1536MiB", 1536 << 20, "1536 MiB"),
            ("10MB", 10_000_000, "10 MB"),
            ("1GB", 1_000_000_000, "1 GB"),
            ("64kB", 64_000, "64 kB"),
            ("1025B", 1025, "1025 B"),
        ] {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
            assert_eq!(show_size(bytes), shown);
        }
        for text in [
            "",
            "2",
            "GiB",
            "0GiB",
            "-1GiB",
            "1.5GiB",
            "2gib",
            "2G",
            "+2GiB",
            "99999999999GiB",
        ] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }
}
