//! The user guide: it says all that there is (attributes, settings, commands, options, exit codes), it says nothing
//! that isn't there, and what it shows is well-formed. `make check` runs its sessions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{self, Book};
use clap::CommandFactory;
use seaworthy::cli::Cli;
use seaworthy_blocks::{Block, Document, FaultCode};
use seaworthy_console::{interpreter, interpreters};
use seaworthy_page::{BookSettings, DIAGRAM_ATTRIBUTES, SessionAttributes, Settings};
use seaworthy_report::FailureCode;
use seaworthy_words::Script;
use walkdir::WalkDir;

pub(super) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn chapter(name: &str) -> String {
    let path = repository().join("docs/guide/src").join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The guide's chapters, by their names.
fn chapters() -> BTreeMap<String, String> {
    let entries = fs::read_dir(repository().join("docs/guide/src")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|name| name.ends_with(".md"));
    names.map(|name| (name.clone(), chapter(&name))).collect()
}

/// The blocks of all chapters in one of `languages`, each with the name of its chapter.
pub(super) fn blocks(languages: &[&str]) -> Vec<(String, Block)> {
    let mut found = Vec::new();
    for (name, text) in chapters() {
        let blocks = Document::parse(&text).blocks.into_iter();
        let blocks = blocks.filter(|block| languages.contains(&block.language.as_str()));
        found.extend(blocks.map(|block| (name.clone(), block)));
    }
    assert!(!found.is_empty(), "{languages:?}");
    found
}

/// What stands below the heading `title`, up to the next one that is as high.
#[track_caller]
fn section<'a>(text: &'a str, title: &str) -> &'a str {
    let heading = format!("\n## {title}\n");
    let (_, rest) = text
        .split_once(&heading)
        .unwrap_or_else(|| panic!("no heading `## {title}`"));
    rest.split("\n## ").next().unwrap()
}

/// The cells of a table's rows, blanks around them removed.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| line.starts_with("| "));
    let cells = |line: &str| {
        let inside = line.trim_start_matches("| ").trim_end_matches(" |");
        let cells = inside.split(" | ").map(|cell| cell.trim().to_owned());
        cells.collect()
    };
    lines.map(cells).collect()
}

#[test]
fn each_program_is_described() {
    let text = chapter("sessions.md");
    let lines = text.lines().map(str::trim_start).collect::<Vec<_>>();
    let table = rows(&lines.join("\n"));
    let quoted = |cell: &str| -> Vec<String> {
        let parts = cell.split('`').skip(1).step_by(2);
        parts.map(str::to_owned).collect()
    };
    for known in interpreters() {
        let row = table.iter().find(|row| row[0] == known.name());
        let row = row.unwrap_or_else(|| panic!("no row of {}", known.name()));
        let (commands, prompts) = (quoted(&row[1]), quoted(&row[2]));
        assert!(!commands.is_empty() && !prompts.is_empty(), "{row:?}");
        for command in commands {
            assert_eq!(interpreter(&command, &[]), Some(known), "{command}");
        }
        for prompt in prompts {
            let length = known.prompt(&prompt).map(|(_, length)| length);
            assert_eq!(length, Some(prompt.len()), "`{prompt}`");
        }
        for further in row.get(3).map(|cell| quoted(cell)).unwrap_or_default() {
            assert_eq!(
                known.continuation(&further),
                Some(further.len()),
                "`{further}`"
            );
        }
    }
}

#[test]
fn each_attribute_is_described() {
    let text = chapter("attributes.md");
    for name in SessionAttributes::NAMES {
        section(&text, &format!("`{name}`"));
        assert!(text.contains(&format!("[`{name}`](#{name})")), "{name}");
    }
    for name in DIAGRAM_ATTRIBUTES {
        section(&chapter("diagrams.md"), &format!("`{name}`"));
    }
}

#[test]
fn each_attribute_has_an_example_that_is_run() {
    let mut run = BTreeSet::new();
    for text in chapters().values() {
        for block in Document::parse(text).blocks {
            let attributes = block.attributes().unwrap();
            let names: Vec<_> = attributes.into_iter().map(|a| a.key).collect();
            let is_file = names.iter().any(|name| name == "file");
            let ours = is_file || matches!(block.language.as_str(), "console" | "network");
            if ours && !names.iter().any(|name| name == "no_run") {
                run.extend(names);
            }
        }
    }
    let all = SessionAttributes::NAMES.into_iter();
    let all = all.chain(DIAGRAM_ATTRIBUTES).chain(["file"]);
    // Its example is there, and isn't run.
    let missing: Vec<_> = all
        .filter(|name| *name != "no_run" && !run.contains(*name))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn each_setting_is_described_with_its_default() {
    let text = chapter("settings.md");
    let name = |cell: &str| {
        let end = cell[1..].find(['=', '`']).unwrap() + 1;
        cell[1..end].to_owned()
    };
    let named = |title: &str| {
        let rows = rows(section(&text, title)).into_iter().skip(1);
        rows.map(|row| (name(&row[0]), row[1].trim_matches('`').to_owned()))
            .collect::<BTreeMap<_, _>>()
    };
    let page: Vec<_> = named("Of a page").into_keys().collect();
    let mut all = Settings::NAMES.to_vec();
    all.sort_unstable();
    assert_eq!(page, all);

    let book = named("Of a book");
    let mut all = BookSettings::NAMES.to_vec();
    all.sort_unstable();
    assert_eq!(book.keys().collect::<Vec<_>>(), all);
    let lines = book
        .iter()
        .map(|(name, default)| format!("{name} = {default}\n"));
    let toml = format!("[preprocessor.seaworthy]\n{}", lines.collect::<String>());
    assert_eq!(
        BookSettings::from_toml(&toml).unwrap(),
        BookSettings::default(),
        "{toml}"
    );
}

#[test]
fn each_command_and_option_is_described() {
    let text = chapter("commands.md");
    let cli = Cli::command();
    let mut missing = Vec::new();
    for command in cli.get_subcommands() {
        let name = command.get_name();
        let told = section(&text, &format!("`{name}`"));
        if !told.contains(&format!("`seaworthy {name}")) {
            missing.push(name.to_owned());
        }
        options(command, name, told, &mut missing);
    }
    assert_eq!(missing, [""; 0]);
}

/// The options and commands of `command` that `told` doesn't name.
fn options(command: &clap::Command, path: &str, told: &str, missing: &mut Vec<String>) {
    for option in command.get_arguments().filter(|a| a.get_id() != "help") {
        let long = option.get_long().map(|long| format!("--{long}"));
        let short = option.get_short().map(|short| format!("-{short}"));
        for name in long.into_iter().chain(short) {
            let ends = |c: char| !(c.is_alphanumeric() || c == '-');
            let found = told.match_indices(&name).any(|(at, _)| {
                let before = told[..at].chars().next_back().is_none_or(ends);
                before && told[at + name.len()..].chars().next().is_none_or(ends)
            });
            if !found {
                missing.push(format!("{path} {name}"));
            }
        }
    }
    for below in command.get_subcommands() {
        let name = below.get_name();
        if !told.contains(&format!("`{path} {name}")) && !told.contains(&format!(" {path} {name}"))
        {
            missing.push(format!("{path} {name}"));
        }
        options(below, &format!("{path} {name}"), told, missing);
    }
}

#[test]
fn each_exit_code_is_described() {
    let help = Cli::command().get_after_help().unwrap().to_string();
    let codes = help.strip_prefix("Exit codes: ").unwrap().split(" · ");
    let codes: Vec<_> = codes
        .map(|code| code.split(' ').next().unwrap().to_owned())
        .collect();
    let text = chapter("commands.md");
    let told: Vec<_> = rows(section(&text, "Exit codes"))
        .into_iter()
        .skip(1)
        .map(|row| row[0].clone())
        .collect();
    assert_eq!(told, codes);
}

/// What is typed and begins with `seaworthy`, in the blocks of all chapters.
fn typed() -> Vec<(String, String)> {
    let mut typed = Vec::new();
    for (name, block) in blocks(&["console", "sh", "yaml"]) {
        let body = block.body();
        let lines = body.lines().map(str::trim);
        // A key of a CI's file, a prompt, the folder of a program before it.
        let commands = lines.filter_map(|line| {
            let line = line.trim_start_matches(['$', '-', ' ']);
            let line = line.strip_prefix("run: ").unwrap_or(line);
            let line = line.strip_prefix("entry: ").unwrap_or(line);
            let line = line.strip_prefix(".cargo/bin/").unwrap_or(line);
            line.starts_with("seaworthy ").then(|| line.to_owned())
        });
        typed.extend(commands.map(|command| (name.clone(), command)));
    }
    typed
}

#[test]
fn what_the_guide_types_is_understood() {
    let typed = typed();
    assert!(typed.len() > 15, "{typed:?}");
    for (name, command) in typed {
        let command = command
            .replace("${{ matrix.shard }}", "1")
            .replace("$CI_NODE_INDEX/$CI_NODE_TOTAL", "1/2");
        let script = Script::parse(command.as_str());
        let words = script.commands()[0].values();
        if let Err(error) = Cli::command().try_get_matches_from(words) {
            panic!("{name}: `{command}`: {error}");
        }
    }
}

#[test]
fn pages_that_the_guide_shows_are_without_faults() {
    let shown = blocks(&["markdown"]);
    let mut files: Vec<_> = shown
        .iter()
        .enumerate()
        .map(|(i, (name, block))| (format!("src/{i}-{name}"), block.body()))
        .collect();
    files.push(("samples/greeter/Dockerfile".into(), "FROM scratch\n".into()));
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    Book::new(&files).run(&["list"]).exits(0);
}

#[test]
fn settings_that_the_guide_shows_are_without_faults() {
    for (name, block) in blocks(&["toml"]) {
        let faults = BookSettings::from_toml(&block.body()).err();
        assert!(faults.is_none(), "{name}: {faults:?}");
        block.body().parse::<mdbook::config::Config>().unwrap();
    }
}

/// All that the programs are made of.
fn sources() -> String {
    let mut sources = String::new();
    for folder in ["crates", "preprocessors", "src"] {
        for entry in WalkDir::new(repository().join(folder)) {
            let entry = entry.unwrap();
            if entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "rs")
            {
                sources.push_str(&fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    sources
}

/// Each code is explained, there is no other, each is given to something, and none has two meanings.
#[test]
fn each_code_is_explained() {
    let text = chapter("codes.md");
    let listed = |title: &str| {
        let rows = rows(section(&text, title)).into_iter().skip(1);
        let names = rows.map(|row| row[0].trim_matches('`').to_owned());
        names.collect::<Vec<_>>()
    };
    let sorted = |names: Vec<&'static str>| {
        let names: BTreeSet<_> = names.into_iter().collect();
        names.into_iter().collect::<Vec<_>>()
    };
    let faults = sorted(FaultCode::ALL.iter().map(|code| code.name()).collect());
    let failures = sorted(FailureCode::ALL.iter().map(|code| code.name()).collect());
    assert_eq!(listed("Faults of a book"), faults);
    assert_eq!(listed("Failures of a check"), failures);
    assert!(!faults.iter().any(|name| failures.contains(name)));
    let sources = sources();
    let faults = FaultCode::ALL
        .iter()
        .map(|code| format!("FaultCode::{code:?}"));
    let failures = FailureCode::ALL
        .iter()
        .map(|code| format!("FailureCode::{code:?}"));
    for code in faults.chain(failures) {
        let mut uses = sources.split(&code).skip(1);
        let whole = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        assert!(uses.any(whole), "nothing is a {code}");
    }
}

#[test]
fn messages_that_the_guide_explains_exist() {
    let sources = sources();
    let text = chapter("troubleshooting.md");
    let rows = rows(&text);
    let messages = rows
        .iter()
        .filter_map(|row| row[0].strip_prefix('`')?.strip_suffix('`'));
    let messages: Vec<_> = messages.collect();
    assert!(messages.len() > 20, "{messages:?}");
    for message in messages {
        for part in message
            .split('…')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            assert!(sources.contains(part), "nothing says {part:?} any more");
        }
    }
}

#[test]
fn the_published_schema_is_that_of_this_version() {
    let schema = Book::new(&[]).run(&["report", "schema"]).exits(0).stdout;
    assert_eq!(
        chapter("report.schema.json"),
        schema,
        "`seaworthy report schema > docs/guide/src/report.schema.json` publishes it anew"
    );
}

#[test]
fn links_of_the_guide_lead_somewhere() {
    let site = tempfile::tempdir().unwrap();
    let book = Book::new(&[]);
    let guide = repository().join("docs/guide");
    let mut command = book.command(&["build", guide.to_str().unwrap()]);
    command.env("MDBOOK_BUILD__BUILD_DIR", site.path());
    support::Ran::from(command.output().unwrap()).exits(0);
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    let mut followed = 0;
    for name in chapters().keys().filter(|name| *name != "SUMMARY.md") {
        let page = site.path().join(name.replace(".md", ".html"));
        let html = read(&page);
        let (_, content) = html.split_once("<main>").unwrap();
        let content = content.split("</main>").next().unwrap();
        for link in content
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
        {
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target: PathBuf = match file {
                "" => page.clone(),
                file => site.path().join(file),
            };
            assert!(target.is_file(), "{name}: {link}");
            let id = format!("id=\"{anchor}\"");
            assert!(
                anchor.is_empty() || read(&target).contains(&id),
                "{name}: {link}"
            );
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed}");
}
