//! The machines of one page, on a network that no other page reaches. Enter with [`Machines::start`].

use super::container::Machine;
use super::network::Network;
use super::run::Shared;
use super::{HOME, MachineError, MachineOptions, Run};
use futures_util::future::join_all;
use std::fmt;
use std::sync::Arc;

/// The machines of a page: at least one. They go with [`Machines::remove`], or at the end of their run.
#[derive(Debug)]
pub struct Machines {
    run: Arc<Shared>,
    network: Network,
    machines: Vec<Machine>,
}

impl Machines {
    /// Starts a machine for each name, all at the same time, and waits until their engines answer. They stand on a
    /// network of their own, where they reach each other by name and address; it is `eth0` inside each. The first
    /// error ends it, and those that had started are removed.
    ///
    /// # Panics
    /// Without a name, and with one twice: the page is to be refused before.
    pub async fn start(
        run: &Run,
        names: &[String],
        options: &MachineOptions,
    ) -> Result<Machines, MachineError> {
        let distinct = names
            .iter()
            .enumerate()
            .all(|(index, name)| !names[..index].contains(name));
        assert!(
            distinct && !names.is_empty(),
            "the names of machines: {names:?}"
        );
        let mut network = run.network(options.internet).await?;
        let starts = names
            .iter()
            .map(|name| Machine::start(run, name, &network, options));
        // The mirror comes with the run's first machines, and is up before they are.
        let mirror = run.join_mirror(&network, &options.image);
        let sealed = run.seal(&network, &options.image);
        let (mirror, sealed, started) = tokio::join!(mirror, sealed, join_all(starts));
        network.sealed = network.sealed || sealed.is_ok();
        let (mut machines, mut trouble) = (Vec::new(), None);
        for started in started {
            match started {
                Ok(machine) => machines.push(machine),
                Err(error) => trouble = trouble.or(Some(error)),
            }
        }
        let machines = Machines {
            run: run.shared().clone(),
            network,
            machines,
        };
        let Some(error) = trouble.or(mirror.err()).or(sealed.err()) else {
            return Ok(machines);
        };
        // What can't be removed now, the end of the run removes, or says why it can't.
        let _ = machines.remove().await;
        Err(error)
    }

    /// The machine of a name.
    pub fn get(&self, name: &str) -> Option<&Machine> {
        self.machines.iter().find(|machine| machine.name() == name)
    }

    /// All of them, in the order of their names at the start.
    pub fn all(&self) -> &[Machine] {
        &self.machines
    }

    /// Removes the machines with all that is in them, at once. Their network, empty again, serves the run's next page
    /// and goes with the run. Machines that are gone already are well.
    pub async fn remove(self) -> Result<(), MachineError> {
        let removed = join_all(self.machines.iter().map(Machine::remove)).await;
        for outcome in removed {
            outcome?;
        }
        self.run.give_back(self.network).await;
        Ok(())
    }

    /// Leaves the machines up when their run ends, for someone to look into.
    #[must_use]
    pub fn keep(self) -> Kept {
        let containers: Vec<_> = self
            .machines
            .iter()
            .map(|m| m.container().to_owned())
            .collect();
        let ids = containers.iter().cloned().chain([self.network.id.clone()]);
        self.run.keep(ids);
        let machines = self
            .machines
            .iter()
            .map(|m| (m.name().to_owned(), short(m.container())));
        Kept {
            machines: machines.collect(),
            network: short(&self.network.id),
        }
    }
}

/// Machines that stay up. Displayed, it says how to enter them and how to remove them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The name of each machine, and the id of its container.
    pub machines: Vec<(String, String)>,
    /// The id of their network.
    pub network: String,
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, id) in &self.machines {
            writeln!(f, "enter {name}: docker exec -it -w {HOME} {id} bash")?;
        }
        let ids: Vec<_> = self.machines.iter().map(|(_, id)| id.as_str()).collect();
        let (ids, network) = (ids.join(" "), &self.network);
        write!(
            f,
            "remove: docker rm -fv {ids} && docker network rm {network} (or `seaworthy clean`)"
        )
    }
}

/// As the engine abbreviates ids.
fn short(id: &str) -> String {
    id.chars().take(12).collect()
}
