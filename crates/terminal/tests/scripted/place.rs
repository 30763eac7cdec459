//! A place whose shells are played by tests.

use std::future::{Future, pending};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use seaworthy_terminal::{
    End, Ended, Goal, Input, Limits, Opened, Place, Ran, Shown, TerminalOptions,
};
use tokio::io::DuplexStream;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, timeout};

use crate::shell::Shell;

pub(crate) type Terminal = seaworthy_terminal::Terminal<Fake>;
pub(crate) type TerminalError = seaworthy_terminal::TerminalError<Trouble>;

/// The process id that played shells say they have.
pub(crate) const PID: u32 = 42;

/// Trouble with the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Trouble(pub(crate) &'static str);

/// What the place does when it is asked, and what it was asked.
pub(crate) struct Manners {
    /// What opening a shell comes to.
    pub(crate) opens: Result<(), Trouble>,
    /// What telling a terminal its size comes to.
    pub(crate) sizes: Result<(), Trouble>,
    /// The folder that shells stand in, if that can be told.
    pub(crate) folder: Option<&'static str>,
    /// What is in the foreground, as the script that looks there prints it; or what it complains of.
    pub(crate) foreground: Result<&'static str, &'static str>,
    /// Whether a process group can be killed.
    pub(crate) kills: bool,
    /// What runs beside the shells never ends.
    pub(crate) hangs: bool,
    /// How shells end.
    pub(crate) end: Result<End, Trouble>,
    /// The options of all shells that were opened.
    pub(crate) opened: Vec<TerminalOptions>,
    /// The process groups that were killed.
    pub(crate) killed: Vec<String>,
    /// The process ids of the shells that were closed.
    pub(crate) closed: Vec<String>,
}

/// A place that shares its manners with its clones.
#[derive(Clone)]
pub(crate) struct Fake {
    manners: Arc<Mutex<Manners>>,
    shells: mpsc::UnboundedSender<DuplexStream>,
    killing: Arc<Notify>,
}

impl Fake {
    /// The place, and the other ends of the shells that are opened in it.
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<DuplexStream>) {
        let (sender, opened) = mpsc::unbounded_channel();
        let manners = Manners {
            opens: Ok(()),
            sizes: Ok(()),
            folder: Some("/srv"),
            foreground: Ok("77 42\nS\thrtimer_nanosleep\t230 0x0 0x0\tsleep 50 \n"),
            kills: true,
            hangs: false,
            end: Ok(End::Shell(0)),
            opened: Vec::new(),
            killed: Vec::new(),
            closed: Vec::new(),
        };
        let place = Self {
            manners: Arc::new(Mutex::new(manners)),
            shells: sender,
            killing: Arc::new(Notify::new()),
        };
        (place, opened)
    }

    pub(crate) fn manners(&self) -> MutexGuard<'_, Manners> {
        self.manners.lock().unwrap()
    }

    /// Waits until a process group was killed.
    pub(crate) async fn killing(&self) {
        self.killing.notified().await;
    }
}

impl Place for Fake {
    type Stream = DuplexStream;
    type Shell = ();
    type Error = Trouble;

    async fn open(&self, options: &TerminalOptions) -> Result<Opened<Self>, Trouble> {
        let mut manners = self.manners();
        manners.opened.push(options.clone());
        manners.opens.clone()?;
        let (stream, other) = tokio::io::duplex(1 << 20);
        self.shells.send(other).unwrap();
        Ok(Opened {
            shell: (),
            stream,
            sized: manners.sizes.clone(),
        })
    }

    async fn run(&self, words: &[&str], time: Duration) -> Result<Option<Ran>, Trouble> {
        if self.manners().hangs {
            return match timeout(time, pending::<()>()).await {
                Ok(()) => unreachable!("it never ends"),
                Err(_) => Err(Trouble("it took too long")),
            };
        }
        let mut manners = self.manners();
        let done = |exit: i64, stdout: &str, complaint: &str| {
            Ok(Some(Ran {
                exit,
                stdout: stdout.as_bytes().to_vec(),
                complaint: complaint.to_owned(),
            }))
        };
        match words {
            ["readlink", file] => {
                assert_eq!(*file, format!("/proc/{PID}/cwd"));
                match manners.folder {
                    Some(folder) => done(0, &format!("{folder}\n"), ""),
                    None => done(1, "", ""),
                }
            }
            ["sh", "-c", script, "sh", group] if script.starts_with("kill -s KILL") => {
                manners.killed.push((*group).to_owned());
                if !manners.kills {
                    return done(1, "", "no such process");
                }
                self.killing.notify_one();
                done(0, "", "")
            }
            ["sh", "-c", script, "sh", pid] if script.starts_with("kill -HUP") => {
                manners.closed.push((*pid).to_owned());
                done(0, "", "")
            }
            ["sh", "-c", script, "sh", pid] if script.contains("/stat") => {
                assert_eq!(*pid, PID.to_string());
                match manners.foreground {
                    Ok(seen) => done(0, seen, ""),
                    Err("the place is gone") => Ok(None),
                    Err(complaint) => done(1, "", complaint),
                }
            }
            other => panic!("no one asks for {other:?}"),
        }
    }

    async fn end(&self, _shell: &()) -> Result<End, Trouble> {
        self.manners().end.clone()
    }
}

/// A terminal whose shell shows its first prompt, that shell, and the place.
pub(crate) async fn open() -> (Terminal, Shell, Fake) {
    let (place, mut opened) = Fake::new();
    let options = TerminalOptions::default();
    let (terminal, shell) = both(Terminal::open(place.clone(), &options), async {
        let mut shell = Shell::new(opened.recv().await.unwrap());
        shell.starts().await;
        shell
    })
    .await;
    (terminal.unwrap(), shell, place)
}

/// Lets both sides go on to their ends. One that waits for what never comes fails here.
pub(crate) async fn both<A, B>(
    terminal: impl Future<Output = A>,
    shell: impl Future<Output = B>,
) -> (A, B) {
    let ends = async { tokio::join!(terminal, shell) };
    let ended = timeout(Duration::from_secs(3600), ends).await;
    ended.expect("one side waits for what never comes")
}

/// Ten seconds, and 1,000 bytes.
pub(crate) const LIMITS: Limits = Limits {
    time: Duration::from_secs(10),
    output_bytes: 1000,
};

/// Types lines, and waits for the next prompt; with the limits above.
pub(crate) async fn run(terminal: &mut Terminal, lines: &[&str]) -> Result<Ended, TerminalError> {
    terminal.run(lines, LIMITS).await
}

/// Types a line, and waits for `goal`.
pub(crate) async fn type_for(
    terminal: &mut Terminal,
    line: &str,
    goal: Goal<'_>,
) -> Result<Ended, TerminalError> {
    let input = Input::Lines(&[line]);
    terminal.type_in(input, goal, None, LIMITS).await
}

/// Types a line of which `shown` says whether all was printed that is shown.
pub(crate) async fn type_showing(
    terminal: &mut Terminal,
    line: &str,
    goal: Goal<'_>,
    shown: Shown<'_>,
) -> Result<Ended, TerminalError> {
    terminal
        .type_in(Input::Lines(&[line]), goal, shown, LIMITS)
        .await
}

/// Presses keys, and waits for `goal`.
pub(crate) async fn press(
    terminal: &mut Terminal,
    keys: &[u8],
    goal: Goal<'_>,
) -> Result<Ended, TerminalError> {
    let input = Input::Keys(keys);
    terminal.type_in(input, goal, None, LIMITS).await
}

/// Output, exit code and what came late.
pub(crate) fn told(ended: &Result<Ended, TerminalError>) -> (&str, i32, &str) {
    match ended {
        Ok(ended) => (&ended.output, ended.exit, &ended.late),
        Err(error) => panic!("{error:?}"),
    }
}

/// Milliseconds since `begun`, by the clock that stands still. A wait ends at the first look after it, and looks are
/// 25 ms apart: so much later is on time.
pub(crate) fn took(begun: Instant, milliseconds: u64) {
    let seen = begun.elapsed().as_millis();
    let (least, most) = (u128::from(milliseconds), u128::from(milliseconds) + 40);
    assert!(
        (least..=most).contains(&seen),
        "{seen} ms instead of {least}"
    );
}
