//! Sessions, files and diagrams as the templates see them.

use seaworthy_console::Session;
use seaworthy_page::FileStep;
use serde::Serialize;

/// What a page says about the state of a block: a word with a reason, for a screen and a screen reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Badge {
    /// A class for the style sheet, such as `verified`.
    pub(crate) class: String,
    /// What is shown.
    pub(crate) text: String,
    /// The longer version.
    pub(crate) title: String,
    /// The last day on which it counts, as `2026-11-24`, if there is one.
    pub(crate) until: Option<String>,
}

impl Badge {
    /// The same, which counts to the end of the day `until`.
    #[must_use]
    pub(crate) fn until(self, until: Option<String>) -> Self {
        Self { until, ..self }
    }
}

/// A session as a template sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SessionView {
    id: String,
    proves: Option<String>,
    badge: Option<Badge>,
    commands: Vec<CommandView>,
}

#[derive(Clone, Debug, Serialize)]
struct CommandView {
    /// Said above the command if it is typed into another program than the one before: `in web's sh`.
    place: Option<String>,
    /// How many programs are open around it; 0 in the page's shell.
    level: usize,
    /// Keys are pressed: nothing to copy.
    keys: bool,
    /// Nothing runs: a comment, which isn't copied either.
    comment: bool,
    lines: Vec<LineView>,
    /// Whether anything is printed.
    output: bool,
    /// The output, line by line.
    printed: Vec<PrintedLine>,
    /// Its output waits behind a question.
    waits: bool,
    /// How long it took when it was last checked, in words.
    took: Option<String>,
}

/// A line of output, with a mark wherever something is left out of it.
#[derive(Clone, Debug, Serialize)]
struct PrintedLine {
    parts: Vec<PartView>,
    last: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct PartView {
    text: String,
    /// It stands for fields that are left out.
    left_out: bool,
}

/// What is known of a command beside what its author wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CommandNotes {
    /// Its output waits behind a question.
    pub(crate) waits: bool,
    /// How long it took when it was last checked.
    pub(crate) seconds: Option<f64>,
    /// Where fields are left out of its output, as lines and bytes of them, in order.
    pub(crate) left_out: Vec<(usize, usize)>,
}

#[derive(Clone, Debug, Serialize)]
struct LineView {
    prompt: String,
    text: String,
    last: bool,
}

impl SessionView {
    /// The view of `session` under the HTML id `id`; `notes` says more of its commands, in order.
    #[must_use]
    pub(crate) fn new(
        session: &Session,
        id: &str,
        proves: Option<&str>,
        badge: Option<Badge>,
        notes: &[CommandNotes],
    ) -> Self {
        let none = CommandNotes::default();
        let mut inside = &[][..];
        let commands = session.commands.iter().enumerate();
        let commands = commands.map(|(nth, command)| {
            let notes = notes.get(nth).unwrap_or(&none);
            let moved = command.inside != inside;
            inside = &command.inside;
            let place = moved.then(|| match command.program() {
                Some(program) => format!("in {}", program.name),
                None => "back in the shell".to_owned(),
            });
            let last = command.typed.len() - 1;
            let lines = command.typed.iter().enumerate().map(|(i, typed)| LineView {
                prompt: if i == 0 {
                    command.prompt.clone()
                } else {
                    typed.continuation.clone()
                },
                text: typed.line.text.clone(),
                last: i == last,
            });
            let output: Vec<_> = command.output.iter().map(|l| l.text.as_str()).collect();
            CommandView {
                place,
                level: command.inside.len(),
                keys: command.keys,
                comment: !command.runs && !command.keys,
                lines: lines.collect(),
                output: !output.is_empty(),
                printed: printed(&output, &notes.left_out),
                waits: notes.waits && !output.is_empty(),
                took: notes.seconds.map(duration),
            }
        });
        Self {
            id: id.to_owned(),
            proves: proves.map(str::to_owned),
            badge,
            commands: commands.collect(),
        }
    }
}

/// The lines, cut where something is left out. At the end of a line `…` gets a line of its own, set in as the fields are.
fn printed(lines: &[&str], left_out: &[(usize, usize)]) -> Vec<PrintedLine> {
    let mut printed: Vec<Vec<PartView>> = Vec::new();
    let part = |text: &str, left_out| PartView {
        text: text.to_owned(),
        left_out,
    };
    for (nth, line) in lines.iter().enumerate() {
        let mut parts = Vec::new();
        let mut below = Vec::new();
        let mut done = 0;
        for (_, column) in left_out.iter().filter(|(line, _)| *line == nth) {
            let (Some(before), Some(rest)) = (line.get(done..*column), line.get(*column..)) else {
                continue;
            };
            parts.push(part(before, false));
            done = *column;
            if rest.trim().is_empty() {
                let opens = before.trim_end().ends_with(['{', '[']);
                let indent = line.len() - line.trim_start().len();
                // Within what opens here, as far as the line that follows, or like this line.
                let next = lines.get(nth + 1).filter(|_| opens);
                let indent = next.map_or(indent, |next| next.len() - next.trim_start().len());
                below.push(part(&format!("{}…", " ".repeat(indent)), true));
            } else if before.ends_with(',') {
                parts.push(part(" …", true));
            } else if before.trim_end().ends_with('{') {
                parts.push(part("… ", true));
            } else {
                parts.push(part(", …", true));
            }
        }
        parts.push(part(line.get(done..).unwrap_or_default(), false));
        parts.retain(|part| !part.text.is_empty());
        printed.push(parts);
        printed.extend(below.into_iter().map(|part| vec![part]));
    }
    let last = printed.len().saturating_sub(1);
    let lines = printed.into_iter().enumerate();
    lines
        .map(|(nth, parts)| PrintedLine {
            parts,
            last: nth == last,
        })
        .collect()
}

/// A duration as it is read: to a tenth of a second, from a minute on to a second.
fn duration(seconds: f64) -> String {
    match seconds {
        ..0.05 => "under 0.1 s".to_owned(),
        ..59.95 => format!("{seconds:.1} s"),
        _ => {
            let whole = seconds.round() as u64;
            format!("{} min {} s", whole / 60, whole % 60)
        }
    }
}

/// A network diagram as a template sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DiagramView {
    /// Its HTML id.
    pub(crate) id: String,
    /// The drawing: SVG on one line.
    pub(crate) svg: String,
    /// The same in words: HTML on one line.
    pub(crate) words: String,
    /// What is said about its state.
    pub(crate) badge: Option<Badge>,
    /// The file that its block is as well.
    pub(crate) file: Option<FileView>,
}

/// A file as a template sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FileView {
    /// Its path, relative to the page's folder.
    pub(crate) path: String,
    /// The language of its fence, for the highlighter; may be empty.
    pub(crate) language: String,
    /// What is in it.
    pub(crate) content: String,
}

impl FileView {
    pub(crate) fn new(step: &FileStep) -> Self {
        Self {
            path: step.path.clone(),
            language: step.language.clone(),
            content: step.content.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::Templates;
    use seaworthy_blocks::Document;
    use std::collections::BTreeMap;

    fn templates(session: &str) -> Templates {
        let texts = BTreeMap::from([("session".to_owned(), session.to_owned())]);
        Templates::new(&texts).unwrap()
    }

    #[test]
    fn a_session_is_one_line_and_loses_nothing() {
        let text = "```console\n$ cat <<EOF\n> a  <b>\n>\n> EOF\n  a &\n\n\n$ true\n```\n";
        let session = Session::parse(&Document::parse(text).blocks[0].lines, 0..0).unwrap();
        let view = SessionView::new(&session, "s-1", Some("it \"works\""), None, &[]);
        let template = "<div id=\"{{id}}\" title=\"{{proves}}\">\n  {{#each commands}}\n    {{#each lines}}<i>{{prompt}}</i><kbd>{{text}}</kbd>{{/each}}\n    {{#if output}}<samp>{{#each printed}}{{#each parts}}{{text}}{{/each}}{{#unless last}}&#10;{{/unless}}{{/each}}</samp>{{/if}}\n  {{/each}}\n</div>\n";
        let html = templates(template).render("session", &view).unwrap();
        snapbox::assert_data_eq!(
            html,
            snapbox::str![[
                r#"<div id="s-1" title="it &quot;works&quot;"><i>$ </i><kbd>cat &lt;&lt;EOF</kbd><i>&gt; </i><kbd>a  &lt;b&gt;</kbd><i>&gt; </i><kbd></kbd><i>&gt; </i><kbd>EOF</kbd><samp>  a &amp;</samp><i>$ </i><kbd>true</kbd></div>"#
            ]]
        );
    }

    #[test]
    fn programs_and_keys_are_told_apart() {
        let text = "```console\n$ sh\n# cat\n^D\n# exit\n$ true\n```\n";
        let session = Session::parse(&Document::parse(text).blocks[0].lines, 0..0).unwrap();
        let view = SessionView::new(&session, "s-1", None, None, &[]);
        let template = "{{#each commands}}{{#if place}}({{place}}){{/if}}{{#if level}}{{level}}{{/if}}{{#each lines}}{{prompt}}{{text}}{{/each}}{{#if keys}} key{{/if}};{{/each}}";
        let html = templates(template).render("session", &view).unwrap();
        assert_eq!(
            html,
            "$ sh;(in sh)1# cat;1^D key;1# exit;(back in the shell)$ true;"
        );
    }

    #[test]
    fn what_is_left_out_stands_where_it_would() {
        let marked = |lines: &[&str], left_out: &[(usize, usize)]| {
            let text = |line: PrintedLine| line.parts.into_iter().map(|part| part.text).collect();
            let lines: Vec<String> = printed(lines, left_out).into_iter().map(text).collect();
            lines.join("\n")
        };
        let lines = ["[", "  {", "    \"a\": 1,", "    \"b\": 2", "  }", "]"];
        assert_eq!(marked(&lines, &[]), lines.join("\n"));
        assert_eq!(
            marked(&lines, &[(1, 3), (2, 11), (3, 10)]),
            "[\n  {\n    …\n    \"a\": 1,\n    …\n    \"b\": 2\n    …\n  }\n]"
        );
        assert_eq!(
            marked(&["{\"a\":1,\"b\":2}"], &[(0, 1), (0, 7), (0, 12)]),
            "{… \"a\":1, …\"b\":2, …}"
        );
        // A place that isn't there, as of another text.
        assert_eq!(marked(&["é"], &[(0, 1), (0, 9), (4, 0)]), "é");
    }

    #[test]
    fn durations_as_they_are_read() {
        for (seconds, shown) in [
            (0.0, "under 0.1 s"),
            (0.0499, "under 0.1 s"),
            (0.05, "0.1 s"),
            (12.34, "12.3 s"),
            (59.94, "59.9 s"),
            (59.96, "1 min 0 s"),
            (125.6, "2 min 6 s"),
        ] {
            assert_eq!(duration(seconds), shown);
        }
    }
}
