//! `seaworthy machine`: the images that machines are made from.

mod steps;

use super::interrupts::Interrupts;
use super::runtime;
use crate::cli::{MachineBuildArguments, MachineCommand, MachineSource};
use crate::error::{Result, Usage};
use crate::exit::Exit;
use seaworthy_machine::engine::{Engine, labels};
use seaworthy_machine::{
    self as machine, BuiltImage, EngineSource, ImageState, MachineOptions, Recipe, Run,
};
use steps::Steps;

pub(super) fn run(command: &MachineCommand) -> Result<Exit> {
    runtime::start()?.block_on(async {
        match command {
            MachineCommand::Build(arguments) => build(arguments).await,
            MachineCommand::Pull { reference } => pull(reference).await,
            MachineCommand::List => list().await,
        }
    })
}

impl From<MachineSource> for EngineSource {
    fn from(source: MachineSource) -> Self {
        match source {
            MachineSource::Debian => Self::Debian,
            MachineSource::Packages => Self::Packages,
            MachineSource::Image => Self::Image,
        }
    }
}

async fn build(arguments: &MachineBuildArguments) -> Result<Exit> {
    let source = arguments.from.map(EngineSource::from);
    let recipe = Recipe::find(&arguments.version, source);
    let recipe = recipe.map_err(|error| Usage(error.to_string()))?;
    let engine = Engine::connect().await?;
    if !arguments.fresh
        && let (ImageState::Current, version) = machine::image_state(&engine, &recipe).await?
    {
        let version = version.unwrap_or_default();
        crate::outln!(
            "{} is up to date: Docker Engine {version}",
            recipe.reference()
        );
        return Ok(Exit::Holds);
    }
    if !recipe.source().is_tried() {
        crate::errln!(
            "warning: made from {recipe}: what this does is written after Docker's documentation alone"
        );
    }
    let run = Run::begin(&engine).await?;
    let mut interrupts = Interrupts::listen()?;
    let steps = Steps::new(&recipe.reference());
    let tell = |step: &str| steps.tell(step);
    let options = MachineOptions {
        runtime: arguments.start.runtime(),
        ..MachineOptions::default()
    };
    let built = {
        let work = run.build(&recipe, &options, arguments.mirror.as_deref(), &tell);
        tokio::select! {
            built = work => Some(built),
            () = interrupts.next() => None,
        }
    };
    steps.finish();
    if built.is_none() {
        crate::errln!("interrupted: removing what was built");
    }
    tokio::select! {
        ended = run.end() => ended?,
        () = interrupts.next() => {
            crate::errln!("interrupted again: `seaworthy clean` removes what is left");
            run.abandon();
            return Ok(Exit::Interrupted);
        }
    }
    let Some(built) = built else {
        return Ok(Exit::Interrupted);
    };
    tell_ready("built", &built?);
    Ok(Exit::Holds)
}

async fn pull(reference: &str) -> Result<Exit> {
    let engine = Engine::connect().await?;
    let mut interrupts = Interrupts::listen()?;
    let steps = Steps::new(reference);
    steps.tell("pulling");
    let pulled = tokio::select! {
        pulled = machine::pull(&engine, reference) => Some(pulled),
        () = interrupts.next() => None,
    };
    steps.finish();
    match pulled {
        Some(pulled) => tell_ready("pulled", &pulled?),
        None => return Ok(Exit::Interrupted),
    }
    Ok(Exit::Holds)
}

fn tell_ready(done: &str, image: &BuiltImage) {
    let BuiltImage { reference, engine } = image;
    crate::outln!("{done} {reference}: Docker Engine {engine}");
}

/// Prints the recipes that are known by their version, and the other machine images that the engine holds.
async fn list() -> Result<Exit> {
    let engine = Engine::connect().await?;
    let mut recipes = Recipe::of_debian();
    let known: Vec<_> = recipes.iter().map(Recipe::reference).collect();
    let held = engine
        .list_images(&format!("{}=machine", labels::CACHE))
        .await?;
    let others = held.iter().flat_map(|image| &image.repo_tags);
    for name in others.filter(|name| !known.contains(name)) {
        let version = name.rsplit(':').next().unwrap_or_default();
        // Machine images under names of somebody's own aren't what machines are started from.
        let recipe = Recipe::find(version, None).ok();
        recipes.extend(recipe.filter(|recipe| recipe.reference() == *name));
    }
    let mut rows = vec![["VERSION", "IMAGE", "STATE", "ENGINE", "MADE FROM"].map(str::to_owned)];
    for recipe in &recipes {
        let (state, version) = machine::image_state(&engine, recipe).await?;
        let state = match state {
            ImageState::Missing => "not there",
            ImageState::Current => "up to date",
            ImageState::Other => "made otherwise",
        };
        rows.push([
            recipe.version().to_owned(),
            recipe.reference(),
            state.to_owned(),
            version.unwrap_or_else(|| "-".to_owned()),
            recipe.to_string(),
        ]);
    }
    print_table(&rows);
    crate::outln!(
        "\nAny other version: `seaworthy machine build VERSION` takes the programs of docker:VERSION-dind, with \
         `--from packages`\nDocker's own packages. Neither was tried where Seaworthy is made."
    );
    Ok(Exit::Holds)
}

/// Prints rows as columns.
fn print_table<const N: usize>(rows: &[[String; N]]) {
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max();
    for row in rows {
        let cells = row.iter().enumerate();
        let cells = cells.map(|(at, cell)| format!("{cell:0$}", width(at).unwrap_or_default()));
        crate::outln!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
