//! What of files differs between systems: Unix has kinds and rights that Windows doesn't.

use std::fs::{Metadata, OpenOptions};

/// Options for reading a file that was no link when it was looked at: what became one since isn't followed, and a pipe isn't
/// waited for.
#[cfg(unix)]
pub(super) fn careful() -> OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    options
}

/// Options for reading a file that was no link when it was looked at: of what became one since, the link itself is opened.
#[cfg(windows)]
pub(super) fn careful() -> OpenOptions {
    use std::os::windows::fs::OpenOptionsExt;
    // FILE_FLAG_OPEN_REPARSE_POINT of CreateFileW.
    const LINK_ITSELF: u32 = 0x0020_0000;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(LINK_ITSELF);
    options
}

/// Whether somebody may run the file.
#[cfg(unix)]
pub(super) fn is_executable(known: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    known.permissions().mode() & 0o111 != 0
}

/// Whether somebody may run the file: Windows keeps no such right.
#[cfg(windows)]
pub(super) fn is_executable(_: &Metadata) -> bool {
    false
}

/// What something is, in words, that is no file, folder or link.
#[cfg(unix)]
pub(super) fn special(known: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = known.file_type();
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// What something is, in words, that is no file, folder or link.
#[cfg(windows)]
pub(super) fn special(_: &Metadata) -> &'static str {
    "a device"
}
