//! The numbers of marks.

/// Sixteen hexadecimal digits that no one can guess.
#[must_use]
pub fn token() -> String {
    // Where the system has no random numbers, no mark can be trusted.
    format!(
        "{:016x}",
        getrandom::u64().expect("the system's random numbers")
    )
}
