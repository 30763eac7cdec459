//! Prepared images: machines that begin with images.

use super::common::*;
use super::made::Made;
use seaworthy_machine::engine::api::VolumeCreateRequest;
use seaworthy_machine::engine::{Engine, labels};
use seaworthy_machine::{MachineOptions, PreparedImage, Run, clean};
use std::time::{Duration, Instant};

const ALL_NAMES: &str = "docker images -a --format '{{.Repository}}:{{.Tag}}' | sort";

async fn prepare(run: &Run, names: &[&str]) -> Vec<PreparedImage> {
    let mut images = Vec::new();
    for name in names {
        images.push(run.engine().image(name).await.unwrap().unwrap());
    }
    let options = MachineOptions::default();
    let prepared = run.prepare(&images, &options).await.unwrap();
    prepared.into_iter().map(Result::unwrap).collect()
}

async fn machine_with(run: &Run, names: &[&str]) -> Single {
    let options = MachineOptions {
        images: prepare(run, names).await,
        ..MachineOptions::default()
    };
    Single::start(run, &options).await.unwrap()
}

/// The names of the volumes with a label.
async fn volumes(engine: &Engine, label: &str) -> Vec<String> {
    let listed = engine.list_volumes(label).await.unwrap();
    listed.into_iter().map(|volume| volume.name).collect()
}

/// The volumes that are named by those which make this image known.
async fn layers_of(engine: &Engine, id: &str) -> Vec<String> {
    let mut layers = Vec::new();
    for known in volumes(engine, &format!("{}={id}", labels::IMAGE)).await {
        let known = engine.volume("looking", &known).await.unwrap().unwrap();
        layers.push(known.labels[labels::LAYERS].clone());
    }
    layers
}

/// Everything that is done with images works with prepared ones.
#[tokio::test]
async fn images_are_there_and_can_be_used() {
    let engine = engine().await;
    // Layers that hide what is below them, one of them over a whole folder.
    let made = Made::from(
        "layers",
        &[
            "mkdir -p /data/old && echo old > /data/old/file && echo gone > /gone",
            "rm -rf /data /gone && mkdir /data && echo new > /data/new",
            "echo third > /data/third",
        ],
    );
    let (one, other) = (made.name.as_str(), made.also("other"));
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine_with(&run, &[SMALL, one, &other]).await;
    let mut names = [SMALL, one, &other];
    names.sort_unstable();
    assert_eq!(sh(&machine, ALL_NAMES).await, names.join("\n"));
    let seen =
        "cat /data/new /data/third; ls /data; ls /gone 2>&1 | wc -l; find / -name old | wc -l";
    let expected = "new\nthird\nnew\nthird\n1\n0";
    let look = |name: &str| format!("docker run --rm {name} sh -c '{seen}'");
    assert_eq!(sh(&machine, &look(one)).await, expected);
    assert_eq!(sh(&machine, &look(&other)).await, expected);

    // The same image as outside: id, names, layers, configuration.
    let script = format!(
        "docker image inspect {one} --format '{{{{.Id}}}} {{{{len .RepoTags}}}} {{{{len .RootFS.Layers}}}}'"
    );
    let layers = made.layers();
    assert_eq!(
        sh(&machine, &script).await,
        format!("{} 2 {layers}", made.id)
    );
    // What is saved has what was loaded.
    let saved = format!(
        "docker save {one} | tar -xO manifest.json | jq -r '.[0].Layers | length' && \
         docker save {one} > s && docker rmi {one} {other} > /dev/null && docker load -q -i s && docker images -q --no-trunc {one}"
    );
    let expected_save = format!("{layers}\nLoaded image: {one}\n{}", made.id);
    assert_eq!(sh(&machine, &saved).await, expected_save);
    assert_eq!(sh(&machine, &look(one)).await, expected);

    // Built upon, committed, given another name, removed.
    let build = format!(
        "printf 'FROM {SMALL}\\nRUN echo built > /built\\n' | docker build -q -t mine - > /dev/null && docker run --rm mine cat /built"
    );
    assert_eq!(sh(&machine, &build).await, "built");
    let commit = format!(
        "docker run --name com {SMALL} sh -c 'rm -rf /home; echo c > /c' && docker diff com | sort && docker commit com mine:c > /dev/null \
         && docker rm com > /dev/null && docker run --rm mine:c sh -c 'cat /c; ls -d /home 2>&1 | wc -l'"
    );
    assert_eq!(sh(&machine, &commit).await, "A /c\nD /home\nc\n1");
    let rename = format!(
        "docker tag {SMALL} short && docker rmi mine mine:c {SMALL} > /dev/null && docker run --rm short echo still && \
         docker rmi short {one} > /dev/null && docker images -aq | wc -l"
    );
    assert_eq!(sh(&machine, &rename).await, "still\n0");
    // No way to change what other machines are given.
    let spoil = "for f in /var/lib/seaworthy/*/seed.tar /var/lib/seaworthy/*/layers/*/bin/sh; do [ -e $f ] && ! echo x 2>/dev/null >> $f || echo $f; done";
    assert_eq!(sh(&machine, spoil).await, "");
    machine.remove().await.unwrap();
    let machine = machine_with(&run, &[one]).await;
    assert_eq!(sh(&machine, ALL_NAMES).await, one, "no others");
    assert_eq!(sh(&machine, &look(one)).await, expected);
    run.end().await.unwrap();
    assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
    assert_eq!(
        layers_of(&engine, &made.id).await.len(),
        1,
        "one for both names"
    );
}

/// What counts is what an image holds, not what it is called.
#[tokio::test]
async fn a_name_that_moved() {
    let engine = engine().await;
    let first = Made::from("moving", &["echo 1 > /which"]);
    let run = Run::begin(&engine).await.unwrap();
    let look = format!("docker run --rm {} cat /which", first.name);
    let before = machine_with(&run, &[&first.name]).await;
    let second = Made::from("moving", &["echo 2 > /which"]);
    assert_eq!(first.name, second.name);
    assert_ne!(first.id, second.id);
    let after = machine_with(&run, &[&second.name]).await;
    assert_eq!(sh(&before, &look).await, "1");
    assert_eq!(sh(&after, &look).await, "2");
    run.end().await.unwrap();
}

/// Two pages of one run, and another run, want the same image at the same time: each gets it, one is kept.
#[tokio::test]
async fn at_the_same_time() {
    let engine = engine().await;
    let made = Made::from("wanted", &["echo wanted > /wanted"]);
    let (one, other) = (
        Run::begin(&engine).await.unwrap(),
        Run::begin(&engine).await.unwrap(),
    );
    let names = [made.name.as_str()];
    let (a, b, c) = tokio::join!(
        prepare(&one, &names),
        prepare(&one, &names),
        prepare(&other, &names)
    );
    assert!(a == b && b == c, "{a:?} {b:?} {c:?}");
    assert_eq!(layers_of(&engine, &made.id).await.len(), 1);
    for run in [one, other] {
        let options = MachineOptions {
            images: a.clone(),
            ..MachineOptions::default()
        };
        let machine = Single::start(&run, &options).await.unwrap();
        let look = format!("docker run --rm {} cat /wanted", made.name);
        assert_eq!(sh(&machine, &look).await, "wanted");
        run.end().await.unwrap();
        let preparing = format!("{}={}", labels::PREPARING, run.id());
        let left = volumes(&engine, &preparing).await;
        let kept = layers_of(&engine, &made.id).await;
        assert!(left.iter().all(|volume| kept.contains(volume)), "{left:?}");
        assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
    }
}

/// Preparing that is interrupted, at any moment, leaves nothing, and nothing that is half made is used.
#[tokio::test]
async fn interrupted() {
    let engine = engine().await;
    let made = Made::from("interrupted", &["echo whole > /whole"]);
    for milliseconds in [1, 20, 100, 300, 600, 1000, 1500, 2000] {
        let run = Run::begin(&engine).await.unwrap();
        let patience = Duration::from_millis(milliseconds);
        let in_time = tokio::time::timeout(patience, prepare(&run, &[&made.name])).await;
        let begun = Instant::now();
        run.end().await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(5));
        assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
        let preparing = format!("{}={}", labels::PREPARING, run.id());
        let left = volumes(&engine, &preparing).await;
        assert_eq!(
            left,
            layers_of(&engine, &made.id).await,
            "after {milliseconds} ms"
        );
        if in_time.is_ok() {
            break;
        }
        assert_eq!(left, [""; 0]);
    }
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine_with(&run, &[&made.name]).await;
    let look = format!("docker run --rm {} cat /whole", made.name);
    assert_eq!(sh(&machine, &look).await, "whole");
    machine.remove().await.unwrap();

    // Someone removes what is kept, and what makes it known stays.
    let [layers] = &layers_of(&engine, &made.id).await[..] else {
        panic!("one volume")
    };
    engine.remove_volume(layers, false).await.unwrap();
    let machine = machine_with(&run, &[&made.name]).await;
    assert_eq!(sh(&machine, &look).await, "whole");
    run.end().await.unwrap();
}

/// What a run that was killed had half made goes with `clean`; what is whole stays, though its run is dead.
#[tokio::test]
async fn half_made_by_a_run_that_is_dead() {
    let engine = engine().await;
    let made = Made::from("dead", &["echo dead > /dead"]);
    let run = Run::begin(&engine).await.unwrap();
    prepare(&run, &[&made.name]).await;
    run.end().await.unwrap();
    let [layers] = &layers_of(&engine, &made.id).await[..] else {
        panic!("one volume")
    };
    // As it was before it was whole, of the same run; its lock file is gone now.
    let whole = engine.volume("looking", layers).await.unwrap().unwrap();
    let half = format!("half-made-{}", run.id());
    let request = VolumeCreateRequest {
        name: Some(half.clone()),
        labels: Some(whole.labels),
        ..Default::default()
    };
    engine.create_volume("making one", request).await.unwrap();
    let cleaned = clean(&engine, false).await.unwrap();
    let removed = cleaned.removed.iter().find(|one| one.run == run.id());
    let removed = removed.unwrap_or_else(|| panic!("{cleaned:?}"));
    assert_eq!(
        (removed.containers, removed.networks, removed.volumes),
        (0, 0, 1)
    );
    assert!(engine.volume("looking", &half).await.unwrap().is_none());
    assert!(engine.volume("looking", layers).await.unwrap().is_some());
}
