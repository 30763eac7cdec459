//! Compose's keys, and what to say of one that is nearly one of them. Enter at [`check`].

use seaworthy_blocks::{Fault, FaultCode};
use seaworthy_words::nearest;

use super::Author;
use crate::yaml::Key;

/// Where in a Compose file a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Top,
    Service,
    /// Below a service's `networks`.
    Join,
    /// Below a service's `ports`.
    Port,
    /// Below the top level's `networks`.
    Network,
}

impl Level {
    /// The keys that are drawn: only to these can a misspelt key have been meant to belong.
    fn drawn(self) -> &'static [&'static str] {
        match self {
            Level::Top => &["services", "networks"],
            Level::Service => &[
                "networks",
                "network_mode",
                "ports",
                "expose",
                "depends_on",
                "container_name",
                "extends",
                "profiles",
            ],
            Level::Join => &["aliases", "ipv4_address", "ipv6_address"],
            Level::Port => &["target", "published", "host_ip", "protocol", "mode"],
            Level::Network => &[
                "driver",
                "driver_opts",
                "enable_ipv4",
                "enable_ipv6",
                "ipam",
                "internal",
                "external",
                "name",
            ],
        }
    }

    /// Keys of Compose that come close to one of those and are right as they are.
    fn others(self) -> &'static [&'static str] {
        match self {
            Level::Top => &[
                "name", "version", "volumes", "configs", "secrets", "include", "models",
            ],
            Level::Service => &[
                "links",
                "expose",
                "external_links",
                "profiles",
                "provider",
                "dns",
                "deploy",
            ],
            Level::Join => &[
                "priority",
                "gw_priority",
                "mac_address",
                "link_local_ips",
                "driver_opts",
                "interface_name",
            ],
            Level::Port => &["name", "app_protocol"],
            Level::Network => &["attachable", "labels"],
        }
    }
}

/// Whether what stands at this key of a service is read.
pub(crate) fn is_drawn(key: &str) -> bool {
    Level::Service.drawn().contains(&key)
}

/// The `x-` keys that this crate reads.
const EXTENSIONS: [&str; 4] = ["x-hosts", "x-clients", "x-traffic", "x-docker"];

/// Warns about a key that is nearly a drawn one. All other keys are Compose's business.
pub(crate) fn check(key: &Key, level: Level, faults: &mut Vec<Fault>) {
    let name = key.name.as_str();
    if level.drawn().contains(&name) || level.others().contains(&name) || name.starts_with("x-") {
        return;
    }
    if let Some(meant) = nearest(name, level.drawn()) {
        faults.push(
            Fault::warning(
                FaultCode::NotDrawn,
                key.span.clone(),
                format!("`{name}` is not drawn: it isn't a key of Compose"),
            )
            .label(format!("did you mean `{meant}`?"))
            .help(format!("write `{meant}`, or remove the line")),
        );
    }
}

/// Reports an `x-` key that isn't ours.
pub(crate) fn check_extension(key: &Key, anchored: bool, author: Author, faults: &mut Vec<Fault>) {
    let known = "the keys that are read are `x-hosts`, `x-clients`, `x-traffic` and `x-docker`";
    if let Some(meant) = nearest(&key.name, &EXTENSIONS) {
        faults.push(
            Fault::error(
                FaultCode::UnknownKey,
                key.span.clone(),
                format!("unknown key `{}`", key.name),
            )
            .label(format!("did you mean `{meant}`?"))
            .help(known),
        );
    } else if anchored {
        // A fragment, there for `*its-anchor`: Compose's own idiom.
    } else if author == Author::Diagram {
        faults.push(
            Fault::error(
                FaultCode::UnknownKey,
                key.span.clone(),
                format!("unknown key `{}`", key.name),
            )
            .help(format!(
                "{known}; a fragment for reuse needs an anchor (`{}: &name`)",
                key.name
            )),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, nearest};

    #[test]
    fn slips_are_told_from_other_words() {
        for (name, meant) in [
            ("network", Some("networks")),
            ("netwroks", Some("networks")),
            ("port", Some("ports")),
            ("network-mode", Some("network_mode")),
            ("networkmode", Some("network_mode")),
            ("depend_on", Some("depends_on")),
            ("Ports", Some("ports")),
            ("image", None),
            ("command", None),
            ("volumes", None),
        ] {
            assert_eq!(nearest(name, Level::Service.drawn()), meant, "{name}");
        }
    }
}
