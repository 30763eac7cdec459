//! All that the program prints: results on stdout, everything else on stderr.
//!
//! What isn't seen on a terminal, or does something to it, is made visible on the way ([`visible`]): pages, the machines'
//! output and names come from anywhere. Styles of our own get through, since they bear a mark that nobody else knows
//! ([`Style`], [`ours`]). What programs read is escaped as they expect it, before ([`json`], [`xml`]).
//!
//! All is printed with its styles, and the stream takes them out where none are wanted: [`anstream`] alone decides that, by
//! what the stream is and by `NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE`.
//!
//! Printing never panics. A reader who has seen enough and closed the pipe (`| head`) ends nothing: what is still printed
//! goes nowhere, and the command does its work to the end. Any other trouble with stdout is kept, and [`finish`] gives it,
//! since a result that nobody got is no result.

use std::borrow::Cow;
use std::fmt::{self, Arguments};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, ErrorKind, Write};
use std::sync::{LazyLock, Mutex, PoisonError};

use seaworthy_blocks::{Diagnostic, is_unseen, render, visible};

/// The first trouble with stdout.
static TROUBLE: Mutex<Option<io::Error>> = Mutex::new(None);

/// What was printed didn't get anywhere.
#[derive(Debug, thiserror::Error)]
#[error("can't write to standard output: {0}")]
pub struct Unprinted(io::Error);

/// Prints on stdout, with colours where they are wanted.
pub fn out(text: Arguments<'_>) {
    let text = shown(&text.to_string());
    keep(anstream::stdout().write_all(harmless(&text, *WORKFLOW).as_bytes()));
}

/// Prints commands for a workflow of GitHub on stdout.
pub fn commands(text: &str) {
    keep(anstream::stdout().write_all(shown(text).as_bytes()));
}

/// Prints on stderr, with colours where they are wanted. If that fails, there is nobody left to be told; the exit code
/// says the rest.
pub fn err(text: Arguments<'_>) {
    let text = shown(&text.to_string());
    let _ = anstream::stderr().write_all(harmless(&text, *WORKFLOW).as_bytes());
}

/// Stderr for others' events: each is printed whole, made visible, when this goes.
#[derive(Debug, Default)]
pub struct Stderr(Vec<u8>);

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Stderr {
    fn drop(&mut self) {
        err(format_args!("{}", String::from_utf8_lossy(&self.0)));
    }
}

/// To be called when everything is printed.
///
/// # Errors
/// If some of it wasn't, although someone waits for it.
pub fn finish() -> Result<(), Unprinted> {
    keep(io::stdout().flush());
    let trouble = TROUBLE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    match trouble {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => Err(Unprinted(error)),
        _ => Ok(()),
    }
}

/// Stands for the escape character where we put it.
static OURS: LazyLock<String> = LazyLock::new(|| {
    let secret = RandomState::new().build_hasher().finish();
    format!("\u{fdd0}{secret:016x}")
});

/// A style of our own, written as those of [`anstyle`] are: `{style}text{style:#}`.
#[derive(Clone, Copy, Debug)]
pub struct Style(pub anstyle::Style);

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = self.0;
        f.write_str(&ours(&match f.alternate() {
            false => format!("{style}"),
            true => format!("{style:#}"),
        }))
    }
}

/// Text with styles in it that gets through as it is: nothing in it may come from elsewhere unless it was made visible.
#[must_use]
pub fn ours(text: &str) -> String {
    text.replace('\u{1b}', &OURS)
}

/// The diagnostics as they are shown on stderr, which drops the colours where they aren't wanted.
#[must_use]
pub fn rendered(diagnostics: &[Diagnostic]) -> String {
    ours(&render(diagnostics, true))
}

/// Shows how a file changes, on stdout.
pub(crate) fn show_difference(file: &str, before: &str, after: &str) {
    let diff = similar::TextDiff::from_lines(before, after);
    let unified = diff.unified_diff().header(file, file).to_string();
    for line in unified.lines() {
        let style = Style(match line.bytes().next() {
            Some(b'+') => anstyle::AnsiColor::Green.on_default(),
            Some(b'-') => anstyle::AnsiColor::Red.on_default(),
            _ => anstyle::Style::new(),
        });
        crate::outln!("{style}{line}{style:#}");
    }
}

/// What gets to the terminal of `text`.
fn shown(text: &str) -> String {
    let parts = text.split(OURS.as_str()).map(visible);
    parts.collect::<Vec<_>>().join("\u{1b}")
}

/// Whether a workflow of GitHub reads what is printed.
static WORKFLOW: LazyLock<bool> =
    LazyLock::new(|| std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true"));

/// A line from where it says something: blanks and styles aside, which aren't printed everywhere.
fn begins(line: &str) -> &str {
    let line = line.trim_start();
    match line
        .strip_prefix("\u{1b}[")
        .and_then(|style| style.split_once('m'))
    {
        Some((style, rest)) if style.bytes().all(|b| b.is_ascii_digit() || b == b';') => {
            begins(rest)
        }
        _ => line,
    }
}

/// `text` without commands for a workflow, if one reads it: those would be somebody else's, printed in a machine or
/// written on a page. GitHub takes `::` at the beginning of a line for one, blanks before it or not, and `##[` anywhere.
fn harmless(text: &str, workflow: bool) -> Cow<'_, str> {
    if !workflow || !(text.contains("::") || text.contains("##[")) {
        return Cow::Borrowed(text);
    }
    let escaped = text.split_inclusive('\n').map(|line| {
        let said = begins(line);
        let line = match said.strip_prefix("::") {
            Some(rest) => format!("{}\\u{{3a}}:{rest}", &line[..line.len() - said.len()]),
            None => line.to_owned(),
        };
        line.replace("##[", "\\u{23}#[")
    });
    Cow::Owned(escaped.collect())
}

/// JSON with what isn't seen written as JSON writes it, which means the same: it only stands in strings.
#[must_use]
pub fn json(text: &str) -> String {
    let mut units = [0; 2];
    escaped(text, |c, into| {
        for unit in c.encode_utf16(&mut units) {
            into.push_str(&format!("\\u{unit:04x}"));
        }
    })
}

/// XML with what isn't seen written as XML writes it, which means the same; what XML can't hold becomes `\u{fffd}`.
#[must_use]
pub fn xml(text: &str) -> String {
    escaped(text, |c, into| match u32::from(c) {
        0x9 | 0xa | 0xd | 0x20..=0xfffd | 0x1_0000.. => {
            into.push_str(&format!("&#x{:x};", u32::from(c)));
        }
        _ => into.push('\u{fffd}'),
    })
}

fn escaped(text: &str, mut escape: impl FnMut(char, &mut String)) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match is_unseen(c) {
            true => escape(c, &mut escaped),
            false => escaped.push(c),
        }
    }
    escaped
}

fn keep(written: io::Result<()>) {
    if let Err(error) = written {
        let mut trouble = TROUBLE.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.get_or_insert(error);
    }
}

/// Prints on stdout.
#[macro_export]
macro_rules! out {
    ($($text:tt)*) => { $crate::output::out(format_args!($($text)*)) };
}

/// Prints a line on stdout.
#[macro_export]
macro_rules! outln {
    () => { $crate::output::out(format_args!("\n")) };
    ($($text:tt)*) => { $crate::output::out(format_args!("{}\n", format_args!($($text)*))) };
}

/// Prints a line on stderr.
#[macro_export]
macro_rules! errln {
    ($($text:tt)*) => { $crate::output::err(format_args!("{}\n", format_args!($($text)*))) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_styles_get_through_and_nobody_elses() {
        let bold = Style(anstyle::Style::new().bold());
        let text = format!("{bold}a{bold:#} \u{1b}[1mb\u{1b}[0m \u{fdd0}0[1mc");
        assert_eq!(
            shown(&text),
            "\u{1b}[1ma\u{1b}[0m \\u{1b}[1mb\\u{1b}[0m \\u{fdd0}0[1mc"
        );
    }

    #[test]
    fn a_workflow_gets_no_commands_of_others() {
        let text = "::add-mask::a\n \u{1b}[1m ::set-env name=A::b\n+ ::c\na::b\n x ##[error]d\n";
        assert_eq!(
            harmless(text, true),
            "\\u{3a}:add-mask::a\n \u{1b}[1m \\u{3a}:set-env name=A::b\n+ ::c\na::b\n x \\u{23}#[error]d\n"
        );
        assert_eq!(harmless(text, false), text);
    }

    #[test]
    fn what_programs_read_means_the_same() {
        let text = "a\u{9b}\u{202e}\u{e0041}\u{1b}";
        let printed = json(&serde_json::to_string(text).unwrap());
        assert!(!printed.chars().any(is_unseen), "{printed}");
        assert_eq!(serde_json::from_str::<String>(&printed).unwrap(), text);
        assert_eq!(xml("a\u{9b}\u{fffe}\u{1b}"), "a&#x9b;\u{fffd}\u{fffd}");
    }
}
