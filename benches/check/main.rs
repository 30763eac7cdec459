//! What a check costs, each figure beside what it has to be.
//!
//! `make bench`, or `cargo bench --bench check [BOOK]`. What can be compared is run in pairs, one after the other, and
//! told as a ratio: the machine's load is then in both. Needs a Docker Engine that holds the book's images.

#![allow(clippy::unwrap_used, reason = "a benchmark that can't go on fails")]

mod generated;
mod script;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use seaworthy::book::Book;
use seaworthy_machine::engine::Engine;
use seaworthy_machine::{MachineOptions, Machines, Run};
use seaworthy_report::Report;

/// How often each pair is run.
const ROUNDS: usize = 3;

fn main() {
    let named = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let root = named.map_or_else(|| PathBuf::from("."), PathBuf::from);
    println!("{:<58} {:>9} {:>12}", "", "measured", "at most");
    against_bash(&root);
    machine();
    per_command();
    inside();
    listing();
}

/// One figure, and its limit if it has one.
fn tell(what: &str, figure: f64, unit: &str, limit: f64) {
    let mark = if figure <= limit { "" } else { "  exceeded" };
    println!("{what:<58} {figure:>7.2} {unit:<2} {limit:>7.2} {unit:<2}{mark}");
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// The book, with one job and with two, against its commands as one bash script on the outer engine.
fn against_bash(root: &Path) {
    let book = Book::load(root).unwrap();
    let (script, files) = script::of(&book);
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let bash = timed(Command::new("bash").arg("-c").arg(&script));
        let check = |jobs: &str| {
            let mut command = program();
            command
                .arg("check")
                .arg(root)
                .args(["--jobs", jobs])
                .args(&files);
            timed(&mut command)
        };
        one.push(check("1").as_secs_f64() / bash.as_secs_f64());
        two.push(check("2").as_secs_f64() / bash.as_secs_f64());
    }
    println!("pages: {}", files.join(", "));
    tell(
        "book, one job, against its commands as a bash script",
        median(one),
        "×",
        1.0,
    );
    tell("book, two jobs, against the same", median(two), "×", 0.6);
}

/// How long a machine takes to be ready with the images of a page, prepared before, and to go.
fn machine() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (ready, gone) = runtime.block_on(async {
        let engine = Engine::connect().await.unwrap();
        let run = Run::begin(&engine).await.unwrap();
        let mut options = MachineOptions::default();
        let mut images = Vec::new();
        for name in ["busybox:1.37", "nginx:1.30-alpine", "python:3.13-alpine"] {
            images.push(engine.ensure_image(name).await.unwrap());
        }
        let prepared = run.prepare(&images, &options).await.unwrap();
        options.images = prepared.into_iter().map(Result::unwrap).collect();
        let (mut ready, mut gone) = (Vec::new(), Vec::new());
        for _ in 0..2 * ROUNDS {
            let begun = Instant::now();
            let names = ["bench".to_owned()];
            let machines = Machines::start(&run, &names, &options);
            let machines = machines.await.unwrap();
            ready.push(begun.elapsed().as_secs_f64());
            let begun = Instant::now();
            machines.remove().await.unwrap();
            gone.push(begun.elapsed().as_secs_f64());
        }
        run.end().await.unwrap();
        (ready, gone)
    });
    tell("machine ready, with three images", median(ready), "s", 1.5);
    tell("machine gone", median(gone), "s", 0.5);
}

/// 300 commands that do nothing over 30 pages: what typing them costs beyond bash, and the runner's memory.
fn per_command() {
    let book = generated::trivial(30, 10);
    let mut command = program();
    let started = command
        .arg("check")
        .arg(book.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let peak = peak_memory(started);
    let report = std::fs::read_to_string(book.path().join(seaworthy_report::PATH)).unwrap();
    let report = Report::from_json(&report).unwrap();
    assert_eq!(report.summary.commands, 300);
    let sessions = report
        .runs
        .iter()
        .flat_map(|run| &run.pages)
        .flat_map(|page| &page.sessions);
    let typed: f64 = sessions.map(|session| session.seconds).sum();
    let bash = timed(
        Command::new("bash")
            .arg("-c")
            .arg(generated::COMMANDS.repeat(300 / 3)),
    );
    let each = (typed - bash.as_secs_f64()) * 1000.0 / 300.0;
    tell(
        "each of 300 commands over 30 pages, beyond bash",
        each,
        "ms",
        2.0,
    );
    tell("the runner's peak memory meanwhile", peak, "MB", 100.0);
}

/// What typing a command costs in a shell that was opened inside the page's shell, beyond what it costs there.
fn inside() {
    const TYPED: usize = 200;
    let page = |open: &str, prompt: &str, close: &str| {
        let typed = format!("{prompt}true\n").repeat(TYPED);
        format!("# T\n\n```console\n{open}{typed}{close}```\n")
    };
    let seconds = |text: String| {
        let book = generated::book(1, |_| text.clone());
        timed(program().arg("check").arg(book.path()));
        let report = std::fs::read_to_string(book.path().join(seaworthy_report::PATH)).unwrap();
        Report::from_json(&report).unwrap().runs[0].pages[0].sessions[0].seconds
    };
    let figures = (0..ROUNDS).map(|_| {
        let outside = seconds(page("", "$ ", ""));
        let opened = seconds("# T\n\n```console\n$ sh\n# exit\n$ true\n```\n".to_owned());
        let inside = seconds(page("$ sh\n", "# ", "# exit\n$ true\n"));
        (inside - opened - outside) * 1000.0 / TYPED as f64
    });
    tell(
        "each command in a nested shell, beyond the page's shell",
        median(figures.collect()),
        "ms",
        5.0,
    );
}

/// `list` of large books.
fn listing() {
    let list = |chapters| {
        let book = generated::large(chapters);
        let times = (0..ROUNDS).map(|_| {
            let mut command = program();
            timed(command.arg("list").arg(book.path())).as_secs_f64()
        });
        median(times.collect())
    };
    let (small, large) = (list(1000), list(2000));
    tell("`list` of 1,000 chapters", small, "s", 0.5);
    tell(
        "`list` of 2,000 chapters, against 1,000",
        large / small,
        "×",
        2.4,
    );
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_seaworthy"))
}

/// How long `command` takes; it has to succeed.
fn timed(command: &mut Command) -> Duration {
    let begun = Instant::now();
    let output = command.stdin(Stdio::null()).output().unwrap();
    let took = begun.elapsed();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    took
}

/// The most memory that `command` held while it ran, in MB (proc_pid_status(5), `VmHWM`).
fn peak_memory(command: &mut Command) -> f64 {
    let mut child = command.stdin(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    let ended = loop {
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let held = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        peak = peak.max(held.unwrap_or_default() / 1000.0);
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(ended.success(), "{command:?}");
    peak
}
