//! The shells of pages: they run in machines.

use seaworthy_machine::ContainerPlace;
use seaworthy_machine::engine::EngineError;

pub(crate) type Terminal = seaworthy_terminal::Terminal<ContainerPlace>;
/// Why a command in a machine's shell has no output and exit code.
pub type TerminalError = seaworthy_terminal::TerminalError<EngineError>;
