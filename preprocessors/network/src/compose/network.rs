//! The top level's `networks`. Enter at [`read_all`].

use seaworthy_blocks::{Fault, FaultCode};
use seaworthy_words::Subnet;

use super::Text;
use super::fields::{entries, flag, key_text, pairs, text};
use super::keys::{self, Level};
use crate::project::unset;
use crate::yaml::{Node, Value};

/// A network, as it is declared.
#[derive(Debug)]
pub(crate) struct NetworkDecl {
    pub(crate) name: Text,
    /// `name:`, the engine's name for it.
    pub(crate) real_name: Option<String>,
    pub(crate) driver: Option<Text>,
    pub(crate) subnets: Vec<Subnet>,
    pub(crate) internal: bool,
    pub(crate) external: bool,
    /// `enable_ipv4: false`, as engines from 28 on know it.
    pub(crate) ipv4: bool,
    /// `enable_ipv6`.
    pub(crate) ipv6: bool,
    /// `driver_opts`.
    pub(crate) options: Vec<(String, String)>,
    /// A subnet depends on a variable that isn't set.
    pub(crate) subnet_unknown: bool,
    /// The driver, or what the network is, depends on a variable that isn't set.
    pub(crate) kind_unknown: bool,
}

/// Reads `networks:`; a network's value may be missing altogether.
pub(crate) fn read_all(node: &Node, faults: &mut Vec<Fault>) -> Vec<NetworkDecl> {
    entries(node, "`networks`", faults)
        .into_iter()
        .map(|(key, node)| read(key_text(key), node, faults))
        .collect()
}

fn read(name: Text, node: &Node, faults: &mut Vec<Fault>) -> NetworkDecl {
    let mut network = NetworkDecl {
        name,
        real_name: None,
        driver: None,
        subnets: Vec::new(),
        internal: false,
        external: false,
        ipv4: true,
        ipv6: false,
        options: Vec::new(),
        subnet_unknown: false,
        kind_unknown: false,
    };
    let mut flags_known = true;
    let mut flag = |node: &Node, what: &str, usual: bool, faults: &mut Vec<Fault>| {
        let said = flag(node, what, faults);
        flags_known &= said.is_some();
        said.unwrap_or(usual)
    };
    let what = format!("the network `{}`", network.name.value);
    for (key, node) in entries(node, &what, faults) {
        match key.name.as_str() {
            "name" => network.real_name = text(node, "`name`", faults).map(|t| t.value),
            "driver" => network.driver = text(node, "`driver`", faults),
            "internal" => network.internal = flag(node, "`internal`", false, faults),
            "external" => match &node.value {
                // The old form names the network below `external`.
                Value::Map(_) => {
                    network.external = true;
                    for (key, node) in entries(node, "`external`", faults) {
                        if key.name == "name" {
                            network.real_name = text(node, "`name`", faults).map(|t| t.value);
                        }
                    }
                }
                _ => network.external = flag(node, "`external`", false, faults),
            },
            "enable_ipv4" => network.ipv4 = flag(node, "`enable_ipv4`", true, faults),
            "enable_ipv6" => network.ipv6 = flag(node, "`enable_ipv6`", false, faults),
            "driver_opts" => network.options = pairs(node, "`driver_opts`", faults),
            "ipam" => read_ipam(node, &mut network, faults),
            _ => keys::check(key, Level::Network, faults),
        }
    }
    let named = |name: &Option<Text>| name.as_ref().is_some_and(|n| unset(&n.value).is_some());
    network.kind_unknown = !flags_known || named(&network.driver);
    if named(&network.driver) {
        network.driver = None;
    }
    network.real_name = network.real_name.filter(|name| unset(name).is_none());
    network
}

fn read_ipam(node: &Node, network: &mut NetworkDecl, faults: &mut Vec<Fault>) {
    for (key, node) in entries(node, "`ipam`", faults) {
        if key.name == "config" {
            match &node.value {
                Value::Seq(pools) => {
                    for pool in pools {
                        read_pool(pool, network, faults);
                    }
                }
                Value::Null => {}
                _ => faults.push(
                    Fault::error(
                        FaultCode::InvalidCompose,
                        node.span.clone(),
                        format!("`config` must be a list, not {}", node.kind()),
                    )
                    .help("write `config: [{subnet: 172.30.0.0/24}]`"),
                ),
            }
        }
    }
}

fn read_pool(pool: &Node, network: &mut NetworkDecl, faults: &mut Vec<Fault>) {
    for (key, node) in entries(pool, "a pool of `ipam`", faults) {
        if key.name != "subnet" {
            continue;
        }
        let Some(text) = text(node, "`subnet`", faults) else {
            continue;
        };
        match text.value.parse::<Subnet>() {
            Ok(subnet) => network.subnets.push(subnet),
            Err(_) if unset(&text.value).is_some() => network.subnet_unknown = true,
            Err(reason) => faults.push(
                Fault::error(
                    FaultCode::InvalidSubnet,
                    text.span,
                    format!("`{}` is not a subnet: {reason}", text.value),
                )
                .help("a subnet is an address and the length of its prefix: 172.30.0.0/24"),
            ),
        }
    }
}
