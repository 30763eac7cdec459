//! The reports of several jobs are put together, and only if all of them are there.

use crate::support::Book;
use seaworthy_report::{Engine, Page, Report, Run, Shard};

/// What job `number` of `of` reports, which found out about `file`.
fn report((number, of): (usize, usize), file: &str) -> Report {
    let page = Page {
        file: file.to_owned(),
        finished: "2026-01-02T03:04:05Z".to_owned(),
        seconds: 1.0,
        ..Page::default()
    };
    let run = Run {
        engine: Engine {
            version: "28.5.2".to_owned(),
            api: "1.51".to_owned(),
        },
        images: Vec::new(),
        pages: vec![page],
    };
    let finished = "2026-01-02T03:04:05Z".to_owned();
    let mut report = Report::new("0.1.0", finished, 1.0, vec![run]);
    report.shard = Some(Shard {
        number,
        of,
        pages: "3f2a8b6c1d9e7f5a".to_owned(),
        docker: vec!["28".to_owned()],
    });
    report
}

#[test]
fn reports_are_merged_if_none_is_missing() {
    let book = Book::new(&[]);
    for (number, file) in [(1, "src/a.md"), (2, "src/b.md"), (3, "src/c.md")] {
        let report = report((number, 3), file);
        book.write(&format!("reports/{number}.json"), &report.to_json());
    }
    // By their names, and by their folder, in which other files may stand.
    book.write("reports/log.txt", "not a report");
    let merge = ["report", "merge", "reports", "--output", "whole.json"];
    book.run(&merge).exits(0);
    let whole = Report::from_json(&book.read("whole.json")).unwrap();
    assert_eq!((whole.summary.pages, whole.shard), (3, None));
    let files = ["reports/3.json", "reports/1.json", "reports/2.json"];
    book.run(&[&["report", "merge"], &files[..]].concat())
        .exits(0)
        .says("src/c.md");

    // One is missing, and another one is there twice: both are told, and nothing is written.
    std::fs::rename(
        book.root().join("reports/2.json"),
        book.root().join("reports/4.json"),
    )
    .unwrap();
    book.write("reports/4.json", &report((3, 3), "src/d.md").to_json());
    std::fs::remove_file(book.root().join("whole.json")).unwrap();
    book.run(&merge)
        .exits(2)
        .says("these reports are not all of one check:")
        .says("`reports/3.json` and `reports/4.json` are both of job 3/3")
        .says("the report of job 2/3 on Docker Engine 28 is missing")
        .says("`--allow-nothing-run`");
    assert!(!book.has("whole.json"));
    std::fs::create_dir(book.root().join("none")).unwrap();
    book.run(&["report", "merge", "none"])
        .exits(2)
        .says("there is no report in `none`");
}

#[test]
fn a_job_is_named_by_the_environment() {
    let shard = |value: &str| {
        let book = Book::page("# T\n\n```console,no_run=\"a cloud\"\n$ true\n```\n");
        let mut command = book.command(&["check", "--allow-nothing-run", "--report", "."]);
        let ran: crate::support::Ran = command
            .env("SEAWORTHY_SHARD", value)
            .output()
            .unwrap()
            .into();
        (book, ran)
    };
    for (value, number) in [("1/2", 1), ("0+1/2", 1), ("1+1/2", 2)] {
        let (book, ran) = shard(value);
        ran.exits(0);
        let copy = format!("report-28-{number}-of-2.json");
        let report = Report::from_json(&book.read(&copy)).unwrap();
        let known = report.shard.unwrap();
        assert_eq!((known.number, known.of), (number, 2));
        assert_eq!(known.docker, ["28"]);
        // The first job has the only page.
        assert_eq!(report.summary.pages, usize::from(number == 1));
    }
    // A scheduler that leaves it empty didn't say which pages are to be checked.
    for value in ["", "0/2", "{{.Task.Slot}}/2"] {
        shard(value).1.exits(2).says("as in `2/4`");
    }
}
