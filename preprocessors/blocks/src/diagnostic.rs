//! A fault with its file: what a person reads on the terminal.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::{Fault, Severity, visible};

/// How many faults are shown at a time: nobody mends more before looking again.
const MOST_SHOWN: usize = 50;
/// The most characters of a sentence that are shown.
const LONGEST: usize = 1000;

/// A [`Fault`] in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The path to show.
    pub file: String,
    /// The whole text of that file.
    pub source: Arc<str>,
    /// The fault; its span is in `source`.
    pub fault: Fault,
}

impl Diagnostic {
    /// The line that the caret points at, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        let start = self.span().start;
        self.source.as_bytes()[..start]
            .iter()
            .filter(|&&b| b == b'\n')
            .count()
            + 1
    }

    /// The fault's range, cut to what the source has.
    fn span(&self) -> Range<usize> {
        let floor = |at: usize| {
            let mut at = at.min(self.source.len());
            while !self.source.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(self.fault.span.start);
        start..floor(self.fault.span.end).max(start)
    }
}

/// The diagnostics as text for a terminal, in the order of files and lines, with colours if `styled`. Of very many the
/// first are shown, and the others are counted. Nothing in them does anything to a terminal.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], styled: bool) -> String {
    let renderer = if styled {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
    .decor_style(DecorStyle::Ascii);
    let mut sorted: Vec<_> = diagnostics.iter().collect();
    sorted.sort_by_key(|d| (&d.file, d.span().start));
    let left_out = sorted.len().saturating_sub(MOST_SHOWN);
    let mut parts: Vec<String> = sorted
        .into_iter()
        .take(MOST_SHOWN)
        .map(|diagnostic| renderer.render(&[report(&seen(diagnostic), diagnostic.line())]))
        .collect();
    if left_out > 0 {
        parts.push(format!("({left_out} more are not shown: mend these first)"));
    }
    parts.join("\n\n")
}

/// The diagnostic with everything in it visible and no sentence too long to be read, of its file only the lines that it is
/// about.
fn seen(diagnostic: &Diagnostic) -> Diagnostic {
    let span = diagnostic.span();
    let source = &diagnostic.source;
    let start = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = source[span.end..].find('\n');
    let end = end.map_or(source.len(), |at| span.end + at);
    let shown = |range: Range<usize>| visible(&source[range]).into_owned();
    let before = shown(start..span.start);
    let within = shown(span.clone());
    let after = shown(span.end..end);
    let fault = &diagnostic.fault;
    let text = |text: &str| visible(&clipped(text, LONGEST)).into_owned();
    Diagnostic {
        file: text(&diagnostic.file),
        fault: Fault {
            code: fault.code,
            severity: fault.severity,
            span: before.len()..before.len() + within.len(),
            message: text(&fault.message),
            label: text(&fault.label),
            help: text(&fault.help),
        },
        source: (before + &within + &after).into(),
    }
}

/// The first `most` characters of `text`, and how many more there are.
#[must_use]
pub fn clipped(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let rest = text[end..].chars().count();
            Cow::Owned(format!("{}… ({rest} more characters)", &text[..end]))
        }
    }
}

fn report(diagnostic: &Diagnostic, line: usize) -> annotate_snippets::Group<'_> {
    let fault = &diagnostic.fault;
    let level = match fault.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let annotation = AnnotationKind::Primary.span(diagnostic.span());
    let annotation = if fault.label.is_empty() {
        annotation
    } else {
        annotation.label(fault.label.as_str())
    };
    let group = level
        .primary_title(fault.message.as_str())
        .id(fault.code.name())
        .element(
            Snippet::source(&*diagnostic.source)
                .line_start(line)
                .path(diagnostic.file.as_str())
                .annotation(annotation),
        );
    if fault.help.is_empty() {
        group
    } else {
        group.element(Level::HELP.message(fault.help.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FaultCode;
    use snapbox::str;

    #[test]
    fn a_diagnostic_names_file_line_and_remedy() {
        let source: Arc<str> = "# Title\n\n```console,exti=7\n$ false\n```\n".into();
        let fault = Fault::error(
            FaultCode::UnknownAttribute,
            20..24,
            "unknown attribute `exti`",
        )
        .label("not an attribute of `console`")
        .help("did you mean `exit`?");
        let diagnostic = Diagnostic {
            file: "src/a.md".to_owned(),
            source,
            fault,
        };
        assert_eq!(diagnostic.line(), 3);
        snapbox::assert_data_eq!(
            render(&[diagnostic], false),
            str![[r#"
error[unknown-attribute]: unknown attribute `exti`
 --> src/a.md:3:12
  |
3 | ```console,exti=7
  |            ^^^^ not an attribute of `console`
  |
  = help: did you mean `exit`?
"#]]
        );
    }

    #[test]
    fn a_span_past_the_end_is_cut() {
        let diagnostic = Diagnostic {
            file: "a.md".to_owned(),
            source: "é".into(),
            fault: Fault::warning(FaultCode::NotDrawn, 1..90, "far out"),
        };
        assert_eq!(diagnostic.line(), 1);
        assert!(render(&[diagnostic], false).contains("far out"));
    }
}
