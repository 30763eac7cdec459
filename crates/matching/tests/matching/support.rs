//! A page without an engine: commands with what the author printed and what the machine prints.

use seaworthy_matching::{Bindings, Expected, Line, Mode, Outcome, compare};
use seaworthy_words::Script;

/// How a block is compared.
#[derive(Clone, Copy, Default)]
pub(crate) struct How {
    pub(crate) mode: Mode,
    pub(crate) unordered: bool,
}

/// The bindings of a page, and the number of the author's line that comes next.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) bindings: Bindings,
    line: u32,
}

impl Page {
    /// A page on which this is bound already.
    pub(crate) fn with(bindings: Bindings) -> Self {
        Page { bindings, line: 0 }
    }

    /// The author typed `command` and printed `printed`; the machine prints `actual`. What holds is kept.
    pub(crate) fn run_as(
        &mut self,
        how: How,
        command: &str,
        printed: &str,
        actual: &str,
    ) -> Outcome {
        self.line += 1;
        let lines: Vec<Line<'_>> = printed
            .lines()
            .zip(self.line + 1..)
            .map(|(text, at)| Line { text, at })
            .collect();
        self.line += u32::try_from(lines.len()).expect("a short page");
        self.bindings.note_text(command);
        let expected = Expected {
            command: &Script::parse(command),
            lines: &lines,
            mode: how.mode,
            unordered: how.unordered,
            varies: &[],
        };
        let outcome = compare(&expected, actual, &self.bindings);
        assert_eq!(outcome.holds, outcome.explanation.is_none(), "{outcome:?}");
        if outcome.holds {
            self.bindings = outcome.bindings.clone();
        }
        outcome
    }

    /// As [`Self::run_as`], by all rules.
    pub(crate) fn run(&mut self, command: &str, printed: &str, actual: &str) -> Outcome {
        self.run_as(How::default(), command, printed, actual)
    }

    /// Whether it holds.
    pub(crate) fn holds(&mut self, command: &str, printed: &str, actual: &str) -> bool {
        self.run(command, printed, actual).holds
    }
}

/// The difference of a single output, as plain text.
pub(crate) fn plain_diff(
    page: &mut Page,
    command: &str,
    printed: &str,
    actual: &str,
    context: usize,
) -> String {
    let outcome = page.run(command, printed, actual);
    let lines: Vec<Line<'_>> = printed.lines().map(|text| Line { text, at: 0 }).collect();
    let expected = Expected {
        command: &Script::parse(command),
        lines: &lines,
        mode: Mode::Docker,
        unordered: false,
        varies: &[],
    };
    let lines = seaworthy_matching::diff::diff(&expected, actual, &outcome, context);
    let mut text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    if let Some(explanation) = outcome.explanation {
        text.push_str(&format!("=> {explanation}\n"));
    }
    text
}

/// Whether the last of a page's outputs holds, given as command, printed, actual; all before it must.
pub(crate) fn last_holds(steps: &[(&str, &str, &str)]) -> bool {
    let mut page = Page::default();
    let (last, before) = steps.split_last().expect("a step");
    for (command, printed, actual) in before {
        let outcome = page.run(command, printed, actual);
        assert!(outcome.holds, "$ {command}\n{:?}", outcome.explanation);
    }
    page.holds(last.0, last.1, last.2)
}

/// Checks pages that must hold to the end, and pages whose last output must not.
pub(crate) fn both_ways(accepted: &[&[(&str, &str, &str)]], refused: &[&[(&str, &str, &str)]]) {
    for steps in accepted {
        assert!(last_holds(steps), "refused: {steps:?}");
    }
    for steps in refused {
        assert!(!last_holds(steps), "accepted: {steps:?}");
    }
}
