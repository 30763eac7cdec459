//! `seaworthy doctor`: what this computer can run, and the remedy for what it can't.

use anstyle::AnsiColor;
use anyhow::Result;

use crate::engine::Engine;
use crate::exit::{self, Exit};
use crate::machine::{self, MachineOptions, StartMode};
use crate::output::Style;

const GOOD: Style = Style(AnsiColor::Green.on_default());
const BAD: Style = Style(AnsiColor::Red.on_default().bold());

pub(super) fn run() -> Result<Exit> {
    super::runtime()?.block_on(async {
        let engine = match Engine::connect().await {
            Ok(engine) => engine,
            Err(error) => {
                bad("Docker Engine", &error.to_string());
                return Ok(exit::of_error(&error.into()));
            }
        };
        let version = engine.version();
        good(
            "Docker Engine",
            &format!("{} (API {}) at {}", version.engine, version.api, engine.endpoint()),
        );
        let options = MachineOptions::default();
        let probe = machine::probe(&engine, &options.image).await?;
        let gibibytes = |bytes: u64| bytes as f64 / f64::from(1 << 30);
        good(
            "its computer",
            &format!(
                "{} cores, {:.1} GiB of memory (a machine takes up to {:.1}), cgroup v{}, storage driver {}",
                probe.cpus,
                gibibytes(probe.memory),
                gibibytes(options.memory),
                probe.cgroup_version,
                probe.storage_driver
            ),
        );
        let mut exit = Exit::Holds;
        match &probe.machine_image {
            Some(image) => good("machine image", &format!("{} with Docker Engine {}", options.image, image.engine)),
            None => {
                let remedy = format!("build it with `scripts/images {}`", options.image);
                bad("machine image", &format!("{} is not there; {remedy}", options.image));
                exit = Exit::NoEngine;
            }
        }
        match probe.mode {
            Some(Ok(StartMode::Capabilities)) => {
                good("machines", "start with a few added capabilities and no devices");
            }
            Some(Ok(StartMode::Privileged)) => {
                good("machines", "start with --privileged (less is refused here): check no page that you don't trust");
            }
            Some(Err(error)) => {
                bad("machines", &error.to_string());
                exit = Exit::NoEngine;
            }
            // Without an image there is nothing to start.
            None => {}
        }
        Ok(exit)
    })
}

fn good(what: &str, said: &str) {
    crate::outln!("{GOOD}✓{GOOD:#} {what}: {said}");
}

fn bad(what: &str, said: &str) {
    crate::outln!("{BAD}✗{BAD:#} {what}: {said}");
}
