//! Here-documents: announced on a line, read below it.

use super::{Parse, Parser, Stop};
use crate::script::{Missing, Word};

/// A here-document that was announced and isn't read yet.
pub(super) struct Document {
    pub(super) delimiter: String,
    /// `<<-`: tabs before its lines don't count.
    strip: bool,
    /// Nothing in it is expanded, and a backslash at the end of a line is one.
    quoted: bool,
    number: usize,
}

impl Parser<'_> {
    /// Takes note of a here-document, if the operator announces one: its number.
    pub(super) fn announce(&mut self, operator: &str, target: &Word) -> Option<usize> {
        if !matches!(operator, "<<" | "<<-") {
            return None;
        }
        let number = self.documents.len();
        self.documents.push(0..0);
        self.announced.push(Document {
            delimiter: target.value.clone(),
            strip: operator == "<<-",
            quoted: target.quoted,
            number,
        });
        Some(number)
    }

    /// Reads the here-documents that were announced, from the beginning of a line.
    pub(super) fn read_documents(&mut self) -> Parse<()> {
        while !self.announced.is_empty() {
            let document = self.announced.remove(0);
            let start = self.at;
            let Some((end, next)) = self.body(&document) else {
                return Err(Stop::Incomplete(Missing::Document(document.delimiter)));
            };
            self.documents[document.number] = start..end;
            self.at = next;
        }
        Ok(())
    }

    /// Where the text of a here-document ends, and where the text goes on after the line that ends it.
    fn body(&self, document: &Document) -> Option<(usize, usize)> {
        let mut at = self.at;
        while at < self.source.len() {
            let (line, next) = self.line(at, document.quoted);
            let shown = if document.strip {
                line.trim_start_matches('\t')
            } else {
                &line
            };
            if shown == document.delimiter {
                return Some((at, next));
            }
            // `EOF)` ends one in a substitution, and leaves the bracket.
            let rest = shown.strip_prefix(document.delimiter.as_str());
            if self.substitutions > 0
                && let Some(rest) = rest.filter(|rest| rest.contains(')'))
            {
                let newline = usize::from(self.source[..next].ends_with('\n'));
                return Some((at, next - newline - rest.len()));
            }
            at = next;
        }
        None
    }

    /// The line that begins at `at`, with those that backslashes join to it, and where the next one begins.
    fn line(&self, mut at: usize, quoted: bool) -> (String, usize) {
        let mut line = String::new();
        loop {
            let rest = &self.source[at..];
            let (part, next) = match rest.find('\n') {
                Some(end) => (&rest[..end], at + end + 1),
                None => (rest, self.source.len()),
            };
            let slashes = part.len() - part.trim_end_matches('\\').len();
            if quoted || slashes % 2 == 0 || next == self.source.len() {
                line.push_str(part);
                return (line, next);
            }
            line.push_str(&part[..part.len() - 1]);
            at = next;
        }
    }
}
