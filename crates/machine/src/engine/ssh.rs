//! An engine on another computer, over ssh, as the Docker CLI reaches it: `docker system dial-stdio` runs there, and
//! its input and output are a connection to the engine.
//!
//! Enter with [`Login::prepare`]. Each connection is an `ssh` of its own; these share one login (ssh's ControlMaster), so
//! that only the first one takes its time.

use seaworthy_terminal::token;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::process::Child;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long the shared login lasts after the last connection, in seconds, should nobody end it.
const PERSIST: &str = "ControlPersist=10";
/// How long reaching the other computer may take, in seconds.
const CONNECT: &str = "ConnectTimeout=8";
/// How the names of logins' folders begin, among the temporary ones.
const FOLDER: &str = "seaworthy-ssh-";
const LOCK: &str = "lock";
/// What ssh says isn't kept longer than this, in bytes.
const LONGEST: usize = 4096;
/// How long an ssh whose connection has ended may take to end as well.
const END: Duration = Duration::from_secs(1);
/// How long its last words may take when it has ended: the shared login may keep their way open.
const LAST_WORDS: Duration = Duration::from_millis(50);

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

/// A login on the other computer, which lasts while this value lives.
#[derive(Debug)]
pub(super) struct Login {
    /// Holds ssh's own socket file, by which connections share the login.
    folder: PathBuf,
    destination: Destination,
    /// Held while this value lives; without a holder, the folder is a killed program's.
    _lock: File,
}

impl Login {
    /// Makes its folder. Nothing is reached before the first connection.
    pub(super) fn prepare(destination: &Destination) -> io::Result<Login> {
        // A short path: that of a socket has a hundred characters at most.
        let folder = std::env::temp_dir().join(format!("{FOLDER}{}", token()));
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        let lock = File::create_new(folder.join(LOCK))?;
        lock.lock()?;
        Ok(Login {
            folder,
            destination: destination.clone(),
            _lock: lock,
        })
    }

    /// Opens a connection: one end of it, of which an ssh is the other. If it can't be had, it ends, and what ssh says
    /// tells why.
    pub(super) fn open(&self) -> io::Result<(UnixStream, Said)> {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let mut command = ssh(&self.destination, &self.folder);
        command.args(["-T", "--", &self.destination.host]);
        command.args(["docker", "system", "dial-stdio"]);
        command.stdin(OwnedFd::from(theirs.try_clone()?));
        command.stdout(OwnedFd::from(theirs));
        let child = tokio::process::Command::from(command)
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| io::Error::new(error.kind(), format!("ssh can't be run: {error}")))?;
        let said = Said::of(child);
        Ok((UnixStream::from_std(ours)?, said))
    }
}

/// What the ssh of a connection says.
#[derive(Debug)]
pub(super) struct Said(watch::Receiver<Words>);

#[derive(Debug, Default)]
struct Words {
    bytes: Vec<u8>,
    ended: bool,
}

impl Said {
    /// Listens to an ssh until it ends.
    fn of(child: Child) -> Said {
        let (sender, receiver) = watch::channel(Words::default());
        tokio::spawn(listen(child, sender));
        Said(receiver)
    }

    /// What it said, if anything: asked when its connection has ended, and it is ending too.
    pub(super) async fn words(mut self) -> Option<String> {
        // Should it go on, or its listener be gone, what it said so far is all there is.
        let _ = timeout(END, self.0.wait_for(|words| words.ended)).await;
        let words = self.0.borrow();
        let words = String::from_utf8_lossy(&words.bytes).trim().to_owned();
        (!words.is_empty()).then_some(words)
    }
}

async fn listen(mut child: Child, said: watch::Sender<Words>) {
    let mut errors = child.stderr.take();
    let mut buffer = [0; 512];
    let mut ended = false;
    while let Some(stderr) = &mut errors {
        let heard = if ended {
            timeout(LAST_WORDS, stderr.read(&mut buffer)).await.ok()
        } else {
            tokio::select! {
                heard = stderr.read(&mut buffer) => Some(heard),
                _ = child.wait() => {
                    ended = true;
                    continue;
                }
            }
        };
        let Some(Ok(count @ 1..)) = heard else {
            break;
        };
        said.send_modify(|words| {
            let room = LONGEST.saturating_sub(words.bytes.len());
            words.bytes.extend_from_slice(&buffer[..count.min(room)]);
        });
    }
    // How it ended says no more than its words.
    let _ = child.wait().await;
    said.send_modify(|words| words.ended = true);
}

impl Drop for Login {
    fn drop(&mut self) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn destination() -> Destination {
        Destination {
            user: None,
            host: "localhost".to_owned(),
            port: None,
        }
    }

    #[test]
    fn what_a_killed_program_leaves_is_removed_and_the_living_is_not() {
        let living = Login::prepare(&destination()).unwrap();
        let killed = std::env::temp_dir().join(format!("{FOLDER}{}", token()));
        std::fs::create_dir(&killed).unwrap();
        File::create_new(killed.join(LOCK)).unwrap();
        remove_stale().unwrap();
        let folder = living.folder.clone();
        assert!(!killed.exists() && folder.exists());
        drop(living);
        assert!(!folder.exists());
    }

    /// What `script` is heard to say as the ssh of a connection, asked when it has ended, or else has said something.
    async fn said(script: &str, ends: bool) -> Option<String> {
        let mut command = tokio::process::Command::new("sh");
        command.args(["-c", script]).stderr(Stdio::piped());
        let said = Said::of(command.spawn().unwrap());
        let mut heard = said.0.clone();
        let far = |words: &Words| words.ended || (!ends && !words.bytes.is_empty());
        let ended = timeout(Duration::from_secs(15), heard.wait_for(far))
            .await
            .map(|heard| heard.unwrap().ended);
        let ended = ended.unwrap();
        assert_eq!(ended, ends, "{script}");
        said.words().await
    }

    #[tokio::test]
    async fn what_ssh_says() {
        assert_eq!(said("exit 255", true).await, None);
        let refused = "echo 'Host key verification failed.' >&2; exit 255";
        let words = said(refused, true).await;
        assert_eq!(words.unwrap(), "Host key verification failed.");
        // The shared login keeps the way open.
        let kept = "echo refused >&2; sleep 30 & exit 1";
        assert_eq!(said(kept, true).await.unwrap(), "refused");
        // It goes on by itself.
        let slow = said("echo slow >&2; exec sleep 30", false).await;
        assert_eq!(slow.unwrap(), "slow");
        let long = "head -c 100000 /dev/zero | tr '\\0' x >&2";
        assert_eq!(said(long, true).await.unwrap().len(), LONGEST);
    }

    #[test]
    fn one_login_that_asks_nothing() {
        let destination = Destination {
            user: Some("me".to_owned()),
            port: Some(2222),
            ..destination()
        };
        let command = ssh(&destination, Path::new("/f"));
        let words: Vec<_> = command
            .get_args()
            .map(|word| word.to_str().unwrap())
            .collect();
        assert_eq!(
            words.join(" "),
            "-o BatchMode=yes -o ConnectTimeout=8 -o ControlMaster=auto -o ControlPersist=10 \
             -o ControlPath=/f/login -l me -p 2222"
        );
    }
}
