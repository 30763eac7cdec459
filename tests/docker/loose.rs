//! Markdown without a book, on an engine: checked as it is, audited, and adopted.

use std::fs;

use crate::support::{self, Ran, engine, git};

/// A folder of files, and the program run in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        engine::needed();
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            fs::write(folder.path().join(path), text).unwrap();
        }
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = std::process::Command::new(support::program());
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("NO_COLOR", "1");
        Ran::from(command.output().unwrap())
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).unwrap()
    }
}

#[test]
fn a_readme_is_checked_and_accepted() {
    let folder = Folder::new(&[(
        "README.md",
        "# R\n\n```console\n# a comment\n$ echo low\nlow\n$ echo tide\ntied\n```\n",
    )]);
    folder
        .run(&["check", "README.md"])
        .exits(1)
        .says("README.md:8: printed `tied`, is `tide`")
        .says("run this page alone: seaworthy check README.md")
        .says("report: target/seaworthy/report.json");
    folder
        .run(&["accept", "README.md"])
        .exits(0)
        .says("1 file changed");
    assert!(folder.read("README.md").contains("tide\n```"));
    folder.run(&["check"]).exits(0).says("1 passed, 0 failed");
}

#[test]
fn what_is_malformed_fails_and_the_rest_is_run() {
    let folder = Folder::new(&[
        (
            "a.md",
            "```console,exti=1\n$ true\n```\n\n```console\n$ echo a\na\n```\n",
        ),
        ("b.md", "```console\nout\n```\n"),
    ]);
    folder.run(&["check"]).exits(2).says("2 faults");
    folder
        .run(&["check", "--keep-going"])
        .exits(1)
        .says("2 faults, counted as failed; the rest is run")
        .says("a.md:1: `exti` is unknown [malformed]")
        .says("1 passed, 2 failed");
    let report: serde_json::Value =
        serde_json::from_str(&folder.read("target/seaworthy/report.json")).unwrap();
    assert_eq!(report["summary"]["failed"], 2);
    assert_eq!(
        report["runs"][0]["pages"][0]["sessions"][1]["status"],
        "passed"
    );
}

/// What one session leaves, no other finds: containers, networks, variables, files, open programs.
#[test]
fn sessions_that_stand_alone() {
    let page = "<!-- seaworthy state=session timeout=20s -->\n\n```text,file=a\nfile\n```\n\n```console\n$ docker network create front\n$ docker run -d --name web --network front busybox:1.37 sleep 600\n```\n\n```console\n$ docker network create front\n$ docker ps -q\n$ cat a\nfile\n```\n\n```console\n$ touch b; export X=1; cd /tmp\n$ false\n```\n\n```console\n$ ls; pwd; echo \"[$X]\"\na\n/home/learner\n[]\n```\n\n```console\n$ docker run -it --rm busybox:1.37 sh\n/ # true\n```\n\n```console\n$ docker ps -a --format '{{.Names}}'; echo end\nend\n```\n";
    let folder = Folder::new(&[("a.md", page)]);
    folder.run(&["check", "a.md"]).exits(1);
    let report: serde_json::Value =
        serde_json::from_str(&folder.read("target/seaworthy/report.json")).unwrap();
    let sessions = report["runs"][0]["pages"][0]["sessions"]
        .as_array()
        .unwrap();
    let told: Vec<_> = sessions
        .iter()
        .map(|session| session["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        told,
        ["passed", "passed", "failed", "passed", "passed", "passed"],
        "{report:#}"
    );
}

const MANUAL: &str = "# M\n\n```bash\n$ echo low\nlow\n```\n\n```console\n$ echo tide\ntied\n```\n\n```console\n$ docker run --rm no/such:1\n```\n\n```console\n$ docker rm -f nowhere-at-all; docker start nowhere\nnowhere\n```\n\n```console\n$ read x\n```\n\n```console\n$ dokku apps\n```\n\n```sh\necho one\nsleep 0 \\\n  && echo two\n```\n";

#[test]
fn an_audit_sorts_what_it_ran() {
    let folder = Folder::new(&[("manual.md", MANUAL)]);
    let ran = folder
        .run(&[
            "audit",
            "manual.md",
            "--set",
            "timeout=3s",
            "--format",
            "json",
            "--patch",
            "p",
        ])
        .exits(0);
    let audit: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let fences = audit["fences"].as_array().unwrap();
    let classes: Vec<_> = fences
        .iter()
        .map(|fence| fence["class"].as_str().unwrap())
        .collect();
    assert_eq!(
        classes,
        [
            "holds",
            "prints-something-else",
            "no-image",
            "not-made",
            "no-end",
            "needs-elsewhere",
            "holds"
        ],
        "{audit:#}"
    );
    assert_eq!(audit["counts"]["holds"], 2);
    assert_eq!(fences[1]["at"], 10);
    // From there to a page that holds.
    git(folder.0.path(), &["apply", "p"]);
    let patched = folder.read("manual.md");
    assert!(
        patched.contains("```console\n$ echo low")
            && patched.contains("```console,no_run=\"needs an image"),
        "{patched}"
    );
    folder
        .run(&["check", "manual.md"])
        .exits(1)
        .says("1 passed, 1 failed, 4 not run");
    folder.run(&["accept", "manual.md"]).exits(0);
    folder
        .run(&["check", "manual.md"])
        .exits(0)
        .says("2 passed, 0 failed, 4 not run");
}

#[test]
fn an_audit_ends_when_its_time_is_over() {
    let folder = Folder::new(&[(
        "a.md",
        "```console\n$ echo a\na\n```\n\n```console\n$ sleep 300\n```\n\n```console\n$ echo b\nb\n```\n",
    )]);
    let begun = std::time::Instant::now();
    let ran = folder
        .run(&["audit", "a.md", "--within", "12s", "--set", "timeout=5m"])
        .exits(0);
    assert!(begun.elapsed().as_secs() < 60);
    assert!(
        ran.stdout.contains("1  holds") && ran.stdout.contains("2  were not tried"),
        "{}",
        ran.stdout
    );
}

/// What hangs, forks or floods is told as what it is, and no other page is kept from being tried.
#[test]
fn no_page_stops_an_audit() {
    let folder = Folder::new(&[
        (
            "a.md",
            "```console\n$ yes\n```\n\n```console\n$ echo a\na\n```\n",
        ),
        ("b.md", "```console\n$ :(){ :|:& };:\n```\n"),
        (
            "c.md",
            "```console\n$ cat\n```\n\n```console\n$ echo c\nc\n```\n",
        ),
        (
            "d.md",
            "```console\n$ docker run -it --rm busybox:1.37 sh\n```\n\n```console\n$ kill -9 $$\n```\n",
        ),
        (
            "e.md",
            "<!-- seaworthy no-such=1 -->\n\n```console\n$ echo e\n```\n",
        ),
        ("f.md", "```console\n$ echo f\nf\n```\n"),
    ]);
    fs::write(folder.0.path().join("g.md"), [0xff, 0xfe, b'`']).unwrap();
    let ran = folder
        .run(&["audit", ".", "--set", "timeout=5s", "--format", "json"])
        .exits(0)
        .says("g.md: can't read it");
    let audit: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let class = |file: &str, line: usize| {
        let fences = audit["fences"].as_array().unwrap();
        let fence = fences
            .iter()
            .find(|fence| fence["file"] == file && fence["line"] == line);
        fence.unwrap()["class"].as_str().unwrap().to_owned()
    };
    assert_eq!(class("a.md", 1), "no-end", "{audit:#}");
    assert_eq!(class("a.md", 5), "holds", "{audit:#}");
    // Whatever becomes of the bomb, which goes on behind the prompt.
    class("b.md", 1);
    assert_eq!(class("c.md", 1), "no-end", "{audit:#}");
    assert_eq!(class("c.md", 5), "holds", "{audit:#}");
    assert_eq!(class("e.md", 3), "malformed", "{audit:#}");
    assert_eq!(class("f.md", 1), "holds", "{audit:#}");
}
