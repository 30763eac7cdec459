//! What Compose has made: the projects on an engine, and what waits for a profile.

use super::{container, differences, network};
use seaworthy_network::{ActualContainer, ActualMachine, ActualNetwork, ActualState};

/// What Compose has made of `services: {web: {}}`, in a project.
fn of_project(project: &str, running: bool) -> (ActualContainer, ActualNetwork) {
    let name = format!("{project}_default");
    let web = ActualContainer {
        compose_service: Some("web".to_owned()),
        compose_project: Some(project.to_owned()),
        running,
        ..container(&format!("{project}-web-1"), &name, &[(&name, "172.18.0.2")])
    };
    let default = ActualNetwork {
        compose_name: Some("default".to_owned()),
        compose_project: Some(project.to_owned()),
        ..network(&name, "bridge", false, "172.18.0.0/16")
    };
    (web, default)
}

fn projects(all: &[(&str, bool)]) -> ActualState {
    let (containers, networks) = all
        .iter()
        .map(|(name, running)| of_project(name, *running))
        .unzip();
    ActualState {
        machines: vec![ActualMachine {
            name: "node-1".to_owned(),
            containers,
            networks,
            ..ActualMachine::default()
        }],
    }
}

#[test]
fn the_projects_of_compose_are_told_apart() {
    let picture = "services: {web: {}}\n";
    let named = "name: shop\nservices: {web: {}}\n";
    let none: [&str; 0] = [];
    assert_eq!(differences(picture, &projects(&[("shop", true)])), none);
    assert_eq!(differences(named, &projects(&[("shop", true)])), none);
    // The other one, which isn't up, has the same names in it.
    let both = projects(&[("barn", false), ("shop", true)]);
    assert_eq!(differences(named, &both), none);
    let told = differences(picture, &both);
    assert_eq!(
        told[0],
        "the projects `barn` and `shop` have services of the picture: `name:` in it says which is meant"
    );
    let barn = differences("name: barn\nservices: {web: {}}\n", &both);
    assert_eq!(barn, ["`web` is not running"]);
    let other = differences("name: other\nservices: {web: {}}\n", &both);
    assert!(
        other.contains(&"there is no container `web`".to_owned()),
        "{other:?}"
    );
}

#[test]
fn what_waits_for_a_profile_need_not_be_there() {
    let picture = "services:
  web: {networks: [front]}
  tools: {networks: [front, debug], profiles: [debug]}
networks: {front: , debug: {internal: true}}
";
    let none: [&str; 0] = [];
    let machine = |containers: Vec<ActualContainer>, networks: Vec<ActualNetwork>| ActualState {
        machines: vec![ActualMachine {
            containers,
            networks,
            ..ActualMachine::default()
        }],
    };
    let front = network("front", "bridge", false, "172.18.0.0/16");
    let debug = |internal: bool| network("debug", "bridge", internal, "172.19.0.0/16");
    let web = container("web", "front", &[("front", "172.18.0.2")]);
    let tools = |networks: &[(&str, &str)]| container("tools", "front", networks);
    let both = [("front", "172.18.0.3"), ("debug", "172.19.0.2")];

    // Compose makes no network for it, either; what another needs must be there.
    let without = machine(vec![web.clone()], vec![front.clone()]);
    assert_eq!(differences(picture, &without), none);
    assert_eq!(
        differences(picture, &machine(vec![], vec![debug(true)])),
        ["there is no network `front`", "there is no container `web`"]
    );
    // Once it runs, it is as drawn, and so is its network.
    let run = |attached: &[(&str, &str)], internal: bool| {
        machine(
            vec![web.clone(), tools(attached)],
            vec![front.clone(), debug(internal)],
        )
    };
    assert_eq!(differences(picture, &run(&both, true)), none);
    assert_eq!(
        differences(picture, &run(&both[..1], false)),
        [
            "`debug` is not internal: there is a way out of it",
            "`tools` is not attached to `debug`"
        ]
    );
    let mut stopped = run(&both[..1], true);
    stopped.machines[0].containers[1].running = false;
    assert_eq!(differences(picture, &stopped), none);
}
