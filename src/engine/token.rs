//! Random names: run ids and the marks of a terminal.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Sixteen hexadecimal digits that no one can guess: the standard library keys each `RandomState` from the operating
/// system's random source.
pub(crate) fn token() -> String {
    format!("{:016x}", RandomState::new().build_hasher().finish())
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn tokens_differ() {
        let some: std::collections::HashSet<_> = (0..1000).map(|_| token()).collect();
        assert_eq!(some.len(), 1000);
        assert!(some.iter().all(|token| token.len() == 16));
    }
}
