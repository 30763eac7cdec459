//! `seaworthy lab`: the site on this computer, with a machine behind each page that a browser opens.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use seaworthy_lab::{Lab, LabOptions, router};
use seaworthy_machine::engine::Engine;
use seaworthy_machine::{MachineOptions, Run};
use seaworthy_runner::DockerHost;
use tokio::net::TcpListener;

use super::interrupts::Interrupts;
use super::loaded::loaded;
use super::serve::{self, Builder};
use super::{build, runtime};
use crate::cli::LabArguments;
use crate::error::{Explain, Result, Usage};
use crate::exit::Exit;

pub(super) fn run(arguments: &LabArguments) -> Result<Exit> {
    build::tell_warnings();
    let runtime = runtime::start()?;
    let listener = runtime.block_on(listen(arguments.port))?;
    // The site is in it; it goes when this function ends.
    let folder = tempfile::Builder::new().prefix("seaworthy-lab-").tempdir();
    let folder = folder.or_system(|| "can't make a folder for the site".to_owned())?;
    let mut builder = Builder::new(&arguments.book, folder.path(), arguments.only_ours);
    let (built, _) = builder.build()?;
    let (None, Some(site)) = (&built.fault, &built.site) else {
        return Err(Usage(built.fault.unwrap_or_default()).into());
    };
    let work = serve_lab(arguments, listener, &site.html);
    let exit = runtime.block_on(work)?;
    // Readers may still hold a connection open; nobody waits for them.
    runtime.shutdown_background();
    Ok(exit)
}

async fn listen(port: u16) -> Result<TcpListener> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await;
    Ok(listener.or_usage(|| {
        format!("can't listen on {address}: choose another port, as in `seaworthy lab --port 0`, which takes a free one")
    })?)
}

/// Serves the lab until a signal comes; whatever happens, its machines go.
async fn serve_lab(arguments: &LabArguments, listener: TcpListener, html: &Path) -> Result<Exit> {
    let book = loaded(&arguments.book)?;
    let address = listener.local_addr();
    let host = address
        .or_system(|| "can't tell the server's port".to_owned())?
        .to_string();
    let engine = Engine::connect().await?;
    let mut interrupts = Interrupts::listen()?;
    let run = Arc::new(Run::begin(&engine).await?);
    let machine = MachineOptions {
        runtime: arguments.start.runtime(),
        ..MachineOptions::default()
    };
    let options = LabOptions {
        host: host.clone(),
        idle: Duration::from_secs(u64::from(arguments.idle) * 60),
        warn: |why| crate::errln!("warning: {why}"),
    };
    let lab = Lab::new(DockerHost::new(&run, &machine), book.pages, options).await;
    let served = match lab {
        Ok(lab) => {
            crate::outln!(
                "the lab is at http://{host}/#lab={} — Ctrl-C ends it",
                lab.token()
            );
            crate::errln!(
                "up to {} machines at a time; whoever has this address can use them. A machine is no wall: open books that \
                 you trust",
                lab.most()
            );
            let served = tokio::select! {
                served = serve::serve(listener, router(&lab, html.to_path_buf())) => {
                    served.or_system(|| "the server stopped".to_owned()).map_err(Into::into)
                }
                () = interrupts.next() => Ok(()),
            };
            crate::errln!("removing the machines");
            tokio::select! {
                () = lab.end() => {}
                () = interrupts.next() => {}
            }
            served
        }
        Err(error) => Err(error.into()),
    };
    super::check::end(&[run]).await;
    served.map(|()| Exit::Holds)
}
