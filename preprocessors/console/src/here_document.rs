//! A here-document that a command has announced: what follows `<<`, and the line that ends it.

#[derive(Clone, Debug)]
pub(crate) struct HereDocument {
    pub(crate) delimiter: String,
    /// `<<-`: tabs before its lines don't count.
    strip_tabs: bool,
}

impl HereDocument {
    /// Reads what follows the `<<` that ends before `at`; also gives where the rest of the line begins.
    pub(crate) fn read(chars: &[char], mut at: usize) -> (Self, usize) {
        let strip_tabs = chars.get(at) == Some(&'-');
        at += usize::from(strip_tabs);
        while chars.get(at).is_some_and(|c| matches!(c, ' ' | '\t')) {
            at += 1;
        }
        let mut delimiter = String::new();
        let mut quote = None;
        while let Some(&c) = chars.get(at) {
            match (quote, c) {
                (Some(q), c) if c == q => quote = None,
                (None, '\'' | '"') => quote = Some(c),
                (None, '\\') => {
                    at += 1;
                    delimiter.extend(chars.get(at));
                }
                (None, c) if c.is_whitespace() || ";&|<>()".contains(c) => break,
                (_, c) => delimiter.push(c),
            }
            at += 1;
        }
        let document = Self {
            delimiter,
            strip_tabs,
        };
        (document, at)
    }

    /// Whether `line` is the one that ends it.
    pub(crate) fn ends(&self, line: &str) -> bool {
        let shown = if self.strip_tabs {
            line.trim_start_matches('\t')
        } else {
            line
        };
        shown == self.delimiter
    }
}
