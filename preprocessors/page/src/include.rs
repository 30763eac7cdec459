//! Expands mdBook's `{{#include …}}` as mdBook's own preprocessor does, keeping the map back.
//!
//! `{{#title}}` goes, `\{{#…}}` loses its backslash. `{{#rustdoc_include}}` of a whole file is an
//! include by another name. `{{#playground}}` and `{{#rustdoc_include}}` of a part give Rust code, which
//! holds no block of ours: they are left as they are, and [`Source::rebased`] finds its way around them. What they name
//! is published all the same, so it is read by the same rule.
//!
//! A page with all that it includes is bounded: in depth, in number, in size.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::{Captures, Regex};
use seaworthy_blocks::{Diagnostic, Fault, FaultCode};

use crate::source::{Loader, Mapped, Source};

/// mdBook follows includes within includes this deep (`MAX_LINK_NESTED_DEPTH`).
const DEEPEST: usize = 10;
/// The most files that a page may include, each counted as often as it is included.
const MOST: usize = 2_000;
/// The most bytes that these files may hold together.
const LARGEST: usize = 16 * 1024 * 1024;

#[expect(clippy::unwrap_used, reason = "the pattern is a constant")]
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    // The grammar of mdBook's links: an escaped one, or a kind and what follows it.
    Regex::new(r"\\\{\{#.*\}\}|\{\{\s*#([a-zA-Z0-9_]+)\s+([^}]+)\}\}").unwrap()
});

#[expect(clippy::unwrap_used, reason = "the pattern is a constant")]
static ANCHOR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"ANCHOR(_END)?:\s*([\w_-]+)").unwrap());

impl Source {
    /// Reads the chapter `file` (relative to the book's root) and expands its includes as mdBook does.
    /// Faults in the includes come along: the text is whole without what couldn't be included.
    ///
    /// # Errors
    /// If the chapter itself can't be read: why, in words.
    pub fn load(file: &Path, loader: &dyn Loader) -> Result<(Self, Vec<Diagnostic>), String> {
        let mut source = Self::unexpanded(file, &loader.load(file)?);
        let text = source.take();
        let (expanded, faults) = expand(&mut source, text, file, loader);
        source.put(expanded);
        Ok((source, faults))
    }
}

/// Expands the links of `text`, which comes from the chapter `file`.
fn expand(
    source: &mut Source,
    text: Mapped,
    file: &Path,
    loader: &dyn Loader,
) -> (Mapped, Vec<Diagnostic>) {
    let mut expander = Expander {
        source,
        loader,
        faults: Vec::new(),
        included: 0,
        bytes: 0,
        over: false,
    };
    let folder = file.parent().unwrap_or(Path::new(""));
    let text = expander.expand(text, folder, 0);
    (text, expander.faults)
}

struct Expander<'a> {
    source: &'a mut Source,
    loader: &'a dyn Loader,
    faults: Vec<Diagnostic>,
    /// How many files were to be included so far, and how many bytes they hold.
    included: usize,
    bytes: usize,
    /// A bound was passed: nothing more is included.
    over: bool,
}

impl Expander<'_> {
    fn expand(&mut self, text: Mapped, folder: &Path, depth: usize) -> Mapped {
        let mut expanded = Mapped::default();
        let mut done = 0;
        for link in LINK.captures_iter(&text.text) {
            let Some(whole) = link.get(0).map(|m| m.range()) else {
                continue;
            };
            match kind(&link) {
                Link::Escaped => {
                    expanded.push_part(&text, done..whole.start);
                    done = whole.start + 1;
                }
                Link::Title => {
                    expanded.push_part(&text, done..whole.start);
                    done = whole.end;
                }
                Link::Include(_) | Link::Rust(_) if self.over => {}
                Link::Rust(target) => {
                    if let Err(message) = self.include(target, folder, depth) {
                        self.fault(&text, whole.clone(), message);
                    }
                }
                Link::Include(target) => {
                    expanded.push_part(&text, done..whole.start);
                    done = whole.end;
                    match self.include(target, folder, depth) {
                        Ok(part) => expanded.push_part(&part, 0..part.text.len()),
                        Err(message) => {
                            self.fault(&text, whole.clone(), message);
                            done = whole.start;
                        }
                    }
                }
                Link::Other => {}
            }
        }
        let end = text.text.len();
        expanded.push_part(&text, done..end);
        expanded
    }

    fn include(&mut self, target: &str, folder: &Path, depth: usize) -> Result<Mapped, String> {
        let (path, selection) = target.split_once(':').unwrap_or((target, ""));
        if depth >= DEEPEST {
            self.over = true;
            return Err(format!(
                "includes are nested more than {DEEPEST} deep; does `{path}` include itself?"
            ));
        }
        if self.included >= MOST {
            self.over = true;
            return Err(format!("this page includes more than {MOST} files"));
        }
        self.included += 1;
        let file = folder.join(path);
        let text = self
            .loader
            .load(&file)
            .map_err(|why| format!("can't include `{path}`: {why}"))?;
        self.bytes += text.len();
        if self.bytes > LARGEST {
            self.over = true;
            let most = LARGEST / 1024 / 1024;
            return Err(format!("this page includes more than {most} MiB"));
        }
        let number = self.source.add_file(&file, &text);
        let selected = select(&text, selection)
            .ok_or_else(|| format!("can't include `{path}`: it has no anchor `{selection}`"))?;
        let mut part = Mapped::default();
        for (i, line) in selected.iter().enumerate() {
            if i > 0 {
                part.push("\n", number, selected[i - 1].end);
            }
            part.push(&text[line.clone()], number, line.start);
        }
        let folder: PathBuf = self.source.folder(number);
        Ok(self.expand(part, &folder, depth + 1))
    }

    fn fault(&mut self, text: &Mapped, range: Range<usize>, message: String) {
        let (file, start) = text.origin(range.start);
        let fault = Fault::error(FaultCode::InvalidInclude, range, message)
            .help("paths are relative to the file that includes; lines are `file:first:last`, anchors `file:name`");
        self.faults
            .push(self.source.diagnose_at(file, start, fault));
    }
}

enum Link<'a> {
    Escaped,
    Title,
    Include(&'a str),
    /// Rust code of this whole file.
    Rust(&'a str),
    Other,
}

fn kind<'a>(link: &Captures<'a>) -> Link<'a> {
    let Some(kind) = link.get(1) else {
        return Link::Escaped;
    };
    let rest = link.get(2).map_or("", |m| m.as_str());
    match (kind.as_str(), rest.split_whitespace().next()) {
        ("title", _) => Link::Title,
        ("include", Some(target)) => Link::Include(target),
        ("rustdoc_include", Some(target)) if !target.contains(':') => Link::Include(target),
        ("rustdoc_include" | "playground", Some(target)) => {
            Link::Rust(target.split(':').next().unwrap_or(target))
        }
        _ => Link::Other,
    }
}

/// The lines of `text` that `selection` names: `` all, `3`, `3:`, `:7`, `3:7` or an anchor.
/// `None` if there is no such anchor.
fn select(text: &str, selection: &str) -> Option<Vec<Range<usize>>> {
    let lines = lines(text);
    let mut parts = selection.splitn(3, ':');
    let first = parts.next().unwrap_or_default();
    let start = match first.parse::<usize>() {
        Ok(line) => line.saturating_sub(1),
        Err(_) if first.is_empty() => 0,
        Err(_) => return anchored(text, &lines, first),
    };
    let end = match parts.next().map(str::parse::<usize>) {
        Some(Ok(end)) => end,
        Some(Err(_)) => lines.len(),
        None if first.is_empty() => lines.len(),
        None => start + 1,
    };
    let end = end.clamp(start, lines.len().max(start));
    Some(lines.into_iter().take(end).skip(start).collect())
}

fn anchored(text: &str, lines: &[Range<usize>], name: &str) -> Option<Vec<Range<usize>>> {
    let mut selected = None;
    for line in lines {
        let anchor = ANCHOR.captures(&text[line.clone()]);
        match (&mut selected, anchor) {
            (None, Some(a)) if a.get(1).is_none() && &a[2] == name => selected = Some(Vec::new()),
            (Some(_), Some(a)) if a.get(1).is_some() && &a[2] == name => break,
            (Some(selected), None) => selected.push(line.clone()),
            _ => {}
        }
    }
    selected
}

/// The lines of `text` without their ends, as [`str::lines`] has them.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let start = at;
            at += line.len();
            let shown = line.strip_suffix('\n').unwrap_or(line);
            start..start + shown.strip_suffix('\r').unwrap_or(shown).len()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::source::tests::load;

    #[test]
    fn an_include_keeps_its_lines() {
        let (source, faults) = load(&[
            (
                "src/a.md",
                "# A\n\n```console\n{{#include parts/s.txt}}\n```\nend\n",
            ),
            ("src/parts/s.txt", "$ one\n$ two\n"),
        ]);
        assert!(faults.is_empty());
        assert_eq!(source.text(), "# A\n\n```console\n$ one\n$ two\n```\nend\n");
        let place = |needle: &str| {
            let place = source.place(source.text().find(needle).unwrap());
            (place.file, place.line)
        };
        assert_eq!(place("$ two"), ("src/parts/s.txt".into(), 2));
        assert_eq!(place("end"), ("src/a.md".into(), 6));
    }

    #[test]
    fn selections() {
        for (selection, text) in [
            ("", "1\n2 ANCHOR: x\n3\n4 ANCHOR_END: x\n5"),
            (":2", "2 ANCHOR: x"),
            (":2:", "2 ANCHOR: x\n3\n4 ANCHOR_END: x\n5"),
            ("::1", "1"),
            (":2:3", "2 ANCHOR: x\n3"),
            (":x", "3"),
            (":9", ""),
            (":3:2", ""),
        ] {
            let chapter: &'static str =
                Box::leak(format!("{{{{#include s{selection}}}}}").into_boxed_str());
            let (source, faults) = load(&[
                ("a.md", chapter),
                ("s", "1\r\n2 ANCHOR: x\n3\n4 ANCHOR_END: x\n5\n"),
            ]);
            assert!(faults.is_empty(), "{selection}");
            assert_eq!(source.text(), text, "{selection}");
        }
    }

    #[test]
    fn nested_titles_and_escapes() {
        let (source, faults) = load(&[
            (
                "src/a.md",
                "{{#title T}}x \\{{#include no}}\n{{#include b/b.md}}",
            ),
            ("src/b/b.md", "b {{#include ../c.md:1}}"),
            ("src/c.md", "c\nd\n"),
        ]);
        assert!(faults.is_empty());
        assert_eq!(source.text(), "x {{#include no}}\nb c");
        assert_eq!(source.place(source.text().len() - 1).file, "src/c.md");
    }

    #[test]
    fn an_include_by_another_name() {
        let (source, faults) = load(&[
            (
                "a.md",
                "{{#rustdoc_include out.txt}}\n{{#rustdoc_include main.rs:main}}\n",
            ),
            ("out.txt", "$ cargo run\n"),
            ("main.rs", "// ANCHOR: main\n{{#include out.txt}}\n"),
        ]);
        assert!(faults.is_empty());
        let part = "{{#rustdoc_include main.rs:main}}";
        assert_eq!(source.text(), format!("$ cargo run\n{part}\n"));
    }

    #[test]
    fn faults_name_the_file_that_includes() {
        let (source, faults) = load(&[
            ("a.md", "x\n{{#include missing.md}}\n{{#include b.md}}\n"),
            ("b.md", "\n{{#include c.md:anchor}}"),
            ("c.md", "c"),
        ]);
        let found: Vec<_> = faults
            .iter()
            .map(|d| (d.file.as_str(), d.line(), d.fault.message.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("a.md", 2, "can't include `missing.md`: no such file"),
                ("b.md", 2, "can't include `c.md`: it has no anchor `anchor`"),
            ]
        );
        assert!(source.text().contains("{{#include missing.md}}"));
    }

    /// mdBook publishes what it includes as Rust code, with what that includes.
    #[test]
    fn rust_code_is_read_by_the_same_rule() {
        let (source, faults) = load(&[
            (
                "a.md",
                "{{#playground x.rs editable}}\n{{#rustdoc_include none.rs:2}}\n",
            ),
            ("x.rs", "\n{{#include secret}}\n"),
        ]);
        let found: Vec<_> = faults
            .iter()
            .map(|d| (d.file.as_str(), d.line(), d.fault.message.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("x.rs", 2, "can't include `secret`: no such file"),
                ("a.md", 2, "can't include `none.rs`: no such file"),
            ]
        );
        assert!(source.text().starts_with("{{#playground x.rs editable}}\n"));
    }

    #[test]
    fn a_page_is_bounded_whatever_it_includes() {
        let cycle = "{{#include a.md}}".repeat(30);
        let wide = "{{#include b}}\n".repeat(3_000);
        let heavy = "{{#include b}}\n".repeat(17);
        for (page, part, message) in [
            (
                cycle,
                String::new(),
                "nested more than 10 deep; does `a.md` include itself?",
            ),
            (wide, String::new(), "includes more than 2000 files"),
            (heavy, "x".repeat(1024 * 1024), "includes more than 16 MiB"),
        ] {
            let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
            let (_, faults) = load(&[("a.md", leak(page)), ("b", leak(part))]);
            assert_eq!(faults.len(), 1, "{message}");
            assert!(
                faults[0].fault.message.contains(message),
                "{:?}",
                faults[0].fault
            );
        }
    }
}
