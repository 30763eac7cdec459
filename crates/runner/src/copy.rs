//! Puts folders of the book into a machine.

use anyhow::{Result, bail};
use seaworthy_page::{ArchiveStep, CopiedFolder};

use seaworthy_machine::Machine;
use seaworthy_machine::engine::Command;

/// Unpacks the archive on its standard input in the folder $1.
const UNPACK: &str = r#"cd -- "$1" && tar -x --no-same-owner -f -"#;
/// The same, as readers do it with the one that is published.
const UNPACK_PUBLISHED: &str = r#"cd -- "$1" && tar -xz --no-same-owner -f -"#;

/// Puts `folder` into `directory` of the machine, under its own name.
pub(super) async fn folder(
    machine: &Machine,
    directory: &str,
    folder: &CopiedFolder,
) -> Result<()> {
    unpack(machine, directory, (UNPACK, folder.tar()?), &folder.name).await
}

/// Unpacks the archive in `directory` of the machine.
pub(super) async fn archive(machine: &Machine, directory: &str, step: &ArchiveStep) -> Result<()> {
    let packed = (UNPACK_PUBLISHED, step.bytes()?);
    unpack(machine, directory, packed, &step.name()).await
}

async fn unpack(
    machine: &Machine,
    directory: &str,
    (script, packed): (&str, Vec<u8>),
    name: &str,
) -> Result<()> {
    let command = Command::new(["sh", "-c", script, "sh", directory]);
    let command = command.stdin(packed);
    let finished = machine.engine().exec(machine.container(), command).await?;
    if finished.exit != 0 {
        bail!(
            "can't put `{name}` into the machine: {}",
            finished.complaint()
        );
    }
    Ok(())
}
