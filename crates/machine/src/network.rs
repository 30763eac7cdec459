//! The networks on the outer engine that machines stand on: each page's machines have one to themselves, so that no
//! page reaches another's. Enter with [`Networks::take`].
//!
//! A network is a /24, as learners have one at home, out of unusual ranges, so that the networks inside machines can be
//! 172.17, 172.18 … as in every manual. When a page ends, its network is empty again and serves the run's next page:
//! making and removing one costs more than a third of a second.

use super::MachineError;
use super::ranges::{Ranges, range};
use crate::engine::api::{Ipam, IpamConfig, NetworkCreateRequest};
use crate::engine::{Engine, EngineError};
use std::collections::HashMap;
use std::net::Ipv4Addr;
use tokio::sync::Mutex;

/// A network of machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Network {
    /// Its id on the outer engine.
    pub(super) id: String,
    /// Its subnet, in CIDR notation.
    subnet: String,
    /// Whether there is a way out.
    pub(super) internet: bool,
    /// Whether the engine's computer can't be reached on it: see [`seal`](super::seal).
    pub(super) sealed: bool,
}

impl Network {
    /// The engine's name for its bridge.
    pub(super) fn bridge(&self) -> String {
        let id: String = self.id.chars().take(12).collect();
        format!("br-{id}")
    }

    /// The last address that a container can have; the engine gives them out from the first on.
    pub(super) fn last_address(&self) -> Ipv4Addr {
        let (_, broadcast) = range(&self.subnet).unwrap_or_default();
        Ipv4Addr::from(broadcast.saturating_sub(1))
    }
}

/// The networks of a run.
#[derive(Debug, Default)]
pub(super) struct Networks {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Those that no page uses now.
    idle: Vec<Network>,
    /// How many were made.
    made: usize,
}

impl Networks {
    /// A network that no one else stands on: one that is idle, or a new one. `run` names it, `labels` mark it.
    pub(super) async fn take(
        &self,
        engine: &Engine,
        run: &str,
        labels: &HashMap<String, String>,
        internet: bool,
    ) -> Result<Network, MachineError> {
        while let Some(network) = self.idle(internet).await {
            // Empty networks go when someone says `docker network prune`.
            if exists(engine, &network.id).await? {
                return Ok(network);
            }
        }
        let name = {
            let mut state = self.state.lock().await;
            state.made += 1;
            format!("seaworthy-{run}-{}", state.made)
        };
        create(engine, &name, labels, internet).await
    }

    async fn idle(&self, internet: bool) -> Option<Network> {
        let idle = &mut self.state.lock().await.idle;
        let index = idle.iter().position(|one| one.internet == internet)?;
        Some(idle.swap_remove(index))
    }

    /// Gives back a network on which no container stands any more.
    pub(super) async fn give_back(&self, network: Network) {
        self.state.lock().await.idle.push(network);
    }
}

async fn exists(engine: &Engine, id: &str) -> Result<bool, EngineError> {
    let found = engine
        .network("looking at the machines' network", id)
        .await?;
    Ok(found.is_some())
}

/// Makes a network with the first subnet that nothing else overlaps with.
async fn create(
    engine: &Engine,
    name: &str,
    labels: &HashMap<String, String>,
    internet: bool,
) -> Result<Network, MachineError> {
    let listed = engine.list_networks(None).await?;
    let networks = listed
        .into_iter()
        .filter_map(|network| network.ipam?.config)
        .flatten()
        .filter_map(|config| config.subnet);
    let mut ranges = Ranges::default();
    for subnet in networks {
        ranges.taken(&subnet);
    }
    ranges.routes_of(&engine.endpoint().address);
    for subnet in ranges.free() {
        let request = request(name, &subnet, labels, internet);
        match engine
            .create_network("making the machines' network", request)
            .await
        {
            Ok(id) => {
                return Ok(Network {
                    id,
                    subnet,
                    internet,
                    sealed: false,
                });
            }
            // Another run was quicker.
            Err(EngineError::Refused { message, .. })
                if message.to_lowercase().contains("overlap") => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(MachineError::NoSubnet)
}

fn request(
    name: &str,
    subnet: &str,
    labels: &HashMap<String, String>,
    internet: bool,
) -> NetworkCreateRequest {
    let option = |name: &str| (format!("com.docker.network.bridge.{name}"), "true".into());
    NetworkCreateRequest {
        name: name.to_owned(),
        driver: Some("bridge".to_owned()),
        ipam: Some(Ipam {
            config: Some(vec![IpamConfig {
                subnet: Some(subnet.to_owned()),
                ..Default::default()
            }]),
            ..Default::default()
        }),
        labels: Some(labels.clone()),
        internal: Some(!internet),
        // Without a way out the engine's computer isn't to be reached either: its end of the network has no address.
        options: (!internet).then(|| HashMap::from([option("inhibit_ipv4")])),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_address() {
        let network = Network {
            id: String::new(),
            subnet: "10.213.7.0/24".to_owned(),
            internet: true,
            sealed: false,
        };
        assert_eq!(network.last_address(), Ipv4Addr::new(10, 213, 7, 254));
    }

    #[test]
    fn with_and_without_a_way_out() {
        let labels = HashMap::from([("seaworthy.run".to_owned(), "1".to_owned())]);
        let open = request("n", "10.213.0.0/24", &labels, true);
        assert_eq!((open.internal, open.options), (Some(false), None));
        assert_eq!(open.labels, Some(labels.clone()));
        let closed = request("n", "10.213.0.0/24", &labels, false);
        assert_eq!(closed.internal, Some(true));
        assert_eq!(
            closed.options.unwrap()["com.docker.network.bridge.inhibit_ipv4"],
            "true"
        );
    }
}
