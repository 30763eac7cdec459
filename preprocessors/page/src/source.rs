//! The text of a chapter with its includes expanded, and the way back to the author's files and lines.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use seaworthy_blocks::{Diagnostic, Fault};
use similar::{ChangeTag, TextDiff};

/// Gives this crate the files it asks for.
pub trait Loader {
    /// The text of the file at `path`, which is relative to the book's root.
    ///
    /// # Errors
    /// Why it can't be read, in words.
    fn load(&self, path: &Path) -> Result<String, String>;

    /// All files below the folder at `path`, which is relative to the book's root, in a fixed order.
    ///
    /// # Errors
    /// Why it can't be read whole, in words.
    fn folder(&self, path: &Path) -> Result<Vec<FolderFile>, String>;
}

/// A file of a folder that a page is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFile {
    /// The way from the folder to it, with `/`.
    pub path: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// Whether it may be executed.
    pub executable: bool,
}

/// A folder of the book that is put into the page's machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedFolder {
    /// The last part of its path: its name in the folder in which the page's shell begins.
    pub name: String,
    /// All files below it.
    pub files: Vec<FolderFile>,
}

/// Where something stands in the author's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the book's root, with `/`.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
}

/// A chapter's text after its includes were expanded, with a map back.
#[derive(Clone, Debug)]
pub struct Source {
    files: Vec<SourceFile>,
    mapped: Mapped,
}

#[derive(Clone, Debug)]
struct SourceFile {
    path: String,
    text: Arc<str>,
    /// Where each line begins.
    lines: Arc<[usize]>,
}

/// Text put together from parts of files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mapped {
    pub(crate) text: String,
    /// In order, without gaps, covering `text`.
    segments: Vec<Segment>,
}

/// A stretch of text that stands in a file just so.
#[derive(Clone, Copy, Debug)]
struct Segment {
    start: usize,
    file: usize,
    offset: usize,
}

impl Mapped {
    /// Appends `text`, which stands at `offset` of file number `file`.
    pub(crate) fn push(&mut self, text: &str, file: usize, offset: usize) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        let continues = self
            .segments
            .last()
            .is_some_and(|s| s.file == file && s.offset + (start - s.start) == offset);
        if !continues {
            self.segments.push(Segment {
                start,
                file,
                offset,
            });
        }
    }

    /// Appends the bytes `range` of `other`.
    pub(crate) fn push_part(&mut self, other: &Self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let i = other.segment_index(at);
            let segment = other.segments[i];
            let end = other
                .segments
                .get(i + 1)
                .map_or(range.end, |next| next.start.min(range.end));
            let offset = segment.offset + (at - segment.start);
            self.push(&other.text[at..end], segment.file, offset);
            at = end;
        }
    }

    /// The number of a file and the offset in it that the byte `at` comes from.
    pub(crate) fn origin(&self, at: usize) -> (usize, usize) {
        if self.segments.is_empty() {
            return (0, 0);
        }
        let segment = self.segments[self.segment_index(at)];
        (segment.file, segment.offset + (at - segment.start))
    }

    fn segment_index(&self, at: usize) -> usize {
        self.segments
            .partition_point(|s| s.start <= at)
            .saturating_sub(1)
    }
}

impl Source {
    /// The chapter `file`, which holds `text`: nothing is expanded yet.
    pub(crate) fn unexpanded(file: &Path, text: &str) -> Self {
        let mut source = Self {
            files: Vec::new(),
            mapped: Mapped::default(),
        };
        let number = source.add_file(file, text);
        // mdBook drops a byte order mark.
        let skip = if text.starts_with('\u{feff}') { 3 } else { 0 };
        source.mapped.push(&text[skip..], number, skip);
        source
    }

    /// Takes the text to expand it; what comes of it is given back by [`Self::put`].
    pub(crate) fn take(&mut self) -> Mapped {
        std::mem::take(&mut self.mapped)
    }

    pub(crate) fn put(&mut self, mapped: Mapped) {
        self.mapped = mapped;
    }

    /// The expanded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.mapped.text
    }

    /// The same map for `text`, which another preprocessor made of the expanded text: unchanged
    /// lines keep their place, a new line has that of the line before it.
    #[must_use]
    pub fn rebased(self, text: &str) -> Self {
        if text == self.mapped.text {
            return self;
        }
        let mut mapped = Mapped::default();
        let mut at = 0;
        for change in TextDiff::from_lines(self.mapped.text.as_str(), text).iter_all_changes() {
            let line: &str = change.value();
            match change.tag() {
                ChangeTag::Equal => {
                    mapped.push_part(&self.mapped, at..at + line.len());
                    at += line.len();
                }
                ChangeTag::Delete => at += line.len(),
                ChangeTag::Insert => {
                    let last = at.min(self.mapped.text.len().saturating_sub(1));
                    let (file, offset) = self.mapped.origin(last);
                    mapped.push(line, file, offset);
                }
            }
        }
        Self { mapped, ..self }
    }

    /// Where the byte `at` of the text stands.
    #[must_use]
    pub fn place(&self, at: usize) -> Place {
        let (file, offset) = self.mapped.origin(at);
        let file = &self.files[file];
        Place {
            file: file.path.clone(),
            line: file.lines.partition_point(|start| *start <= offset),
        }
    }

    /// Whether a part of the text comes from `file`, relative to the book's root.
    #[must_use]
    pub fn includes(&self, file: &str) -> bool {
        self.files.iter().any(|source| source.path == file)
    }

    /// The files that the text is made of, relative to the book's root: the chapter, then its includes.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    /// The author's file and the bytes of it that the bytes `range` of the text are; `None` if they
    /// don't stand together in one file.
    #[must_use]
    pub fn in_file(&self, range: &Range<usize>) -> Option<(&str, Range<usize>)> {
        let (file, start) = self.mapped.origin(range.start);
        let end = start + range.len();
        let source = &self.files[file];
        let same = source.text.get(start..end) == self.mapped.text.get(range.clone());
        let together = range.is_empty() || self.mapped.origin(range.end - 1) == (file, end - 1);
        (same && together).then_some((source.path.as_str(), start..end))
    }

    /// The fault, whose range is in the text, as a diagnostic in the author's file.
    #[must_use]
    pub fn diagnose(&self, fault: Fault) -> Diagnostic {
        let (file, start) = self.mapped.origin(fault.span.start);
        self.diagnose_at(file, start, fault)
    }

    pub(crate) fn diagnose_at(&self, file: usize, start: usize, mut fault: Fault) -> Diagnostic {
        fault.span = start..start + fault.span.len();
        let file = &self.files[file];
        Diagnostic {
            file: file.path.clone(),
            source: file.text.clone(),
            fault,
        }
    }

    pub(crate) fn add_file(&mut self, path: &Path, text: &str) -> usize {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(ends.map(|(end, _)| end + 1));
        self.files.push(SourceFile {
            path: slashed(path),
            lines: lines.collect(),
            text: text.into(),
        });
        self.files.len() - 1
    }

    /// The folder of file number `file`.
    pub(crate) fn folder(&self, file: usize) -> PathBuf {
        let path = Path::new(&self.files[file].path);
        path.parent().map(Path::to_path_buf).unwrap_or_default()
    }
}

/// The path with `/`, without `.` and with `..` worked out.
#[must_use]
pub fn slashed(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if parts.last().is_some_and(|p| p != ".." && !p.is_empty()) => {
                parts.pop();
            }
            Component::RootDir => parts.push(String::new()),
            other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
        }
    }
    parts.join("/")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Files in memory.
    pub(crate) struct Files(pub(crate) BTreeMap<&'static str, &'static str>);

    impl Loader for Files {
        fn load(&self, path: &Path) -> Result<String, String> {
            let text = self.0.get(slashed(path).as_str());
            text.map(|&t| t.to_owned())
                .ok_or_else(|| "no such file".to_owned())
        }

        fn folder(&self, path: &Path) -> Result<Vec<FolderFile>, String> {
            let folder = format!("{}/", slashed(path));
            let inside = self.0.iter().filter_map(|(file, text)| {
                Some(FolderFile {
                    path: file.strip_prefix(&folder)?.to_owned(),
                    content: text.as_bytes().to_vec(),
                    executable: false,
                })
            });
            let mut files: Vec<_> = inside.collect();
            files.sort_by(|a, b| a.path.cmp(&b.path));
            if files.is_empty() {
                return Err("no such folder".to_owned());
            }
            Ok(files)
        }
    }

    pub(crate) fn load(files: &[(&'static str, &'static str)]) -> (Source, Vec<Diagnostic>) {
        let all = Files(files.iter().copied().collect());
        Source::load(Path::new(files[0].0), &all).unwrap()
    }

    #[test]
    fn paths_are_worked_out() {
        for (path, shown) in [
            ("a/./b.md", "a/b.md"),
            ("a/../b.md", "b.md"),
            ("../b.md", "../b.md"),
            ("/x/y", "/x/y"),
        ] {
            assert_eq!(slashed(Path::new(path)), shown);
        }
    }

    #[test]
    fn a_byte_order_mark_moves_nothing() {
        let (source, _) = load(&[("src/a.md", "\u{feff}# T\n\nx\n")]);
        assert_eq!(source.text(), "# T\n\nx\n");
        assert_eq!(source.place(5).line, 3);
    }

    #[test]
    fn a_stretch_of_text_is_found_in_its_file() {
        let (source, _) = load(&[
            ("src/a.md", "a {{#include b.md}} c\n"),
            ("src/b.md", "bb\nbb"),
        ]);
        let text = source.text().to_owned();
        let whole = text.find("bb\nbb").unwrap();
        let (file, range) = source.in_file(&(whole..whole + 5)).unwrap();
        assert_eq!((file, range), ("src/b.md", 0..5));
        assert_eq!(source.in_file(&(0..whole + 2)), None);
    }

    #[test]
    fn rebased_lines_keep_their_place() {
        let (source, _) = load(&[("src/a.md", "one\ntwo\nthree\n")]);
        let source = source.rebased("zero\none\nnew\nthree\n");
        let line = |needle: &str| source.place(source.text().find(needle).unwrap()).line;
        assert_eq!([line("one"), line("three")], [1, 3]);
        assert!(line("new") <= 3);
    }
}
