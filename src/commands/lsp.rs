//! `seaworthy lsp`: a server for editors, on standard input and output.

use lsp_server::Connection;

use crate::error::{Explain, Result};
use crate::exit::Exit;
use crate::lsp::serve;

pub(super) fn run() -> Result<Exit> {
    let program = std::env::current_exe().or_system(|| "can't find this program".to_owned())?;
    let (connection, threads) = Connection::stdio();
    let served = serve(&connection, program);
    // The threads end when nobody sends any more.
    drop(connection);
    served.or_usage(|| "the editor doesn't keep to the Language Server Protocol".to_owned())?;
    threads
        .join()
        .or_system(|| "can't talk to the editor".to_owned())?;
    Ok(Exit::Holds)
}
