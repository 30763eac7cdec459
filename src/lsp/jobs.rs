//! What editors start: `seaworthy check` and `seaworthy accept`, as programs of their own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, unbounded};
use rustix::process::{Pid, Signal, kill_process};

/// What runs, and what ended.
pub(super) struct Jobs {
    /// This program.
    program: PathBuf,
    running: Vec<Job>,
    ended: (Sender<Ended>, Receiver<Ended>),
}

/// A program that runs for a book.
struct Job {
    root: PathBuf,
    process: u32,
    waiting: JoinHandle<()>,
}

/// What came of a program.
pub(super) struct Ended {
    root: PathBuf,
    /// Whether it did its work to the end.
    pub(super) done: bool,
    /// What came of it, in words.
    pub(super) told: String,
}

impl Jobs {
    /// Starts `program`, whenever it is asked for.
    pub(super) fn new(program: PathBuf) -> Self {
        Self {
            program,
            running: Vec::new(),
            ended: unbounded(),
        }
    }

    /// Tells of each program that ended.
    pub(super) fn ended(&self) -> &Receiver<Ended> {
        &self.ended.1
    }

    /// Starts `command` for the page `file` of the book at `root`, of which only one runs at a time.
    ///
    /// # Errors
    /// Why it can't be started, in words.
    pub(super) fn start(&mut self, command: &str, root: &Path, file: &str) -> Result<(), String> {
        if self.running.iter().any(|job| job.root == root) {
            return Err("a check of this book is running".to_owned());
        }
        let child = Command::new(&self.program)
            .args([Path::new(command), root, Path::new(file)])
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|why| format!("can't start {}: {why}", self.program.display()))?;
        let process = child.id();
        let (tell, root, file) = (self.ended.0.clone(), root.to_path_buf(), file.to_owned());
        let accepts = command == "accept";
        let waiting = {
            let root = root.clone();
            thread::spawn(move || {
                let ended = match child.wait_with_output() {
                    Ok(output) => ended(root, &file, accepts, &output),
                    Err(why) => Ended {
                        root,
                        done: false,
                        told: format!("{file}: {why}"),
                    },
                };
                // Nobody listens any more when the server ends.
                let _ = tell.send(ended);
            })
        };
        self.running.push(Job {
            root,
            process,
            waiting,
        });
        Ok(())
    }

    /// A program ended.
    pub(super) fn forget(&mut self, ended: &Ended) {
        self.running.retain(|job| job.root != ended.root);
    }

    /// Interrupts what runs, and waits until its machines are gone.
    pub(super) fn stop(self) {
        for job in &self.running {
            let process = i32::try_from(job.process).ok().and_then(Pid::from_raw);
            // One that has ended meanwhile needs no signal.
            let _ = process.map(|process| kill_process(process, Signal::TERM));
        }
        for job in self.running {
            // A panic in there was told on stderr.
            let _ = job.waiting.join();
        }
    }
}

/// What is told of a check that ended, or of an acceptance.
fn ended(root: PathBuf, file: &str, accepts: bool, output: &Output) -> Ended {
    let (done, told) = match (output.status.code(), accepts) {
        (Some(0), false) => (true, format!("{file} holds")),
        (Some(1), false) => (true, format!("{file} does not hold")),
        (Some(0), true) => (true, format!("{file} shows what was printed")),
        (Some(1), true) => (
            true,
            format!("not all that was printed could be accepted in {file}"),
        ),
        _ => {
            let said = String::from_utf8_lossy(&output.stderr);
            (false, format!("{file}: {}", said.trim()))
        }
    };
    Ended { root, done, told }
}
