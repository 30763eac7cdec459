//! `seaworthy lsp`: the protocol as an editor speaks it.

mod random;

use seaworthy_report::{Engine, Failure, FailureCode, Page, Report, Run, Session, Status};
use serde_json::{Value, json};

use crate::support::Book;
use crate::support::editor::Editor;

/// The code, the place and the source of what is told.
fn told(diagnostics: &[Value]) -> Vec<String> {
    let one = |it: &Value| {
        let (from, to) = (&it["range"]["start"], &it["range"]["end"]);
        format!(
            "{} {}:{}-{}:{}",
            it["code"].as_str().unwrap(),
            from["line"],
            from["character"],
            to["line"],
            to["character"]
        )
    };
    diagnostics.iter().map(one).collect()
}

#[test]
fn faults_come_while_one_types_and_count_utf_16() {
    let book = Book::page("# T\n\n```console,proves=\"🐳 works\"\n$ true\nx\n```\n");
    let mut editor = Editor::start(&book);
    editor.open("src/page.md");
    assert_eq!(told(&editor.diagnostics("src/page.md")), [""; 0]);
    editor.edit("src/page.md", &[([2, 28], [2, 28], ",exti=7")]);
    let found = editor.diagnostics("src/page.md");
    assert_eq!(told(&found), ["unknown-attribute 2:29-2:33"]);
    assert_eq!(found[0]["source"], "seaworthy");
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.contains("did you mean `exit`?"), "{message}");
    // One edit at a time, each counted in the text that the one before left.
    editor.edit(
        "src/page.md",
        &[
            ([2, 29], [2, 33], "exit"),
            ([4, 0], [5, 0], ""),
            ([0, 2], [0, 3], "É"),
        ],
    );
    assert_eq!(told(&editor.diagnostics("src/page.md")), [""; 0]);
    // What is open counts, and not what is on the disk.
    assert!(book.read("src/page.md").contains("# T\n"));
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn what_is_listed_as_a_fault_is_told_as_one() {
    let text = "{{#include none.md}}\n\n```console,exti=1\n$ a\n```\n\n```network\nx\n```\n\n```text,file=/etc/x\n```\n";
    let book = Book::page(text);
    let mut editor = Editor::start(&book);
    editor.open("src/page.md");
    let listed = book.run(&["list"]).exits(2).stderr;
    let found = editor.diagnostics("src/page.md");
    assert_eq!(found.len(), listed.matches("error[").count(), "{listed}");
    for fault in &found {
        let code = format!("error[{}]", fault["code"].as_str().unwrap());
        let line = fault["range"]["start"]["line"].as_u64().unwrap() + 1;
        assert!(listed.contains(&code), "{code}");
        assert!(listed.contains(&format!("src/page.md:{line}:")), "{line}");
    }
}

#[test]
fn fixes() {
    let book = Book::page("# T\n");
    let mut editor = Editor::start(&book);
    editor.open("src/page.md");
    for (text, line, title, after) in [
        (
            "```console,hiden\n$ a\n```\n",
            0,
            "Write `hidden`",
            "```console,hidden\n$ a\n```\n",
        ),
        (
            "<!-- seaworthy timeuot=5s -->\n",
            0,
            "Write `timeout`",
            "<!-- seaworthy timeout=5s -->\n",
        ),
        (
            "- ```console\n  docker ps\n  ```\n",
            1,
            "This line is typed: begin it with `$ `",
            "- ```console\n  $ docker ps\n  ```\n",
        ),
        (
            "```console hidden\n$ a\n```\n",
            0,
            "Write a comma",
            "```console,hidden\n$ a\n```\n",
        ),
        (
            "```console,hidden  exit=1\n$ a\n```\n",
            0,
            "Write a comma",
            "```console,hidden,exit=1\n$ a\n```\n",
        ),
        (
            "```Console\n$ a\n```\n",
            0,
            "Write `console`",
            "```console\n$ a\n```\n",
        ),
        (
            "```console,hidden,hidden\n$ a\n```\n",
            0,
            "Remove it",
            "```console,hidden\n$ a\n```\n",
        ),
        (
            "```console\n$ cat <<x\n> y\nx\n```\n",
            3,
            "Begin the line with `> `",
            "```console\n$ cat <<x\n> y\n> x\n```\n",
        ),
        (
            "```console,should_fail\n$ a\n```\n",
            0,
            "Say the exit code: `exit=1`",
            "```console,should_fail,exit=1\n$ a\n```\n",
        ),
        (
            "```console\n$ a",
            0,
            "Close the block",
            "```console\n$ a\n```",
        ),
    ] {
        editor.replace("src/page.md", text);
        assert_eq!(editor.diagnostics("src/page.md").len(), 1, "{text}");
        let actions = editor.actions("src/page.md", line);
        let action = actions.iter().find(|it| it["title"] == title);
        let action = action.unwrap_or_else(|| panic!("{text}: {actions:?}"));
        let edit = &action["edit"]["changes"][editor.uri("src/page.md")][0];
        let place = |end: &str| {
            let place = &edit["range"][end];
            ["line", "character"].map(|key| u32::try_from(place[key].as_u64().unwrap()).unwrap())
        };
        let new = edit["newText"].as_str().unwrap();
        editor.edit("src/page.md", &[(place("start"), place("end"), new)]);
        assert_eq!(told(&editor.diagnostics("src/page.md")), [""; 0], "{text}");
        let (mut fresh, read) = (Editor::start(&book), editor.uri("src/page.md"));
        fresh.open_as("src/page.md", after);
        assert_eq!(
            fresh.diagnostics("src/page.md"),
            editor.diagnostics("src/page.md")
        );
        let ask = json!({"textDocument": {"uri": read}});
        assert_eq!(
            fresh.ask("textDocument/codeLens", ask.clone()),
            editor.ask("textDocument/codeLens", ask),
            "{text}"
        );
    }
}

/// A report in which the one session of a page failed at its printed line.
fn failed(book: &Book, file: &str) -> Report {
    let listed: Value =
        serde_json::from_str(&book.run(&["list", "--format", "json"]).exits(0).stdout).unwrap();
    let session = &listed["pages"][0]["sessions"][0];
    let word = |key: &str| session[key].as_str().unwrap().to_owned();
    let failure = json!({
        "code": FailureCode::WrongOutput.name(), "file": file, "line": 5, "command": "echo one",
        "exit": 0, "message": "printed `two`, is `one`", "expected": "two", "actual": "one",
        "rerun": "",
    });
    let failure: Failure = serde_json::from_value(failure).unwrap();
    let session = json!({
        "id": word("id"), "fingerprint": word("fingerprint"), "line": 3, "turn": 0,
        "status": "failed", "seconds": 0.1, "commands": 1, "failure": failure,
    });
    let session: Session = serde_json::from_value(session).unwrap();
    assert_eq!(session.status, Status::Failed);
    let page = json!({"file": file, "finished": "2026-01-01T00:00:00Z", "seconds": 1.0, "sessions": [session]});
    let page: Page = serde_json::from_value(page).unwrap();
    let engine = Engine {
        version: "28.5.2".to_owned(),
        api: "1.51".to_owned(),
    };
    let run = Run {
        engine,
        images: Vec::new(),
        pages: vec![page],
    };
    Report::new("0.1.0", "2026-01-01T00:00:00Z".to_owned(), 1.0, vec![run])
}

#[test]
fn results_stand_at_their_lines_until_an_edit() {
    let book = Book::page("# T\n\n```console\n$ echo one\ntwo\n```\n");
    let report = failed(&book, "src/page.md");
    book.write("target/seaworthy/report.json", &report.to_json());
    let mut editor = Editor::start(&book);
    editor.open("src/page.md");
    let found = editor.diagnostics("src/page.md");
    assert_eq!(told(&found), ["wrong-output 4:0-4:3"]);
    assert_eq!(
        (&found[0]["severity"], &found[0]["source"]),
        (&json!(1), &json!("seaworthy check"))
    );
    let titles = |actions: &[Value]| -> Vec<String> {
        let titles = actions
            .iter()
            .map(|it| it["title"].as_str().unwrap().to_owned());
        titles.collect()
    };
    assert_eq!(
        titles(&editor.actions("src/page.md", 4)),
        [
            "It takes a moment: repeat the last command, with `retry=10s`",
            "It can't be run: say why, with `no_run`",
            "Accept what was printed"
        ]
    );
    let uri = editor.uri("src/page.md");
    let lenses = |editor: &mut Editor<'_>| -> Vec<String> {
        let lenses = editor.ask(
            "textDocument/codeLens",
            json!({"textDocument": {"uri": uri}}),
        );
        let lenses = lenses.as_array().unwrap().iter();
        lenses
            .map(|lens| {
                format!(
                    "{} {}",
                    lens["range"]["start"]["line"],
                    lens["command"]["title"].as_str().unwrap()
                )
            })
            .collect()
    };
    assert_eq!(
        lenses(&mut editor),
        [
            "2 does not hold: check this page",
            "2 accept what was printed"
        ]
    );
    // Prose is no part of what was run: the result moves with its session.
    editor.edit("src/page.md", &[([1, 0], [1, 0], "\nProse.\n")]);
    assert_eq!(
        told(&editor.diagnostics("src/page.md")),
        ["wrong-output 6:0-6:3"]
    );
    editor.edit("src/page.md", &[([6, 0], [6, 3], "one")]);
    let found = editor.diagnostics("src/page.md");
    assert_eq!(told(&found), ["wrong-output 6:0-6:3"]);
    assert_eq!(found[0]["severity"], 4);
    assert!(
        found[0]["message"]
            .as_str()
            .unwrap()
            .starts_with("before the last edit: ")
    );
    assert_eq!(lenses(&mut editor), ["4 unverified: check this page"]);
    // Unsaved pages aren't run.
    let asked = json!({"command": "seaworthy.check", "arguments": [uri]});
    editor.ask("workspace/executeCommand", asked);
    assert_eq!(
        editor.said,
        ["src/page.md has changes that aren't saved: save it first"]
    );
    // A new report is read when the editor says that something was written.
    std::fs::remove_file(book.root().join("target/seaworthy/report.json")).unwrap();
    editor.forget("src/page.md");
    editor.tell(
        "textDocument/didSave",
        json!({"textDocument": {"uri": uri}}),
    );
    assert_eq!(told(&editor.diagnostics("src/page.md")), [""; 0]);
}

const NAMES: &str = "<!-- seaworthy machines=\"node-1,node-2\" images=\"redis:8\" -->\n\n# T\n\n```console,check=made,on=node-1\n$ docker network inspect front --format '{{.Name}}'\nfront\n```\n\n```console,solution=made,on=node-1\n$ docker network create --subnet 10.9.0.0/16 front\n$ docker run -d --name web --network front nginx:1.30\n8d2a6cbb4a1f8d2a6cbb4a1f8d2a6cbb4a1f8d2a6cbb4a1f8d2a6cbb4a1f0000\n$ docker ps -q --no-trunc\n8d2a6cbb4a1f8d2a6cbb4a1f8d2a6cbb4a1f8d2a6cbb4a1f8d2a6cbb4a1f0000\n```\n\n```network\nservices:\n  web:\n    image: nginx:1.30\n    networks: [front]\nnetworks:\n  front:\n  back:\n```\n";

#[test]
fn what_can_be_written() {
    let book = Book::page(NAMES);
    let mut editor = Editor::start(&book);
    editor.open("src/page.md");
    for (line, written, some) in [
        (4, "```console,check=made,re", &["retry", "docker"][..]),
        (4, "```ne", &["network", "console"]),
        (4, "```console,on=", &["node-1", "node-2"]),
        (9, "```console,solution=", &["made"]),
        (
            0,
            "<!-- seaworthy machines=\"node-1,node-2\" ti",
            &["timeout", "minutes"],
        ),
        (
            0,
            "<!-- seaworthy machines=\"node-1,node-2\" images=\"red",
            &["nginx:1.30", "redis:8"],
        ),
        (11, "$ docker run -d --network ", &["back", "front"]),
        (
            11,
            "$ docker run -d --name web ng",
            &["nginx:1.30", "redis:8"],
        ),
        (11, "$ docker network connect ", &["front"]),
        (21, "    networks: [", &["front", "back"]),
        (20, "    image: ", &["nginx:1.30"]),
    ] {
        let mut lines: Vec<&str> = NAMES.lines().collect();
        let rest = if line == 0 { " -->" } else { "" };
        let new = format!("{written}{rest}");
        lines[line] = &new;
        editor.replace("src/page.md", &lines.join("\n"));
        let line = u32::try_from(line).unwrap();
        let end = u32::try_from(written.len()).unwrap();
        let offered = editor.at("textDocument/completion", "src/page.md", [line, end]);
        let labels: Vec<_> = offered
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["label"].as_str().unwrap())
            .collect();
        for label in some {
            assert!(
                labels.contains(label),
                "{written}: {label} isn't in {labels:?}"
            );
        }
        let begun = written
            .rsplit(['`', ' ', '=', ',', '"', '['])
            .next()
            .unwrap()
            .len();
        let start = &offered[0]["textEdit"]["range"]["start"]["character"];
        assert_eq!(*start, json!(written.len() - begun), "{written}");
    }
    let toml = book.read("book.toml") + "mem";
    editor.open_as("book.toml", &toml);
    let line = u32::try_from(toml.lines().count() - 1).unwrap();
    let offered = editor.at("textDocument/completion", "book.toml", [line, 3]);
    assert!(
        offered.to_string().contains("\"newText\":\"memory = \""),
        "{offered}"
    );
}

#[test]
fn what_things_mean_and_where_they_are() {
    let book = Book::page(NAMES);
    let mut editor = Editor::start(&book);
    editor.open("src/page.md");
    for (place, part) in [
        ([4, 13], "the session checks the exercise"),
        ([0, 18], "names of the page's [machines]"),
        ([14, 5], "the page prints it, first in line 13."),
        ([10, 38], "the page types it"),
    ] {
        let said = editor.at("textDocument/hover", "src/page.md", place);
        let said = said["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(said.contains(part), "{place:?}: {said}");
    }
    assert_eq!(
        editor.at("textDocument/hover", "src/page.md", [2, 2]),
        Value::Null
    );
    let lines = |places: &Value| -> Vec<u64> {
        let places = places.as_array().unwrap().iter();
        places
            .map(|it| it["range"]["start"]["line"].as_u64().unwrap())
            .collect()
    };
    for (place, first, all) in [
        ([9, 22], 4, &[4, 9][..]),
        ([9, 32], 0, &[0, 4, 9]),
        ([11, 39], 10, &[10, 23, 5, 11, 21]),
    ] {
        let found = editor.at("textDocument/definition", "src/page.md", place);
        assert_eq!(lines(&found), [first], "{place:?}");
        let found = editor.at("textDocument/references", "src/page.md", place);
        assert_eq!(lines(&found), all, "{place:?}");
    }
}

#[test]
fn an_included_file_is_read_as_it_is_open() {
    let book = Book::new(&[
        ("src/page.md", "# T\n\n{{#include parts/part.txt}}\n"),
        ("src/parts/part.txt", "```console\n$ true\n```\n"),
    ]);
    let mut editor = Editor::start(&book);
    editor.open("src/page.md");
    assert_eq!(told(&editor.diagnostics("src/page.md")), [""; 0]);
    editor.open("src/parts/part.txt");
    assert_eq!(told(&editor.diagnostics("src/parts/part.txt")), [""; 0]);
    editor.edit("src/parts/part.txt", &[([0, 10], [0, 10], ",hiden")]);
    let found = editor.diagnostics("src/parts/part.txt");
    assert_eq!(told(&found), ["unknown-attribute 0:11-0:16"]);
    assert_eq!(told(&editor.diagnostics("src/page.md")), [""; 0]);
    // Closed, it is again as it is on the disk.
    let uri = editor.uri("src/parts/part.txt");
    editor.tell(
        "textDocument/didClose",
        json!({"textDocument": {"uri": uri}}),
    );
    editor.edit("src/page.md", &[([0, 0], [0, 0], "x")]);
    assert_eq!(told(&editor.diagnostics("src/page.md")), [""; 0]);
}

#[test]
fn a_file_of_no_book_and_a_chapter_that_is_not_listed_have_no_faults() {
    let book = Book::new(&[
        ("src/page.md", "# T\n"),
        ("notes.md", "```console,hiden\n$ a\n```\n"),
    ]);
    let mut editor = Editor::start(&book);
    editor.open("notes.md");
    assert_eq!(told(&editor.diagnostics("notes.md")), [""; 0]);
    let asked = editor.ask("workspace/symbol", json!({"query": ""}));
    assert_eq!(asked, "`workspace/symbol` isn't known");
}

/// What the editors' files ask for is what the server has.
#[test]
fn editors_ask_for_the_commands_that_there_are() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("editors");
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    let book = Book::page("# T\n");
    let editor = Editor::start(&book);
    let known: Vec<_> = editor.capabilities["executeCommandProvider"]["commands"]
        .as_array()
        .unwrap()
        .iter()
        .map(|command| format!("\"{}\"", command.as_str().unwrap()))
        .collect();
    assert_eq!(known.len(), 2);
    for file in ["vscode/extension.js", "neovim/seaworthy.lua"] {
        for command in &known {
            assert!(read(file).contains(command.as_str()), "{file}: {command}");
        }
    }
    let package: Value = serde_json::from_str(&read("vscode/package.json")).unwrap();
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
}
