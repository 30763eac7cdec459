//! Puts folders of the book into a machine.

use anyhow::{Result, bail};
use seaworthy_page::CopiedFolder;

use crate::engine::Command;
use crate::machine::Machine;

/// Unpacks the archive on its standard input in the folder $1.
const UNPACK: &str = r#"cd -- "$1" && tar -x --no-same-owner -f -"#;

/// Puts `folder` into `directory` of the machine, under its own name.
pub(super) async fn folder(
    machine: &Machine,
    directory: &str,
    folder: &CopiedFolder,
) -> Result<()> {
    let command = Command::new(["sh", "-c", UNPACK, "sh", directory]);
    let command = command.stdin(archive(folder)?);
    let finished = machine.engine().exec(machine.container(), command).await?;
    if finished.exit != 0 {
        bail!(
            "can't copy `{}` into the machine: {}",
            folder.name,
            finished.complaint()
        );
    }
    Ok(())
}

/// The folder as a tar archive. Owners and dates are left out, so that images built from it are the same again.
fn archive(folder: &CopiedFolder) -> Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for file in &folder.files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.content.len() as u64);
        header.set_mode(if file.executable { 0o755 } else { 0o644 });
        let path = format!("{}/{}", folder.name, file.path);
        archive.append_data(&mut header, path, file.content.as_slice())?;
    }
    Ok(archive.into_inner()?)
}
