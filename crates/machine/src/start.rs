//! Starting the container of a machine: with the few capabilities that a nested engine needs and no devices, or where
//! the engine refuses that, with `--privileged`.

use super::network::Network;
use super::{MachineError, MachineOptions, confinement, prepared};
use crate::engine::api::{
    ContainerCreateBody, EndpointSettings, HostConfig, HostConfigCgroupnsModeEnum,
    HostConfigLogConfig, NetworkingConfig, SystemInfo, SystemInfoCgroupDriverEnum,
    SystemInfoCgroupVersionEnum,
};
use crate::engine::{Engine, EngineError};
use std::collections::HashMap;
use std::fmt;

/// Where the inner engine keeps its images, containers and volumes.
const DATA_ROOT: &str = "/var/lib/docker";

/// An address at which there is no name server: one of those that are for documentation (RFC 5737).
const NO_NAME_SERVER: &str = "192.0.2.1";

/// What a machine may log. The outer engine keeps it on its disk.
const LOG: &str = "4m";
/// How the outer engine lets a machine run an engine of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartMode {
    /// A few added capabilities, no devices; with a filter of our own in place of the engine's confinement, which
    /// forbids to mount.
    Capabilities,
    /// `--privileged`: every capability and device of the engine's computer.
    Privileged,
}

impl fmt::Display for StartMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StartMode::Capabilities => "capabilities",
            StartMode::Privileged => "--privileged",
        })
    }
}

/// How the engine takes machines: the mode, and whether it is on cgroup v2.
pub(super) type Way = (StartMode, bool);

/// What a container of a machine is made from.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The machine's host name, by which the others on its network find it.
    pub(super) name: String,
    pub(super) options: MachineOptions,
    pub(super) labels: HashMap<String, String>,
    /// The network it stands on, if on any.
    pub(super) network: Option<Network>,
    pub(super) purpose: Purpose,
}

/// What a container of the machine image is for.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    /// A page.
    Page {
        /// The address of the registry mirror.
        mirror: String,
    },
    /// To make a prepared image of this volume, which machines are going to mount at this folder.
    Preparation {
        /// The name of the volume.
        volume: String,
        /// The folder.
        folder: String,
    },
    /// To see whether it starts.
    Trial,
}

impl Plan {
    /// The request for the engine. Nothing of the caller's computer goes in: no path, no environment.
    fn request(&self, mode: StartMode, cgroup_v2: bool) -> ContainerCreateBody {
        let options = &self.options;
        let bytes = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let mut host = HostConfig {
            memory: Some(bytes(options.memory)),
            // Memory and swap together: as much as memory means no swap.
            memory_swap: Some(bytes(options.memory)),
            pids_limit: Some(options.processes),
            // Else its groups would be seen with all above them, on cgroup v1 with what runs programs outside.
            cgroupns_mode: Some(HostConfigCgroupnsModeEnum::PRIVATE),
            runtime: options.runtime.clone(),
            log_config: Some(HostConfigLogConfig {
                typ: Some("json-file".to_owned()),
                config: Some(HashMap::from([("max-size".to_owned(), LOG.to_owned())])),
            }),
            ..Default::default()
        };
        let mut command = Vec::new();
        let mut say = |option: &str, value: String| command.extend([option.to_owned(), value]);
        if let Purpose::Preparation { volume, folder } = &self.purpose {
            host.mounts = Some(vec![prepared::data_root(volume, DATA_ROOT)]);
            say("--prepare", folder.clone());
        } else {
            let size = format!("exec,size={}", options.data_root);
            host.tmpfs = Some(HashMap::from([(DATA_ROOT.to_owned(), size)]));
        }
        if let Purpose::Page { mirror } = &self.purpose {
            say("--mirror", mirror.clone());
            if !options.images.is_empty() {
                host.mounts = Some(prepared::mounts(&options.images, &self.labels));
                say("--images", prepared::repositories(&options.images));
            }
        }
        let network = self
            .network
            .as_ref()
            .map_or("none", |network| network.id.as_str());
        host.network_mode = Some(network.to_owned());
        let internet = self.network.as_ref().is_none_or(|network| network.internet);
        if !internet {
            // Some engines ask name servers from outside the network, which would be a way out.
            host.dns = Some(vec![NO_NAME_SERVER.to_owned()]);
        }
        let all = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
        let filter = format!("seccomp={}", confinement::filter(cgroup_v2));
        host.security_opt = all(&[&filter, "apparmor=unconfined", "label=disable"]);
        match mode {
            StartMode::Capabilities => {
                host.cap_add = all(&confinement::CAPABILITIES);
                host.masked_paths = all(&confinement::MASKED);
                host.readonly_paths = Some(Vec::new());
            }
            StartMode::Privileged => host.privileged = Some(true),
        }
        ContainerCreateBody {
            image: Some(options.image.clone()),
            hostname: Some(self.name.clone()),
            networking_config: self.network.as_ref().map(|network| NetworkingConfig {
                endpoints_config: Some(HashMap::from([(
                    network.id.clone(),
                    EndpointSettings {
                        aliases: Some(vec![self.name.clone()]),
                        ..Default::default()
                    },
                )])),
            }),
            // What the machine image makes of it: names outside are refused at once.
            env: (!internet).then(|| vec!["SEAWORTHY_INTERNET=no".to_owned()]),
            labels: Some(self.labels.clone()),
            entrypoint: Some(match self.purpose {
                Purpose::Trial => confinement::trial(options),
                _ => confinement::machine(options),
            }),
            cmd: Some(command),
            host_config: Some(host),
            ..Default::default()
        }
    }

    /// Creates and starts the container in one mode. Returns its id; one that doesn't start is removed again.
    pub(super) async fn try_start(
        &self,
        engine: &Engine,
        (mode, cgroup_v2): Way,
    ) -> Result<String, MachineError> {
        let request = self.request(mode, cgroup_v2);
        let created = engine.create_container("creating a machine", request).await;
        let id = created.map_err(|error| not_created(error, &self.options))?;
        if let Err(error) = engine.start_container("starting a machine", &id).await {
            Box::pin(engine.remove_container(&id)).await?;
            return Err(error.into());
        }
        Ok(id)
    }

    /// Creates and starts the container in the first way that the engine accepts. Returns the container's id and the
    /// way.
    pub(super) async fn start(&self, engine: &Engine) -> Result<(String, Way), MachineError> {
        let info = engine.info("asking what the engine is").await?;
        let cgroup_v2 = info.cgroup_version == Some(SystemInfoCgroupVersionEnum::_2);
        if is_rootless(&info) && !hands_groups_on(&info) {
            return Err(MachineError::Rootless);
        }
        let capabilities = (StartMode::Capabilities, cgroup_v2);
        let capabilities = match self.try_start(engine, capabilities).await {
            Ok(id) => return Ok((id, capabilities)),
            Err(error) => refusal(error)?,
        };
        let privileged = (StartMode::Privileged, cgroup_v2);
        let privileged = match self.try_start(engine, privileged).await {
            Ok(id) => return Ok((id, privileged)),
            Err(error) => refusal(error)?,
        };
        Err(MachineError::Refused {
            privileged,
            capabilities,
        })
    }
}

/// Whether the engine runs without the rights of root.
fn is_rootless(info: &SystemInfo) -> bool {
    let options = info.security_options.iter().flatten();
    options.into_iter().any(|option| option == "name=rootless")
}

/// Whether containers of a rootless engine may make control groups, which an engine in a machine must. Version 1 knows no
/// delegation; on version 2 it comes from systemd, and without it the engine uses none.
/// <https://docs.docker.com/engine/security/rootless/tips/#limiting-resources>
fn hands_groups_on(info: &SystemInfo) -> bool {
    info.cgroup_version == Some(SystemInfoCgroupVersionEnum::_2)
        && info.cgroup_driver != Some(SystemInfoCgroupDriverEnum::NONE)
}

/// Why no machine of these options could be created.
fn not_created(error: EngineError, options: &MachineOptions) -> MachineError {
    match (error, &options.runtime) {
        // "unknown or invalid runtime name: NAME", or in older engines "Unknown runtime specified NAME".
        (EngineError::Refused { message, .. }, Some(runtime))
            if message.contains("runtime") && message.contains(runtime.as_str()) =>
        {
            MachineError::NoRuntime {
                runtime: runtime.clone(),
                why: message,
            }
        }
        (error, _) => no_image(error, &options.image),
    }
}

/// Why no container could be created of the machine image `image`.
pub(super) fn no_image(error: EngineError, image: &str) -> MachineError {
    match error {
        EngineError::NotFound { message, .. }
            if message.to_lowercase().contains("no such image") =>
        {
            MachineError::NoMachineImage {
                image: image.to_owned(),
            }
        }
        error => error.into(),
    }
}

/// The engine's words if it refused; any other trouble is passed on.
fn refusal(error: MachineError) -> Result<String, MachineError> {
    match error {
        // Full disks are no matter of modes.
        MachineError::Engine(EngineError::Refused { message, .. })
            if !message.contains("no space left on device") =>
        {
            Ok(message)
        }
        other => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rootless_engines() {
        let engine = |version, driver| SystemInfo {
            security_options: Some(vec![
                "name=seccomp,profile=default".into(),
                "name=rootless".into(),
            ]),
            cgroup_version: Some(version),
            cgroup_driver: Some(driver),
            ..Default::default()
        };
        use SystemInfoCgroupDriverEnum::{NONE, SYSTEMD};
        use SystemInfoCgroupVersionEnum::{_1, _2};
        for (version, driver, hands_on) in
            [(_1, NONE, false), (_2, NONE, false), (_2, SYSTEMD, true)]
        {
            let info = engine(version, driver);
            assert!(is_rootless(&info));
            assert_eq!(hands_groups_on(&info), hands_on, "{version} {driver}");
        }
        assert!(!is_rootless(&SystemInfo::default()));
    }

    #[test]
    fn nothing_of_the_caller_goes_in() {
        let plan = Plan {
            name: "docker-host".to_owned(),
            options: MachineOptions::default(),
            labels: HashMap::from([("seaworthy.run".to_owned(), "1".to_owned())]),
            network: None,
            purpose: Purpose::Page {
                mirror: "http://10.213.0.254:5000".to_owned(),
            },
        };
        for mode in [StartMode::Privileged, StartMode::Capabilities] {
            let request = plan.request(mode, false);
            let host = request.host_config.unwrap();
            assert_eq!(request.env, None);
            assert_eq!(
                (host.binds, host.mounts, host.volumes_from, host.devices),
                (None, None, None, None)
            );
            assert_eq!(host.memory, Some(2 << 30));
            assert_eq!(host.memory, host.memory_swap);
            assert_eq!(host.pids_limit, Some(1024));
            assert_eq!(
                host.tmpfs.unwrap()["/var/lib/docker"],
                format!("exec,size={}", 1u64 << 30)
            );
            assert_eq!(host.privileged.is_some(), mode == StartMode::Privileged);
            assert_eq!(host.cap_add.is_some(), mode == StartMode::Capabilities);
            assert_eq!(host.device_cgroup_rules, None);
            assert_eq!(
                host.cgroupns_mode,
                Some(HostConfigCgroupnsModeEnum::PRIVATE)
            );
            assert!(host.security_opt.unwrap()[0].starts_with("seccomp={\""));
        }
    }
}
