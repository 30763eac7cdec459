//! Who reaches whom, and how: the one place that knows. Whatever says "way" or "no way" (arrows, crossed-out
//! arrows, sentences, captions, the comparison with engines) asks here. Enter at [`Reach::ask`].
//!
//! The rules were measured, not read: `tests/docker/reachability` builds topologies on engines and holds the answers to
//! what gets through there. `docs/reachability.md` says what was seen, version by version.

mod access;
mod answer;
mod classes;
mod engine;
mod rules;

use std::fmt;

use crate::compose::Protocol;
use crate::model::{End, Model};

pub(crate) use access::nothing_published;
pub use answer::{Answer, Doubt, Obstacle, Way};
pub(crate) use classes::Classes;
pub use engine::EngineVersion;
pub(crate) use engine::ReleaseLine;

/// Where a question starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// At a container, by its index in [`Expectations::containers`](crate::Expectations::containers).
    Container(usize),
    /// At a host itself, by its index in [`Expectations::hosts`](crate::Expectations::hosts).
    Host(usize),
    /// On another computer, which reaches the hosts.
    Outside,
}

/// What is asked for. That a container listens on a port is taken for granted: a network can't know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// A port of the container.
    Port(u16, Protocol),
    /// Whichever port gets there.
    AnyPort,
    /// An echo of ICMP, to an address of the container.
    Ping,
}

/// The model of reachability: a picture, and the version of the engines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach<'a> {
    model: &'a Model,
    engine: EngineVersion,
}

impl<'a> Reach<'a> {
    /// For the engines of which the picture speaks.
    pub(crate) fn of(model: &'a Model) -> Reach<'a> {
        Reach::on(model, model.engine)
    }

    /// For engines of another version.
    pub(crate) fn on(model: &'a Model, engine: EngineVersion) -> Reach<'a> {
        Reach { model, engine }
    }

    /// Whether and how `question` gets from `from` to the container `to`.
    pub(crate) fn ask(&self, from: Origin, to: usize, question: Question) -> Answer {
        self.agreed(|line| rules::inwards(self.model, line, from, to, question))
    }

    /// What an arrow from `from` to the container `to` rests on. Without a port it speaks of any, and crossed out of a
    /// ping, too.
    pub(crate) fn claim(
        &self,
        from: End,
        to: usize,
        port: Option<(u16, Protocol)>,
        blocked: bool,
    ) -> Answer {
        let from = match from {
            End::Container(c) => Origin::Container(c),
            End::Client(_) => Origin::Outside,
        };
        let Some((port, protocol)) = port else {
            let answer = self.ask(from, to, Question::AnyPort);
            if !blocked || !matches!(answer, Answer::NoWay(_)) {
                return answer;
            }
            return match self.ask(from, to, Question::Ping) {
                Answer::NoWay(_) => answer,
                ping => ping,
            };
        };
        self.ask(from, to, Question::Port(port, protocol))
    }

    /// Whether `from` gets in by a port that the host publishes for the container `to`: the index of the port at the
    /// container that owns the network stack.
    pub(crate) fn published(&self, from: Origin, to: usize, port: usize) -> Answer {
        self.agreed(|line| rules::enters(self.model, line, from, to, port))
    }

    /// Whether the container `from` reaches what is outside its host.
    pub(crate) fn out(&self, from: usize) -> Answer {
        self.agreed(|line| access::outwards(self.model, line, from))
    }

    /// Whether `from` reaches addresses of `host`, on which the host itself listens.
    pub(crate) fn host(&self, from: Origin, host: usize) -> Answer {
        self.agreed(|_| access::to_host(self.model, from, host))
    }

    /// Whether the container `a` finds `b` by its name.
    pub(crate) fn by_name(&self, a: usize, b: usize) -> bool {
        rules::by_name(self.model, a, b)
    }

    /// What the measured versions around the engine's own say together.
    fn agreed(&self, ask: impl Fn(ReleaseLine) -> Answer) -> Answer {
        let (below, above) = self.engine.lines();
        let answer = ask(above);
        if below == above {
            return answer;
        }
        match (ask(below), answer) {
            (Answer::Ways(older), Answer::Ways(newer)) => {
                let both: Vec<Way> = newer.into_iter().filter(|w| older.contains(w)).collect();
                if both.is_empty() {
                    Answer::NotKnown(Doubt::Version)
                } else {
                    Answer::Ways(both)
                }
            }
            (older, newer) if older.is_alike(&newer) => newer,
            _ => Answer::NotKnown(Doubt::Version),
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Question::Port(port, protocol) => write!(f, "port {port}{}", protocol.suffix()),
            Question::AnyPort => f.write_str("any port"),
            Question::Ping => f.write_str("ping"),
        }
    }
}
