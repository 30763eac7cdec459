//! Numbers of things, as a person says them.

/// A number of things by their name: `1 page`, `2 pages`.
#[must_use]
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_said_as_one() {
        for (count, said) in [
            (0, "0 pages"),
            (1, "1 page"),
            (2, "2 pages"),
            (21, "21 pages"),
        ] {
            assert_eq!(counted(count, "page", "pages"), said);
        }
    }
}
