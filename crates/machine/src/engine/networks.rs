//! Networks.

use super::api::{Network, NetworkConnectRequest, NetworkCreateRequest, NetworkInspect};
use super::{Engine, EngineError, if_there, labelled};
use bollard::query_parameters::{InspectNetworkOptions, ListNetworksOptionsBuilder};

impl Engine {
    /// Makes a network; its id. `doing` is what a failure says was being done.
    pub async fn create_network(
        &self,
        doing: &str,
        request: NetworkCreateRequest,
    ) -> Result<String, EngineError> {
        let created = self.docker().create_network(request).await;
        Ok(created.map_err(|error| EngineError::of(doing, error))?.id)
    }

    /// The network of that name or id, if it is there.
    pub async fn network(
        &self,
        doing: &str,
        network: &str,
    ) -> Result<Option<NetworkInspect>, EngineError> {
        let found = self
            .docker()
            .inspect_network(network, None::<InspectNetworkOptions>)
            .await;
        if_there(found.map_err(|error| EngineError::of(doing, error)))
    }

    /// The networks that bear a label (a name, or `name=value`), or with `None` all.
    pub async fn list_networks(&self, label: Option<&str>) -> Result<Vec<Network>, EngineError> {
        let mut options = ListNetworksOptionsBuilder::new();
        if let Some(label) = label {
            options = options.filters(&labelled(label));
        }
        let listed = self.docker().list_networks(Some(options.build())).await;
        listed.map_err(|error| EngineError::of("listing networks", error))
    }

    /// Connects a container to a network.
    pub async fn connect_network(
        &self,
        doing: &str,
        network: &str,
        request: NetworkConnectRequest,
    ) -> Result<(), EngineError> {
        let connected = self.docker().connect_network(network, request).await;
        connected.map_err(|error| EngineError::of(doing, error))
    }

    /// Removes a network. One that is gone is well.
    pub async fn remove_network(&self, network: &str) -> Result<(), EngineError> {
        let removed = self.docker().remove_network(network).await;
        let removed = removed.map_err(|error| EngineError::of("removing a network", error));
        if_there(removed).map(Option::unwrap_or_default)
    }
}
