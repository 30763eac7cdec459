//! `include`: other projects, whose services and networks become part of this one.

use std::ops::Range;

use seaworthy_blocks::{Fault, FaultCode};

use super::{Place, ProjectError, Reader, Unread, folder_of, join, unset};
use crate::compose::{Text, entries, names, text};
use crate::yaml::{Key, Node, Value};

/// One entry of `include`.
#[derive(Default)]
struct Include {
    paths: Vec<Text>,
    folder: Option<Text>,
    env_files: Vec<Text>,
}

impl<'a> Reader<'a> {
    /// Takes `include` out of `root`, and adds what it names.
    pub(super) fn include(
        &mut self,
        root: &mut Node,
        place: &Place<'a>,
        including: &mut Vec<String>,
    ) {
        let Value::Map(top) = &mut root.value else {
            return;
        };
        let Some(at) = top.iter().position(|(key, _)| key.name == "include") else {
            return;
        };
        let (key, node) = top.remove(at);
        let Value::Seq(items) = &node.value else {
            if !node.is_null() {
                self.faults.push(
                    Fault::error(
                        FaultCode::InvalidCompose,
                        key.span,
                        format!("`include` must be a list, not {}", node.kind()),
                    )
                    .help("write one `- path.yaml` a line"),
                );
            }
            return;
        };
        for item in items {
            let include = self.read_include(item);
            if let Some(included) = self.included(&include, place, including) {
                self.import(root, included, &item.span);
            }
        }
    }

    fn read_include(&mut self, item: &Node) -> Include {
        let mut include = Include::default();
        let faults = &mut self.faults;
        if !matches!(item.value, Value::Map(_)) {
            include.paths.extend(text(item, "an `include`", faults));
            return include;
        }
        for (key, node) in entries(item, "an `include`", faults) {
            match key.name.as_str() {
                "path" => include.paths = names(node, "`path`", faults),
                "project_directory" => include.folder = text(node, "`project_directory`", faults),
                "env_file" => include.env_files = names(node, "`env_file`", faults),
                _ => {}
            }
        }
        include
    }

    /// The project that an entry names; `None` if it can't be had, which is told.
    fn included(
        &mut self,
        include: &Include,
        place: &Place<'a>,
        including: &mut Vec<String>,
    ) -> Option<Node> {
        let first = include.paths.first()?;
        let folder = match &include.folder {
            Some(folder) => join(&place.folder, &folder.value),
            None => folder_of(&join(&place.folder, &first.value)).to_owned(),
        };
        let mut environment = place.environment.clone();
        let paths: Vec<String> = match include.env_files.as_slice() {
            [] => vec![join(&folder, ".env")],
            named => named
                .iter()
                .map(|file| join(&place.folder, &file.value))
                .collect(),
        };
        let needed = include
            .env_files
            .iter()
            .any(|file| unset(&file.value).is_none());
        let read = self.variables(&paths, needed, &mut environment);
        if let Err(ProjectError::Unread { path, why }) = read {
            let span = include.env_files[0].span.clone();
            self.unread(&path, span, "what is set", &why);
        }
        let inner = Place {
            folder,
            environment,
        };
        let mut root = None;
        for written in &include.paths {
            let path = join(&place.folder, &written.value);
            if including.contains(&path) {
                self.faults.push(
                    Fault::error(
                        FaultCode::InvalidInclude,
                        written.span.clone(),
                        format!("`{path}` includes itself"),
                    )
                    .label("this leads back to where it began")
                    .help("remove one of the includes"),
                );
                continue;
            }
            match self.read_included(&path, &written.value) {
                Ok(text) => {
                    including.push(path.clone());
                    root = self.layer(root, &path, &text, &inner, including);
                    including.pop();
                }
                Err(why) => {
                    self.unread(
                        &written.value,
                        written.span.clone(),
                        "what is included",
                        &why,
                    );
                }
            }
        }
        root
    }

    fn read_included(&self, path: &str, written: &str) -> Result<String, Unread> {
        if let Some(name) = unset(written) {
            return Err(Unread::OutOfReach(format!("`{name}` is not set")));
        }
        let remote = ["git@", "github.com/"]
            .iter()
            .any(|start| written.starts_with(start));
        if remote || written.contains("://") {
            return Err(Unread::OutOfReach("it is on another computer".to_owned()));
        }
        self.loader.read(path)
    }

    /// Adds services and networks to `root`; what both declare must be the same.
    fn import(&mut self, root: &mut Node, included: Node, span: &Range<usize>) {
        let (Value::Map(top), Value::Map(theirs)) = (&mut root.value, included.value) else {
            return;
        };
        for (key, node) in theirs {
            if !["services", "networks"].contains(&key.name.as_str()) {
                continue;
            }
            match top.iter_mut().find(|(own, _)| own.name == key.name) {
                Some((_, own)) if own.is_null() => *own = node,
                Some((_, own)) => self.import_into(own, node, &key, span),
                None => top.push((key, node)),
            }
        }
    }

    fn import_into(&mut self, own: &mut Node, theirs: Node, kind: &Key, span: &Range<usize>) {
        let (Value::Map(own), Value::Map(theirs)) = (&mut own.value, theirs.value) else {
            return;
        };
        for (key, node) in theirs {
            match own.iter().find(|(other, _)| other.name == key.name) {
                Some((_, other)) if other.is_alike(&node) => {}
                Some(_) => {
                    let kind = kind.name.trim_end_matches('s');
                    self.faults.push(
                        Fault::error(
                            FaultCode::NameTaken,
                            span.clone(),
                            format!("the {kind} `{}` of this include is declared here, too", key.name),
                        )
                        .help("what is included can't be changed here: rename one, or put a further file over it"),
                    );
                }
                None => own.push((key, node)),
            }
        }
    }
}
