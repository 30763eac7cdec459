//! A session as its template sees it: what its author wrote, and what the last check says of it.

use seaworthy_page::{MachineId, Page, Question, SessionStep, Step};
use serde::Serialize;

use crate::claims::Anchors;
use crate::marks::Marks;
use crate::views::{CommandNotes, SessionView};

/// A session as its template sees it.
#[derive(Serialize)]
pub(crate) struct SessionBlock<'a> {
    #[serde(flatten)]
    view: SessionView,
    /// The machine that runs it, where several take part.
    on: Option<&'a str>,
    /// The exercise that it checks.
    check: Option<&'a str>,
    /// The exercise that it solves.
    solution: Option<&'a str>,
    /// The permanent name of its claim's place.
    anchor: Option<&'a str>,
    /// What is asked before the last output is shown.
    question: Option<QuestionView<'a>>,
    /// Whether something stands above it.
    titled: bool,
    /// What it is called where it isn't seen.
    name: String,
}

/// A question as a template sees it.
#[derive(Serialize)]
struct QuestionView<'a> {
    text: &'a str,
    choices: &'a [String],
    /// The choice that the author calls right.
    answer: Option<&'a str>,
}

impl<'a> SessionBlock<'a> {
    pub(crate) fn new(
        page: &'a Page,
        step: &'a SessionStep,
        marks: &Marks,
        anchors: &'a Anchors,
    ) -> Self {
        let attributes = &step.attributes;
        let badge = Some(marks.session(step));
        let proves = attributes.proves.as_deref();
        let notes = notes(step, marks);
        let on = machine(page, step);
        let exercise = attributes.check.is_some() || attributes.solution.is_some();
        Self {
            view: SessionView::new(&step.session, &step.id, proves, badge, &notes),
            on,
            check: attributes.check.as_deref(),
            solution: attributes.solution.as_deref(),
            anchor: anchors.get(&step.id).map(String::as_str),
            question: attributes.predict.as_ref().map(QuestionView::new),
            titled: on.is_some() || exercise || proves.is_some(),
            name: name(step, on),
        }
    }
}

/// The most characters of a command that name its session.
const LONGEST_NAME: usize = 60;

/// What a session is called where it isn't seen: by its claim, unless that gives a question's answer away, or its first command.
fn name(step: &SessionStep, on: Option<&str>) -> String {
    let attributes = &step.attributes;
    let kind = match (&attributes.check, &attributes.solution) {
        (Some(_), _) => "Check of your work",
        (_, Some(_)) => "Solution",
        _ => "Console session",
    };
    let place = on.map_or(String::new(), |on| format!(" on {on}"));
    let claim = attributes
        .proves
        .clone()
        .filter(|_| attributes.predict.is_none());
    let typed = || {
        let first = step.session.commands.iter().find(|command| command.runs);
        let first = first.map(|command| command.text());
        let line = first
            .unwrap_or_default()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        match line.char_indices().nth(LONGEST_NAME) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    };
    format!("{kind}{place}: {}", claim.unwrap_or_else(typed))
}

impl<'a> QuestionView<'a> {
    fn new(question: &'a Question) -> Self {
        let right = question.right.and_then(|nth| question.choices.get(nth));
        Self {
            text: &question.text,
            choices: &question.choices,
            answer: right.map(String::as_str),
        }
    }
}

/// What is known of each command beside what is written.
fn notes(step: &SessionStep, marks: &Marks) -> Vec<CommandNotes> {
    let mut notes = vec![CommandNotes::default(); step.session.commands.len()];
    for typed in marks.typed(step) {
        if let Some(notes) = notes.get_mut(typed.command) {
            notes.seconds = Some(typed.seconds);
            let places = typed.left_out.iter();
            notes.left_out = places.map(|place| (place.line, place.column)).collect();
        }
    }
    let last = step.session.commands.iter().rposition(|c| c.runs);
    if let (Some(last), true) = (last, step.attributes.predict.is_some()) {
        notes[last].waits = true;
    }
    notes
}

/// The machine that runs `step`, to be said where readers have to tell several apart: in a section of the page in which
/// more than one takes part.
fn machine<'a>(page: &'a Page, step: &SessionStep) -> Option<&'a str> {
    let section = |at: usize| page.sections.partition_point(|start| *start <= at);
    let here = section(step.range.start);
    let shown = page.steps.iter().filter_map(|step| match step {
        Step::Session(step) if !step.attributes.hidden => Some((&step.range, step.machine)),
        Step::File(step) => Some((&step.range, step.machine)),
        _ => None,
    });
    let mut machines = shown
        .filter(|(range, _)| section(range.start) == here)
        .map(|(_, machine)| machine);
    let mine = step.machine;
    // One that isn't the page's first is said, even alone: readers come from the others.
    let several = mine != MachineId::default() || machines.any(|machine| machine != mine);
    page.machine_name(mine).filter(|_| several)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::one_page::page;

    #[test]
    fn a_machine_is_named_where_several_take_part() {
        let text = "<!-- seaworthy machines=\"a,b\" -->\n# T\n\n```console\n$ 0\n```\n\n## One\n\n```console\n$ 1\n```\n\n```console,hidden,on=b\n$ h\n```\n\n### Within\n\n```console\n$ 2\n```\n\n## Both\n\n```console\n$ 3\n```\n\n### Within\n\n```console,on=b\n$ 4\n```\n\n## Alone\n\n```console,on=b\n$ 5\n```\n\n## File\n\n```console\n$ 6\n```\n\n```text,file=f,on=b\nx\n```\n";
        let page = page(text);
        let shown = page.sessions().filter(|step| !step.attributes.hidden);
        let named: Vec<_> = shown
            .map(|step| (step.session.commands[0].text(), machine(&page, step)))
            .collect();
        let named: Vec<_> = named.iter().map(|(c, on)| (c.as_str(), *on)).collect();
        assert_eq!(
            named,
            [
                ("0", None),
                ("1", None),
                ("2", None),
                ("3", Some("a")),
                ("4", Some("b")),
                ("5", Some("b")),
                ("6", Some("a")),
            ]
        );
    }
}
