//! A shell that answers as a script says: over `tokio::io::duplex`, with the marks that a terminal looks for.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use seaworthy_terminal::{End, Opened, Place, Ran, TerminalOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::watch;

use crate::host::FakeError;

/// Where the shell stands.
pub(crate) const HOME: &str = "/home/fake";

/// How a command is answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    output: String,
    code: i32,
    after: Duration,
    /// What a background job prints, so long after the prompt.
    late: Option<(Duration, String)>,
    trouble: Option<Trouble>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    /// No prompt comes until Ctrl-C.
    Hangs,
    /// The shell ends.
    ShellEnds,
    /// The machine ends.
    MachineEnds,
    /// The host is lost.
    LosesHost,
}

/// Prints `output`.
pub(crate) fn prints(output: &str) -> Answer {
    Answer {
        output: output.replace('\n', "\r\n"),
        ..Answer::default()
    }
}

/// Runs until it is interrupted.
pub(crate) fn hangs() -> Answer {
    Answer {
        trouble: Some(Trouble::Hangs),
        ..Answer::default()
    }
}

/// Ends the shell.
pub(crate) fn ends_shell() -> Answer {
    Answer {
        trouble: Some(Trouble::ShellEnds),
        ..Answer::default()
    }
}

/// The machine ends under it.
pub(crate) fn ends_machine() -> Answer {
    Answer {
        trouble: Some(Trouble::MachineEnds),
        ..Answer::default()
    }
}

/// The host is lost under it.
pub(crate) fn loses_host() -> Answer {
    Answer {
        trouble: Some(Trouble::LosesHost),
        ..Answer::default()
    }
}

impl Answer {
    /// Ends with this exit code.
    pub(crate) fn exit(self, code: i32) -> Self {
        Self { code, ..self }
    }

    /// Takes so many seconds.
    pub(crate) fn after(self, seconds: u64) -> Self {
        let after = Duration::from_secs(seconds);
        Self { after, ..self }
    }

    /// Leaves a job that prints this so many milliseconds after the prompt.
    pub(crate) fn then_late(self, milliseconds: u64, text: &str) -> Self {
        let late = Some((Duration::from_millis(milliseconds), text.to_owned()));
        Self { late, ..self }
    }
}

/// What the shells of a host answer: for each command one answer after the other, the last one again and again.
#[derive(Clone, Default)]
pub(crate) struct Script(BTreeMap<String, Vec<Answer>>);

impl Script {
    pub(crate) fn on(mut self, command: &str, answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = answers.into_iter().collect();
        self.0.insert(command.to_owned(), answers);
        self
    }
}

/// A machine's shells.
#[derive(Clone)]
pub(crate) struct FakePlace {
    pub(crate) script: Arc<Script>,
    /// How often each command was typed.
    pub(crate) typed: Arc<Mutex<HashMap<String, usize>>>,
    /// Whether the machine is gone.
    pub(crate) gone: watch::Sender<bool>,
    /// Why the host is lost, if it is.
    pub(crate) lost: watch::Sender<Option<String>>,
}

impl Place for FakePlace {
    type Stream = DuplexStream;
    type Shell = ();
    type Error = FakeError;

    async fn open(&self, _: &TerminalOptions) -> Result<Opened<Self>, FakeError> {
        if *self.gone.borrow() {
            return Err(FakeError::Broken("no such machine".to_owned()));
        }
        let (stream, far) = tokio::io::duplex(1 << 16);
        let shell = FakeShell {
            place: self.clone(),
            stream: far,
            nonce: String::new(),
            prompts: 0,
        };
        tokio::spawn(shell.run());
        Ok(Opened {
            shell: (),
            stream,
            sized: Ok(()),
        })
    }

    async fn run(&self, words: &[&str], _: Duration) -> Result<Option<Ran>, FakeError> {
        if *self.gone.borrow() {
            return Ok(None);
        }
        let looks_for_folder = words.first() == Some(&"readlink");
        Ok(Some(Ran {
            exit: i64::from(!looks_for_folder),
            stdout: format!("{HOME}\n").into_bytes(),
            complaint: "nothing to see".to_owned(),
        }))
    }

    async fn end(&self, (): &()) -> Result<End, FakeError> {
        Ok(match *self.gone.borrow() {
            true => End::Place("it ended".to_owned()),
            false => End::Shell(0),
        })
    }
}

struct FakeShell {
    place: FakePlace,
    stream: DuplexStream,
    nonce: String,
    prompts: usize,
}

/// The shell is over.
struct Over;

impl FakeShell {
    async fn run(mut self) {
        // Its stream ends with it.
        let _: Result<Infallible, Over> = self.answer_all().await;
    }

    async fn answer_all(&mut self) -> Result<Infallible, Over> {
        let first = self.line().await?;
        let (_, nonce) = first.rsplit_once(";b;").ok_or(Over)?;
        self.nonce = nonce.split('\\').next().unwrap_or_default().to_owned();
        self.mark("I;100;b").await?;
        self.prompt(0).await?;
        loop {
            let line = self.line().await?;
            let answer = self.answer(line.trim_start_matches('\x03'));
            self.mark("C;").await?;
            tokio::time::sleep(answer.after).await;
            self.write(&answer.output).await?;
            let code = match answer.trouble {
                None => answer.code,
                Some(trouble) => self.meet(trouble).await?,
            };
            self.prompt(code).await?;
            if let Some((pause, text)) = answer.late {
                tokio::time::sleep(pause).await;
                self.write(&text).await?;
            }
        }
    }

    fn answer(&self, command: &str) -> Answer {
        let mut typed = self
            .place
            .typed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = typed.entry(command.to_owned()).or_default();
        let answers = self.place.script.0.get(command);
        let answer = answers.and_then(|answers| answers.get(*count).or(answers.last()));
        *count += 1;
        match answer {
            Some(answer) => answer.clone(),
            None => prints(&format!("bash: {command}: command not found\n")).exit(127),
        }
    }

    /// What comes of trouble: an exit code, if the shell lives on.
    async fn meet(&mut self, trouble: Trouble) -> Result<i32, Over> {
        match trouble {
            Trouble::ShellEnds => return Err(Over),
            Trouble::MachineEnds => {
                self.place.gone.send_replace(true);
                return Err(Over);
            }
            Trouble::LosesHost => {
                let why = "nothing answers".to_owned();
                self.place.lost.send_replace(Some(why));
            }
            Trouble::Hangs => {}
        }
        while self.stream.read_u8().await.map_err(|_| Over)? != 3 {}
        Ok(130)
    }

    /// A typed line.
    async fn line(&mut self) -> Result<String, Over> {
        let mut line = Vec::new();
        loop {
            match self.stream.read_u8().await.map_err(|_| Over)? {
                b'\n' => return Ok(String::from_utf8_lossy(&line).into_owned()),
                byte => line.push(byte),
            }
        }
    }

    async fn prompt(&mut self, code: i32) -> Result<(), Over> {
        self.prompts += 1;
        let prompts = self.prompts;
        self.mark(&format!("D;{code};{prompts}")).await
    }

    async fn mark(&mut self, body: &str) -> Result<(), Over> {
        let mark = format!("\x1b]133;{body};{}\x07", self.nonce);
        self.write(&mark).await
    }

    async fn write(&mut self, text: &str) -> Result<(), Over> {
        let written = self.stream.write_all(text.as_bytes()).await;
        written.map_err(|_| Over)
    }
}
