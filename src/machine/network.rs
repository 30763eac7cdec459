//! The network on the outer engine that the machines of a run stand on: a /24 of 10.213.0.0/16, an unusual range, so
//! that the networks inside machines can be 172.17, 172.18 … as in every manual.

use super::MachineError;
use crate::engine::{Engine, EngineError};
use bollard::models::{Ipam, IpamConfig, NetworkCreateRequest};
use bollard::query_parameters::ListNetworksOptions;
use std::collections::HashMap;
use std::net::Ipv4Addr;

/// Makes a network with the first subnet that nothing else on the engine overlaps with. Returns its id.
pub(super) async fn create(
    engine: &Engine,
    name: &str,
    labels: HashMap<String, String>,
) -> Result<String, MachineError> {
    let listed = engine
        .docker()
        .list_networks(None::<ListNetworksOptions>)
        .await;
    let listed = listed.map_err(|error| EngineError::of("listing the networks", error))?;
    let taken: Vec<String> = listed
        .into_iter()
        .filter_map(|network| network.ipam?.config)
        .flatten()
        .filter_map(|config| config.subnet)
        .collect();
    for third in free(&taken) {
        let request = NetworkCreateRequest {
            name: name.to_owned(),
            driver: Some("bridge".to_owned()),
            ipam: Some(Ipam {
                config: Some(vec![IpamConfig {
                    subnet: Some(format!("10.213.{third}.0/24")),
                    ..Default::default()
                }]),
                ..Default::default()
            }),
            labels: Some(labels.clone()),
            ..Default::default()
        };
        let created = engine.docker().create_network(request).await;
        match created.map_err(|error| EngineError::of("making the machines' network", error)) {
            Ok(network) => return Ok(network.id),
            // Another run was quicker.
            Err(EngineError::Refused { message, .. })
                if message.to_lowercase().contains("overlap") => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(MachineError::NoSubnet)
}

/// The n for which 10.213.n.0/24 overlaps with none of the subnets (in CIDR notation; others than IPv4 don't count).
fn free(taken: &[String]) -> impl Iterator<Item = u8> {
    let taken: Vec<(u32, u32)> = taken.iter().filter_map(|subnet| range(subnet)).collect();
    (0..=255u8).filter(move |third| {
        let first = u32::from(Ipv4Addr::new(10, 213, *third, 0));
        !taken
            .iter()
            .any(|(from, to)| *from <= first + 255 && first <= *to)
    })
}

/// The first and last address of an IPv4 subnet.
fn range(subnet: &str) -> Option<(u32, u32)> {
    let (address, length) = subnet.split_once('/')?;
    let address = u32::from(address.parse::<Ipv4Addr>().ok()?);
    let length: u32 = length.parse().ok().filter(|length| *length <= 32)?;
    let hosts = u32::MAX.checked_shr(length).unwrap_or(0);
    Some((address & !hosts, address | hosts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subnets_that_are_free() {
        let first =
            |taken: &[&str]| free(&taken.iter().map(|s| s.to_string()).collect::<Vec<_>>()).next();
        assert_eq!(first(&[]), Some(0));
        assert_eq!(
            first(&["172.17.0.0/16", "fd00::/64", "nonsense", "10.212.0.0/16"]),
            Some(0)
        );
        assert_eq!(first(&["10.213.0.0/24", "10.213.1.128/25"]), Some(2));
        assert_eq!(first(&["10.213.0.0/17"]), Some(128));
        assert_eq!(first(&["10.0.0.0/8"]), None);
        assert_eq!(first(&["0.0.0.0/0"]), None);
        assert_eq!(first(&["10.213.0.77/32"]), Some(1));
    }
}
