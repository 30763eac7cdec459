//! A book's commands as one bash script, as someone would write it who only wants them run.

use std::fmt::Write as _;

use seaworthy::book::Book;
use seaworthy_page::{Page, SessionStep, Step};

/// The script, and the pages that are in it: those that need one machine and no program inside a session, since one
/// script on one engine can't do more.
pub(crate) fn of(book: &Book) -> (String, Vec<String>) {
    let mut script = String::new();
    let mut files = Vec::new();
    for page in book
        .pages
        .iter()
        .filter(|page| page.runs() && is_plain(page))
    {
        files.push(page.file.clone());
        script.push_str("cd \"$(mktemp -d)\"\n(\n");
        for folder in &page.settings.copy {
            let root = book.root.canonicalize().unwrap();
            let _ = writeln!(script, "cp -r '{}' .", root.join(folder).display());
        }
        for step in &page.steps {
            one(&mut script, page, step);
        }
        script.push_str(") > log 2>&1\n");
    }
    // What the last command of a page said is no news here.
    script.push_str("true\n");
    (script, files)
}

fn is_plain(page: &Page) -> bool {
    let prompts = page.sessions().flat_map(|step| &step.session.commands);
    page.settings.machines.len() < 2 && prompts.into_iter().all(|command| command.prompt == "$ ")
}

fn write_file(script: &mut String, path: &str, content: &str) {
    let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
    let _ = writeln!(
        script,
        "mkdir -p '{folder}'\ncat > '{path}' <<'SEAWORTHY'\n{content}SEAWORTHY"
    );
}

fn one(script: &mut String, page: &Page, step: &Step) {
    match step {
        Step::File(file) => {
            write_file(script, &file.path, &file.content);
        }
        Step::Archive(step) => {
            for file in &step.content.files {
                let path = format!("{}/{}", step.content.name, file.path);
                write_file(script, &path, &String::from_utf8_lossy(&file.content));
            }
        }
        Step::Session(step) if step.attributes.check.is_some() => {}
        Step::Session(step) if step.attributes.no_run.is_none() => {
            let exercise = step.attributes.solution.as_deref();
            let check = page
                .sessions()
                .find(|s| exercise.is_some() && s.attributes.check.as_deref() == exercise);
            for step in check.into_iter().chain([step]).chain(check) {
                session(script, step);
            }
        }
        Step::Session(_) | Step::Diagram(_) | Step::Listed(_) | Step::Malformed(_) => {}
    }
}

fn session(script: &mut String, step: &SessionStep) {
    let last = step.session.commands.iter().rposition(|c| c.runs);
    for (i, command) in step.session.commands.iter().enumerate() {
        let text = command.text();
        match step.attributes.retry.filter(|_| Some(i) == last) {
            Some(_) => {
                let _ = writeln!(
                    script,
                    "for try in 1 2 3 4 5 6 7 8 9 10; do\n{text}\n[ $? = 0 ] && break; sleep 0.25; done"
                );
            }
            None => {
                let _ = writeln!(script, "{text}");
            }
        }
    }
}
