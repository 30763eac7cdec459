//! What runs on an engine, for a picture.

use futures_util::{StreamExt, TryStreamExt, stream};
use seaworthy_machine::engine::{Address, Endpoint, Engine, EngineError};
use seaworthy_network::{ActualMachine, Diagram};
use seaworthy_runner::engine_state;
use serde_json::Value;

use crate::commands::runtime;
use crate::error::{Explain, Result, Usage};

/// The label by which Compose marks the containers of a project.
const PROJECT: &str = "com.docker.compose.project";
/// How many containers are asked for at a time.
const AT_A_TIME: usize = 8;

/// The running containers and their networks, of the engine at `address` (nothing: Docker's current one), and of one
/// Compose project or of all.
pub(super) fn read(address: &str, project: Option<&str>) -> Result<Diagram> {
    let machine = runtime::start()?.block_on(machine(address, project))?;
    let drawn = Diagram::of_engine(&machine, project);
    Ok(drawn.ok_or_else(|| nothing_runs(project))?)
}

fn nothing_runs(project: Option<&str>) -> Usage {
    Usage(match project {
        Some(project) => format!(
            "no container of the project `{project}` runs on this engine: `docker compose ls` lists its projects"
        ),
        None => "no container runs on this engine: there is nothing to draw".to_owned(),
    })
}

async fn machine(address: &str, project: Option<&str>) -> Result<ActualMachine> {
    let engine = match address {
        "" => Engine::connect().await?,
        address => Engine::connect_to(Endpoint::named(address)?).await?,
    };
    let label = project.map(|project| format!("{PROJECT}={project}"));
    let running = engine.running_containers(label.as_deref()).await?;
    let ids = running.into_iter().filter_map(|container| container.id);
    let containers: Vec<Value> = stream::iter(ids)
        .map(|id| inspect(&engine, id))
        .buffered(AT_A_TIME)
        .try_filter_map(|found| std::future::ready(Ok(found)))
        .try_collect()
        .await?;
    let networks = engine.list_networks(None).await?;
    let networks = networks.iter().map(serde_json::to_value);
    let networks = networks.collect::<Result<Vec<_>, _>>();
    let networks =
        networks.or_system(|| "can't read what the engine says of networks".to_owned())?;
    let name = name(&engine).await?;
    Ok(engine_state(
        &name,
        &engine.version().engine,
        &networks,
        &containers,
    ))
}

/// What the engine knows of a container; nothing if it is gone meanwhile.
async fn inspect(engine: &Engine, id: String) -> Result<Option<Value>> {
    let found = match engine
        .inspect_container("inspecting a container", &id)
        .await
    {
        Ok(found) => found,
        Err(EngineError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let value = serde_json::to_value(found);
    Ok(Some(value.or_system(|| {
        "can't read what the engine says of a container".to_owned()
    })?))
}

/// What the engine's computer is called.
async fn name(engine: &Engine) -> Result<String> {
    let info = engine.info("asking for its name").await?;
    let named = info.name.filter(|name| !name.is_empty());
    Ok(named.unwrap_or_else(|| match &engine.endpoint().address {
        Address::Unix(_) => "Docker host".to_owned(),
        elsewhere => elsewhere.to_string(),
    }))
}
