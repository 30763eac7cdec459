//! `extends`: a service with its own keys over those of another, of the same file or of another.

use std::collections::HashMap;
use std::ops::Range;

use seaworthy_blocks::{Fault, FaultCode};

use super::merge::{self, Replaced};
use super::{Place, Reader, Unread, folder_of, join, unset};
use crate::compose::{Text, entries, text, unknown};
use crate::yaml::{Key, Node, Value};

/// The most values that are copied because services extend others.
const MOST_COPIED: usize = 500_000;

/// What a service extends.
struct Base {
    service: Text,
    file: Option<Text>,
}

/// How far a service is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Untouched,
    /// It waits for what it extends.
    Waiting,
    Done,
}

impl<'a> Reader<'a> {
    /// Gives the services of `root` what they extend.
    pub(super) fn extend(&mut self, root: &mut Node, place: &Place<'a>, replaced: &[Replaced]) {
        let Value::Map(top) = &mut root.value else {
            return;
        };
        let Some((_, node)) = top.iter_mut().find(|(key, _)| key.name == "services") else {
            return;
        };
        let Value::Map(services) = &mut node.value else {
            return;
        };
        let extends = |(_, service): &(Key, Node)| match &service.value {
            Value::Map(entries) => entries.iter().any(|(key, _)| key.name == "extends"),
            _ => false,
        };
        if !services.iter().any(extends) {
            return;
        }
        let mut extending = Extending {
            names: HashMap::new(),
            states: vec![State::Untouched; services.len()],
            services,
            files: HashMap::new(),
            replaced,
            place,
        };
        for (at, (key, _)) in extending.services.iter().enumerate() {
            extending.names.entry(key.name.clone()).or_insert(at);
        }
        for at in 0..extending.states.len() {
            self.settle(&mut extending, at);
        }
    }

    /// Settles the service `at`, and before it those that it extends.
    fn settle(&mut self, all: &mut Extending<'_, 'a>, at: usize) {
        let mut waiting: Vec<usize> = Vec::new();
        let mut current = at;
        let mut below: Option<Node> = loop {
            match all.states[current] {
                State::Done => break self.copy(all, current),
                State::Waiting => {
                    self.faults.push(circle(&all.services[current].0));
                    break None;
                }
                State::Untouched => {}
            }
            all.states[current] = State::Waiting;
            waiting.push(current);
            let Some(base) = self.take_base(&mut all.services[current].1) else {
                break None;
            };
            if let Some(file) = base.file {
                break self.base_in_file(all, &base.service, &file);
            }
            match all.names.get(&base.service.value) {
                Some(next) => current = *next,
                None => {
                    let names: Vec<&str> = all.names.keys().map(String::as_str).collect();
                    self.faults.push(unknown("service", &base.service, &names));
                    break None;
                }
            }
        };
        while let Some(at) = waiting.pop() {
            all.states[at] = State::Done;
            if let Some(mut base) = below.take() {
                let (key, service) = &mut all.services[at];
                merge::remove_of_service(&mut base, all.replaced, &key.name);
                let own = std::mem::replace(service, Node::nothing());
                *service = merge::service_over(base, own);
            }
            if waiting.is_empty() {
                return;
            }
            below = self.copy(all, at);
        }
    }

    /// The service `at`, for one that extends it; none if all that is copied grows too large, which is told once.
    fn copy(&mut self, all: &Extending<'_, 'a>, at: usize) -> Option<Node> {
        let (key, service) = &all.services[at];
        self.may_copy(service, &key.span).then(|| service.clone())
    }

    /// Whether one more service may be copied for another that extends it, on whose name at `span` it is told if not.
    fn may_copy(&mut self, service: &Node, span: &Range<usize>) -> bool {
        if self.copied > MOST_COPIED {
            return false;
        }
        self.copied += service.count();
        if self.copied > MOST_COPIED {
            self.faults.push(too_much(span.clone()));
            return false;
        }
        true
    }

    /// Takes `extends` out of a service, and reads it.
    fn take_base(&mut self, service: &mut Node) -> Option<Base> {
        let Value::Map(keys) = &mut service.value else {
            return None;
        };
        let at = keys.iter().position(|(key, _)| key.name == "extends")?;
        let (_, node) = keys.remove(at);
        let Value::Map(_) = &node.value else {
            let service = text(&node, "`extends`", &mut self.faults)?;
            return Some(Base {
                service,
                file: None,
            });
        };
        let (mut service, mut file) = (None, None);
        for (key, node) in entries(&node, "`extends`", &mut self.faults) {
            match key.name.as_str() {
                "service" => service = text(node, "`service`", &mut self.faults),
                "file" => file = text(node, "`file`", &mut self.faults),
                _ => {}
            }
        }
        service.map(|service| Base { service, file })
    }

    /// The service of another file that is extended.
    fn base_in_file(
        &mut self,
        all: &mut Extending<'_, 'a>,
        service: &Text,
        file: &Text,
    ) -> Option<Node> {
        let path = join(&all.place.folder, &file.value);
        if self.extending.contains(&path) {
            self.faults.push(
                Fault::error(
                    FaultCode::InvalidCompose,
                    file.span.clone(),
                    format!("`{path}` extends itself"),
                )
                .label("this leads back to where it began")
                .help("let one of the files have a service of its own"),
            );
            return None;
        }
        if !all.files.contains_key(&path) {
            let root = self.extended_file(&path, file, all.place);
            all.files.insert(path.clone(), root);
        }
        let Value::Map(services) = &all.files.get(&path)?.as_ref()?.value else {
            return None;
        };
        let services = services.iter().find(|(key, _)| key.name == "services");
        let Some((
            _,
            Node {
                value: Value::Map(services),
                ..
            },
        )) = services
        else {
            self.faults.push(unknown("service", service, &[]));
            return None;
        };
        if let Some((_, found)) = services.iter().find(|(key, _)| key.name == service.value) {
            let found = found.clone();
            return self.may_copy(&found, &service.span).then_some(found);
        }
        let names: Vec<&str> = services.iter().map(|(key, _)| key.name.as_str()).collect();
        self.faults.push(unknown("service", service, &names));
        None
    }

    /// Reads a file of which a service is extended.
    fn extended_file(&mut self, path: &str, written: &Text, place: &Place<'a>) -> Option<Node> {
        let read = match unset(&written.value) {
            Some(name) => Err(Unread::OutOfReach(format!("`{name}` is not set"))),
            None => self.loader.read(path),
        };
        let text = match read {
            Ok(text) => text,
            Err(why) => {
                self.unread(
                    &written.value,
                    written.span.clone(),
                    "what this service extends",
                    &why,
                );
                return None;
            }
        };
        let place = Place {
            folder: folder_of(path).to_owned(),
            environment: place.environment.clone(),
        };
        self.extending.push(path.to_owned());
        let root = self.layer(None, path, &text, &place, &mut vec![path.to_owned()]);
        self.extending.pop();
        root
    }

    /// Tells that a file isn't read: what it would say is unknown, or it must be there.
    pub(super) fn unread(
        &mut self,
        path: &str,
        span: std::ops::Range<usize>,
        what: &str,
        why: &Unread,
    ) {
        self.faults.push(match why {
            Unread::OutOfReach(why) => {
                self.partial = true;
                Fault::warning(
                    FaultCode::NotDrawn,
                    span,
                    format!("{what} in `{path}` is not read: {why}"),
                )
                .help("draw the output of `docker compose config`, in which it is resolved")
            }
            Unread::Missing => Fault::error(
                FaultCode::InvalidInclude,
                span,
                format!("there is no file `{path}`"),
            )
            .help("paths are relative to the folder of the Compose file"),
            Unread::Refused(why) => Fault::error(
                FaultCode::InvalidInclude,
                span,
                format!("can't read `{path}`: {why}"),
            ),
        });
    }
}

/// The services of a file, on their way.
struct Extending<'a, 'b> {
    services: &'a mut Vec<(Key, Node)>,
    names: HashMap<String, usize>,
    states: Vec<State>,
    /// The files that were read for this one.
    files: HashMap<String, Option<Node>>,
    replaced: &'a [Replaced],
    place: &'a Place<'b>,
}

fn circle(service: &Key) -> Fault {
    Fault::error(
        FaultCode::InvalidCompose,
        service.span.clone(),
        format!("`{}` extends itself", service.name),
    )
    .label("what it extends leads back here")
    .help("let one of the services extend nothing")
}

fn too_much(span: Range<usize>) -> Fault {
    Fault::error(
        FaultCode::InvalidCompose,
        span,
        format!("what services extend grows to more than {MOST_COPIED} values"),
    )
    .help("let services extend one base, in place of one another")
}
