//! Whether two texts say the same to a shell, however they are spaced, quoted and broken into lines.

use crate::Script;
use crate::script::{Command, Item, List, Pipeline, Redirect, Verdict, Word};

/// What a shell acts on in a word unless it is quoted.
const ACTIVE: [char; 6] = ['*', '?', '[', '~', '{', '#'];

impl Script {
    /// Whether a shell would run the same: two texts that are complete, with the same words, in the same order, joined the
    /// same way.
    #[must_use]
    pub fn is_same_as(&self, other: &Script) -> bool {
        let both = |script: &Script| script.verdict == Verdict::Complete;
        both(self) && both(other) && Pair(self, other).lists(&self.list, &other.list)
    }
}

/// Two texts that are compared.
struct Pair<'a>(&'a Script, &'a Script);

impl Pair<'_> {
    fn lists(&self, one: &List, other: &List) -> bool {
        all(&one.items, &other.items, |a, b| self.items(a, b))
    }

    fn items(&self, one: &Item, other: &Item) -> bool {
        one.background == other.background
            && self.pipelines(&one.first, &other.first)
            && all(&one.rest, &other.rest, |(a, first), (b, second)| {
                a == b && self.pipelines(first, second)
            })
    }

    fn pipelines(&self, one: &Pipeline, other: &Pipeline) -> bool {
        one.negated == other.negated
            && all(&one.commands, &other.commands, |a, b| self.commands(a, b))
    }

    fn commands(&self, one: &Command, other: &Command) -> bool {
        match (one, other) {
            (Command::Simple(a), Command::Simple(b)) => {
                all(&a.assignments, &b.assignments, words)
                    && all(&a.words, &b.words, words)
                    && self.redirects(&a.redirects, &b.redirects)
            }
            (Command::Compound(a), Command::Compound(b)) => {
                a.kind == b.kind
                    && all(&a.words, &b.words, words)
                    && all(&a.lists, &b.lists, |a, b| self.lists(a, b))
                    && self.redirects(&a.redirects, &b.redirects)
            }
            _ => false,
        }
    }

    fn redirects(&self, one: &[Redirect], other: &[Redirect]) -> bool {
        all(one, other, |a, b| {
            a.operator == b.operator
                && words(&a.target, &b.target)
                && self.0.document(a) == self.1.document(b)
        })
    }
}

fn words(one: &Word, other: &Word) -> bool {
    one.value == other.value
        && one.expands == other.expands
        && (one.quoted == other.quoted || !one.value.contains(ACTIVE))
}

fn all<T>(one: &[T], other: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a, b))
}

#[cfg(test)]
mod tests {
    use crate::Script;

    #[test]
    fn what_a_shell_takes_for_the_same() {
        for (one, other, same) in [
            ("docker ps -a", "  docker   ps  -a ", true),
            ("docker run \\\n  nginx", "docker run nginx", true),
            ("echo 'a b'", "echo \"a b\"", true),
            ("a && b", "a&&b", true),
            ("a; b", "a\nb", true),
            ("for x in 1 2; do a; done", "for x in 1 2\ndo a\ndone", true),
            ("cat <<E\na\nE", "cat <<E\na\nE", true),
            ("cat <<E\na\nE", "cat <<E\nb\nE", false),
            ("docker ps", "docker ps # all", true),
            ("docker ps", "docker ps -a", false),
            ("a && b", "a || b", false),
            ("a", "a &", false),
            ("echo $x", "echo '$x'", false),
            ("ls *", "ls '*'", false),
            ("a > b", "a >> b", false),
            ("a | b", "a; b", false),
            ("(a)", "{ a; }", false),
            ("echo 'a", "echo 'a", false),
        ] {
            let found = Script::parse(one).is_same_as(&Script::parse(other));
            assert_eq!(found, same, "{one:?} {other:?}");
        }
    }
}
