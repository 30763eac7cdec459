//! Whether a run still lives, seen from another process: a run keeps a file locked, and the lock goes with the
//! process however it ends. Process ids are not used: they are reused, and mean nothing across containers.
//!
//! The labels of a run's objects say on which computer the file is and where, so that someone with another temporary
//! folder looks in the right place, and someone on another computer knows that they can't tell.

use super::MachineError;
use crate::engine::labels;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// A locked file: as long as this value lives, so does the run. The file goes with it.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    _file: File,
}

/// What can be said of a run from its labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Liveness {
    Alive,
    Dead,
    /// It can't be told from here, and why.
    Unknown(String),
}

impl Lock {
    /// Makes and locks the file of a run.
    pub(super) fn take(run: &str) -> Result<Lock, MachineError> {
        let folder = folder();
        let failed = |path: &Path, why: String| MachineError::Lock {
            path: path.to_owned(),
            why,
        };
        own_folder(&folder).map_err(|why| failed(&folder, why))?;
        // Under another name first: a file that bears the final name is always locked, so nobody can take a run that
        // is just beginning for dead.
        let early = folder.join(format!("{run}.new"));
        let path = lock_file(run);
        let make = || {
            let file = File::create_new(&early)?;
            file.lock()?;
            std::fs::rename(&early, &path)?;
            Ok::<_, std::io::Error>(file)
        };
        let file = make().map_err(|error| failed(&path, error.to_string()))?;
        Ok(Lock { path, _file: file })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // If it can't be removed it is unlocked all the same, and says that the run is dead.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The folder of the lock files: one for each user.
fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("seaworthy-{}", rustix::process::geteuid().as_raw()))
}

/// The file of a run of this user's on this computer.
pub(super) fn lock_file(run: &str) -> PathBuf {
    folder().join(format!("{run}.lock"))
}

/// Makes the folder, or sees that what is there is a folder of this user's that no one else can put files into.
fn own_folder(folder: &Path) -> Result<(), String> {
    let made = std::fs::DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(folder);
    made.map_err(|error| error.to_string())?;
    let found = std::fs::symlink_metadata(folder).map_err(|error| error.to_string())?;
    let own = found.is_dir()
        && found.uid() == rustix::process::geteuid().as_raw()
        && found.mode() & 0o022 == 0;
    if own {
        Ok(())
    } else {
        Err("it is not a folder that belongs to you alone".to_owned())
    }
}

/// This computer's name for the labels: its host name, and a hash of what tells it from others of that name, since many
/// computers are called `localhost` or `runner`: its machine id where it has one. A container has none as a rule, and
/// several may have one name; each has files of its own, lock files among them, so there it is where its files are.
pub(super) fn host() -> String {
    let name = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let id = match read("/etc/machine-id").trim() {
        "" => root_mount(&read("/proc/self/mountinfo")).unwrap_or_default(),
        id => id.to_owned(),
    };
    if id.is_empty() {
        return name;
    }
    let hash = Sha256::digest(format!("seaworthy {id}"));
    format!(
        "{name}-{:02x}{:02x}{:02x}{:02x}",
        hash[0], hash[1], hash[2], hash[3]
    )
}

/// What is mounted at `/`, by the text of `/proc/self/mountinfo` (proc_pid_mountinfo(5)): the folder of the file system,
/// its kind, source and options. Of a container's they name the folder that its engine made for it.
fn root_mount(mountinfo: &str) -> Option<String> {
    let is_root = |line: &&str| line.split(' ').nth(4) == Some("/");
    // What was mounted last hides the others.
    let line = mountinfo.lines().rfind(is_root)?;
    let (before, after) = line.split_once(" - ")?;
    let folder = before.split(' ').nth(3)?;
    Some(format!("{folder} {after}"))
}

/// Judges a run by the labels of one of its objects. Objects without a host label are taken for this computer's; a
/// run without a lock file is dead, since the file is there before the first object.
pub(super) fn judge(labels: &HashMap<String, String>) -> Liveness {
    if let Some(host_label) = labels.get(labels::HOST)
        && *host_label != host()
    {
        return Liveness::Unknown(format!("it belongs to another computer, {host_label}"));
    }
    let run = labels
        .get(labels::RUN)
        .map(String::as_str)
        .unwrap_or_default();
    let Some(path) = labels.get(labels::LOCK).map(Path::new) else {
        return Liveness::Dead;
    };
    // The label comes from the engine: open nothing but what can be a lock file.
    if path.file_name().and_then(|name| name.to_str()) != Some(&format!("{run}.lock")) {
        return Liveness::Unknown(format!("its lock file would be {}", path.display()));
    }
    match is_locked(path) {
        Ok(true) => Liveness::Alive,
        Ok(false) => Liveness::Dead,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Liveness::Dead,
        Err(error) => Liveness::Unknown(format!(
            "its lock file {} can't be read: {error}",
            path.display()
        )),
    }
}

fn is_locked(path: &Path) -> std::io::Result<bool> {
    if !std::fs::symlink_metadata(path)?.is_file() {
        return Err(std::io::Error::other("not a file"));
    }
    match File::open(path)?.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Removes the lock files in this user's folder that nobody holds: those of runs that were killed.
pub(super) fn remove_stale() -> std::io::Result<()> {
    let entries = match std::fs::read_dir(folder()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let path = entry?.path();
        let ours = path
            .extension()
            .is_some_and(|extension| extension == "lock");
        if ours && !is_locked(&path).unwrap_or(true) {
            match std::fs::remove_file(&path) {
                // Someone else was quicker.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                removed => removed?,
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect()
    }

    #[test]
    fn alive_while_locked_and_dead_after() {
        let lock = Lock::take("test-alive").unwrap();
        let path = lock.path().to_str().unwrap().to_owned();
        let found = labels(&[
            (labels::RUN, "test-alive"),
            (labels::HOST, &host()),
            (labels::LOCK, &path),
        ]);
        assert_eq!(judge(&found), Liveness::Alive);
        drop(lock);
        assert_eq!(judge(&found), Liveness::Dead);
    }

    #[test]
    fn a_file_that_nobody_holds_is_dead_and_removed() {
        let lock = Lock::take("test-stale").unwrap();
        let path = lock.path().to_owned();
        drop(lock);
        std::fs::write(&path, "").unwrap();
        let found = labels(&[
            (labels::RUN, "test-stale"),
            (labels::LOCK, path.to_str().unwrap()),
        ]);
        assert_eq!(judge(&found), Liveness::Dead);
        remove_stale().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn a_container_is_known_by_where_its_files_are() {
        let mounted = |folder: &str| {
            format!(
                "36 35 0:29 / /proc rw - proc proc rw\n40 20 0:50 / / rw,relatime shared:1 - overlay overlay rw,upperdir={folder}/diff\n"
            )
        };
        let (one, other) = (root_mount(&mounted("/a")), root_mount(&mounted("/b")));
        assert_eq!(
            one.as_deref(),
            Some("/ overlay overlay rw,upperdir=/a/diff")
        );
        assert_ne!(one, other);
        assert_eq!(root_mount("36 35 0:29 / /proc rw - proc proc rw\n"), None);
    }

    #[test]
    fn what_cannot_be_told() {
        let far = labels(&[
            (labels::RUN, "r"),
            (labels::HOST, "far"),
            (labels::LOCK, "/tmp/r.lock"),
        ]);
        assert_eq!(
            judge(&far),
            Liveness::Unknown("it belongs to another computer, far".into())
        );
        let odd = labels(&[(labels::RUN, "r"), (labels::LOCK, "/dev/null")]);
        assert!(matches!(judge(&odd), Liveness::Unknown(_)));
        assert_eq!(judge(&labels(&[(labels::RUN, "r")])), Liveness::Dead);
    }
}
