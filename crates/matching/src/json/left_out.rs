//! Where the author leaves out fields of an object. Enter at [`left_out()`].

use std::collections::BTreeSet;

use super::keys;
use super::parse::{Document, Kind, Member};
use super::place::Lines;
use super::{documents, joined};
use crate::bindings::Bindings;
use crate::expected::Expected;

/// The places, as lines and bytes of them, in order. Where the author says so with `...`, there is none, and neither is
/// there in lists whose elements can't be told apart by their order.
pub(crate) fn left_out(
    expected: &Expected<'_>,
    actual: &str,
    bindings: &Bindings,
) -> Vec<(usize, usize)> {
    let Some(text) = joined(expected) else {
        return Vec::new();
    };
    let Some((printed, found)) = documents(&text, actual) else {
        return Vec::new();
    };
    let mut search = Search {
        printed: &printed,
        found: &found,
        bindings,
        in_order: !expected.unordered,
        places: BTreeSet::new(),
    };
    search.pairs(&printed.roots, &found.roots);
    let lines = Lines::new(&text, Vec::new());
    let place = |at: usize| {
        let (line, bytes) = lines.within(&(at..at));
        (line, bytes.start)
    };
    search.places.into_iter().map(place).collect()
}

/// A walk over what is printed and what was found for it.
struct Search<'a> {
    printed: &'a Document<'a>,
    found: &'a Document<'a>,
    bindings: &'a Bindings,
    in_order: bool,
    /// Bytes of the printed text.
    places: BTreeSet<usize>,
}

impl Search<'_> {
    fn pairs(&mut self, printed: &[usize], found: &[usize]) {
        if printed.len() == found.len() && (self.in_order || printed.len() == 1) {
            for (p, f) in printed.iter().zip(found) {
                self.value(*p, *f);
            }
        }
    }

    fn value(&mut self, p: usize, f: usize) {
        let (printed, found) = (self.printed, self.found);
        match (&printed.node(p).kind, &found.node(f).kind) {
            (Kind::Array(mine), Kind::Array(theirs)) => self.pairs(mine, theirs),
            (Kind::Object(mine, elided), Kind::Object(theirs, _)) => {
                self.object((p, mine, *elided), theirs);
            }
            _ => {}
        }
    }

    fn object(&mut self, (p, mine, elided): (usize, &[Member], bool), theirs: &[Member]) {
        // Where a field that is found and isn't printed would stand: after the last one before it that is.
        let mut after = self.printed.node(p).span.start + 1;
        let mut taken = vec![false; mine.len()];
        for member in theirs {
            let key = self.found.string(member.key.clone());
            let counterpart = mine.iter().enumerate().position(|(nth, other)| {
                let other = self.printed.string(other.key.clone());
                !taken[nth]
                    && (other == key || keys::is_drawn(&other) && self.bindings.real(&other) == key)
            });
            if let Some(nth) = counterpart {
                taken[nth] = true;
                self.value(mine[nth].value, member.value);
                after = self.printed.node(mine[nth].value).span.end;
            } else if !elided {
                self.places.insert(self.after_comma(after));
            }
        }
    }

    /// Where the next field of an object would begin, if a comma stands after the one that ends at `at`.
    fn after_comma(&self, at: usize) -> usize {
        let rest = &self.printed.text[at..];
        let blanks = rest.len() - rest.trim_start().len();
        match rest[blanks..].starts_with(',') {
            true => at + blanks + 1,
            false => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Bindings, Expected, Line, Mode, compare, left_out};
    use seaworthy_words::Script;

    /// The printed text with `…` where something is left out of `actual`.
    fn marked(printed: &str, actual: &str, unordered: bool) -> String {
        let lines: Vec<_> = printed.lines().map(|text| Line { text, at: 0 }).collect();
        let expected = Expected {
            command: &Script::parse("docker network inspect front"),
            lines: &lines,
            mode: Mode::Docker,
            unordered,
            varies: &[],
        };
        let outcome = compare(&expected, actual, &Bindings::new());
        assert!(outcome.holds, "{printed}");
        let mut marked: Vec<_> = printed.lines().map(str::to_owned).collect();
        for (line, column) in left_out(&expected, actual, &outcome.bindings)
            .into_iter()
            .rev()
        {
            marked[line].insert(column, '…');
        }
        marked.join("\n")
    }

    const FOUND: &str = r#"[
    {
        "Name": "front",
        "Created": "2026-11-24T01:02:03.4Z",
        "Scope": "local",
        "IPAM": { "Driver": "default", "Config": [ { "Subnet": "172.18.0.0/16", "Gateway": "172.18.0.1" } ] },
        "Containers": {
            "8c7f3c1a9b2d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7": { "Name": "web", "MacAddress": "" },
            "1a7f3c1a9b2d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7": { "Name": "db", "MacAddress": "" }
        },
        "Labels": {}
    }
]"#;

    #[test]
    fn a_place_for_each_gap() {
        for (printed, expected) in [
            // In the middle, at the end, and before the first.
            (
                "[\n    {\n        \"Scope\": \"local\",\n        \"Labels\": {}\n    }\n]",
                "[\n    {…\n        \"Scope\": \"local\",…\n        \"Labels\": {}\n    }\n]",
            ),
            ("[{\"Name\": \"front\"}]", "[{\"Name\": \"front\"…}]"),
            (
                "[{\"Name\": \"front\" , \"Scope\": \"local\"}]",
                "[{\"Name\": \"front\" ,… \"Scope\": \"local\"…}]",
            ),
            // Within what is printed, too.
            (
                "[{\"IPAM\": {\"Config\": [{\"Gateway\": \"172.18.0.1\"}]}}]",
                "[{…\"IPAM\": {…\"Config\": [{…\"Gateway\": \"172.18.0.1\"}]}…}]",
            ),
            // The author says so.
            (
                "[{\"Name\": \"front\", ...}]",
                "[{\"Name\": \"front\", ...}]",
            ),
            ("[...]", "[...]"),
        ] {
            assert_eq!(marked(printed, FOUND, false), expected);
        }
    }

    #[test]
    fn nothing_is_said_where_nothing_is_left_out() {
        assert_eq!(marked(FOUND, FOUND, false), FOUND);
        assert_eq!(marked("plain", "plain", false), "plain");
        let (printed, found) = (
            "[{\"a\": 1}, {\"a\": 2}]",
            "[{\"a\": 2, \"b\": 0}, {\"a\": 1}]",
        );
        assert_eq!(marked(printed, found, true), printed);
    }

    /// A container's id is drawn anew on every run; which of the printed ones it is, the bindings tell.
    #[test]
    fn a_key_that_is_an_id_is_the_one_it_stands_for() {
        let id = "0f0f0f0f9b2d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7";
        let printed = format!("[{{\"Containers\": {{\"{id}\": {{\"Name\": \"db\"}}}}}}]");
        let expected = format!("[{{…\"Containers\": {{…\"{id}\": {{\"Name\": \"db\"…}}}}…}}]");
        assert_eq!(marked(&printed, FOUND, false), expected);
    }
}
