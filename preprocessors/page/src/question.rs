//! What a reader is asked before a session shows what its last command printed.

use std::ops::Range;

use seaworthy_blocks::{Attribute, FaultCode};

use crate::attribute_reader::Reader;

/// A question, as in `predict="Does the name resolve? | yes | *no"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// The answers to choose from: none, or at least two.
    pub choices: Vec<String>,
    /// Which of them is right, as an index, if the author says so.
    pub right: Option<usize>,
}

impl Reader<'_> {
    /// The question of `predict`.
    pub(crate) fn question(&mut self) -> Option<Question> {
        let example = "predict=\"Does the name resolve? | yes | *no\"";
        let said = self.text("predict", example)?;
        let attribute = self.get("predict")?;
        let mut parts = parts(attribute).into_iter();
        let (text, span) = parts.next()?;
        if text.is_empty() && !said.is_empty() {
            self.fault(
                FaultCode::InvalidQuestion,
                span,
                "`predict` has answers and no question".to_owned(),
                format!("the question comes first, as in `{example}`"),
            );
        }
        let mut question = Question {
            text,
            choices: Vec::new(),
            right: None,
        };
        let mut spans = Vec::new();
        for (part, span) in parts {
            let (choice, right) = match part.strip_prefix('*') {
                Some(choice) => (choice.trim(), true),
                None => (part.as_str(), false),
            };
            if choice.is_empty() {
                let help = "write an answer between two `|`, or remove one of them";
                self.fault(
                    FaultCode::InvalidQuestion,
                    span,
                    "this answer is empty".to_owned(),
                    help,
                );
                continue;
            }
            if question.choices.iter().any(|other| other == choice) {
                let help = "remove one of the two";
                self.fault(
                    FaultCode::InvalidQuestion,
                    span,
                    format!("the answer `{choice}` is there twice"),
                    help,
                );
                continue;
            }
            if right && question.right.is_some() {
                let help = "put `*` before one of them only; without any, nothing is called right";
                self.fault(
                    FaultCode::InvalidQuestion,
                    span,
                    "two answers are marked as right".to_owned(),
                    help,
                );
                continue;
            }
            if right {
                question.right = Some(question.choices.len());
            }
            question.choices.push(choice.to_owned());
            spans.push(span);
        }
        if let ([only], true) = (spans.as_slice(), question.choices.len() == 1) {
            let message = "a single answer leaves nothing to choose".to_owned();
            let help = "give at least two, separated by `|`, or the question alone";
            self.fault(FaultCode::InvalidQuestion, only.clone(), message, help);
        }
        Some(question)
    }
}

/// The parts of the value between `|`, blanks around them removed, each with its place.
fn parts(attribute: &Attribute) -> Vec<(String, Range<usize>)> {
    let value = attribute.value.as_deref().unwrap_or_default();
    let quotes = attribute.value_span.len().saturating_sub(value.len());
    // With escapes in it the places in the value aren't those in the text.
    let plain = quotes == 0 || quotes == 2;
    let mut at = attribute.value_span.start + quotes / 2;
    let mut parts = Vec::new();
    for part in value.split('|') {
        let blanks = part.len() - part.trim_start().len();
        let trimmed = part.trim();
        let length = trimmed.len().max(1);
        // An empty part is shown by the bar that ends it, or by the quote.
        let start = if trimmed.is_empty() {
            at + part.len()
        } else {
            at + blanks
        };
        let span = if plain {
            start..start + length
        } else {
            attribute.value_span.clone()
        };
        parts.push((trimmed.to_owned(), span));
        at += part.len() + 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use seaworthy_blocks::Document;

    /// The question, or each fault with what its caret is under.
    fn read(value: &str) -> Result<Question, Vec<(String, String)>> {
        let text = format!("```console,predict=\"{value}\"\n$ x\ny\n```\n");
        let document = Document::parse(&text);
        let attributes = document.blocks[0].attributes().unwrap();
        let mut reader = Reader::new(&attributes, "a session");
        let question = reader.question();
        let finished = reader.finish(()).map_err(|faults| {
            let under = |span: Range<usize>| text[span].to_owned();
            faults
                .into_iter()
                .map(|f| (f.message, under(f.span)))
                .collect()
        });
        finished.map(|()| question.unwrap())
    }

    #[test]
    fn a_question_alone_with_answers_and_with_the_right_one() {
        let question = |text: &str, choices: &[&str], right| Question {
            text: text.to_owned(),
            choices: choices.iter().map(|&choice| choice.to_owned()).collect(),
            right,
        };
        for (value, expected) in [
            ("What comes?", question("What comes?", &[], None)),
            ("Up? | yes | no", question("Up?", &["yes", "no"], None)),
            ("Up?|yes|*no", question("Up?", &["yes", "no"], Some(1))),
            (
                "Who, then? | * a, or b | nobody | all",
                question("Who, then?", &["a, or b", "nobody", "all"], Some(0)),
            ),
        ] {
            assert_eq!(read(value), Ok(expected), "{value}");
        }
    }

    #[test]
    fn faults_stand_under_what_is_wrong() {
        for (value, message, under) in [
            ("| yes | no", "`predict` has answers and no question", "|"),
            (
                "Up? | yes",
                "a single answer leaves nothing to choose",
                "yes",
            ),
            ("Up? | yes | *no | ", "this answer is empty", "\""),
            ("Up? | | yes | no", "this answer is empty", "|"),
            ("Up? | yes | * | no", "this answer is empty", "*"),
            (
                "Up? | yes | no | yes",
                "the answer `yes` is there twice",
                "yes",
            ),
            (
                "Up? | *yes | *no | e",
                "two answers are marked as right",
                "*no",
            ),
        ] {
            let expected = (message.to_owned(), under.to_owned());
            assert_eq!(read(value), Err(vec![expected]), "{value}");
        }
        assert_eq!(read(" ").unwrap_err()[0].0, "`predict` needs a text");
    }
}
