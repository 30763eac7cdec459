//! The state of the server: open files, their books, and what editors are told of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gen_lsp_types::{
    Code, CodeAction, CodeActionParams, CodeActionResponse, CodeLens, Command, CompletionItem,
    Diagnostic, DidChangeTextDocumentParams, Hover, Location, Position, PublishDiagnosticsParams,
    TextDocumentItem, TextDocumentPositionParams, Uri,
};
use seaworthy_page::Page;

use super::complete::complete;
use super::fixes;
use super::hover::hover;
use super::lenses::{ACCEPT, lenses, places};
use super::library::{BOOK_TOML, Library, Open};
use super::page::{Read, failures, fault};
use super::text::Text;

/// What a server knows.
#[derive(Default)]
pub(super) struct Server {
    documents: BTreeMap<Uri, Document>,
    /// By their roots.
    libraries: BTreeMap<PathBuf, Library>,
    /// The open files whose faults may be others than those that were published.
    stale: BTreeSet<Uri>,
    /// What was found in each file, by the open file whose page it is a part of.
    found: BTreeMap<Uri, BTreeMap<Uri, Vec<Diagnostic>>>,
}

/// An open file.
struct Document {
    text: Text,
    version: i32,
    /// The root of its book, and the way from there to the file.
    place: Option<(PathBuf, String)>,
}

impl Server {
    /// A file was opened.
    pub(super) fn open(&mut self, item: TextDocumentItem) {
        let path = item.uri.to_file_path().ok();
        let place = path.and_then(|path| Library::place_of(&path));
        let document = Document {
            text: Text::new(item.text),
            version: item.version,
            place,
        };
        self.documents.insert(item.uri.clone(), document);
        // It may be asked about before anything is told of it.
        self.refresh(&item.uri);
        self.touched(&item.uri);
    }

    /// A file was edited. What isn't open can't be.
    pub(super) fn change(&mut self, change: DidChangeTextDocumentParams) {
        let uri = change.text_document.text_document_identifier.uri;
        if let Some(document) = self.documents.get_mut(&uri) {
            document.version = change.text_document.version;
            for change in change.content_changes {
                document.text = document.text.changed(change);
            }
            self.touched(&uri);
        }
    }

    /// A file was closed: its text is that on the disk again.
    pub(super) fn close(&mut self, uri: &Uri) {
        self.touched(uri);
        self.documents.remove(uri);
    }

    /// Files may have been written: all is read again.
    pub(super) fn written(&mut self) {
        self.stale.extend(self.documents.keys().cloned());
    }

    /// The file `uri` is another: so may be the pages that include it.
    fn touched(&mut self, uri: &Uri) {
        self.stale.insert(uri.clone());
        let book = |document: &Document| document.place.as_ref().map(|(root, _)| root.clone());
        let Some(root) = self.documents.get(uri).and_then(book) else {
            return;
        };
        let including = self.documents.iter().filter(|(_, document)| {
            book(document).as_ref() == Some(&root) && document.text.as_str().contains("{{#")
        });
        self.stale.extend(including.map(|(uri, _)| uri.clone()));
    }

    /// What is to be told of the files that are others since this was last asked.
    pub(super) fn publish(&mut self) -> Vec<PublishDiagnosticsParams> {
        let mut told = BTreeSet::new();
        for uri in std::mem::take(&mut self.stale) {
            let found = match self.documents.contains_key(&uri) {
                true => self.look_at(&uri),
                false => BTreeMap::new(),
            };
            told.insert(uri.clone());
            told.extend(found.keys().cloned());
            let before = self.found.insert(uri, found);
            told.extend(before.into_iter().flat_map(BTreeMap::into_keys));
        }
        self.found.retain(|uri, _| self.documents.contains_key(uri));
        let told = told.into_iter().map(|uri| {
            let all = self.found.values().filter_map(|found| found.get(&uri));
            let mut diagnostics: Vec<Diagnostic> = Vec::new();
            for diagnostic in all.flatten() {
                // Two pages that include the same lines find the same.
                if !diagnostics.contains(diagnostic) {
                    diagnostics.push(diagnostic.clone());
                }
            }
            let version = self.documents.get(&uri).map(|document| document.version);
            PublishDiagnosticsParams::new(uri, version, diagnostics)
        });
        told.collect()
    }

    /// What is found in the page `uri`, by the files that it is about.
    fn look_at(&mut self, uri: &Uri) -> BTreeMap<Uri, Vec<Diagnostic>> {
        self.refresh(uri);
        let Some((read, library, root)) = self.read(uri) else {
            return BTreeMap::new();
        };
        let mut found: BTreeMap<Uri, Vec<Diagnostic>> = BTreeMap::new();
        for (file, faults) in &read.faults {
            let Ok(uri) = Uri::from_file_path(root.join(file)) else {
                continue;
            };
            let text = faults
                .first()
                .map(|first| Text::new(first.source.to_string()));
            let text = text.unwrap_or_else(|| Text::new(String::new()));
            let own = found.entry(uri).or_default();
            own.extend(faults.iter().map(|found| fault(found, &text)));
        }
        for came in read.results(library) {
            let Ok(uri) = Uri::from_file_path(root.join(&came.place.file)) else {
                continue;
            };
            if let Some(document) = self.documents.get(&uri) {
                let own = found.entry(uri).or_default();
                own.extend(failures(&came, &document.text));
            }
        }
        found
    }

    /// Reads the book of an open file again, if what it is made of was written.
    fn refresh(&mut self, uri: &Uri) {
        let place = self.documents.get(uri).and_then(|it| it.place.as_ref());
        let Some((root, _)) = place else {
            return;
        };
        let known = self.libraries.get(root);
        if known.is_none_or(|library| library.is_outdated(root)) {
            self.libraries.insert(root.clone(), Library::read(root));
        }
    }

    /// The open file as its book reads it, if it is a page or the book's settings.
    fn read(&self, uri: &Uri) -> Option<(Read, &Library, &Path)> {
        let document = self.documents.get(uri)?;
        let (root, file) = document.place.as_ref()?;
        let library = self.libraries.get(root)?;
        if file == BOOK_TOML {
            return Some((Read::settings(&document.text), library, root));
        }
        if !library.pages.contains(file) {
            return None;
        }
        let texts = self.documents.values().filter_map(|document| {
            let (of, file) = document.place.as_ref()?;
            (of == root).then_some((file.as_str(), document.text.as_str()))
        });
        let open = Open {
            files: &library.files,
            texts: texts.collect(),
        };
        Some((Read::page(file, &open, &library.settings), library, root))
    }

    /// An open page as it is now, and as it was saved last: half a word may make another page of it, or none.
    fn open_and_saved(&self, uri: &Uri) -> Vec<Page> {
        let file = self.documents.get(uri).and_then(|it| it.place.as_ref());
        let (Some((_, file)), Some((read, library, _))) = (file, self.read(uri)) else {
            return Vec::new();
        };
        let saved = Page::load(Path::new(file), &library.files, &library.settings);
        read.page.into_iter().chain(saved).collect()
    }

    /// What can be written at a place.
    pub(super) fn complete(&self, place: &TextDocumentPositionParams) -> Vec<CompletionItem> {
        let Some((document, file, position)) = self.at(place) else {
            return Vec::new();
        };
        let Some((_, library, _)) = self.read(&place.text_document.uri) else {
            return Vec::new();
        };
        let pages: Vec<Page> = self
            .documents
            .keys()
            .flat_map(|uri| self.open_and_saved(uri))
            .collect();
        let named = pages.iter().flat_map(|page| &page.images);
        let named = named.map(|image| image.reference.as_str());
        let runs = library.report.iter().flat_map(|report| &report.runs);
        let used = runs
            .flat_map(|run| &run.images)
            .map(|image| image.reference.as_str());
        complete(file, &document.text, position, &named.chain(used).collect())
    }

    /// What is said of a place.
    pub(super) fn hover(&self, place: &TextDocumentPositionParams) -> Option<Hover> {
        let (document, file, position) = self.at(place)?;
        let (read, ..) = self.read(&place.text_document.uri)?;
        hover(file, &document.text, position, read.page.as_ref().ok())
    }

    /// Where the name at a place stands, the place that gives it first.
    pub(super) fn places(&self, place: &TextDocumentPositionParams) -> Vec<Location> {
        let uri = &place.text_document.uri;
        let document = self.documents.get(uri);
        document.map_or_else(Vec::new, |document| {
            places(uri, &document.text, place.position)
        })
    }

    /// What stands above the sessions of a file.
    pub(super) fn lenses(&self, uri: &Uri) -> Vec<CodeLens> {
        let document = self.documents.get(uri);
        let place = document.and_then(|document| Some((document, document.place.as_ref()?)));
        let (Some((document, (_, file))), Some((read, library, _))) = (place, self.read(uri))
        else {
            return Vec::new();
        };
        let results = read.results(library);
        let Ok(page) = &read.page else {
            return Vec::new();
        };
        lenses(page, &results, (file, uri, &document.text))
    }

    /// What can be done about what is shown at a place.
    pub(super) fn actions(&self, asked: &CodeActionParams) -> Vec<CodeActionResponse> {
        let uri = &asked.text_document.uri;
        let Some(document) = self.documents.get(uri) else {
            return Vec::new();
        };
        let all = self
            .found
            .values()
            .filter_map(|found| found.get(uri))
            .flatten();
        let touches = |it: &&Diagnostic| {
            it.range.start <= asked.range.end && asked.range.start <= it.range.end
        };
        let mut actions = Vec::new();
        for diagnostic in all.filter(touches) {
            let Some(Code::String(code)) = &diagnostic.code else {
                continue;
            };
            let fixes = fixes::actions(diagnostic, code, uri, &document.text);
            actions.extend(fixes.into_iter().map(CodeActionResponse::from));
            if fixes::can_be_accepted(code) {
                actions.push(accept(diagnostic, uri).into());
            }
        }
        actions
    }

    fn at(&self, place: &TextDocumentPositionParams) -> Option<(&Document, &str, Position)> {
        let document = self.documents.get(&place.text_document.uri)?;
        let (_, file) = document.place.as_ref()?;
        Some((document, file, place.position))
    }

    /// The root of the book of a page, and its file.
    ///
    /// # Errors
    /// Why the page can't be run as it is shown, in words.
    pub(super) fn to_be_run(&self, uri: &str) -> Result<(PathBuf, String), String> {
        let document = Uri::parse(uri)
            .ok()
            .and_then(|uri| self.documents.get(&uri));
        let place = document.and_then(|it| Some((it, it.place.as_ref()?)));
        let Some((document, (root, file))) = place else {
            return Err("this file is no page of a book".to_owned());
        };
        let saved = std::fs::read_to_string(root.join(file));
        match saved {
            Ok(saved) if saved == document.text.as_str() => Ok((root.clone(), file.clone())),
            Ok(_) => Err(format!(
                "{file} has changes that aren't saved: save it first"
            )),
            Err(why) => Err(format!("can't read {file}: {why}")),
        }
    }
}

/// What the machine printed is written into the page.
fn accept(diagnostic: &Diagnostic, uri: &Uri) -> CodeAction {
    let title = "Accept what was printed";
    CodeAction {
        title: title.to_owned(),
        diagnostics: Some(vec![diagnostic.clone()]),
        command: Some(Command {
            title: title.to_owned(),
            command: ACCEPT.to_owned(),
            arguments: Some(vec![uri.as_str().into()]),
            ..Command::default()
        }),
        ..CodeAction::default()
    }
}
