//! The ids and addresses in a page's prose: each should be one that the page prints, and must be if it nearly is.

use seaworthy_blocks::{Diagnostic, Fault, FaultCode};
use seaworthy_page::{Page, Step};

use seaworthy_matching::Values;

/// What is wrong with the inline code of `page`: values that no session or file of the page shows, though they look like those
/// that do. One that is nearly a value of the page's is an error, another is worth a warning. A page of which nothing is run has
/// none.
#[must_use]
pub fn check(page: &Page) -> Vec<Diagnostic> {
    if !page.runs() {
        return Vec::new();
    }
    let mut values = Values::new();
    for step in &page.steps {
        match step {
            Step::Session(step) => {
                for command in &step.session.commands {
                    values.add(&command.text());
                    for line in &command.output {
                        values.add(&line.text);
                    }
                }
            }
            Step::File(step) => values.add(&step.content),
            Step::Diagram(step) => values.add(&step.diagram.text()),
            Step::Archive(_) | Step::Listed(_) | Step::Malformed(_) => {}
        }
    }
    let mut faults = Vec::new();
    for code in &page.inline_code {
        for unprinted in values.check(&code.text) {
            let span = code.start + unprinted.range.start..code.start + unprinted.range.end;
            let message = format!("the page shows no `{}`", unprinted.value);
            let fault = match unprinted.near {
                true => Fault::error(FaultCode::UnprintedValue, span, message),
                false => Fault::warning(FaultCode::UnprintedValue, span, message),
            };
            let fault = fault
                .label(unprinted.why)
                .help("write the value that a session prints, or take the backticks away");
            faults.push(page.source.diagnose(fault));
        }
    }
    faults
}
