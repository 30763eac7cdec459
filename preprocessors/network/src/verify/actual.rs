//! What engines tell: the parts of `docker inspect` that a picture can be compared with.

/// The engines of a page, each in its machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActualState {
    /// The machines. With a single one, its name doesn't matter.
    pub machines: Vec<ActualMachine>,
}

/// One machine and its engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActualMachine {
    /// The machine's name; the picture's host has the same.
    pub name: String,
    /// The version of its engine, as that tells it (`28.5.2`); nothing if it isn't known.
    pub engine: String,
    /// All networks, those of the engine itself (`bridge`, `host`, `none`) among them.
    pub networks: Vec<ActualNetwork>,
    /// All containers, stopped ones too.
    pub containers: Vec<ActualContainer>,
}

/// A network, as `docker network inspect` tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActualNetwork {
    /// `Name`.
    pub name: String,
    /// The label `com.docker.compose.network`, if Compose made it.
    pub compose_name: Option<String>,
    /// The label `com.docker.compose.project`, if Compose made it.
    pub compose_project: Option<String>,
    /// `Driver`.
    pub driver: String,
    /// `Internal`.
    pub internal: bool,
    /// `IPAM.Config[].Subnet`.
    pub subnets: Vec<String>,
    /// `EnableIPv4`, which engines before 28 don't tell: there it is so.
    pub ipv4: bool,
    /// `EnableIPv6`.
    pub ipv6: bool,
    /// `Options`, those of the driver.
    pub options: Vec<(String, String)>,
}

/// A container, as `docker container inspect` tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActualContainer {
    /// `Id`, in full.
    pub id: String,
    /// `Name`, without the slash.
    pub name: String,
    /// The label `com.docker.compose.service`, if Compose made it.
    pub compose_service: Option<String>,
    /// The label `com.docker.compose.project`, if Compose made it.
    pub compose_project: Option<String>,
    /// `State.Running`.
    pub running: bool,
    /// `HostConfig.NetworkMode`: `host`, `none`, `container:ID`, or a network.
    pub network_mode: String,
    /// `NetworkSettings.Networks`.
    pub endpoints: Vec<ActualEndpoint>,
    /// `NetworkSettings.Ports`, one entry for each port of the host.
    pub ports: Vec<ActualPort>,
}

/// A container's place on a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActualEndpoint {
    /// The network's `Name`.
    pub network: String,
    /// `IPAddress` and `GlobalIPv6Address`, where they aren't empty.
    pub addresses: Vec<String>,
    /// `Aliases` (and `DNSNames`, where the engine tells them).
    pub aliases: Vec<String>,
}

/// A published port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActualPort {
    /// `HostIp`; nothing, `0.0.0.0` and `::` mean all addresses.
    pub host_ip: String,
    /// `HostPort`.
    pub host_port: u16,
    /// The container's port.
    pub container_port: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}
