//! `seaworthy serve`: the site on this computer, built anew after every save.
//!
//! Each build goes to a folder of its own in the system's temporary folder, so that a reader sees the
//! last good site whole while the next is made, or can't be made. Nothing is written into the book.
//! Enter at [`run`]; [`build`] makes a site, [`http`] serves it, [`Watcher`] says when to make the next.

mod build;
mod http;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use tokio::net::TcpListener;

pub(super) use self::build::Builder;
use self::build::Served;
pub(super) use self::http::serve;
use super::interrupts::Interrupts;
use super::runtime;
use super::watch::Watcher;
use crate::error::{Explain, Result};
use crate::exit::Exit;

pub(super) fn run(root: &Path, port: u16, only_ours: bool) -> Result<Exit> {
    super::build::tell_warnings();
    let runtime = runtime::start()?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = runtime.block_on(TcpListener::bind(address));
    let listener = listener.or_usage(|| {
        format!("can't listen on {address}: choose another port, as in `seaworthy serve --port 0`, which takes a free one")
    })?;
    // All sites of this run are in it; it goes when this function ends.
    let folder = tempfile::Builder::new()
        .prefix("seaworthy-serve-")
        .tempdir();
    let folder = folder.or_system(|| "can't make a folder for the site".to_owned())?;
    let mut builder = Builder::new(root, folder.path(), only_ours);
    let (first, sources) = builder.build()?;
    tell(&first);
    let mut watcher = Watcher::new()?;
    watcher.watch(sources)?;
    let (sender, state) = tokio::sync::watch::channel(Arc::new(first));
    let address = listener
        .local_addr()
        .or_system(|| "can't tell the server's port".to_owned())?;
    crate::outln!("serving http://{address}/ — Ctrl-C ends it");
    // A build takes its time on a thread of its own; it ends with the program.
    let handle = runtime.handle().clone();
    std::thread::spawn(move || {
        while handle.block_on(watcher.changed()) {
            let start = Instant::now();
            match builder.build() {
                Ok((next, sources)) => {
                    if next.fault.is_none() {
                        crate::errln!("built in {:.2} s", start.elapsed().as_secs_f64());
                    }
                    tell(&next);
                    if let Err(error) = watcher.watch(sources) {
                        crate::errln!("warning: {error}");
                    }
                    sender.send_replace(Arc::new(next));
                }
                Err(error) => crate::errln!("error: {error}"),
            }
        }
    });
    runtime.block_on(async {
        let mut interrupts = Interrupts::listen()?;
        tokio::select! {
            served = serve(listener, http::router(state)) => {
                served.or_system(|| "the server stopped".to_owned())
            }
            () = interrupts.next() => Ok(()),
        }
    })?;
    // Readers may still hold a connection open; nobody waits for them.
    runtime.shutdown_background();
    Ok(Exit::Holds)
}

/// Says on stderr why a site couldn't be built.
fn tell(state: &Served) {
    if let Some(fault) = &state.fault {
        crate::errln!("{fault}\n");
    }
}
