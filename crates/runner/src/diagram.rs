//! Compares a diagram with the engines of the page's machines.

use seaworthy_network::{
    ActualContainer, ActualEndpoint, ActualMachine, ActualNetwork, ActualPort, ActualState, verify,
};
use seaworthy_page::{DiagramStep, Page};
use seaworthy_report::{self as report, Status};
use serde_json::Value;

use crate::error::{AnswerError, PageError, Trouble};
use crate::host::{Host, PageMachine};

/// Prints all networks and all containers, each list as one JSON array.
const LOOK: &str = "docker network inspect $(docker network ls -q) && \
    containers=$(docker ps -aq) && if [ \"$containers\" ]; then docker container inspect $containers; else echo []; fi";

/// Compares `step` with what the engines of `machines` look like now.
pub(super) async fn compare<H: Host>(
    machines: &[H::Machine],
    page: &Page,
    step: &DiagramStep,
) -> Result<report::Diagram, Trouble<H>> {
    let mut actual = ActualState {
        machines: Vec::new(),
    };
    for machine in machines {
        actual.machines.push(look::<H>(machine).await?);
    }
    let differences = verify(&step.diagram.expectations(), &actual);
    let status = if differences.is_empty() {
        Status::Passed
    } else {
        Status::Failed
    };
    let differences = differences.iter().map(ToString::to_string).collect();
    Ok(blank(page, step, status, differences))
}

/// The report of a diagram.
pub(super) fn blank(
    page: &Page,
    step: &DiagramStep,
    status: Status,
    differences: Vec<String>,
) -> report::Diagram {
    let place = &step.place;
    report::Diagram {
        id: step.id.clone(),
        fingerprint: step.fingerprint.clone(),
        file: (place.file != page.file).then(|| place.file.clone()),
        line: place.line,
        // Known when it is told.
        turn: 0,
        status,
        differences,
    }
}

async fn look<H: Host>(machine: &H::Machine) -> Result<ActualMachine, Trouble<H>> {
    let ran = machine.run(&["sh", "-c", LOOK], Vec::new()).await;
    let ran = ran.map_err(PageError::Host)?;
    if ran.exit != 0 {
        return Err(PageError::NotAsked {
            said: ran.complaint,
        });
    }
    let read = read(machine.name(), &machine.engine().version, &ran.stdout);
    read.map_err(|source| PageError::Unread { source })
}

/// What an engine's networks and containers are, as its API tells of them: the objects that `docker network inspect` and
/// `docker container inspect` print. `name` is the machine's, `engine` the engine's version.
#[must_use]
pub fn engine_state(
    name: &str,
    engine: &str,
    networks: &[Value],
    containers: &[Value],
) -> ActualMachine {
    ActualMachine {
        name: name.to_owned(),
        engine: engine.to_owned(),
        networks: networks.iter().map(network).collect(),
        containers: containers.iter().map(container).collect(),
    }
}

/// Reads the answers of `docker network inspect` and `docker container inspect`.
fn read(name: &str, engine: &str, answers: &[u8]) -> Result<ActualMachine, AnswerError> {
    let mut answers = serde_json::Deserializer::from_slice(answers).into_iter::<Vec<Value>>();
    let mut next = || answers.next().ok_or(AnswerError::Missing);
    let (networks, containers) = (next()??, next()??);
    Ok(engine_state(name, engine, &networks, &containers))
}

fn network(value: &Value) -> ActualNetwork {
    ActualNetwork {
        name: text(&value["Name"]),
        compose_name: optional(&value["Labels"]["com.docker.compose.network"]),
        compose_project: optional(&value["Labels"]["com.docker.compose.project"]),
        driver: text(&value["Driver"]),
        internal: value["Internal"].as_bool().unwrap_or_default(),
        subnets: list(&value["IPAM"]["Config"])
            .map(|config| text(&config["Subnet"]))
            .collect(),
        ipv4: value["EnableIPv4"].as_bool().unwrap_or(true),
        ipv6: value["EnableIPv6"].as_bool().unwrap_or_default(),
        options: map(&value["Options"])
            .map(|(name, value)| (name.to_owned(), text(value)))
            .collect(),
    }
}

fn container(value: &Value) -> ActualContainer {
    let settings = &value["NetworkSettings"];
    ActualContainer {
        id: text(&value["Id"]),
        name: text(&value["Name"]).trim_start_matches('/').to_owned(),
        compose_service: optional(&value["Config"]["Labels"]["com.docker.compose.service"]),
        compose_project: optional(&value["Config"]["Labels"]["com.docker.compose.project"]),
        running: value["State"]["Running"].as_bool().unwrap_or_default(),
        network_mode: text(&value["HostConfig"]["NetworkMode"]),
        endpoints: map(&settings["Networks"])
            .map(|(network, value)| endpoint(network, value))
            .collect(),
        ports: map(&settings["Ports"])
            .flat_map(|(port, bindings)| list(bindings).filter_map(|b| published(port, b)))
            .collect(),
    }
}

fn endpoint(network: &str, value: &Value) -> ActualEndpoint {
    let addresses = [&value["IPAddress"], &value["GlobalIPv6Address"]];
    let aliases = list(&value["Aliases"]).chain(list(&value["DNSNames"]));
    ActualEndpoint {
        network: network.to_owned(),
        addresses: addresses.into_iter().filter_map(optional).collect(),
        aliases: aliases.map(text).collect(),
    }
}

/// A binding of the container's `port`, such as `80/tcp`.
fn published(port: &str, binding: &Value) -> Option<ActualPort> {
    let (container_port, protocol) = port.split_once('/')?;
    Some(ActualPort {
        host_ip: text(&binding["HostIp"]),
        host_port: text(&binding["HostPort"]).parse().ok()?,
        container_port: container_port.parse().ok()?,
        protocol: protocol.to_owned(),
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The text, unless it is empty or missing.
fn optional(value: &Value) -> Option<String> {
    Some(text(value)).filter(|text| !text.is_empty())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn map(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let entries = value.as_object().into_iter().flatten();
    entries.map(|(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_engine_tells() {
        let answers = r#"[{"Name":"front","Driver":"bridge","Internal":true,"Labels":{},
            "IPAM":{"Config":[{"Subnet":"172.18.0.0/16"}]}}]
            [{"Id":"3f","Name":"/web","State":{"Running":true},"HostConfig":{"NetworkMode":"front"},
            "Config":{"Labels":null},"NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}],"443/tcp":null},
            "Networks":{"front":{"IPAddress":"172.18.0.2","GlobalIPv6Address":"","Aliases":["www"],"DNSNames":["web"]}}}}]"#;
        let machine = read("node-1", "28.5.2", answers.as_bytes()).unwrap();
        assert_eq!(machine.networks[0].subnets, ["172.18.0.0/16"]);
        assert!(machine.networks[0].internal);
        let web = &machine.containers[0];
        assert_eq!((web.name.as_str(), web.running), ("web", true));
        assert_eq!(web.endpoints[0].addresses, ["172.18.0.2"]);
        assert_eq!(web.endpoints[0].aliases, ["www", "web"]);
        assert_eq!(web.ports.len(), 1);
        assert_eq!(
            (web.ports[0].host_port, web.ports[0].container_port),
            (8080, 80)
        );
        assert!(read("node-1", "28.5.2", b"[]").is_err());
    }

    /// Docker Engine 29 leaves the addresses at the top out, and tells the status of networks.
    #[test]
    fn what_engine_29_tells() {
        let answers = r#"[{"Name":"shop_front","Driver":"bridge","Internal":false,"Labels":{"com.docker.compose.network":"front",
            "com.docker.compose.project":"shop"},"IPAM":{"Config":[{"Subnet":"172.18.0.0/16","IPRange":"","Gateway":"172.18.0.1"}]},
            "Status":{"IPAM":{"Subnets":{"172.18.0.0/16":{"IPsInUse":3,"DynamicIPsAvailable":65533}}}}}]
            [{"Id":"3f","Name":"/shop-web-1","State":{"Running":true},"HostConfig":{"NetworkMode":"shop_front"},
            "Config":{"Labels":{"com.docker.compose.service":"web","com.docker.compose.project":"shop"}},
            "NetworkSettings":{"SandboxID":"1","SandboxKey":"2","Ports":{},
            "Networks":{"shop_front":{"IPAddress":"172.18.0.2","GlobalIPv6Address":"","Aliases":null,"DNSNames":["web"]}}}}]"#;
        let machine = read("node-1", "29.1.3", answers.as_bytes()).unwrap();
        let web = &machine.containers[0];
        assert_eq!(web.endpoints[0].addresses, ["172.18.0.2"]);
        assert_eq!(web.compose_service.as_deref(), Some("web"));
        assert_eq!(web.compose_project.as_deref(), Some("shop"));
        assert_eq!(machine.networks[0].compose_project.as_deref(), Some("shop"));
        assert_eq!(machine.networks[0].subnets, ["172.18.0.0/16"]);
    }
}
