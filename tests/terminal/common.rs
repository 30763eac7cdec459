//! A container to open shells in, and what is typed there.

use seaworthy_machine::engine::api::{ContainerCreateBody, HostConfig};
use seaworthy_machine::engine::{Command, Engine, EngineError, labels};
use seaworthy_machine::{ContainerPlace, DEFAULT_IMAGE, Run};
use seaworthy_terminal::{Ended, Limits, TerminalOptions};
use std::collections::HashMap;
use std::time::Duration;

pub(crate) type Terminal = seaworthy_terminal::Terminal<ContainerPlace>;
pub(crate) type TerminalError = seaworthy_terminal::TerminalError<EngineError>;

/// A container with bash, which goes with its run: at the end of a test, or when one panics.
pub(crate) struct Bench {
    pub(crate) run: Run,
    pub(crate) container: String,
}

impl Bench {
    pub(crate) async fn new() -> Bench {
        crate::engine::needed();
        let engine = Engine::connect()
            .await
            .expect("these tests need a Docker Engine");
        let run = Run::begin(&engine).await.unwrap();
        let body = ContainerCreateBody {
            image: Some(DEFAULT_IMAGE.to_owned()),
            entrypoint: Some(
                ["/usr/bin/tini", "--", "sleep", "infinity"]
                    .map(str::to_owned)
                    .to_vec(),
            ),
            labels: Some(HashMap::from([(
                labels::RUN.to_owned(),
                run.id().to_owned(),
            )])),
            host_config: Some(HostConfig {
                network_mode: Some("none".to_owned()),
                ..Default::default()
            }),
            ..Default::default()
        };
        let created = engine.create_container("making a bench", body).await;
        let container = created.expect("these tests need the machine image: run scripts/images");
        engine
            .start_container("starting a bench", &container)
            .await
            .unwrap();
        Bench { run, container }
    }

    pub(crate) async fn open(&self) -> Terminal {
        Terminal::open(
            ContainerPlace::new(self.run.engine(), &self.container),
            &TerminalOptions::default(),
        )
        .await
        .unwrap()
    }

    /// What a command without a terminal prints in the container.
    pub(crate) async fn exec(&self, script: &str) -> String {
        self.run
            .engine()
            .exec(&self.container, Command::new(["bash", "-c", script]))
            .await
            .unwrap()
            .text()
    }

    pub(crate) async fn end(self) {
        self.run.end().await.unwrap();
    }
}

pub(crate) fn within(seconds: f64) -> Limits {
    Limits {
        time: Duration::from_secs_f64(seconds),
        ..Limits::default()
    }
}

pub(crate) async fn run(terminal: &mut Terminal, lines: &[&str]) -> Ended {
    match terminal.run(lines, within(20.0)).await {
        Ok(ended) => ended,
        Err(error) => panic!("{lines:?}: {error}"),
    }
}

pub(crate) async fn fails(terminal: &mut Terminal, line: &str, seconds: f64) -> TerminalError {
    match terminal.run(&[line], within(seconds)).await {
        Ok(ended) => panic!("{line}: {ended:?}"),
        Err(error) => error,
    }
}

/// Types a command and compares its output and exit code; nothing else may have been printed.
pub(crate) async fn expect(terminal: &mut Terminal, lines: &[&str], output: &str, exit: i32) {
    let ended = run(terminal, lines).await;
    let seen = (ended.output.as_str(), ended.exit, ended.late.as_str());
    assert_eq!(seen, (output, exit, ""), "{lines:?}");
}
