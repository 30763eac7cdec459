//! What a project is read as, held to the real `docker compose config` over many projects that are made up.
//!
//! `COMPOSE_SEED=500` begins with another one. `scripts/compose` fetches the real program.

mod generate;
mod real;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use seaworthy_blocks::Severity;

use super::{Loader, Project, Unread, load};
use crate::compose::{self, Author, Document, Join, ModeKind, PortDecl, Published};
use generate::Generated;
use real::{Facts, Network, Service, show_port};

/// How many projects are compared.
const PROJECTS: u64 = 400;
/// Of so many at most Compose may refuse what was made up: they say little.
const MOST_REFUSED: usize = 60;

/// A made-up project's files, in memory.
struct Memory<'a>(&'a Generated);

impl Loader for Memory<'_> {
    fn read(&self, path: &str) -> Result<String, Unread> {
        self.0.files.get(path).cloned().ok_or(Unread::Missing)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.0.environment.get(name).cloned()
    }
}

/// What we read; what is wrong with it, if it is refused.
fn ours(project: &Generated) -> Result<Facts, String> {
    let asked = Project {
        files: project.named.clone(),
        profiles: project.profiles.clone(),
        ..Project::default()
    };
    let loaded = load(&asked, &Memory(project)).map_err(|error| format!("{error:?}"))?;
    let mut faults = loaded.faults.clone();
    let document = compose::read(&loaded, Author::Compose, &mut faults);
    faults.retain(|fault| fault.severity == Severity::Error);
    if !faults.is_empty() {
        return Err(format!("{faults:?}"));
    }
    Ok(facts(&document))
}

fn facts(document: &Document) -> Facts {
    let mut facts = Facts::default();
    for one in document.services.iter().filter(|s| document.is_chosen(s)) {
        facts.services.insert(one.name.value.clone(), service(one));
    }
    let used: BTreeSet<String> = facts
        .services
        .values()
        .flat_map(|service| service.networks.keys().cloned())
        .collect();
    for name in used {
        let declared = document.networks.iter().find(|n| n.name.value == name);
        let driver = declared
            .and_then(|n| n.driver.as_ref())
            .map(|d| d.value.clone());
        let network = Network {
            driver: driver.unwrap_or_else(|| "bridge".to_owned()),
            internal: declared.is_some_and(|n| n.internal),
            external: declared.is_some_and(|n| n.external),
            subnets: declared
                .iter()
                .flat_map(|n| n.subnets.iter().map(ToString::to_string))
                .collect(),
        };
        facts.networks.insert(name, network);
    }
    facts
}

fn service(service: &compose::Service) -> Service {
    let join = |join: &Join| {
        let text = |text: &Option<compose::Text>| text.as_ref().map(|text| text.value.clone());
        let aliases: BTreeSet<String> = join.aliases.iter().cloned().collect();
        (
            join.network.value.clone(),
            (text(&join.ipv4), text(&join.ipv6), aliases),
        )
    };
    let mut networks: BTreeMap<_, _> = service.networks.iter().flatten().map(join).collect();
    if service.networks.is_none() && service.mode.is_none() {
        networks.insert("default".to_owned(), Default::default());
    }
    Service {
        mode: service.mode.as_ref().map(|mode| match &mode.kind {
            ModeKind::Host => "host".to_owned(),
            ModeKind::None => "none".to_owned(),
            ModeKind::Bridge => "bridge".to_owned(),
            other => format!("{other:?}"),
        }),
        networks,
        ports: service.ports.iter().flat_map(ports).collect(),
        expose: service
            .expose
            .iter()
            .map(|(ports, protocol)| format!("{ports}{}", protocol.suffix()))
            .collect(),
        profiles: service.profiles.iter().cloned().collect(),
    }
}

/// One text for each port of the container, as Compose splits runs.
fn ports(port: &PortDecl) -> Vec<String> {
    let address = port.host_ip.map_or("*".to_owned(), |ip| ip.to_string());
    let target = port.target.unwrap();
    let show = |host: String, container: u16| {
        show_port(
            &address,
            &host,
            &container.to_string(),
            &port.protocol.to_string(),
        )
    };
    (target.first..=target.last)
        .map(|container| match port.published {
            Published::Any => show("any".to_owned(), container),
            Published::Ports(ports) if ports.count() != target.count() => {
                show(ports.to_string(), container)
            }
            Published::Ports(ports) => show(
                (ports.first + container - target.first).to_string(),
                container,
            ),
            Published::Unknown => panic!("nothing that is made up is unknown"),
        })
        .collect()
}

fn write(project: &Generated, folder: &Path) {
    for (path, text) in &project.files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// How we differ from the real Compose on the project of a seed; whether it is refused by both.
fn compare(seed: u64) -> Result<bool, String> {
    let folder = tempfile::tempdir().unwrap();
    let project = generate::project(seed);
    write(&project, folder.path());
    let (real, ours) = (real::config(&project, folder.path()), ours(&project));
    match (&real, &ours) {
        (Ok(real), Ok(ours)) if real == ours => Ok(false),
        (Err(_), Err(_)) => Ok(true),
        _ => Err(format!(
            "seed {seed}: {project:#?}\nreal: {real:#?}\nours: {ours:#?}"
        )),
    }
}

#[test]
fn projects_are_read_as_the_real_compose_reads_them() {
    let first: u64 = std::env::var("COMPOSE_SEED").map_or(0, |seed| seed.parse().unwrap());
    let next = AtomicU64::new(first);
    let work = || {
        let mut seen = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + PROJECTS {
                return seen;
            }
            seen.push(compare(seed));
        }
    };
    let seen: Vec<Result<bool, String>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    let different: Vec<&String> = seen.iter().filter_map(|one| one.as_ref().err()).collect();
    assert!(
        different.is_empty(),
        "{} of {PROJECTS} differ: {}",
        different.len(),
        different
            .iter()
            .map(|one| one.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    );
    let refused = seen.iter().filter(|one| **one == Ok(true)).count();
    assert!(refused <= MOST_REFUSED, "{refused} projects are refused");
}
