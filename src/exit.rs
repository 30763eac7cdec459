//! How the program ends: exit codes are part of its interface.

use crate::error::CommandError;
use seaworthy_machine::MachineKind;
use seaworthy_machine::engine::Kind as EngineKind;

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All holds.
    Holds = 0,
    /// A page doesn't hold.
    Fails = 1,
    /// Wrong usage, or the book is malformed.
    Usage = 2,
    /// No usable engine or machine image.
    NoEngine = 3,
    /// Nothing was run.
    NothingRun = 4,
    /// The check couldn't finish.
    Unfinished = 5,
    /// Interrupted by a signal.
    Interrupted = 130,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The code for an error that ended a command.
#[must_use]
pub fn of_error(error: &CommandError) -> Exit {
    match error {
        CommandError::Usage(_) | CommandError::Faults(_) => Exit::Usage,
        CommandError::NothingRun(_) => Exit::NothingRun,
        CommandError::Engine(error) => of_engine(error.kind()),
        CommandError::Machine(error) => match error.kind() {
            MachineKind::NoMachineImage | MachineKind::Refused => Exit::NoEngine,
            MachineKind::Engine(kind) => of_engine(kind),
            MachineKind::Machine | MachineKind::Run => Exit::Unfinished,
        },
        CommandError::Unfinished(_) | CommandError::Unwritten(_) | CommandError::System(_) => {
            Exit::Unfinished
        }
    }
}

/// The code for trouble with the outer engine.
#[must_use]
pub fn of_engine(kind: EngineKind) -> Exit {
    match kind {
        EngineKind::NoEngine | EngineKind::Unsupported => Exit::NoEngine,
        EngineKind::NoImage => Exit::Fails,
        EngineKind::Lost
        | EngineKind::Refused
        | EngineKind::NotFound
        | EngineKind::TimedOut
        | EngineKind::Unexpected => Exit::Unfinished,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{NothingRun, SystemError, Unfinished, Unwritten, Usage};
    use mdbook_seaworthy::Faults;
    use seaworthy_machine::MachineError;
    use seaworthy_machine::engine::EngineError;
    use std::io;

    fn no_image() -> EngineError {
        EngineError::NoImage {
            reference: "nosuch/image:1".to_owned(),
            why: "not found".to_owned(),
        }
    }

    fn lost() -> EngineError {
        EngineError::Lost {
            doing: "starting a machine".to_owned(),
            why: "broken pipe".to_owned(),
        }
    }

    fn unsupported() -> EngineError {
        EngineError::Unsupported {
            setting: "DOCKER_HOST".to_owned(),
            value: "npipe://x".to_owned(),
            why: "no pipes here".to_owned(),
        }
    }

    #[test]
    fn each_error_has_its_code() {
        let machine = |error: MachineError| CommandError::from(error);
        let rows: [(CommandError, u8); 16] = [
            (Usage("wrong".to_owned()).into(), 2),
            (Faults(Vec::new()).into(), 2),
            (NothingRun::nothing_there().into(), 4),
            (Unfinished("lost".to_owned()).into(), 5),
            (
                Unwritten {
                    path: "a".into(),
                    why: io::ErrorKind::StorageFull.into(),
                }
                .into(),
                5,
            ),
            (
                SystemError {
                    doing: "can't wait for Ctrl-C".to_owned(),
                    why: "no".to_owned(),
                }
                .into(),
                5,
            ),
            (no_image().into(), 1),
            (unsupported().into(), 3),
            (lost().into(), 5),
            (machine(no_image().into()), 1),
            (machine(unsupported().into()), 3),
            (machine(lost().into()), 5),
            (
                machine(MachineError::NoMachineImage {
                    image: "seaworthy/machine:28".to_owned(),
                }),
                3,
            ),
            (machine(MachineError::NotConfined { log: String::new() }), 3),
            (
                machine(MachineError::NotUp {
                    why: "silence".to_owned(),
                    log: String::new(),
                }),
                5,
            ),
            (machine(MachineError::NoSubnet), 5),
        ];
        for (error, code) in rows {
            assert_eq!(of_error(&error) as u8, code, "{error:?}");
        }
    }

    #[test]
    fn each_kind_of_trouble_with_an_engine_has_its_code() {
        for (kind, code) in [
            (EngineKind::NoEngine, 3),
            (EngineKind::Unsupported, 3),
            (EngineKind::NoImage, 1),
            (EngineKind::Lost, 5),
            (EngineKind::Refused, 5),
            (EngineKind::NotFound, 5),
            (EngineKind::TimedOut, 5),
            (EngineKind::Unexpected, 5),
        ] {
            assert_eq!(of_engine(kind) as u8, code, "{kind:?}");
        }
    }
}
