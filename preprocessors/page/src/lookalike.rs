//! What looks like a block of ours and isn't one.

use seaworthy_blocks::{Fault, FaultCode, Lookalike, Reason};

use crate::languages::OURS;

/// The fault in a fence that looks like ours and isn't parsed as one; none if it isn't meant for us.
pub(crate) fn lookalike(lookalike: &Lookalike) -> Option<Fault> {
    if !OURS.contains(&lookalike.language.as_str()) {
        return None;
    }
    let (label, help) = match lookalike.reason {
        Reason::Backtick => (
            "holds a backtick",
            "a fence of backticks can't hold one: use another quote, or a fence of tildes",
        ),
        Reason::Html => (
            "is taken for HTML",
            "put a blank line before the fence, after the HTML tag",
        ),
        Reason::Indented => (
            "is taken for text",
            "put the fence on a line of its own, indented by less than four blanks beyond its list item",
        ),
    };
    let message = format!(
        "this looks like a `{}` block and isn't one",
        lookalike.language
    );
    Some(
        Fault::error(FaultCode::NotABlock, lookalike.span.clone(), message)
            .label(label)
            .help(help),
    )
}
