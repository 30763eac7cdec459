//! Machines and hosts that fail under a page. Whatever happens, the machines go.

use crate::book::{checked, keeping_going, one, options, simple, told};
use crate::host::{FakeError, FakeHost};
use crate::shell::{Script, ends_machine, loses_host, prints};
use seaworthy_runner::Options;
use std::sync::Arc;

fn script() -> Script {
    Script::default()
        .on("good", [prints("fine\n")])
        .on("bad", [prints("wrong\n")])
        .on("reboot", [ends_machine()])
        .on("unplug", [loses_host()])
        .on("slow", [prints("").after(60)])
}

fn broken(why: &str) -> FakeError {
    FakeError::Broken(why.to_owned())
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_is_gone_is_told_once() {
    let page = crate::book::page(
        "a",
        "```console\n$ reboot\n$ good\nfine\n```\n\n```text,file=f\nx\n```\n\n```console\n$ good\nfine\n```\n\n```network,verify\nservices: {a: {}}\n```\n",
    );
    let host = FakeHost::new(script());
    let log = host.log.clone();
    let report = one(host, &page, &keeping_going()).await;
    let cause = "line 2 does not hold";
    assert_eq!(
        told(&report),
        [
            "1 Failed the machine is gone: it ended",
            &format!("11 Skipped not reached: {cause}"),
        ]
    );
    assert_eq!(report.sessions[0].further.len(), 0);
    assert_eq!(report.sessions[0].not_reached[0].reason, cause);
    assert_eq!(report.diagrams[0].status, seaworthy_report::Status::Skipped);
    assert_eq!(log.of("write"), [] as [String; 0]);
    assert_eq!(log.of("remove"), ["docker-host"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_host_leaves_its_pages_unfinished() {
    let pages = [
        simple("a", "$ good\nfine\n$ unplug\n"),
        simple("b", "$ good\nfine\n"),
        simple("c", "$ good\nfine\n"),
    ];
    let host = FakeHost::new(script());
    let log = host.log.clone();
    let (checked, heard) = checked(&[Arc::new(host)], &pages, &options()).await;
    let checked = checked.unwrap();
    let why = "the host is lost: nothing answers";
    assert_eq!(checked.lost.as_deref(), Some(why));
    for (page, file) in checked.run.pages.iter().zip(["a", "b", "c"]) {
        assert_eq!(page.file, format!("src/{file}.md"));
        assert_eq!(page.unfinished.as_deref(), Some(why));
        assert_eq!(page.error, None);
        assert_eq!(
            told(page),
            ["3 Skipped not reached: the check could not be finished"]
        );
    }
    assert_eq!(heard.of("page_ended").len(), 3);
    // Nothing can be removed there.
    assert_eq!(log.of("remove"), [] as [String; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_meets_with_the_loss_is_no_failure() {
    let lost = || FakeError::Lost("nothing answers".to_owned());
    let file = "<!-- seaworthy machines=a -->\n\n```text,file=f\nx\n```\n\n```console\n$ good\nfine\n```\n";
    let copied = file.replace("machines=a", "machines=a copy=samples/app");
    let remains = file.replace("```text,file=f\nx\n```", "x");
    for (text, on_write) in [(file, true), (&copied, true), (&remains, false)] {
        let mut host = FakeHost::new(script());
        let faults = match on_write {
            true => &mut host.faults.write,
            false => &mut host.faults.left,
        };
        faults.insert("a", lost());
        let report = one(host, &crate::book::page("a", text), &options()).await;
        let told = report.unfinished.unwrap_or_default();
        assert!(
            told.ends_with("the host is lost: nothing answers"),
            "{text}{told}"
        );
        assert_eq!(report.error, None);
    }
}

/// A host whose `first` loses it, or doesn't.
fn host_that(loses: bool) -> Arc<FakeHost> {
    let script = Script::default().on("good", [prints("fine\n").after(5)]);
    let script = match loses {
        true => script.on("first", [loses_host()]),
        false => script.on("first", [prints("fine\n").after(5)]),
    };
    Arc::new(FakeHost::new(script))
}

#[tokio::test(start_paused = true)]
async fn the_pages_of_a_lost_host_are_run_by_the_others() {
    let hosts = [host_that(true), host_that(false)];
    let mut pages: Vec<_> = (0..4)
        .map(|i| simple(&format!("first-{i}"), "$ first\nfine\n"))
        .collect();
    pages.extend((0..4).map(|i| simple(&format!("good-{i}"), "$ good\nfine\n")));
    let (checked, heard) = checked(&hosts, &pages, &options()).await;
    let checked = checked.unwrap();
    assert_eq!(checked.lost, None);
    for page in &checked.run.pages {
        assert_eq!(
            (told(page), &page.unfinished),
            (vec!["3 Passed".to_owned()], &None)
        );
    }
    assert_eq!(hosts[1].log.of("remove").len(), 8);
    // It is told once; the one that ran there and the one whose machines were ready are told as moved, and end once.
    let lost = heard.of("host_lost");
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0]["why"], "the host is lost: nothing answers");
    assert_eq!(heard.of("page_moved").len(), 2);
    assert_eq!(heard.of("page_ended").len(), 8);
}

#[tokio::test(start_paused = true)]
async fn the_last_page_of_a_lost_host_is_run_though_the_others_have_ended_theirs() {
    let sound = Script::default()
        .on("good", [prints("fine\n").after(5)])
        .on("last", [prints("fine\n").after(5)]);
    let unplugged = Script::default().on("last", [loses_host().after(30)]);
    let hosts = [sound, unplugged].map(|script| Arc::new(FakeHost::new(script)));
    // Each host takes one page more than it runs at a time.
    let pages = [
        simple("good", "$ good\nfine\n"),
        simple("fine", "$ good\nfine\n"),
        simple("last", "$ last\nfine\n"),
    ];
    let (checked, heard) = checked(&hosts, &pages, &options()).await;
    let checked = checked.unwrap();
    assert_eq!(checked.lost, None);
    assert_eq!(told(&checked.run.pages[2]), ["3 Passed"]);
    let kinds = heard.kinds();
    let at = |kind: &str| kinds.iter().position(|heard| heard == kind).unwrap();
    assert!(
        at("page_ended src/fine.md") < at("page_moved src/last.md"),
        "{kinds:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn where_all_hosts_are_lost_pages_are_left_unfinished() {
    let hosts = [host_that(true), host_that(true)];
    let pages: Vec<_> = (0..6)
        .map(|i| simple(&format!("first-{i}"), "$ first\nfine\n"))
        .collect();
    let (checked, heard) = checked(&hosts, &pages, &options()).await;
    let checked = checked.unwrap();
    let why = Some("the host is lost: nothing answers");
    assert_eq!(checked.lost.as_deref(), why);
    for page in &checked.run.pages {
        assert_eq!(page.unfinished.as_deref(), why, "{}", page.file);
    }
    assert_eq!(heard.of("page_ended").len(), 6);
    // That of the last one is the check's own end.
    assert_eq!(heard.of("host_lost").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_is_lost_at_once_is_left_out() {
    let lost = || {
        let mut host = FakeHost::new(script());
        host.faults.survey = Some(FakeError::Lost("no route".to_owned()));
        Arc::new(host)
    };
    let pages = [simple("a", "$ good\nfine\n")];
    let sound = Arc::new(FakeHost::new(script()));
    let (both, heard) = checked(&[lost(), sound], &pages, &options()).await;
    let both = both.unwrap();
    assert_eq!(told(&both.run.pages[0]), ["3 Passed"]);
    assert_eq!(both.lost, None);
    assert_eq!(
        heard.of("host_lost")[0]["why"],
        "the host is lost: no route"
    );
    assert_eq!(heard.of("started")[0]["jobs"], 1);
    let (none, _) = checked(&[lost(), lost()], &pages, &options()).await;
    assert_eq!(none.unwrap_err(), FakeError::Lost("no route".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_does_not_come_up_is_its_pages_failure() {
    let mut host = FakeHost::new(script());
    let error = FakeError::NotUp("it slept".to_owned());
    host.faults.start.insert("a", error);
    let pages = [simple("a", "$ good\nfine\n"), simple("b", "$ good\nfine\n")];
    let (checked, _) = checked(&[Arc::new(host)], &pages, &options()).await;
    let run = checked.unwrap().run;
    assert_eq!(
        run.pages[0].error.as_deref(),
        Some("the machine did not come up: it slept")
    );
    assert_eq!(
        told(&run.pages[0]),
        ["3 Skipped not reached: the page could not be run"]
    );
    assert_eq!(told(&run.pages[1]), ["3 Passed"]);
}

#[tokio::test(start_paused = true)]
async fn what_keeps_every_page_from_being_run_ends_the_check() {
    let mut host = FakeHost::new(script());
    host.faults.start.insert("b", broken("no machine image"));
    let pages = [simple("a", "$ slow\n"), simple("b", "$ good\nfine\n")];
    let begun = tokio::time::Instant::now();
    let (checked, _) = checked(&[Arc::new(host)], &pages, &options()).await;
    assert_eq!(checked.unwrap_err(), broken("no machine image"));
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_the_failure_of_its_page() {
    let mut host = FakeHost::new(script());
    host.faults.panic = Some("a");
    let log = host.log.clone();
    let pages = [simple("a", "$ good\nfine\n"), simple("b", "$ good\nfine\n")];
    let (checked, _) = checked(&[Arc::new(host)], &pages, &options()).await;
    let run = checked.unwrap().run;
    let error = run.pages[0].error.as_deref().unwrap();
    assert!(error.starts_with("Seaworthy itself failed"), "{error}");
    // What it had found out stays.
    assert_eq!(told(&run.pages[0]), ["3 Passed"]);
    assert_eq!(told(&run.pages[1]), ["3 Passed"]);
    assert_eq!(log.of("remove"), ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_leaves_its_machine_broken_does_not_hold() {
    let mut host = FakeHost::new(script());
    host.faults.left.insert("a", broken("no answer"));
    let page = simple("a", "$ good\nfine\n");
    let report = one(host, &page, &options()).await;
    assert_eq!(
        report.error.as_deref(),
        Some("the page leaves its machine broken: broken: no answer")
    );
}

#[tokio::test(start_paused = true)]
async fn machines_that_can_not_be_removed_are_their_pages_failure() {
    let mut host = FakeHost::new(script());
    host.faults.remove.insert("a", broken("it is frozen"));
    let pages = [simple("a", "$ good\nfine\n"), simple("b", "$ good\nfine\n")];
    let (checked, heard) = checked(&[Arc::new(host)], &pages, &options()).await;
    let run = checked.unwrap().run;
    assert_eq!(run.pages[0].error.as_deref(), Some("broken: it is frozen"));
    assert_eq!(run.pages[1].error, None);
    assert_eq!(heard.of("machines_stuck")[0]["why"], "broken: it is frozen");
}

#[tokio::test(start_paused = true)]
async fn the_machines_of_a_page_that_fails_are_kept_if_wanted() {
    let host = FakeHost::new(script());
    let log = host.log.clone();
    let pages = [simple("a", "$ bad\nright\n"), simple("b", "$ good\nfine\n")];
    let options = Options {
        keep_machine: true,
        ..options()
    };
    let (_, heard) = checked(&[Arc::new(host)], &pages, &options).await;
    assert_eq!(log.of("keep"), ["a"]);
    assert_eq!(log.of("remove"), ["b"]);
    assert_eq!(heard.of("machines_kept")[0]["how"], "enter a");
}
