//! The workflows of this repository, and those that the guide shows: well-formed, with few rights, and their actions pinned.

use std::fs;

use serde_json::Value;

use crate::guide::{blocks, repository};

/// The texts of this repository's workflows.
fn own_workflows() -> Vec<(String, String)> {
    let folder = repository().join(".github/workflows");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = files.map(|path| {
        (
            path.display().to_string(),
            fs::read_to_string(path).unwrap(),
        )
    });
    files.collect()
}

/// The workflows of this repository, and those that the guide shows.
fn workflows() -> Vec<(String, Value)> {
    let files = own_workflows().into_iter();
    let shown = blocks(&["yaml"])
        .into_iter()
        .map(|(name, block)| (name, block.body()));
    let all = files.chain(shown).map(|(name, text)| {
        let value = serde_saphyr::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}\n{text}"));
        (name, value)
    });
    all.collect()
}

#[test]
fn workflows_are_yaml_ask_for_little_and_name_what_they_use() {
    let mut used = 0;
    for (name, workflow) in workflows() {
        if workflow.get("on").is_some() {
            assert_eq!(
                workflow["permissions"],
                serde_json::json!({"contents": "read"}),
                "{name}"
            );
            assert!(
                workflow["on"].get("pull_request_target").is_none(),
                "{name}"
            );
        }
        let jobs = workflow.get("jobs").and_then(Value::as_object);
        for job in jobs.into_iter().flatten().map(|(_, job)| job) {
            // A job may be another workflow.
            let steps = job.get("steps").and_then(Value::as_array);
            for step in steps.into_iter().flatten() {
                let Some(action) = step.get("uses").and_then(Value::as_str) else {
                    continue;
                };
                used += 1;
                let (_, at) = action.split_once('@').unwrap();
                let major = at
                    .strip_prefix('v')
                    .is_some_and(|v| v.parse::<u32>().is_ok());
                assert!(
                    major || is_commit(at),
                    "{name}: {action}: an action is pinned by its commit or its major version"
                );
            }
        }
    }
    assert!(used > 8);
}

/// Whether that is the whole name of a commit.
fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What others may change under a name must not run with this repository's rights.
#[test]
fn our_own_workflows_pin_actions_by_commit_and_say_which_version_that_is() {
    let mut pinned = 0;
    for (name, text) in own_workflows() {
        for line in text.lines() {
            let Some((_, action)) = line.split_once("uses: ") else {
                continue;
            };
            if action.starts_with("./") {
                continue;
            }
            pinned += 1;
            let parts = action
                .split_once('@')
                .and_then(|(_, at)| at.split_once(" # v"));
            let version =
                |text: &str| text.split('.').filter(|n| n.parse::<u32>().is_ok()).count() == 3;
            assert!(
                parts.is_some_and(|(commit, tag)| is_commit(commit) && version(tag)),
                "{name}: {action}: `OWNER/NAME@COMMIT # vVERSION`"
            );
        }
    }
    assert!(pinned > 8, "{pinned}");
}

/// A release is made of a commit whose checks are green.
#[test]
fn what_a_release_publishes_was_checked() {
    let all = workflows();
    let (_, release) = all
        .iter()
        .find(|(name, _)| name.ends_with("release.yml"))
        .unwrap();
    let jobs = release["jobs"].as_object().unwrap();
    let needs = |job: &str| jobs[job]["needs"].as_str().unwrap_or_default().to_owned();
    assert_eq!(jobs["checks"]["uses"], "./.github/workflows/checks.yml");
    for publishes in ["github", "crates"] {
        assert_eq!(needs(&needs(publishes)), "checks", "{publishes}");
    }
}
