//! Puts folders of the book into a machine.

use std::io;

use seaworthy_page::{ArchiveStep, CopiedFolder};

use crate::error::BringError;
use crate::host::PageMachine;

/// Unpacks the archive on its standard input in the folder $1.
const UNPACK: &str = r#"cd -- "$1" && tar -x --no-same-owner -f -"#;
/// The same, as readers do it with the one that is published.
const UNPACK_PUBLISHED: &str = r#"cd -- "$1" && tar -xz --no-same-owner -f -"#;

/// Puts `folder` into `directory` of the machine, under its own name.
///
/// # Errors
/// If it can't be packed here, or not unpacked there.
pub async fn folder<M: PageMachine>(
    machine: &M,
    directory: &str,
    folder: &CopiedFolder,
) -> Result<(), BringError<M::Error>> {
    unpack(machine, directory, (UNPACK, folder.tar()), &folder.name).await
}

/// Unpacks the archive in `directory` of the machine.
///
/// # Errors
/// If it can't be packed here, or not unpacked there.
pub async fn archive<M: PageMachine>(
    machine: &M,
    directory: &str,
    step: &ArchiveStep,
) -> Result<(), BringError<M::Error>> {
    let packed = (UNPACK_PUBLISHED, step.bytes());
    unpack(machine, directory, packed, &step.name()).await
}

async fn unpack<M: PageMachine>(
    machine: &M,
    directory: &str,
    (script, packed): (&str, io::Result<Vec<u8>>),
    name: &str,
) -> Result<(), BringError<M::Error>> {
    let name = name.to_owned();
    let packed = match packed {
        Ok(packed) => packed,
        Err(source) => return Err(BringError::NotPacked { name, source }),
    };
    let words = ["sh", "-c", script, "sh", directory];
    let ran = machine.run(&words, packed).await;
    let ran = ran.map_err(BringError::Host)?;
    match ran.exit {
        0 => Ok(()),
        _ => Err(BringError::NotUnpacked {
            name,
            said: ran.complaint,
        }),
    }
}
