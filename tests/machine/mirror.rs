//! The registry mirror: pulling inside machines. No machine here has a way out, so what is pulled comes through it.

use super::common::*;
use super::made::Made;
use seaworthy_machine::engine::Command;
use seaworthy_machine::{Machine, MachineOptions, Run};
use std::time::{Duration, Instant};

async fn closed(run: &Run) -> Single {
    let options = MachineOptions {
        internet: false,
        ..MachineOptions::default()
    };
    Single::start(run, &options).await.unwrap()
}

/// The mirror's address on the machine's network.
async fn mirror_of(machine: &Machine) -> String {
    let info = "docker info --format '{{index .RegistryConfig.Mirrors 0}}'";
    sh(machine, info).await.trim_end_matches('/').to_owned()
}

/// What a command that must fail prints.
async fn fails(machine: &Machine, script: &str) -> String {
    let command = Command::new(["bash", "-c", script]).time(Duration::from_secs(60));
    let ended = machine.engine().exec(machine.container(), command).await;
    let ended = ended.unwrap();
    assert_ne!(ended.exit, 0, "{script}: {}", ended.text());
    ended.complaint()
}

/// With a tag and without, by `pull` and by `run`, named only when it runs, again after `rmi`, and by the digest that
/// the pull printed.
#[tokio::test]
async fn pulling_as_ever() {
    let engine = engine().await;
    let made = Made::from(
        "pulled",
        &[
            "echo base > /base; rm -rf /home",
            "echo top > /top; ln -s /top /link",
        ],
    );
    let latest = made.also("second");
    let (name, second) = (&made.name, latest.trim_end_matches(":latest"));
    let run = Run::begin(&engine).await.unwrap();
    let machine = closed(&run).await;
    let begun = Instant::now();
    let said = sh(&machine, &format!("docker pull {name}")).await;
    println!("pulled {name} in {:.2?}", begun.elapsed());
    assert!(said.contains("Pull complete"), "{said}");
    let downloaded = format!("Status: Downloaded newer image for {name}");
    assert!(said.contains(&downloaded), "{said}");
    let ids = format!("docker images -q --no-trunc {name}");
    assert_eq!(
        sh(&machine, &ids).await,
        made.id,
        "the same image as outside"
    );
    let look = |name: &str| {
        format!("docker run --rm {name} sh -c 'cat /base /link; ls /home 2>&1 | wc -l'")
    };
    assert_eq!(sh(&machine, &look(name)).await, "base\ntop\n1");
    let again = sh(&machine, &format!("docker pull {name}")).await;
    assert!(again.contains("Image is up to date"), "{again}");

    let removed = format!("docker rmi {name} > /dev/null; docker images -aq");
    assert_eq!(sh(&machine, &removed).await, "");
    let at_run_time = format!("IMAGE={name}; {} 2>/dev/null", look("$IMAGE"));
    assert_eq!(sh(&machine, &at_run_time).await, "base\ntop\n1");
    let by_digest = format!(
        "docker image inspect {name} --format '{{{{index .RepoDigests 0}}}}' > digest && docker rmi {name} > /dev/null && \
         docker pull -q $(cat digest) && docker images -q --no-trunc"
    );
    let said = sh(&machine, &by_digest).await;
    assert!(said.ends_with(&made.id), "{said}");
    let build = format!(
        "printf 'FROM {second}\\nRUN echo b > /b\\n' | docker build -q - > id && docker run --rm $(cat id) cat /top /b"
    );
    assert_eq!(sh(&machine, &build).await, "top\nb");
    let unpinned = sh(&machine, &format!("docker pull {second}")).await;
    assert!(unpinned.contains("Using default tag: latest"), "{unpinned}");

    let pulled = run.pulled();
    let mut names: Vec<_> = pulled
        .images
        .iter()
        .map(|one| (one.reference.to_string(), &one.id))
        .collect();
    names.sort();
    assert_eq!(
        names,
        [(name.clone(), &made.id), (latest.clone(), &made.id)]
    );
    assert!(pulled.missing.is_empty(), "{pulled:?}");
    run.end().await.unwrap();
    assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
}

/// Names that nobody has fail soon, in Docker's words, and are told; one that comes to be there is found.
#[tokio::test]
async fn names_that_nobody_has() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = closed(&run).await;
    let name = format!("seaworthy-test/later-{}:1", std::process::id());
    for script in [
        format!("docker pull {name}"),
        format!("docker run --rm {name}"),
        "docker pull seaworthy-test/no-such-image@sha256:1111111111111111111111111111111111111111111111111111111111111111".to_owned(),
        "docker pull ghcr.io/seaworthy-test/no-such-image".to_owned(),
    ] {
        let begun = Instant::now();
        let said = fails(&machine, &script).await;
        assert!(said.contains("Error response from daemon: "), "{said}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{script}: {:.2?}", begun.elapsed());
        println!("{script}: {:.2?}", begun.elapsed());
    }
    let why = &run.pulled().missing[&name];
    assert!(
        why.starts_with(&format!("there is no image {name}: ")),
        "{why}"
    );
    assert_eq!(run.pulled().missing.len(), 1, "only docker.io is mirrored");
    let made = Made::from("later", &["echo later > /later"]);
    assert_eq!(made.name, name);
    // A refusal holds for some seconds.
    let pull = format!("until docker pull -q {name} 2> /dev/null; do sleep 0.5; done");
    sh(&machine, &pull).await;
    assert!(run.pulled().missing.is_empty());
    run.end().await.unwrap();
}

/// Machines can but read what the mirror has, and it is no way to another page's machines.
#[tokio::test]
async fn only_reading() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let options = MachineOptions::default();
    let attacker = Single::start(&run, &options).await.unwrap();
    let victim = Single::start(&run, &options).await.unwrap();
    sh(&attacker, &format!("docker pull -q {SMALL}")).await;
    let mirror = mirror_of(&attacker).await;
    let status = |request: &str| {
        format!("curl -s -o /dev/null -w '%{{http_code}}' --path-as-is -m 10 {request}")
    };
    let v2 = format!("{mirror}/v2");
    for (request, expected) in [
        (format!("{v2}/"), "200"),
        (format!("{v2}/library/busybox/manifests/1.37"), "200"),
        (format!("-I {v2}/library/busybox/manifests/1.37"), "200"),
        (
            format!("-X POST {v2}/library/busybox/blobs/uploads/"),
            "405",
        ),
        (
            format!("-X PUT -d x {v2}/library/busybox/manifests/1.37"),
            "405",
        ),
        (
            format!("-X DELETE {v2}/library/busybox/manifests/1.37"),
            "405",
        ),
        (format!("{v2}/../../../../etc/passwd"), "404"),
        (
            format!("{v2}/library/busybox/manifests/../../../../etc/passwd"),
            "404",
        ),
        (format!("{v2}/library/../../etc/manifests/passwd"), "404"),
        (
            format!("{v2}/library/busybox/blobs/sha256:../../../../../etc/passwd"),
            "404",
        ),
        (format!("'{v2}/a$(id)/manifests/1'"), "404"),
        (format!("'{v2}/a/manifests/;id'"), "404"),
        (
            format!("{v2}/{}/manifests/1", "a-".repeat(2000) + "a"),
            "404",
        ),
    ] {
        assert_eq!(
            sh(&attacker, &status(&request)).await,
            expected,
            "{request}"
        );
    }
    sh(
        &attacker,
        &format!(
            "docker tag {SMALL} {}/mine",
            mirror.trim_start_matches("http://")
        ),
    )
    .await;
    fails(
        &attacker,
        &format!("docker push {}/mine", mirror.trim_start_matches("http://")),
    )
    .await;
    // Connections that say nothing don't keep others from it.
    let host = mirror.trim_start_matches("http://").replace(':', "/");
    sh(&attacker, &format!("for i in {{1..20}}; do sleep 5 < /dev/tcp/{host} & done; docker rmi {SMALL} && docker pull -q {SMALL}")).await;

    // By its own network the victim is there for the mirror, not for who asks the mirror to pass things on.
    let address = "ip -4 -o addr show eth0 | sed -E 's,.* inet ([0-9.]+)/.*,\\1,'";
    let foreign = sh(&victim, address).await;
    let gateway = mirror
        .trim_start_matches("http://")
        .split(':')
        .next()
        .unwrap()
        .to_owned();
    let own = sh(&attacker, address).await;
    sh(&victim, &format!("iptables -I INPUT -s {own} -j ACCEPT")).await;
    let around =
        format!("ip route add {foreign}/32 via {gateway} && ping -c 3 -i 0.2 -W 1 {foreign}");
    fails(&attacker, &around).await;
    let arrived = format!("iptables -nvxL INPUT | awk '$8 == \"{own}\" {{ print $1 }}'");
    assert_eq!(sh(&victim, &arrived).await, "0", "packets arrived");
    run.end().await.unwrap();
}

/// Two pages ask for the same at the same time; a mirror that has ended is replaced for the next page.
#[tokio::test]
async fn several_pages_and_a_mirror_that_ends() {
    let engine = engine().await;
    let made = Made::from("shared", &["echo shared > /shared"]);
    let run = Run::begin(&engine).await.unwrap();
    let (one, other) = tokio::join!(closed(&run), closed(&run));
    let look = format!("docker run --rm {} cat /shared 2> /dev/null", made.name);
    let (a, b) = tokio::join!(sh(&one, &look), sh(&other, &look));
    assert_eq!((a.as_str(), b.as_str()), ("shared", "shared"));
    one.remove().await.unwrap();

    let mirror = sh(
        &other,
        "getent hosts registry-mirror > /dev/null; echo done",
    )
    .await;
    assert_eq!(mirror, "done");
    for container in mirrors(&engine, &run).await {
        engine.remove_container(&container).await.unwrap();
    }
    // This process notices at once, but not before.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let next = closed(&run).await;
    assert_eq!(sh(&next, &look).await, "shared");
    assert_eq!(mirrors(&engine, &run).await.len(), 1);
    run.end().await.unwrap();
    assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
}
