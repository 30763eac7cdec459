//! The outer engine and the machines on it, for real: they need a Docker Engine, the machine image and the stand-in
//! `busybox:1.37` that `scripts/images` makes.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, their helper functions included"
)]

use bollard::models::{ContainerCreateBody, NetworkCreateRequest, VolumeCreateRequest};
use bollard::query_parameters::{
    CreateContainerOptions, InspectContainerOptions, InspectNetworkOptions,
    ListContainersOptionsBuilder, ListNetworksOptionsBuilder, ListVolumesOptionsBuilder,
    RemoveContainerOptionsBuilder, RemoveVolumeOptions,
};
use seaworthy::engine::{Address, Command, Endpoint, Engine, EngineError, Kind, Source, labels};
use seaworthy::machine::{
    DEFAULT_IMAGE, Machine, MachineError, MachineKind, MachineOptions, Run, StartMode, clean, probe,
};
use seaworthy::terminal::{Limits, Terminal, TerminalError, TerminalOptions};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

const SMALL: &str = "busybox:1.37";

async fn engine() -> Engine {
    Engine::connect()
        .await
        .expect("these tests need a Docker Engine")
}

async fn machine(run: &Run) -> Machine {
    Machine::start(run, &MachineOptions::default())
        .await
        .unwrap()
}

/// What a shell command prints in a machine; it must succeed.
async fn sh(machine: &Machine, script: &str) -> String {
    let command = Command::new(["bash", "-c", script]).time(Duration::from_secs(60));
    let finished = machine
        .engine()
        .exec(machine.container(), command)
        .await
        .unwrap();
    assert_eq!(finished.exit, 0, "{script}: {}", finished.complaint());
    finished.text()
}

/// Kills the engine in a machine, and thereby the machine.
async fn kill_inner_engine(machine: &Machine) {
    let command = Command::new(["sh", "-c", "pkill -KILL dockerd; sleep 20"]);
    let finished = machine
        .engine()
        .exec(machine.container(), command)
        .await
        .unwrap();
    assert_eq!(finished.exit, 137);
}

/// How many containers, networks and volumes of the run the engine has.
async fn objects(engine: &Engine, run: &str) -> (usize, usize, usize) {
    let filters = HashMap::from([("label", vec![format!("{}={run}", labels::RUN)])]);
    let docker = engine.docker();
    let containers = ListContainersOptionsBuilder::new()
        .all(true)
        .filters(&filters)
        .build();
    let containers = docker
        .list_containers(Some(containers))
        .await
        .unwrap()
        .len();
    let networks = ListNetworksOptionsBuilder::new().filters(&filters).build();
    let networks = docker.list_networks(Some(networks)).await.unwrap().len();
    let volumes = ListVolumesOptionsBuilder::new().filters(&filters).build();
    let volumes = docker
        .list_volumes(Some(volumes))
        .await
        .unwrap()
        .volumes
        .unwrap_or_default()
        .len();
    (containers, networks, volumes)
}

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
    let options = MachineOptions {
        hostname: "node-2".into(),
        ..MachineOptions::default()
    };
    let second = Machine::start(&run, &options).await.unwrap();
    println!("second one up in {:.2} s", begun.elapsed().as_secs_f64());
    assert_eq!(objects(&engine, run.id()).await, (2, 1, 0));

    // What a page sees.
    assert_eq!(sh(&machine, "hostname").await, "docker-host");
    assert_eq!(sh(&second, "hostname").await, "node-2");
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
        .docker()
        .inspect_container(machine.container(), None::<InspectContainerOptions>)
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
    machine.load_image(SMALL).await.unwrap();
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
        sh(&second, "docker images -q").await,
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
    assert_eq!(objects(&engine, run.id()).await, (1, 1, 0));
    run.end().await.unwrap();
    assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
    assert!(matches!(
        Machine::start(&run, &MachineOptions::default()).await,
        Err(MachineError::RunEnded)
    ));
    run.end().await.unwrap();
    second.remove().await.unwrap();
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
        let network = format!("seaworthy-{}", run.id());
        let network = engine
            .docker()
            .inspect_network(&network, None::<InspectNetworkOptions>)
            .await
            .unwrap();
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
async fn files_state_and_what_is_left() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine(&run).await;
    let mut terminal = Terminal::open(&engine, machine.container(), &TerminalOptions::default())
        .await
        .unwrap();
    terminal
        .run(&["mkdir 'a folder' && cd 'a folder'"], Limits::default())
        .await
        .unwrap();

    let everything: Vec<u8> = (0..=255u8).cycle().take(300_000).collect();
    let cwd = terminal.cwd().await.unwrap();
    assert_eq!(cwd, "/home/learner/a folder");
    for (path, bytes) in [
        ("binary", everything.as_slice()),
        ("empty", b""),
        ("deep/er/app.py", b"print('hi')\n"),
        ("-dash", b"x"),
        ("with 'quotes' $HOME", b"y"),
    ] {
        machine.write_file(&cwd, path, bytes).await.unwrap();
        let read = Command::new(["cat", &format!("{cwd}/{path}")]);
        assert_eq!(
            engine.exec(machine.container(), read).await.unwrap().stdout,
            bytes,
            "{path}"
        );
    }
    let seen = terminal
        .run(&["cat deep/er/app.py; ls"], Limits::default())
        .await
        .unwrap();
    assert!(
        seen.output.starts_with("print('hi')\n") && seen.output.contains("binary"),
        "{seen:?}"
    );
    for (path, part) in [
        ("", "working folder"),
        ("/etc/passwd", "working folder"),
        ("a/../../x", "working folder"),
        ("deep/er", "Is a directory"),
        ("binary/x", "File exists"),
    ] {
        let message = machine
            .write_file(&cwd, path, b"x")
            .await
            .unwrap_err()
            .to_string();
        assert!(
            message.contains(part) && message.contains(path),
            "{message}"
        );
    }

    assert_eq!(machine.left().await.unwrap(), []);
    sh(
        &machine,
        "docker network create front; docker volume create data",
    )
    .await;
    machine.load_image(SMALL).await.unwrap();
    sh(&machine, &format!("docker create --name web {SMALL}")).await;
    let left: Vec<String> = machine
        .left()
        .await
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(left, ["container web", "network front", "volume data"]);
    let state = machine.state().await;
    assert_eq!(state.trouble, None);
    assert!(
        state.containers.starts_with("CONTAINER ID") && state.containers.contains("web"),
        "{state}"
    );
    assert!(
        state.networks.starts_with("NETWORK ID") && state.networks.contains("front"),
        "{state}"
    );
    assert_eq!(state.left.len(), 3);

    // An engine that doesn't answer, one that is gone and the machine with it, a machine that is removed.
    sh(&machine, "pkill -STOP dockerd").await;
    let message = machine.left().await.unwrap_err().to_string();
    assert!(
        message.contains("own Docker Engine could not be asked"),
        "{message}"
    );
    kill_inner_engine(&machine).await;
    let trouble = machine.state().await.trouble.unwrap();
    assert!(
        trouble.ends_with("its container ended with exit code 137"),
        "{trouble}"
    );
    assert!(machine.left().await.is_err());
    let options = RemoveContainerOptionsBuilder::new().force(true).build();
    engine
        .docker()
        .remove_container(machine.container(), Some(options))
        .await
        .unwrap();
    let trouble = machine.state().await.trouble.unwrap();
    assert!(trouble.ends_with("its container was removed"), "{trouble}");
    machine.remove().await.unwrap();
    run.end().await.unwrap();
}

#[tokio::test]
async fn docker_commands_in_a_terminal() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine(&run).await;
    machine.load_image(SMALL).await.unwrap();
    let mut terminal = Terminal::open(&engine, machine.container(), &TerminalOptions::default())
        .await
        .unwrap();
    let limits = Limits {
        time: Duration::from_secs(30),
        ..Limits::default()
    };
    let web = format!("docker run -d --name web {SMALL} sleep 1000");
    let once = format!("docker run --rm {SMALL} sh -c 'echo out; exit 7'");
    let piped = format!("echo 'echo $((6*7))' | docker run -i --rm {SMALL} sh");
    for (line, output, exit) in [
        (
            "docker network create --subnet 192.168.77.0/24 front",
            "",
            0,
        ),
        (web.as_str(), "", 0),
        ("docker network connect front web", "", 0),
        (
            "docker inspect web -f '{{len .NetworkSettings.Networks}} {{.State.Status}}'",
            "2 running\n",
            0,
        ),
        (
            "docker ps --format '{{.Names}} {{.Image}}'",
            "web busybox:1.37\n",
            0,
        ),
        ("docker exec web sh -c 'exit 3'", "", 3),
        (once.as_str(), "out\n", 7),
        (piped.as_str(), "42\n", 0),
        ("docker exec -i web cat <<< 'hello'", "hello\n", 0),
        ("docker rm web 2> /dev/null", "", 1),
        ("docker exec -t web stty size", "50 1000\n", 0),
    ] {
        let ended = terminal.run(&[line], limits).await.unwrap();
        assert_eq!(ended.exit, exit, "{line}: {ended:?}");
        if !output.is_empty() {
            assert_eq!(ended.output, output, "{line}");
        }
        assert_eq!(ended.late, "", "{line}");
    }
    // PID 1 of a container hears no Ctrl-C; a shell in one waits for a person.
    let hung = format!("docker run --rm {SMALL} sleep 50");
    let asking = format!("docker run -it --rm {SMALL} sh");
    for (line, doing) in [
        (&hung, ""),
        (&asking, "is waiting for input"),
        (&"docker attach web".to_owned(), ""),
    ] {
        let limits = Limits {
            time: Duration::from_secs(3),
            ..limits
        };
        match terminal.run(&[line], limits).await.unwrap_err() {
            TerminalError::TimedOut {
                doing: seen,
                usable,
                ..
            } => {
                assert!(
                    seen.contains("docker") && seen.contains(doing),
                    "{line}: {seen}"
                );
                assert!(usable, "{line}");
            }
            other => panic!("{line}: {other}"),
        }
        assert_eq!(
            terminal
                .run(&["echo still here"], limits)
                .await
                .unwrap()
                .output,
            "still here\n"
        );
    }
    let left: Vec<String> = machine
        .left()
        .await
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        left.contains(&"container web".to_owned()) && left.contains(&"network front".to_owned()),
        "{left:?}"
    );
    run.end().await.unwrap();
}

#[tokio::test]
async fn the_outer_engine_is_out_of_reach() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine(&run).await;
    let before = objects(&engine, run.id()).await;
    sh(
        &machine,
        "docker system prune -af --volumes; docker ps -aq | xargs -r docker rm -f",
    )
    .await;
    assert_eq!(objects(&engine, run.id()).await, before);
    assert!(engine.image(DEFAULT_IMAGE).await.unwrap().is_some());
    assert_eq!(
        sh(&machine, "docker ps -q | wc -l").await,
        "0",
        "its own engine answers, and shows no machine"
    );
    run.end().await.unwrap();
}

#[tokio::test]
async fn machines_that_do_not_come_up() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let start = |options: MachineOptions| {
        let run = &run;
        async move { Machine::start(run, &options).await.unwrap_err() }
    };
    let error = start(MachineOptions {
        image: "seaworthy/machine:none".into(),
        ..MachineOptions::default()
    })
    .await;
    assert_eq!(error.kind(), MachineKind::NoMachineImage);
    assert!(error.to_string().contains("scripts/images"), "{error}");
    let error = start(MachineOptions {
        image: SMALL.into(),
        ..MachineOptions::default()
    })
    .await;
    assert_eq!(error.kind(), MachineKind::Machine);
    assert!(
        error
            .to_string()
            .contains("its container ended with exit code 0"),
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
async fn images_that_cannot_be_had_or_do_not_fit() {
    let engine = engine().await;
    assert_eq!(
        engine
            .image("seaworthy/no-such-image")
            .await
            .unwrap()
            .map(|image| image.id),
        None
    );
    let begun = Instant::now();
    let error = engine
        .ensure_image("localhost:9/seaworthy/no-such-image")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::NoImage);
    assert!(
        error
            .to_string()
            .starts_with("there is no image localhost:9/seaworthy/no-such-image:latest:"),
        "{error}"
    );
    assert!(begun.elapsed() < Duration::from_secs(30));
    let image = engine.ensure_image(SMALL).await.unwrap();
    assert!(
        image.id.starts_with("sha256:") && !image.pulled,
        "{image:?}"
    );

    let run = Run::begin(&engine).await.unwrap();
    let small = MachineOptions {
        data_root: 4 << 20,
        ..MachineOptions::default()
    };
    let machine = Machine::start(&run, &small).await.unwrap();
    let error = machine
        .load_image("seaworthy/no-such-image:1")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), MachineKind::Engine(Kind::NotFound));
    assert!(
        error.to_string().contains("seaworthy/no-such-image:1"),
        "{error}"
    );
    let error = machine.load_image(SMALL).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the machine's data-root is too small"),
        "{error}"
    );
    run.end().await.unwrap();
}

#[tokio::test]
async fn commands_without_a_terminal() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine(&run).await;
    let exec = |command: Command| engine.exec(machine.container(), command);
    let finished = exec(Command::new(["sh", "-c", "echo out; echo err >&2; exit 3"]))
        .await
        .unwrap();
    assert_eq!(
        (&finished.stdout[..], &finished.stderr[..], finished.exit),
        (&b"out\n"[..], &b"err\n"[..], 3)
    );
    let bytes: Vec<u8> = (0..=255u8).cycle().take(5_000_000).collect();
    let echoed = exec(Command::new(["cat"]).stdin(bytes.clone()).cap(bytes.len()))
        .await
        .unwrap();
    assert!(echoed.stdout == bytes && echoed.exit == 0 && !echoed.truncated);
    let cut = exec(Command::new(["cat"]).stdin(bytes.clone()).cap(1000))
        .await
        .unwrap();
    assert!(cut.stdout == bytes[..1000] && cut.truncated);
    // It needn't read what it is given.
    assert_eq!(
        exec(Command::new(["true"]).stdin(bytes))
            .await
            .unwrap()
            .exit,
        0
    );
    assert_eq!(
        exec(Command::new(["pwd"]).directory("/etc"))
            .await
            .unwrap()
            .text(),
        "/etc"
    );
    let missing = exec(Command::new(["no-such-program"])).await.unwrap();
    assert!(matches!(missing.exit, 126 | 127), "{missing:?}");
    let begun = Instant::now();
    let error = exec(Command::new(["sleep", "50"]).time(Duration::from_millis(300)))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::TimedOut);
    assert!(begun.elapsed() < Duration::from_secs(3));
    let error = engine
        .exec("no-such-container", Command::new(["true"]))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    run.end().await.unwrap();
}

#[tokio::test]
async fn an_engine_that_does_not_answer() {
    let nowhere = Endpoint {
        address: Address::Unix("/no/such/docker.sock".into()),
        source: Source::DefaultSocket,
    };
    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let closed = Address::Tcp {
        host: "127.0.0.1".into(),
        port: closed.port(),
    };
    let closed = Endpoint {
        address: closed,
        source: Source::DockerHost,
    };
    for (endpoint, part) in [
        (nowhere, "unix:///no/such/docker.sock (the default socket)"),
        (closed, "(DOCKER_HOST): "),
    ] {
        let error = Engine::connect_to(endpoint).await.unwrap_err();
        assert_eq!(error.kind(), Kind::NoEngine);
        let message = error.to_string();
        assert!(
            message.contains(part) && message.contains("DOCKER_HOST or `docker context use`"),
            "{message}"
        );
    }
}

/// Not a test: the process that [`where_the_engine_is_looked_for`] starts with settings of its own.
#[test]
#[ignore = "it is started by another test"]
fn the_endpoint_found() {
    match Endpoint::find() {
        Ok(endpoint) => println!("\nfound={endpoint}"),
        Err(error) => println!("\nfound={error}"),
    }
}

#[test]
fn where_the_engine_is_looked_for() {
    let config = std::env::temp_dir().join(format!("docker-config-{}", std::process::id()));
    std::fs::create_dir_all(&config).unwrap();
    let find = |settings: &[(&str, &str)]| {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_endpoint_found", "--ignored", "--nocapture"])
            .env_remove("DOCKER_HOST")
            .env_remove("DOCKER_CONTEXT")
            .env_remove("DOCKER_TLS_VERIFY")
            .env("DOCKER_CONFIG", &config)
            .envs(settings.iter().copied())
            .output()
            .unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        output
            .lines()
            .find_map(|line| line.strip_prefix("found=").map(str::to_owned))
            .unwrap()
    };
    let docker = |words: &[&str]| {
        let run = std::process::Command::new("docker")
            .args(words)
            .env("DOCKER_CONFIG", &config)
            .output();
        assert!(run.unwrap().status.success(), "{words:?}");
    };
    docker(&[
        "context",
        "create",
        "other",
        "--docker",
        "host=tcp://127.0.0.1:4000",
    ]);
    let default = "unix:///var/run/docker.sock (the default socket)";
    let other = "tcp://127.0.0.1:4000 (the docker context `other`)";
    for (settings, found) in [
        (&[] as &[(&str, &str)], default),
        (&[("DOCKER_HOST", "")], default),
        (
            &[("DOCKER_HOST", "unix:///run/x.sock")],
            "unix:///run/x.sock (DOCKER_HOST)",
        ),
        (&[("DOCKER_CONTEXT", "other")], other),
        (
            &[
                ("DOCKER_CONTEXT", "other"),
                ("DOCKER_HOST", "tcp://[::1]:5"),
            ],
            "tcp://[::1]:5 (DOCKER_HOST)",
        ),
        (&[("PATH", "/nowhere")], default),
    ] {
        assert_eq!(find(settings), found, "{settings:?}");
    }
    docker(&["context", "use", "other"]);
    assert_eq!(find(&[]), other);
    for (settings, part) in [
        (
            &[("DOCKER_CONTEXT", "no-such")] as &[(&str, &str)],
            "the current docker context could not be read: ",
        ),
        (
            &[("DOCKER_HOST", "ssh://far")],
            "DOCKER_HOST says \"ssh://far\": ssh endpoints are not supported",
        ),
        (
            &[
                ("DOCKER_HOST", "tcp://far:2376"),
                ("DOCKER_TLS_VERIFY", "1"),
            ],
            "DOCKER_TLS_VERIFY says \"1\": TLS",
        ),
    ] {
        let found = find(settings);
        assert!(found.starts_with(part), "{settings:?}: {found}");
    }
    std::fs::remove_dir_all(&config).unwrap();
}

#[tokio::test]
async fn the_probe() {
    let engine = engine().await;
    let probed = probe(&engine, DEFAULT_IMAGE).await.unwrap();
    let image = probed.machine_image.unwrap();
    assert!(
        image.engine.starts_with("28.") && image.id.starts_with("sha256:"),
        "{image:?}"
    );
    let mode = probed.mode.unwrap().unwrap();
    assert!(matches!(
        mode,
        StartMode::Privileged | StartMode::Capabilities
    ));
    println!("machines start with {mode}");
    assert!(probed.memory > 1 << 28 && probed.cpus > 0);
    assert!(
        matches!(probed.cgroup_version.as_str(), "1" | "2"),
        "{}",
        probed.cgroup_version
    );
    assert!(!probed.storage_driver.is_empty());
    let without = probe(&engine, "seaworthy/machine:none").await.unwrap();
    assert!(without.machine_image.is_none() && without.mode.is_none());
}

#[tokio::test]
async fn a_start_that_is_cancelled_leaves_nothing() {
    let engine = engine().await;
    for milliseconds in [0, 1, 5, 20, 60, 120, 250, 400, 700] {
        let run = Run::begin(&engine).await.unwrap();
        let patience = Duration::from_millis(milliseconds);
        let _ =
            tokio::time::timeout(patience, Machine::start(&run, &MachineOptions::default())).await;
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

/// Not a test: the process that [`what_a_killed_run_leaves_is_cleaned`] starts and kills.
#[tokio::test]
#[ignore = "it is started by another test"]
async fn a_run_that_is_killed() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let _machine = machine(&run).await;
    println!("\nrun={}", run.id());
    tokio::time::sleep(Duration::from_secs(60)).await;
    run.end().await.unwrap();
}

/// What a page or another program has made on the outer engine, without labels of ours.
struct Bystanders {
    engine: Engine,
    name: String,
    container: String,
    network: String,
}

impl Bystanders {
    async fn make(engine: &Engine) -> Bystanders {
        let name = format!("bystander-{}", std::process::id());
        let docker = engine.docker();
        let body = ContainerCreateBody {
            image: Some(SMALL.to_owned()),
            ..Default::default()
        };
        let container = docker
            .create_container(None::<CreateContainerOptions>, body)
            .await
            .unwrap()
            .id;
        let request = NetworkCreateRequest {
            name: name.clone(),
            ..Default::default()
        };
        let network = docker.create_network(request).await.unwrap().id;
        docker
            .create_volume(VolumeCreateRequest {
                name: Some(name.clone()),
                ..Default::default()
            })
            .await
            .unwrap();
        Bystanders {
            engine: engine.clone(),
            name,
            container,
            network,
        }
    }

    /// Removes them: fails if one isn't there.
    async fn remove(self) {
        let docker = self.engine.docker();
        let options = RemoveContainerOptionsBuilder::new().force(true).build();
        let container = docker
            .remove_container(&self.container, Some(options))
            .await;
        let network = docker.remove_network(&self.network).await;
        let volume = docker
            .remove_volume(&self.name, None::<RemoveVolumeOptions>)
            .await;
        assert!(
            container.is_ok() && network.is_ok() && volume.is_ok(),
            "{container:?} {network:?} {volume:?}"
        );
    }
}

#[tokio::test]
async fn what_a_killed_run_leaves_is_cleaned() {
    let engine = engine().await;
    let bystanders = Bystanders::make(&engine).await;
    let living = Run::begin(&engine).await.unwrap();
    let _machine = machine(&living).await;

    // Of another computer, as far as the labels say.
    let far = format!("far-{}", std::process::id());
    let label = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let far_labels = HashMap::from([
        label(labels::RUN, &far),
        label(labels::HOST, "another-computer"),
    ]);
    let request = VolumeCreateRequest {
        name: Some(far.clone()),
        labels: Some(far_labels),
        ..Default::default()
    };
    engine.docker().create_volume(request).await.unwrap();

    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "a_run_that_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let killed = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("run=").map(str::to_owned))
        .unwrap();
    let ids = |runs: &[seaworthy::machine::RunObjects]| {
        runs.iter().map(|run| run.run.clone()).collect::<Vec<_>>()
    };

    let cleaned = clean(&engine, false).await.unwrap();
    assert!(ids(&cleaned.alive).contains(&killed), "{cleaned:?}");
    assert_eq!(objects(&engine, &killed).await, (1, 1, 0));
    child.kill().unwrap();
    child.wait().unwrap();

    let cleaned = clean(&engine, false).await.unwrap();
    let removed = cleaned
        .removed
        .iter()
        .find(|run| run.run == killed)
        .unwrap();
    assert_eq!(
        (removed.containers, removed.networks, removed.volumes),
        (1, 1, 0)
    );
    assert_eq!(objects(&engine, &killed).await, (0, 0, 0));
    assert!(
        ids(&cleaned.alive).contains(&living.id().to_owned()),
        "{cleaned:?}"
    );
    assert_eq!(objects(&engine, living.id()).await, (1, 1, 0));
    let unknown = cleaned.unknown.iter().find(|run| run.run == far).unwrap();
    assert_eq!(
        unknown.why.as_deref(),
        Some("it belongs to another computer, another-computer")
    );
    engine
        .docker()
        .remove_volume(&far, None::<RemoveVolumeOptions>)
        .await
        .unwrap();
    bystanders.remove().await;
    living.end().await.unwrap();
}

/// Makes the engine inside a machine reachable on a port of this computer: each connection is carried by an exec.
async fn forward(machine: &Machine) -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (engine, container) = (machine.engine().clone(), machine.container().to_owned());
    tokio::spawn(async move {
        while let Ok((mut local, _)) = listener.accept().await {
            let (engine, container) = (engine.clone(), container.clone());
            tokio::spawn(async move {
                let options = bollard::exec::CreateExecOptions {
                    attach_stdin: Some(true),
                    attach_stdout: Some(true),
                    tty: Some(true),
                    cmd: Some(vec![
                        "sh",
                        "-c",
                        "stty raw -echo; echo ready; exec docker system dial-stdio",
                    ]),
                    ..Default::default()
                };
                // A machine that has ended ends the connection.
                let Ok(exec) = engine.docker().create_exec(&container, options).await else {
                    return;
                };
                let Ok(mut remote) = engine.start_exec(&exec.id, true).await else {
                    return;
                };
                let mut ready = Vec::new();
                while !ready.ends_with(b"ready\n") && !ready.ends_with(b"ready\r\n") {
                    if !matches!(remote.read_buf(&mut ready).await, Ok(1..)) {
                        return;
                    }
                }
                // Either side may hang up.
                let _ = tokio::io::copy_bidirectional(&mut local, &mut remote).await;
            });
        }
    });
    Endpoint {
        address: Address::Tcp {
            host: "127.0.0.1".into(),
            port,
        },
        source: Source::DockerHost,
    }
}

/// `clean --all`, on an engine whose caches no one misses, over TCP.
#[tokio::test]
async fn caches_are_cleaned_on_another_engine() {
    let run = Run::begin(&engine().await).await.unwrap();
    let machine = machine(&run).await;
    sh(
        &machine,
        "tar c -T /dev/null | docker import -c 'LABEL seaworthy.cache=stand-in' \
        -c 'LABEL seaworthy.reference=cache:1' - cache:1",
    )
    .await;
    // Built upon a cache: it inherits the labels, and is not ours.
    sh(
        &machine,
        "docker create --name base cache:1 x && docker commit base mine:1 && docker rm base",
    )
    .await;
    sh(
        &machine,
        "docker volume create --label seaworthy.cache=layers layers; docker volume create mine",
    )
    .await;
    sh(
        &machine,
        "docker volume create --label seaworthy.run=dead dead",
    )
    .await;
    let inner = Engine::connect_to(forward(&machine).await).await.unwrap();
    assert_eq!(inner.version(), machine.inner());

    let cleaned = clean(&inner, false).await.unwrap();
    assert_eq!(
        (cleaned.removed.len(), cleaned.caches.len()),
        (1, 0),
        "{cleaned:?}"
    );
    let list = "docker volume ls -q; docker images --format '{{.Repository}}:{{.Tag}}' | sort";
    assert_eq!(sh(&machine, list).await, "layers\nmine\ncache:1\nmine:1");
    let cleaned = clean(&inner, true).await.unwrap();
    assert_eq!(cleaned.caches, ["layers", "cache:1"]);
    assert_eq!(cleaned.kept, [] as [&str; 0]);
    assert_eq!(sh(&machine, list).await, "mine\nmine:1");

    // The engine goes away.
    kill_inner_engine(&machine).await;
    let error = clean(&inner, false).await.unwrap_err();
    assert_eq!(error.kind(), MachineKind::Engine(Kind::Lost), "{error}");
    assert!(matches!(
        error,
        MachineError::Engine(EngineError::Lost { .. })
    ));
    run.end().await.unwrap();
}
