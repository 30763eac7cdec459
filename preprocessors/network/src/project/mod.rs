//! Compose projects: from what is asked for to one tree, as `docker compose config` makes one of several files.
//!
//! Enter at [`load`]. Nothing here reads a file: a [`Loader`] gives the texts and the environment's variables. Each file's
//! text is read ([`crate::yaml`]), its variables are filled in (`interpolate`, `environment`), services get what they
//! extend (`extends`), what it includes is added (`include`), and it goes over the files before it (`merge`).

mod environment;
mod extends;
mod include;
mod interpolate;
mod merge;
mod paths;
mod sources;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;

use seaworthy_blocks::{Diagnostic, Fault, FaultCode};

use crate::compose::{Author, is_drawn};
use crate::yaml::{self, Node, Value};
use environment::Environment;
use interpolate::Trouble;
pub(crate) use interpolate::{expand, unset};
use paths::{folder_of, join};
pub(crate) use sources::Sources;

/// The most bytes that all files of a project may have together.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// The most files of a project.
const MOST_FILES: usize = 500;
/// What Compose looks for in a folder, the first one that is there, and what goes over it.
const FILES: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];
const OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];
/// The variables by which Compose itself is told what to read.
const NAMED_FILES: &str = "COMPOSE_FILE";
const SEPARATOR: &str = "COMPOSE_PATH_SEPARATOR";
const PROFILES: &str = "COMPOSE_PROFILES";

/// Gives the texts that a project is made of.
pub trait Loader {
    /// The text of a file. Its path is one that was asked for, or is put together with `/` from those that files name.
    ///
    /// # Errors
    /// Why it can't be had.
    fn read(&self, path: &str) -> Result<String, Unread>;

    /// The value of a variable of the environment, if it is set there.
    fn variable(&self, name: &str) -> Option<String>;
}

/// Why a file can't be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It isn't there.
    Missing,
    /// It isn't looked for; the reason, as the rest of a sentence.
    OutOfReach(String),
    /// The system refuses; what it said.
    Refused(String),
}

/// A text on its own: no file beside it, no environment.
pub(crate) struct Alone;

impl Loader for Alone {
    fn read(&self, _: &str) -> Result<String, Unread> {
        let why = "only this text is drawn";
        Err(Unread::OutOfReach(why.to_owned()))
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

/// Which project is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Its files, the later ones over the earlier. None: those that Compose finds in [`Project::folder`] by itself.
    pub files: Vec<String>,
    /// Its folder, to which the paths in its files are relative; nothing means the current one.
    pub folder: String,
    /// Files of variables in place of the folder's `.env`.
    pub env_files: Vec<String>,
    /// The profiles that are chosen; none: those of the variable `COMPOSE_PROFILES`. `*` means all.
    pub profiles: Vec<String>,
}

/// Why a project can't be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProjectError {
    /// A file that was asked for can't be read.
    Unread {
        /// Its path.
        path: String,
        /// Why.
        why: Unread,
    },
    /// There is no Compose file in the folder.
    NoFile {
        /// The folder.
        folder: String,
    },
    /// What is wrong in the files, warnings among it.
    Faults(Vec<Diagnostic>),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Missing => f.write_str("there is no such file"),
            Unread::OutOfReach(why) | Unread::Refused(why) => f.write_str(why),
        }
    }
}

/// A project, read.
pub(crate) struct Loaded {
    /// All files in one tree.
    pub(crate) root: Node,
    /// Their texts.
    pub(crate) sources: Sources,
    /// The chosen profiles.
    pub(crate) profiles: Vec<String>,
    /// Whether a part could not be read: then a name that nothing declares may be declared there.
    pub(crate) partial: bool,
    pub(crate) faults: Vec<Fault>,
}

/// Reads a project.
///
/// # Errors
/// [`ProjectError::Unread`] and [`ProjectError::NoFile`]; faults are in what is returned.
pub(crate) fn load(project: &Project, loader: &dyn Loader) -> Result<Loaded, ProjectError> {
    let mut reader = Reader::new(loader, Author::Compose);
    let environment = reader.environment(project)?;
    let files = reader.find(project, &environment)?;
    let mut root = None;
    let place = Place {
        folder: project.folder.clone(),
        environment,
    };
    for (path, text) in &files {
        root = reader.layer(root, path, text, &place, &mut vec![path.clone()]);
    }
    let mut loaded = reader.loaded(root);
    merge::unify(&mut loaded.root);
    loaded.profiles.clone_from(&project.profiles);
    if loaded.profiles.is_empty()
        && let Some(named) = place.environment.value(PROFILES)
    {
        let named = named
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        loaded.profiles = named.map(str::to_owned).collect();
    }
    Ok(loaded)
}

/// Reads a text on its own.
pub(crate) fn load_text(text: &str, author: Author) -> Loaded {
    let mut reader = Reader::new(&Alone, author);
    let place = Place {
        folder: String::new(),
        environment: Environment::new(&Alone),
    };
    let root = reader.layer(None, "", text, &place, &mut Vec::new());
    reader.loaded(root)
}

/// What paths and variables in a file mean.
#[derive(Clone)]
struct Place<'a> {
    folder: String,
    environment: Environment<'a>,
}

struct Reader<'a> {
    loader: &'a dyn Loader,
    author: Author,
    sources: Sources,
    /// Where the first file that isn't one of variables begins.
    begins: Option<usize>,
    faults: Vec<Fault>,
    /// Variables of which it was told that they aren't set.
    told: HashSet<String>,
    partial: bool,
    /// How many values were copied by `extends`.
    copied: usize,
    /// The files that are being read because one extends what is in the next.
    extending: Vec<String>,
}

impl<'a> Reader<'a> {
    fn new(loader: &'a dyn Loader, author: Author) -> Reader<'a> {
        Reader {
            loader,
            author,
            sources: Sources::default(),
            begins: None,
            faults: Vec::new(),
            told: HashSet::new(),
            partial: false,
            copied: 0,
            extending: Vec::new(),
        }
    }

    fn loaded(self, root: Option<Node>) -> Loaded {
        let begins = self.begins.unwrap_or_default();
        Loaded {
            root: root.unwrap_or(Node {
                span: begins..begins,
                tag: None,
                value: Value::Null,
            }),
            sources: self.sources,
            profiles: Vec::new(),
            partial: self.partial,
            faults: self.faults,
        }
    }

    /// The environment, and what the project's files of variables add to it.
    fn environment(&mut self, project: &Project) -> Result<Environment<'a>, ProjectError> {
        let mut environment = Environment::new(self.loader);
        let usual = [join(&project.folder, ".env")];
        let named = !project.env_files.is_empty();
        let paths = if named {
            &project.env_files[..]
        } else {
            &usual
        };
        self.variables(paths, named, &mut environment)?;
        Ok(environment)
    }

    /// Reads files of variables; one that must be there, and isn't, is an error.
    fn variables(
        &mut self,
        paths: &[String],
        needed: bool,
        environment: &mut Environment<'a>,
    ) -> Result<(), ProjectError> {
        let mut assigned = Vec::new();
        for path in paths {
            match self.loader.read(path) {
                Ok(text) => {
                    let base = self.sources.add(path, &text);
                    assigned.extend(environment.read(&text, base, &mut self.faults));
                }
                Err(_) if !needed => {}
                Err(why) => {
                    return Err(ProjectError::Unread {
                        path: path.clone(),
                        why,
                    });
                }
            }
        }
        environment.add(assigned);
        Ok(())
    }

    /// The project's files, each with its text.
    fn find(
        &self,
        project: &Project,
        environment: &Environment<'_>,
    ) -> Result<Vec<(String, String)>, ProjectError> {
        let mut named = project.files.clone();
        if named.is_empty()
            && let Some(listed) = environment
                .value(NAMED_FILES)
                .filter(|list| !list.is_empty())
        {
            let separator = environment
                .value(SEPARATOR)
                .unwrap_or_else(|| ":".to_owned());
            let paths = listed.split(separator.as_str());
            named = paths.map(|path| join(&project.folder, path)).collect();
        }
        let read = |path: &str| {
            let text = self.loader.read(path);
            text.map(|text| (path.to_owned(), text))
                .map_err(|why| ProjectError::Unread {
                    path: path.to_owned(),
                    why,
                })
        };
        if !named.is_empty() {
            return named.iter().map(|path| read(path)).collect();
        }
        let first_of = |names: [&str; 4]| {
            let paths = names.into_iter().map(|name| join(&project.folder, name));
            let mut read = paths.map(|path| read(&path));
            let is_there = |text: &Result<_, ProjectError>| {
                !matches!(
                    text,
                    Err(ProjectError::Unread {
                        why: Unread::Missing,
                        ..
                    })
                )
            };
            read.find(is_there).transpose()
        };
        let Some(base) = first_of(FILES)? else {
            let folder = match project.folder.as_str() {
                "" => ".".to_owned(),
                folder => folder.to_owned(),
            };
            return Err(ProjectError::NoFile { folder });
        };
        Ok([Some(base), first_of(OVERRIDES)?]
            .into_iter()
            .flatten()
            .collect())
    }

    /// Puts the text of a file over what is read already. `including` are the files that led here by including one
    /// another, this one the last.
    fn layer(
        &mut self,
        below: Option<Node>,
        path: &str,
        text: &str,
        place: &Place<'a>,
        including: &mut Vec<String>,
    ) -> Option<Node> {
        let base = self.sources.add(path, text);
        self.begins.get_or_insert(base);
        if self.sources.len() > MOST_BYTES || self.sources.count() > MOST_FILES {
            let said = format!(
                "this project is too large to draw: it has more than {} MiB or {MOST_FILES} files",
                MOST_BYTES / 1024 / 1024
            );
            self.faults.push(
                Fault::error(FaultCode::InvalidCompose, base..base, said).help("draw a part of it"),
            );
            return below;
        }
        let documents = match yaml::parse_all(text, base, self.author == Author::Compose) {
            Ok(documents) => documents,
            Err(fault) => {
                self.faults.push(fault);
                return below;
            }
        };
        let mut whole = below;
        for mut root in documents {
            self.fill_in(&mut root, &place.environment);
            let replaced = merge::take_tags(&mut root);
            self.extend(&mut root, place, &replaced);
            if let Some(whole) = &mut whole {
                merge::remove(whole, &replaced);
            }
            self.include(&mut root, place, including);
            whole = Some(match whole {
                Some(whole) => merge::over(whole, root),
                None => root,
            });
        }
        whole
    }

    /// Replaces the variables in what is drawn, and forgets what isn't: it may be anything.
    fn fill_in(&mut self, root: &mut Node, environment: &Environment<'_>) {
        let Value::Map(entries) = &mut root.value else {
            return;
        };
        for (key, node) in entries {
            match key.name.as_str() {
                "services" => self.fill_in_services(node, environment),
                "networks" | "include" | "name" => self.fill(node, environment),
                "x-hosts" | "x-clients" | "x-traffic" | "x-docker" => self.fill(node, environment),
                _ => node.value = Value::Null,
            }
        }
    }

    fn fill_in_services(&mut self, services: &mut Node, environment: &Environment<'_>) {
        let Value::Map(services) = &mut services.value else {
            return;
        };
        for (_, service) in services {
            let Value::Map(entries) = &mut service.value else {
                continue;
            };
            for (key, node) in entries {
                if is_drawn(&key.name) {
                    self.fill(node, environment);
                } else {
                    node.value = Value::Null;
                }
            }
        }
    }

    fn fill(&mut self, node: &mut Node, environment: &Environment<'_>) {
        match &mut node.value {
            Value::Null => {}
            Value::Seq(items) => items
                .iter_mut()
                .for_each(|item| self.fill(item, environment)),
            Value::Map(entries) => entries
                .iter_mut()
                .for_each(|(_, value)| self.fill(value, environment)),
            Value::Scalar(text) if !text.contains('$') => {}
            Value::Scalar(text) => match expand(text, &|name| environment.value(name)) {
                Ok(filled) => {
                    let name = unset(&filled).map(str::to_owned);
                    *text = filled;
                    if let Some(name) = name {
                        self.tell_unset(&name, node);
                    }
                }
                Err(trouble) => self.tell(&trouble, node),
            },
        }
    }

    fn tell_unset(&mut self, name: &str, node: &Node) {
        if self.told.insert(name.to_owned()) {
            self.faults.push(
                Fault::warning(
                    FaultCode::UnsetVariable,
                    node.span.clone(),
                    format!("`{name}` is not set: what depends on it is drawn as unknown"),
                )
                .help(format!("set it, or give it a default: `${{{name}:-…}}`")),
            );
        }
    }

    fn tell(&mut self, trouble: &Trouble, node: &Node) {
        let span = node.span.clone();
        self.faults.push(match trouble {
            Trouble::Required { name, words } => {
                let mut said = format!("`{name}` is not set");
                if !words.is_empty() {
                    said = format!("{said}: {words}");
                }
                Fault::error(FaultCode::UnsetVariable, span, said)
                    .help("set it in the environment, or in a file `.env` beside the Compose file")
            }
            Trouble::Invalid => Fault::error(
                FaultCode::InvalidCompose,
                span,
                "a `$` here begins no variable",
            )
            .help("a variable is `$NAME` or `${NAME}`; a dollar that means itself is `$$`"),
        });
    }
}
