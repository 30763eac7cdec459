//! What CI systems and schedulers are given (the action, the component, the hooks, the examples): well-formed, and what it
//! says to the program is understood.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use seaworthy::cli::Cli;
use seaworthy_words::Script;
use serde_json::Value;

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

/// The documents of a file.
fn documents(path: &str) -> Vec<Value> {
    file(path).split("\n---\n").map(yaml).collect()
}

#[track_caller]
fn understood<'a>(words: impl IntoIterator<Item = &'a str>) {
    let words: Vec<_> = std::iter::once("seaworthy").chain(words).collect();
    if let Err(error) = Cli::command().try_get_matches_from(&words) {
        panic!("{words:?}: {error}");
    }
}

/// The names that stand behind `begin` in `text`.
fn named<'a>(text: &'a str, begin: &str) -> BTreeSet<&'a str> {
    let rest = text.split(begin).skip(1);
    rest.map(|rest| {
        let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-');
        rest.split(ends).next().unwrap()
    })
    .collect()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn the_action_uses_all_its_inputs_and_each_step_gets_what_it_asks_for() {
    let text = file("action.yml");
    let action = yaml(&text);
    assert_eq!(named(&text, "inputs."), keys(&action["inputs"]));
    let script = file("scripts/action");
    let mut steps = BTreeSet::new();
    for step in action["runs"]["steps"].as_array().unwrap() {
        let Some(run) = step["run"].as_str() else {
            let (_, commit) = step["uses"].as_str().unwrap().split_once('@').unwrap();
            assert_eq!(commit.len(), 40, "{step}");
            continue;
        };
        let step_name = run
            .strip_prefix("\"$GITHUB_ACTION_PATH/scripts/action\" ")
            .unwrap();
        steps.insert(step_name);
        // Its variables are those that its part of the script reads.
        let body = script
            .split(&format!("\n{step_name}() {{\n"))
            .nth(1)
            .unwrap();
        let body = body.split("\n}\n").next().unwrap();
        for variable in keys(&step["env"]) {
            let read = [format!("${variable}"), format!("${{{variable}")];
            assert!(
                read.iter().any(|read| body.contains(read)),
                "{step_name}: {variable}"
            );
        }
    }
    let asked: BTreeSet<_> = ["install", "machine", "check"].into();
    assert_eq!(steps, asked);
}

/// The commands of the program in `text`, where one begins with `begin`.
fn typed<'a>(text: &'a str, begin: &'a str) -> impl Iterator<Item = String> + 'a {
    let found = text.split(begin).skip(1);
    found.map(|rest| {
        rest.split(['\n', '|', '>', ';', ')', '\''])
            .next()
            .unwrap()
            .to_owned()
    })
}

/// What the caller adds, and in which variables values stand, makes no difference.
#[track_caller]
fn understood_as_typed(command: &str) {
    let script = Script::parse(format!("seaworthy {command}"));
    let words = script.commands()[0].values().into_iter().skip(1);
    let words: Vec<_> = words.filter(|word| !word.contains("[@]")).collect();
    understood(words.iter().map(|word| word.trim_end_matches('"')));
}

#[test]
fn what_the_scripts_type_is_understood() {
    for (path, begin, count) in [
        ("scripts/action", "\n    seaworthy ", 1),
        ("scripts/action", "\n        seaworthy ", 1),
        ("examples/swarm.sh", "docker-entrypoint.sh ", 1),
        ("examples/swarm.sh", "/book\" \"$image\" ", 1),
        ("examples/kubernetes.yml", "docker-entrypoint.sh ", 2),
    ] {
        let text = file(path);
        let all: Vec<_> = typed(&text, begin).collect();
        assert_eq!(all.len(), count, "{path}: {begin}: {all:?}");
        all.iter().for_each(|command| understood_as_typed(command));
    }
}

#[test]
fn the_component_uses_all_its_inputs() {
    let text = file("templates/check/template.yml");
    let documents = documents("templates/check/template.yml");
    assert_eq!(documents.len(), 2);
    assert_eq!(
        named(&text, "$[[ inputs."),
        keys(&documents[0]["spec"]["inputs"])
    );
}

#[test]
fn the_hooks_are_commands() {
    let hooks = yaml(&file(".pre-commit-hooks.yaml"));
    let hooks = hooks.as_array().unwrap();
    assert_eq!(hooks.len(), 2);
    for hook in hooks {
        let entry = hook["entry"].as_str().unwrap();
        understood(entry.split(' ').skip(1));
        assert!(hook["id"].as_str().unwrap().starts_with("seaworthy-"));
    }
}

#[test]
fn the_pods_of_the_indexed_job_are_all_its_jobs() {
    let documents = documents("examples/kubernetes.yml");
    let jobs: Vec<_> = documents.iter().filter(|d| d["kind"] == "Job").collect();
    assert_eq!(jobs.len(), 2);
    let spec = &jobs[0]["spec"];
    let environment = spec["template"]["spec"]["containers"][0]["env"]
        .as_array()
        .unwrap();
    let shard = environment
        .iter()
        .find(|variable| variable["name"] == "SEAWORTHY_SHARD");
    let written = shard.unwrap()["value"].as_str().unwrap();
    let completions = spec["completions"].as_u64().unwrap();
    let (_, of) = written.split_once('/').unwrap();
    assert_eq!(of.parse(), Ok(completions));
    for index in 0..completions {
        let value = written.replace("$(INDEX)", &index.to_string());
        let shard: seaworthy::shard::Shard = value.parse().unwrap();
        assert_eq!(shard.number as u64, index + 1);
    }
}

/// The action's first step where there is no `seaworthy`: the release's archive, if its checksum is right.
#[test]
fn the_action_installs_a_release() {
    use std::process::Command;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let version = env!("CARGO_PKG_VERSION");
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let releases = path(&format!("releases/v{version}"));
    let archive = Command::new(repository.join("scripts/archive"))
        .arg(crate::support::programs())
        .args([&target, &releases, crate::support::program()])
        .output()
        .unwrap();
    assert!(archive.status.success(), "{archive:?}");
    let install = || {
        for name in ["path", "output"] {
            fs::write(path(name), "").unwrap();
        }
        let mut command = Command::new(repository.join("scripts/action"));
        command
            .arg("install")
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("SEAWORTHY_RELEASES", format!("file://{}", path("releases")))
            .env("RUNNER_TEMP", path("temp"))
            .env("GITHUB_PATH", path("path"))
            .env("GITHUB_OUTPUT", path("output"));
        crate::support::Ran::from(command.output().unwrap())
    };
    install().exits(0);
    let on_path = fs::read_to_string(path("path")).unwrap();
    let program = Path::new(on_path.trim_end()).join("seaworthy");
    let said = Command::new(program).arg("--version").output().unwrap();
    assert!(said.status.success());
    let output = fs::read_to_string(path("output")).unwrap();
    assert_eq!(output, format!("version={version}\n"));

    // What isn't what the release had is not run.
    let archive = format!("{releases}/seaworthy-{version}-{target}.tar.gz");
    fs::write(&archive, "something else").unwrap();
    install().exits(5).says(&format!(
        "Seaworthy {version} could not be had from file://"
    ));
    assert_eq!(fs::read_to_string(path("path")).unwrap(), "");
}
