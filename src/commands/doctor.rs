//! `seaworthy doctor`: what this computer can run, and the remedy for what it can't.

use anstyle::AnsiColor;

use super::runtime;
use crate::error::Result;
use crate::exit::{self, Exit};
use crate::output::Style;
use seaworthy_machine::engine::Engine;
use seaworthy_machine::{self as machine, MachineOptions, StartMode, Trial};

const GOOD: Style = Style(AnsiColor::Green.on_default());
const BAD: Style = Style(AnsiColor::Red.on_default().bold());

pub(super) fn run(runtime: Option<String>) -> Result<Exit> {
    runtime::start()?.block_on(async {
        let engine = match Engine::connect().await {
            Ok(engine) => engine,
            Err(error) => {
                bad("Docker Engine", &error.to_string());
                return Ok(exit::of_engine(error.kind()));
            }
        };
        let version = engine.version();
        good(
            "Docker Engine",
            &format!("{} (API {}) at {}", version.engine, version.api, engine.endpoint()),
        );
        let options = MachineOptions { runtime, ..MachineOptions::default() };
        let probe = machine::probe(&engine, &options).await?;
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
        match probe.trial {
            Some(Ok(trial)) => tell(trial, options.runtime.as_deref()),
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

/// Says how machines start, and what holds in them.
fn tell(trial: Trial, runtime: Option<&str>) {
    let runtime = runtime.map(|name| format!(" by the runtime {name}"));
    let runtime = runtime.unwrap_or_default();
    let how = match trial.mode {
        StartMode::Capabilities => "with a few added capabilities and no devices",
        StartMode::Privileged => {
            "with --privileged (less is refused here): check no page that you don't trust"
        }
    };
    good("machines", &format!("start{runtime} {how}"));
    if trial.filtered {
        good(
            "system calls",
            "filtered: a page can't change prepared images, nor lift its machine's limits",
        );
    } else {
        bad(
            "system calls",
            "not filtered: the engine passes over the seccomp profile with --privileged, so a page can change the images \
             that other pages get; check no page that you don't trust, or use an engine of version 23 or newer",
        );
    }
}

fn good(what: &str, said: &str) {
    crate::outln!("{GOOD}✓{GOOD:#} {what}: {said}");
}

fn bad(what: &str, said: &str) {
    crate::outln!("{BAD}✗{BAD:#} {what}: {said}");
}
