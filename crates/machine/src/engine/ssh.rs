//! An engine on another computer, over ssh, as the Docker CLI reaches it: `docker system dial-stdio` runs there, and
//! its input and output are a connection to the engine.
//!
//! Enter with [`Tunnel::open`]. It listens on a socket file that only this user can reach, and gives each connection
//! to an `ssh` of its own; these share one login (ssh's ControlMaster), so that only the first one takes its time.
//! Everything above speaks to a socket file, as to an engine on this computer.

use seaworthy_terminal::token;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// How long the shared login lasts after the last connection, in seconds, should nobody end it.
const PERSIST: &str = "ControlPersist=10";
/// How long reaching the other computer may take, in seconds.
const CONNECT: &str = "ConnectTimeout=8";
/// How the names of tunnels' folders begin, among the temporary ones.
const FOLDER: &str = "seaworthy-ssh-";
const LOCK: &str = "lock";
/// What ssh says isn't kept longer than this, in bytes.
const LONGEST: usize = 4096;

/// Whom to reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The user there; as ssh's own settings say if absent.
    pub user: Option<String>,
    /// The computer's name, address, or alias in ssh's settings.
    pub host: String,
    /// The port; as ssh's own settings say if absent.
    pub port: Option<u16>,
}

/// A socket file on which the other computer's engine is reached, while this value lives.
#[derive(Debug)]
pub(super) struct Tunnel {
    folder: PathBuf,
    destination: Destination,
    said: Arc<Mutex<String>>,
    ending: Arc<AtomicBool>,
    accepts: Option<JoinHandle<()>>,
    /// Held while this value lives; without a holder, the folder is a killed program's.
    _lock: File,
}

impl Tunnel {
    /// Begins to listen. Nothing is reached before the first connection.
    pub(super) fn open(destination: &Destination) -> io::Result<Tunnel> {
        // A short path: that of a socket has a hundred characters at most.
        let folder = std::env::temp_dir().join(format!("{FOLDER}{}", token()));
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        let lock = File::create_new(folder.join(LOCK))?;
        lock.lock()?;
        let mut tunnel = Tunnel {
            folder,
            destination: destination.clone(),
            said: Arc::default(),
            ending: Arc::default(),
            accepts: None,
            _lock: lock,
        };
        let listener = UnixListener::bind(tunnel.socket())?;
        let (destination, folder) = (destination.clone(), tunnel.folder.clone());
        let (said, ending) = (tunnel.said.clone(), tunnel.ending.clone());
        tunnel.accepts = Some(std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if ending.load(Ordering::SeqCst) {
                    return;
                }
                // Whoever connected sees its connection end, and asks what was said.
                if let Err(error) = carry(&destination, &folder, stream, &said) {
                    say(&said, &format!("ssh could not be run: {error}"));
                }
            }
        }));
        Ok(tunnel)
    }

    /// The socket file.
    pub(super) fn socket(&self) -> PathBuf {
        self.folder.join("docker.sock")
    }

    /// What ssh has said last, if anything: why a connection ended.
    pub(super) fn said(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.trim().to_owned()
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections.
        if UnixStream::connect(self.socket()).is_ok()
            && let Some(accepts) = self.accepts.take()
        {
            let _ = accepts.join();
        }
        // Without this the shared login would last some seconds longer.
        let mut exit = ssh(&self.destination, &self.folder);
        exit.args(["-O", "exit", "--", &self.destination.host]);
        let ended = exit.stdin(Stdio::null()).stdout(Stdio::null());
        let _ = ended.stderr(Stdio::null()).status();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Removes the folders that killed programs of this user have left.
pub(crate) fn remove_stale() -> io::Result<()> {
    for entry in std::fs::read_dir(std::env::temp_dir())? {
        let entry = entry?;
        let ours = entry.file_name().to_string_lossy().starts_with(FOLDER)
            && entry.metadata()?.uid() == rustix::process::geteuid().as_raw();
        // Without a lock file it is just being made, or unmade.
        if ours
            && let Ok(lock) = File::open(entry.path().join(LOCK))
            && lock.try_lock().is_ok()
        {
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Gives a connection to an ssh, which is its other end from then on.
fn carry(
    destination: &Destination,
    folder: &Path,
    stream: UnixStream,
    said: &Arc<Mutex<String>>,
) -> io::Result<()> {
    let mut command = ssh(destination, folder);
    command.args(["-T", "--", &destination.host]);
    command.args(["docker", "system", "dial-stdio"]);
    command.stdin(OwnedFd::from(stream.try_clone()?));
    command.stdout(OwnedFd::from(stream));
    let mut child = command.stderr(Stdio::piped()).spawn()?;
    let said = said.clone();
    let errors = child.stderr.take();
    std::thread::spawn(move || {
        let mut words = Vec::new();
        if let Some(errors) = errors {
            // The shared login keeps this open as long as it lasts, so what is said is passed on as it comes.
            let mut errors = errors;
            let mut buffer = [0; 512];
            while let Ok(count @ 1..) = errors.read(&mut buffer) {
                words.extend_from_slice(&buffer[..count]);
                words.truncate(LONGEST);
                say(&said, &String::from_utf8_lossy(&words));
            }
        }
        let _ = child.wait();
    });
    Ok(())
}

/// An ssh that asks nothing, shares one login, and is spared the signals of this program's terminal: what is on the
/// engine is still to be removed after Ctrl-C.
fn ssh(destination: &Destination, folder: &Path) -> Command {
    let mut command = Command::new("ssh");
    command.process_group(0);
    for option in ["BatchMode=yes", CONNECT, "ControlMaster=auto", PERSIST] {
        command.args(["-o", option]);
    }
    let control = format!("ControlPath={}/login", folder.display());
    command.args(["-o", &control]);
    if let Some(user) = &destination.user {
        command.args(["-l", user]);
    }
    if let Some(port) = destination.port {
        command.args(["-p", &port.to_string()]);
    }
    command
}

fn say(said: &Mutex<String>, words: &str) {
    words.clone_into(&mut said.lock().unwrap_or_else(PoisonError::into_inner));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_program_leaves_is_removed_and_the_living_is_not() {
        let destination = Destination {
            user: None,
            host: "localhost".to_owned(),
            port: None,
        };
        let living = Tunnel::open(&destination).unwrap();
        let killed = std::env::temp_dir().join(format!("{FOLDER}{}", token()));
        std::fs::create_dir(&killed).unwrap();
        File::create_new(killed.join(LOCK)).unwrap();
        remove_stale().unwrap();
        assert!(!killed.exists() && living.socket().exists());
        let folder = living.folder.clone();
        drop(living);
        assert!(!folder.exists());
    }
}
