//! How machines start, what they are, and how they go.

use super::common::*;
use seaworthy_machine::{MachineError, MachineKind, MachineOptions, Run, StartMode, probe};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_machine_from_start_to_end() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let begun = Instant::now();
    let machine = machine(&run).await;
    println!(
        "first machine of a run up in {:.2} s",
        begun.elapsed().as_secs_f64()
    );
    assert!(
        machine.inner().engine.starts_with("28."),
        "{:?}",
        machine.inner()
    );
    let begun = Instant::now();
    let other_page = machines(&run, &["node-2"]).await;
    let second = other_page.get("node-2").unwrap();
    println!("second one up in {:.2} s", begun.elapsed().as_secs_f64());
    assert_eq!(objects(&engine, run.id()).await, (2, 2, 0));

    // What a page sees.
    assert_eq!(sh(&machine, "hostname").await, "docker-host");
    assert_eq!(sh(second, "hostname").await, "node-2");
    assert_eq!(
        sh(
            &machine,
            "docker ps -aq; docker volume ls -q; docker images -q"
        )
        .await,
        ""
    );
    assert_eq!(
        sh(
            &machine,
            "docker network inspect bridge -f '{{(index .IPAM.Config 0).Subnet}}'"
        )
        .await,
        "172.17.0.0/16"
    );
    assert_eq!(
        sh(&machine, "df -B1 --output=size /var/lib/docker | tail -1").await,
        (1 << 30).to_string()
    );
    assert_eq!(
        sh(
            &machine,
            "env | cut -d= -f1 | grep -vxE 'PATH|HOME|LANG|HOSTNAME|PWD|SHLVL|_' || :"
        )
        .await,
        ""
    );

    // What the outer engine limits, and that nothing of this computer is in it.
    let inspected = engine
        .inspect_container("looking", machine.container())
        .await;
    let inspected = inspected.unwrap();
    let host = inspected.host_config.unwrap();
    assert_eq!(
        (host.memory, host.memory_swap, host.pids_limit),
        (Some(2 << 30), Some(2 << 30), Some(1024))
    );
    assert!(
        inspected.mounts.unwrap_or_default().is_empty(),
        "no volume, no host path"
    );

    // An image flows from engine to engine.
    engine.ensure_image(SMALL).await.unwrap();
    let begun = Instant::now();
    give(&machine, SMALL).await;
    println!("{SMALL} loaded in {:.2} s", begun.elapsed().as_secs_f64());
    assert_eq!(
        sh(
            &machine,
            "docker images --format '{{.Repository}}:{{.Tag}}'"
        )
        .await,
        SMALL
    );
    assert_eq!(
        sh(second, "docker images -q").await,
        "",
        "each machine has its own images"
    );
    assert_eq!(
        sh(
            &machine,
            &format!("docker run --rm {SMALL} echo from inside")
        )
        .await,
        "from inside"
    );

    let begun = Instant::now();
    machine.remove().await.unwrap();
    println!("removed in {:.2} s", begun.elapsed().as_secs_f64());
    assert_eq!(objects(&engine, run.id()).await, (1, 2, 0));
    run.end().await.unwrap();
    assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
    assert!(matches!(
        Single::start(&run, &MachineOptions::default()).await,
        Err(MachineError::RunEnded)
    ));
    run.end().await.unwrap();
    other_page.remove().await.unwrap();
}

#[tokio::test]
async fn machines_of_several_runs_at_once() {
    let engine = engine().await;
    let runs = futures_util::future::join_all((0..3).map(|_| async {
        let run = Run::begin(&engine).await.unwrap();
        let machine = machine(&run).await;
        (run, machine)
    }))
    .await;
    let mut subnets = Vec::new();
    for (run, machine) in &runs {
        let network = format!("seaworthy-{}-1", run.id());
        let network = engine.network("looking", &network).await.unwrap().unwrap();
        let subnet = network.ipam.unwrap().config.unwrap()[0]
            .subnet
            .clone()
            .unwrap();
        assert!(subnet.starts_with("10.213."), "{subnet}");
        subnets.push(subnet);
        assert_eq!(
            sh(
                machine,
                "docker network create front > /dev/null; docker network ls -q | wc -l"
            )
            .await,
            "4"
        );
    }
    subnets.sort();
    subnets.dedup();
    assert_eq!(subnets.len(), 3);
    for (run, _) in &runs {
        run.end().await.unwrap();
        assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
    }
}

#[tokio::test]
async fn machines_that_do_not_come_up() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let start = |options: MachineOptions| {
        let run = &run;
        async move { Single::start(run, &options).await.unwrap_err() }
    };
    let error = start(MachineOptions {
        image: "seaworthy/machine:none".into(),
        ..MachineOptions::default()
    })
    .await;
    assert_eq!(error.kind(), MachineKind::NoMachineImage);
    assert!(
        error.to_string().contains("seaworthy machine build"),
        "{error}"
    );
    let error = start(MachineOptions {
        image: SMALL.into(),
        ..MachineOptions::default()
    })
    .await;
    assert_eq!(error.kind(), MachineKind::Machine);
    assert!(
        error
            .to_string()
            .contains("its container ended with exit code"),
        "{error}"
    );
    let hurried = MachineOptions {
        start_time: Duration::from_millis(1),
        ..MachineOptions::default()
    };
    let error = start(hurried).await;
    assert!(
        error.to_string().contains("it did not answer within"),
        "{error}"
    );
    // So little memory that the engine inside is killed.
    let cramped = MachineOptions {
        memory: 24 << 20,
        data_root: 8 << 20,
        ..MachineOptions::default()
    };
    let error = start(MachineOptions {
        start_time: Duration::from_secs(8),
        ..cramped
    })
    .await;
    assert_eq!(error.kind(), MachineKind::Machine);
    assert!(error.to_string().contains("out of memory"), "{error}");
    assert_eq!(
        objects(&engine, run.id()).await.0,
        0,
        "none of them is left"
    );
    run.end().await.unwrap();
}

#[tokio::test]
async fn the_probe() {
    let engine = engine().await;
    let options = MachineOptions::default();
    let probed = probe(&engine, &options).await.unwrap();
    let image = probed.machine_image.unwrap();
    assert!(
        image.engine.starts_with("28.") && image.id.starts_with("sha256:"),
        "{image:?}"
    );
    let trial = probed.trial.unwrap().unwrap();
    assert!(matches!(
        trial.mode,
        StartMode::Privileged | StartMode::Capabilities
    ));
    println!("machines start with {}", trial.mode);
    assert!(trial.filtered);
    assert!(probed.memory > 1 << 28 && probed.cpus > 0);
    assert!(
        matches!(probed.cgroup_version.as_str(), "1" | "2"),
        "{}",
        probed.cgroup_version
    );
    assert!(!probed.storage_driver.is_empty());
    let none = MachineOptions::of_version("none");
    let without = probe(&engine, &none).await.unwrap();
    assert!(without.machine_image.is_none() && without.trial.is_none());
    let runtime = MachineOptions {
        runtime: Some("no-such-runtime".to_owned()),
        ..options
    };
    let error = probe(&engine, &runtime).await.unwrap().trial.unwrap();
    let error = error.unwrap_err();
    assert_eq!(error.kind(), MachineKind::Refused);
    assert!(
        error.to_string().starts_with(
            "the Docker Engine has no runtime no-such-runtime to start machines with ("
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_start_that_is_cancelled_leaves_nothing() {
    let engine = engine().await;
    for milliseconds in [0, 1, 5, 20, 60, 120, 250, 400, 700] {
        let run = Run::begin(&engine).await.unwrap();
        let patience = Duration::from_millis(milliseconds);
        let _ =
            tokio::time::timeout(patience, Single::start(&run, &MachineOptions::default())).await;
        run.end().await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(
            objects(&engine, run.id()).await,
            (0, 0, 0),
            "after {milliseconds} ms"
        );
    }
}

#[tokio::test]
async fn a_panic_leaves_nothing() {
    let engine = engine().await;
    let (send, receive) = tokio::sync::oneshot::channel();
    let task = tokio::spawn({
        let engine = engine.clone();
        async move {
            let run = Run::begin(&engine).await.unwrap();
            let _machine = machine(&run).await;
            send.send(run.id().to_owned()).unwrap();
            panic!("as a test");
        }
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(objects(&engine, &receive.await.unwrap()).await, (0, 0, 0));
}
