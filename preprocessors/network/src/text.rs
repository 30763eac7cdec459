//! The picture in words: a title, a description, and a text version that says all that it shows.
//!
//! Enter at [`title`], [`description`] and [`Outline::of`].

mod reach;

use std::fmt::Write as _;

use crate::changes::Changes;
use crate::compose::Published;
use crate::model::{Container, Interface, Model, Network, NetworkKind, Port, Stack};
use crate::reach::{Origin, Reach};
use crate::words::{self, list};

/// A title made from the content: `name:`, or who is in the picture.
pub(crate) fn title(model: &Model) -> String {
    if let Some(name) = model.name.as_deref().filter(|name| !name.trim().is_empty()) {
        return format!("Networks of {}", name.trim());
    }
    let names: Vec<&str> = model.containers.iter().map(|c| c.name.as_str()).collect();
    let who = match names.len() {
        1..=4 => list(&names, "and"),
        many => format!("{many} containers"),
    };
    let networks: Vec<&str> = model.networks.iter().map(|n| n.name.as_str()).collect();
    match networks.len() {
        0 => who,
        1 => format!("{who} on the network {}", networks[0]),
        2..=3 => format!("{who} on the networks {}", list(&networks, "and")),
        many => format!("{who} on {many} networks"),
    }
}

/// One paragraph that says what matters most: who is where, who is kept apart, where the outside
/// comes in, and that there are numbered steps.
pub(crate) fn description(model: &Model) -> String {
    if let Some(changes) = &model.changes {
        return differences(changes);
    }
    let mut text = String::new();
    for (at, host) in model.hosts.iter().enumerate() {
        let here: Vec<&str> = model
            .containers
            .iter()
            .filter(|c| c.host == at)
            .map(|c| c.name.as_str())
            .collect();
        let who = match here.len() {
            0 => "no container".to_owned(),
            1..=6 => list(&here, "and"),
            many => format!("{many} containers"),
        };
        let _ = write!(
            text,
            "On {}: {who}. ",
            in_sentence(&host.name, host.declared)
        );
    }
    if model.containers.len() <= 12 {
        for (network, members) in model.networks.iter().zip(model.memberships()) {
            let members = names_of(model, &members);
            if !members.is_empty() {
                let _ = write!(
                    text,
                    "Network {} joins {}. ",
                    network.name,
                    list(&members, "and")
                );
            }
        }
    } else {
        let _ = write!(text, "{} networks join them. ", model.networks.len());
    }
    text.push_str(&published(model));
    for note in words::isolation(model, |_, _| false).into_iter().take(3) {
        let _ = write!(text, "{note}. ");
    }
    match model.flows.len() {
        0 => {}
        1 => text.push_str("One arrow shows traffic."),
        many => {
            let _ = write!(text, "{many} numbered arrows show traffic.");
        }
    }
    text.trim_end().to_owned()
}

/// How much is different, and the first of it.
fn differences(changes: &Changes) -> String {
    if changes.is_empty() {
        return "Nothing changed in the network.".to_owned();
    }
    let kinds = [
        ("Came", &changes.came),
        ("Went", &changes.went),
        ("Changed", &changes.changed),
    ];
    let told = kinds.into_iter().filter(|(_, said)| !said.is_empty());
    let sentences = told.map(|(kind, said)| match said.as_slice() {
        few if few.len() <= 6 => format!("{kind}: {}.", few.join("; ")),
        many => format!(
            "{kind}: {} and {} more.",
            many[..5].join("; "),
            many.len() - 5
        ),
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// Which ports the outside comes in by, and which only the hosts.
fn published(model: &Model) -> String {
    let reach = Reach::of(model);
    let (mut outside, mut others) = (Vec::new(), Vec::new());
    for (at, container) in model.containers.iter().enumerate() {
        for (index, port) in container.ports.iter().enumerate() {
            let told = format!("{} ({})", port.host_side(), container.name);
            let enters = reach.published(Origin::Outside, at, index).way().is_some();
            if enters { &mut outside } else { &mut others }.push(told);
        }
    }
    let sentence = |ports: &[String], whom: &str| {
        let ports: Vec<&str> = ports.iter().map(String::as_str).collect();
        match ports.len() {
            0 => String::new(),
            1..=6 => format!("Published {whom}: {}. ", list(&ports, "and")),
            many => format!("{many} ports are published {whom}. "),
        }
    };
    sentence(&outside, "to the outside") + &sentence(&others, "for the host itself")
}

fn in_sentence(name: &str, declared: bool) -> String {
    if declared {
        name.to_owned()
    } else {
        "the host".to_owned()
    }
}

fn names_of<'a>(model: &'a Model, containers: &[usize]) -> Vec<&'a str> {
    let name = |c: &usize| model.containers[*c].name.as_str();
    containers.iter().map(name).collect()
}

/// A text in headed lists.
#[derive(Debug)]
pub(crate) struct Outline {
    sections: Vec<Section>,
}

#[derive(Debug)]
struct Section {
    heading: &'static str,
    /// Whether the items are steps, one after the other.
    numbered: bool,
    items: Vec<Item>,
}

#[derive(Debug)]
struct Item {
    text: String,
    items: Vec<String>,
}

impl Outline {
    /// All that the picture of `model` shows.
    pub(crate) fn of(model: &Model) -> Outline {
        if let Some(changes) = &model.changes {
            return Outline {
                sections: changed(changes),
            };
        }
        let mut sections = vec![hosts(model), networks(model)];
        let plain = |text: String| Item {
            text,
            items: Vec::new(),
        };
        if !model.clients.is_empty() {
            let items = model.clients.iter().map(|client| match &client.address {
                Some(address) => plain(format!("{} ({address})", client.name)),
                None => plain(client.name.clone()),
            });
            sections.push(Section {
                heading: "Outside",
                numbered: false,
                items: items.collect(),
            });
        }
        sections.push(Section {
            heading: "Who reaches whom",
            numbered: false,
            items: reach::sentences(model).into_iter().map(plain).collect(),
        });
        let steps = model.flows.iter().map(|flow| {
            let (head, rest) = words::step(model, flow);
            plain(format!("{head}: {rest}"))
        });
        sections.push(Section {
            heading: "Traffic",
            numbered: true,
            items: steps.collect(),
        });
        sections.retain(|section| !section.items.is_empty());
        Outline { sections }
    }

    /// As plain text.
    pub(crate) fn plain(&self) -> String {
        let mut text = String::new();
        for section in &self.sections {
            if !text.is_empty() {
                text.push('\n');
            }
            let _ = writeln!(text, "{}:", section.heading);
            for (at, item) in section.items.iter().enumerate() {
                if section.numbered {
                    let _ = writeln!(text, "{}. {}", at + 1, item.text);
                } else {
                    let _ = writeln!(text, "- {}", item.text);
                }
                for inner in &item.items {
                    let _ = writeln!(text, "  - {inner}");
                }
            }
        }
        text
    }

    /// As HTML on one line: a paragraph and a list for each section.
    pub(crate) fn html(&self) -> String {
        let mut html = String::new();
        for section in &self.sections {
            let list = if section.numbered { "ol" } else { "ul" };
            let _ = write!(html, "<p><strong>{}</strong></p><{list}>", section.heading);
            for item in &section.items {
                let _ = write!(html, "<li>{}", crate::draw::escaped(&item.text));
                if !item.items.is_empty() {
                    html.push_str("<ul>");
                    for inner in &item.items {
                        let _ = write!(html, "<li>{}</li>", crate::draw::escaped(inner));
                    }
                    html.push_str("</ul>");
                }
                html.push_str("</li>");
            }
            let _ = write!(html, "</{list}>");
        }
        html
    }
}

/// What is different, kind by kind.
fn changed(changes: &Changes) -> Vec<Section> {
    let section = |heading: &'static str, said: &[String]| Section {
        heading,
        numbered: false,
        items: said
            .iter()
            .map(|text| Item {
                text: text.clone(),
                items: Vec::new(),
            })
            .collect(),
    };
    if changes.is_empty() {
        return vec![section("Changed", &["nothing in the network".to_owned()])];
    }
    let mut sections = vec![
        section("Came", &changes.came),
        section("Went", &changes.went),
        section("Changed", &changes.changed),
    ];
    sections.retain(|section| !section.items.is_empty());
    sections
}

fn hosts(model: &Model) -> Section {
    let items = model.hosts.iter().enumerate().map(|(at, host)| Item {
        text: match &host.address {
            Some(address) => format!("{} ({address})", host.name),
            None => host.name.clone(),
        },
        items: model
            .containers
            .iter()
            .filter(|c| c.host == at)
            .map(|c| container(model, c))
            .collect(),
    });
    Section {
        heading: "Containers",
        numbered: false,
        items: items.collect(),
    }
}

fn container(model: &Model, container: &Container) -> String {
    let mut parts = Vec::new();
    match &container.stack {
        Stack::Own => parts.extend(
            container
                .interfaces
                .iter()
                .map(|i| format!("on {}", interface(model, i))),
        ),
        Stack::None => parts.push("has no network".to_owned()),
        Stack::Host => parts.push("uses the host's network".to_owned()),
        Stack::Of(owner) => parts.push(format!(
            "shares the network of {}",
            model.containers[*owner].name
        )),
        Stack::Elsewhere(other) => {
            parts.push(format!("shares the network of the container {other}"))
        }
        Stack::Unknown(written) => parts.push(format!("has a network that isn't known: {written}")),
    }
    for port in &container.ports {
        parts.push(published_port(port));
    }
    if !container.listens.is_empty() {
        let ports: Vec<String> = container
            .listens
            .iter()
            .map(|(ports, protocol)| format!("{ports}{}", protocol.suffix()))
            .collect();
        let ports: Vec<&str> = ports.iter().map(String::as_str).collect();
        parts.push(format!("listens on {}", list(&ports, "and")));
    }
    let mut name = container.name.clone();
    if !container.waits_for.is_empty() {
        let _ = write!(name, " (only with the {})", waiting(container));
    }
    if parts.is_empty() {
        name
    } else {
        format!("{name}: {}", parts.join("; "))
    }
}

fn published_port(port: &Port) -> String {
    let from = match port.published {
        Published::Unknown => "a port of the host that isn't known".to_owned(),
        Published::Any | Published::Ports(_) => format!("port {} of the host", port.host_side()),
    };
    match port.target {
        Some(target) => format!(
            "{from} leads to its port {target}{}",
            port.protocol.suffix()
        ),
        None => format!("{from} leads to a port that isn't known"),
    }
}

/// "profile a or b".
fn waiting(container: &Container) -> String {
    let profiles: Vec<&str> = container.waits_for.iter().map(String::as_str).collect();
    format!("profile {}", list(&profiles, "or"))
}

fn interface(model: &Model, interface: &Interface) -> String {
    let mut text = model.networks[interface.network].name.clone();
    for address in interface.ipv4.iter().chain(&interface.ipv6) {
        let _ = write!(text, " as {address}");
    }
    if interface.address_unknown {
        text.push_str(" as an address that isn't known");
    }
    if !interface.aliases.is_empty() {
        let _ = write!(text, ", also called {}", interface.aliases.join(", "));
    }
    text
}

fn networks(model: &Model) -> Section {
    let memberships = model.memberships();
    let items = model
        .networks
        .iter()
        .zip(&memberships)
        .map(|(network, members)| {
            let members = names_of(model, members);
            let who = if members.is_empty() {
                "nobody is on it".to_owned()
            } else {
                format!("joins {}", list(&members, "and"))
            };
            Item {
                text: format!(
                    "{}: {}; {who}",
                    network.name,
                    properties(network).join(", ")
                ),
                items: Vec::new(),
            }
        });
    Section {
        heading: "Networks",
        numbered: false,
        items: items.collect(),
    }
}

fn properties(network: &Network) -> Vec<String> {
    let mut parts = vec![match &network.kind {
        NetworkKind::DefaultBridge => "the default bridge, which resolves no names".to_owned(),
        NetworkKind::Bridge if network.external => "made elsewhere".to_owned(),
        _ if !network.driver_known => "of a kind that isn't known".to_owned(),
        kind if network.external => format!("{}, made elsewhere", kind.driver()),
        kind => kind.driver().to_owned(),
    }];
    parts.extend(network.subnets.iter().map(ToString::to_string));
    if network.subnet_unknown {
        parts.push("a subnet that isn't known".to_owned());
    }
    if network.internal {
        parts.push("internal: no way out".to_owned());
    }
    parts
}
