//! Whether the model of reachability says what engines do. Topologies are built on real ones; everybody in them, their
//! host and a neighbour on the LAN asks everybody else, by TCP and by ping, at every address that might lead there.

//! What got through is held against what the model answers, both ways. No expectation stands here: engines have them.

mod families;
mod judge;
mod lab;
mod probe;
mod topology;

use crate::support;
use judge::Tally;
use lab::Lab;
use seaworthy_machine::engine::Engine;
use seaworthy_network::EngineVersion;
use std::collections::BTreeMap;
use topology::{Driver, Placed, Topology};

/// Another one makes other topologies: `REACHABILITY_SEED=7 cargo test --test docker reachability`.
const SEED: u64 = 14;
/// How many topologies stand side by side.
const BATCH: usize = 6;
/// How long nobody may have answered at first, and if the model expects another answer, in seconds: a connection that a
/// busy server lets wait is tried again after one second (tcp(7)).
const PATIENCE: [f64; 2] = [1.3, 4.0];

#[tokio::test]
async fn on_28() {
    hold("28").await;
}

#[tokio::test]
async fn on_20_10() {
    hold("20.10").await;
}

/// Also on 26, whose answers are claimed as well; not with the others, which are enough for two processors.
#[tokio::test]
#[ignore = "as long as the others together: cargo test --test docker reachability -- --ignored"]
async fn on_26() {
    hold("26").await;
}

async fn hold(version: &str) {
    let seed = std::env::var("REACHABILITY_SEED").map_or(SEED, |seed| seed.parse().unwrap());
    support::engine::needed();
    let engine = Engine::connect()
        .await
        .expect("these tests need a Docker Engine");
    let topologies = families::all(seed);
    enough(&topologies);
    let lab = Lab::open(&engine, version).await;
    let version: EngineVersion = version.parse().unwrap();
    let mut tally = Tally::default();
    let placed = topologies
        .iter()
        .enumerate()
        .map(|(number, topology)| Placed {
            topology,
            number,
            lan: &lab.lan,
        });
    for batch in batches(placed.collect()) {
        let built = lab.build(&batch).await;
        let mut reached = lab.probe(&batch, &built, PATIENCE[0]).await;
        let judge = |reached: &probe::Reached| {
            let judged = batch
                .iter()
                .map(|p| judge::judge(p, version, &built.addresses, reached));
            judged.fold(Tally::default(), Tally::and)
        };
        let mut judged = judge(&reached);
        if !judged.wrong.is_empty() {
            // A busy computer may have answered late.
            println!("{version}, asked again: {:#?}", judged.wrong);
            reached.extend(lab.probe(&batch, &built, PATIENCE[1]).await);
            judged = judge(&reached);
        }
        lab.clear().await;
        tally = tally.and(judged);
    }
    lab.close().await;
    println!(
        "{version}, seed {seed}: {} topologies, {tally}",
        topologies.len()
    );
    assert!(
        tally.wrong.is_empty(),
        "on {version}, seed {seed}:\n{}",
        tally.wrong.join("\n")
    );
}

/// Whether there are as many topologies as were promised, of each family.
fn enough(topologies: &[Topology]) {
    let mut families: BTreeMap<&str, usize> = BTreeMap::new();
    for topology in topologies {
        *families.entry(topology.family).or_default() += 1;
    }
    assert!(topologies.len() >= 60, "{families:?}");
    for family in [
        "loopback",
        "internal",
        "macvlan",
        "host mode",
        "IPv6",
        "through a port",
    ] {
        assert!(families[family] >= 6, "{families:?}");
    }
}

/// Splits topologies so that in none there are two with a macvlan: a machine's `eth0` bears one.
fn batches(placed: Vec<Placed<'_>>) -> Vec<Vec<Placed<'_>>> {
    let on_lan = |p: &Placed<'_>| {
        let networks = &p.topology.networks;
        networks.iter().any(|n| n.driver == Driver::Macvlan)
    };
    let mut batches: Vec<Vec<Placed<'_>>> = Vec::new();
    for one in placed {
        let fits = |batch: &&mut Vec<Placed<'_>>| {
            batch.len() < BATCH && !(on_lan(&one) && batch.iter().any(on_lan))
        };
        match batches.iter_mut().find(fits) {
            Some(batch) => batch.push(one),
            None => batches.push(vec![one]),
        }
    }
    batches
}
