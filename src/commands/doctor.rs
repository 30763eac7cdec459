//! `seaworthy doctor`: what this computer can run, and the remedy for what it can't.

use anstyle::AnsiColor;

use super::runtime;
use crate::error::{Result, Usage};
use crate::exit::{self, Exit};
use crate::output::Style;
use seaworthy_machine::engine::Engine;
use seaworthy_machine::{
    self as machine, DEFAULT_VERSION, ImageState, MachineOptions, Recipe, StartMode, Trial,
};

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
            Some(image) => {
                let said = format!("{} with Docker Engine {}", options.image, image.engine);
                good("machine image", &format!("{said}{}", made_otherwise(&engine).await?));
            }
            None => {
                let remedy = "`seaworthy machine build` makes it";
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

/// What is said of a machine image that this release wouldn't make: it may be older than what the program needs.
async fn made_otherwise(engine: &Engine) -> Result<&'static str> {
    let recipe = Recipe::find(DEFAULT_VERSION, None).map_err(|error| Usage(error.to_string()))?;
    Ok(match machine::image_state(engine, &recipe).await? {
        (ImageState::Other, _) => {
            "; it was made by another release of Seaworthy: `seaworthy machine build` makes it anew"
        }
        _ => "",
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
