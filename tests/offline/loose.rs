//! Markdown without a book: which files are read, where settings come from, and the dialects that are understood.

use std::fs;

use crate::support::{self, Ran, git};

/// A folder of files, and the program run in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in("", arguments)
    }

    fn run_in(&self, below: &str, arguments: &[&str]) -> Ran {
        let mut command = std::process::Command::new(support::program());
        command
            .args(arguments)
            .current_dir(self.0.path().join(below))
            .env("NO_COLOR", "1");
        // No engine is asked.
        command.env("DOCKER_HOST", "unix:///nonexistent/docker.sock");
        Ran::from(command.output().unwrap())
    }
}

const README: &str = "# R\n\n```console\n$ true\n```\n\n```bash\n$ false\n```\n";

#[test]
fn a_readme_is_a_page() {
    let folder = Folder::new(&[
        ("README.md", README),
        ("docs/a.markdown", README),
        (".hidden/b.md", README),
        ("node_modules/c.md", README),
    ]);
    for arguments in [&["list"] as &[&str], &["list", "."]] {
        let ran = folder.run(arguments).exits(0);
        assert!(
            ran.stdout.starts_with(
                "README.md\n     3  session of 1 command\n     7  not run: a `bash` block"
            ),
            "{}",
            ran.stdout
        );
        assert!(ran.stdout.contains("docs/a.markdown\n"), "{}", ran.stdout);
        assert!(
            ran.stdout.ends_with("2 to run, 2 not run\n"),
            "{}",
            ran.stdout
        );
    }
    let ran = folder.run(&["list", "docs"]).exits(0);
    assert!(
        ran.stdout.starts_with("docs/a.markdown\n"),
        "{}",
        ran.stdout
    );
    assert!(
        folder
            .run_in("docs", &["list", "../README.md"])
            .exits(0)
            .stdout
            .starts_with("../README.md\n")
    );
    // Several are named from the folder that holds them all.
    let several = folder.run(&["list", "docs", "README.md"]).exits(0);
    assert!(
        several.stdout.contains("docs/a.markdown\n") && several.stdout.contains("README.md\n"),
        "{}",
        several.stdout
    );
    // What is checked is read first.
    folder
        .run(&["check", "README.md"])
        .exits(3)
        .says("no seaworthy.toml here; report: target/seaworthy/report.json");
    Folder::new(&[("a.txt", "x")])
        .run(&["list"])
        .exits(2)
        .says("no book and no Markdown file in `.`");
    folder
        .run(&["list", "no.md"])
        .exits(2)
        .says("can't read `no.md`");
    folder.run(&["build"]).exits(2).says("no book in `.`");
}

#[test]
fn settings_come_from_the_page_the_file_or_the_command_line() {
    let timeout = |folder: &Folder, below: &str, arguments: &[&str]| {
        let ran = folder
            .run_in(below, &[&["list", "--format", "json"], arguments].concat())
            .exits(0);
        let listed: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        listed["pages"][0]["sessions"][0]["timeout_seconds"]
            .as_f64()
            .unwrap()
    };
    let page = |top: &str| format!("{top}{README}");
    let folder = Folder::new(&[
        (".git/HEAD", ""),
        ("seaworthy.toml", "timeout = \"7s\"\n"),
        ("docs/deep/a.md", &page("")),
        (
            "docs/deep/b.md",
            &page("---\ntitle: x\n---\n<!-- seaworthy timeout=8s -->\n\n"),
        ),
    ]);
    assert!((timeout(&folder, "", &["docs/deep/a.md"]) - 7.0).abs() < 0.01);
    assert!((timeout(&folder, "docs/deep", &["a.md"]) - 7.0).abs() < 0.01);
    assert!((timeout(&folder, "docs", &["deep/b.md"]) - 8.0).abs() < 0.01);
    assert!((timeout(&folder, "", &["docs/deep/a.md", "--set", "timeout=9s"]) - 9.0).abs() < 0.01);
    folder
        .run(&["list", "docs", "--set", "timout=9s"])
        .exits(2)
        .says("`--set timout=9s`: `timout` is unknown; did you mean `timeout`?");
    folder
        .run(&["list", "docs", "--set", "timeout"])
        .exits(2)
        .says("a setting is `KEY=VALUE`");
    let ran = folder
        .run(&["list", "docs/deep/a.md", "--set", "languages=bash,sh"])
        .exits(0);
    assert!(
        ran.stdout.contains("     7  session of 1 command"),
        "{}",
        ran.stdout
    );

    let folder = Folder::new(&[
        ("seaworthy.toml", "timeout = 7\nstat = \"session\"\n"),
        ("a.md", README),
    ]);
    folder
        .run(&["list"])
        .exits(2)
        .says(" --> seaworthy.toml:1:11")
        .says("did you mean `state`?")
        .says("2 faults; nothing was built or run");
    Folder::new(&[("seaworthy.toml", "x"), ("a.md", README)])
        .run(&["list"])
        .exits(2)
        .says("this is no TOML");
}

#[test]
fn a_book_takes_settings_on_the_command_line_too() {
    let book = support::Book::page(README);
    book.run(&["list", "--set", "languages=bash"])
        .exits(0)
        .says("2 to run, 0 not run");
    book.run(&["list", "src/page.md"])
        .exits(0)
        .says("1 to run, 1 not run");
}

#[test]
fn dialects_are_understood_or_left_alone() {
    for (text, said) in [
        ("```console\n# a comment\n$ true\n```\n", "1 to run"),
        (
            "```console\n# ip addr show\n```\n",
            "say what the page's prompt is",
        ),
        (
            "<!-- seaworthy prompt=\"#\" -->\n\n```console\n# ip addr show\n```\n",
            "1 to run",
        ),
        (
            "```console\n$ sleep 9\n<Ctrl-C>\n```\n",
            "session of 2 commands",
        ),
        (
            "<!-- seaworthy languages=\"indented\" -->\n\n    $ true\n\ntext\n\n    no session\n",
            "1 to run",
        ),
        (
            "<!-- seaworthy languages=\"bash\" -->\n\n```bash\ntrue\nsleep 1 \\\n  && true\n\n# end\n```\n",
            "session of 2 commands",
        ),
        (
            "<!-- seaworthy languages=\"bash\" -->\n\n```bash\n#!/bin/bash\ntrue\n```\n",
            "0 to run",
        ),
        (
            "=== \"Linux\"\n\n    ```console\n    $ true\n    ```\n",
            "1 to run",
        ),
        (
            "```{code-block} console\n:linenos:\n$ true\n```\n",
            "1 to run",
        ),
        ("```console {hl_lines=\"1\"}\n$ true\n```\n", "1 to run"),
        (
            "```console title=\"a\"\n$ true\n```\n{: .warning }\n\n{{< tabs >}}\n\n{% raw %}\n",
            "1 to run",
        ),
        (
            "```console no_run=\"x\"\n$ true\n```\n",
            "write `console,no_run=\"x\"`",
        ),
        (
            "+++\ntitle = \"```console\"\n+++\n\n```console\n$ true\n```\n",
            "1 to run",
        ),
        (
            "{% highlight bash %}\n$ true\n{% endhighlight %}\n",
            "0 to run",
        ),
    ] {
        let folder = Folder::new(&[("a.md", text)]);
        let ran = folder.run(&["list", "a.md"]);
        assert!(
            ran.stdout.contains(said) || ran.stderr.contains(said),
            "{text}\n{}\n{}",
            ran.stdout,
            ran.stderr
        );
    }
}

#[test]
fn a_stray_id_is_a_warning_and_a_slip_is_a_fault() {
    let page = |code: &str| format!("```console\n$ docker ps -q\n588a23dac085\n```\n\n`{code}`\n");
    let stray = support::Book::page(&page("0123456789ab"));
    stray
        .run(&["build"])
        .exits(0)
        .says("warning[unprinted-value]: the page shows no `0123456789ab`");
    let slip = support::Book::page(&page("588a23dac058"));
    slip.run(&["build"])
        .exits(2)
        .says("error[unprinted-value]")
        .says("nearly `588a23dac085`, which this page prints");
}

#[test]
fn sessions_that_stand_alone_have_no_exercise() {
    let page = "<!-- seaworthy state=session -->\n\n```console,check=a\n$ true\n```\n\n```console,solution=a\n$ true\n```\n";
    support::Book::page(page)
        .run(&["list"])
        .exits(2)
        .says("error[not-apart]: each session of this page has a machine of its own");
}

#[test]
fn an_audit_tells_what_needs_no_engine() {
    let text = "# R\n\n```console\n$ docker network creat a\n```\n\n```sh\ndocker-compose up -d\n```\n\n```console\n$ docker run -v /path/to/data:/data x\n```\n\n```console\ndocker ps\n```\n\n```yaml\na: b\n```\n\n```console\n$ docker compose up -d\n```\n";
    let folder = Folder::new(&[("README.md", text)]);
    let ran = folder
        .run(&["audit", "README.md", "--format", "json"])
        .exits(0);
    let audit: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let classes: Vec<_> = audit["fences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fence| fence["class"].as_str().unwrap())
        .collect();
    assert_eq!(
        classes,
        [
            "unknown-or-deprecated",
            "unknown-or-deprecated",
            "placeholder",
            "malformed",
            "no-session",
            "not-made"
        ]
    );
    folder
        .run(&["audit", "."])
        .exits(0)
        .says("1 file, 6 fences, without a Docker Engine")
        .says("there is no command `docker network creat`: did you mean `create`?")
        .says("Compose v1");
    // A session that could be run is told as not tried, and why.
    let folder = Folder::new(&[("a.md", "```console\n$ true\n```\n")]);
    let ran = folder.run(&["audit", "a.md"]).exits(3);
    assert!(ran.stdout.contains("1  was not tried"), "{}", ran.stdout);
    folder.run(&["audit"]).exits(2);
    folder
        .run(&["audit", "a.md", "--within", "soon"])
        .exits(2)
        .says("as in `5m`");
}

#[test]
fn a_patch_writes_languages_and_reasons_and_never_more() {
    let text = "# R\n\n```console\n$ docker network creat \"a\"\n```\n\n- ```console\n  docker ps\n  ```\n\n```sh\n$ docker rum\n```\n\n```yaml\na: b\n```\n";
    let folder = Folder::new(&[("docs/a.md", text)]);
    folder
        .run(&["audit", "docs", "--patch", "fix.patch"])
        .exits(0);
    git(folder.0.path(), &["init", "-q"]);
    git(folder.0.path(), &["apply", "fix.patch"]);
    let patched = fs::read_to_string(folder.0.path().join("docs/a.md")).unwrap();
    let expected = text
        .replacen("```console\n$", "```console,no_run=\"has an unknown or a deprecated command or option: there is no command docker network creat: did you mean create?\"\n$", 1)
        .replacen("- ```console", "- ```text", 1);
    assert_eq!(patched, expected);
    folder
        .run(&["list", "docs"])
        .exits(0)
        .says("0 to run, 2 not run");
}
