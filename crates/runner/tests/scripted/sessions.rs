//! Commands of a session: what holds, what doesn't, and what is then not reached.

use crate::book::{checked, keeping_going, one, options, page, simple, told};
use crate::host::FakeHost;
use crate::shell::{Script, ends_shell, hangs, prints};
use seaworthy_report::Status;
use std::sync::Arc;

fn script() -> Script {
    Script::default()
        .on("good", [prints("fine\n")])
        .on("bad", [prints("wrong\n")])
        .on("fails", [prints("no such thing\n").exit(1)])
        .on("quiet", [prints("")])
}

#[tokio::test(start_paused = true)]
async fn a_page_that_holds() {
    let host = FakeHost {
        left: vec!["container web".to_owned()],
        ..FakeHost::new(script())
    };
    let log = host.log.clone();
    let page = page("a", "```console\n$ good\nfine\n$ quiet\n```\n");
    let (checked, heard) = checked(&[Arc::new(host)], &[page], &options()).await;
    let run = checked.unwrap().run;
    assert_eq!(run.engine.version, "28.5.2");
    let page = &run.pages[0];
    assert_eq!(told(page), ["1 Passed"]);
    let session = &page.sessions[0];
    assert_eq!((session.commands, session.typed.len()), (2, 2));
    assert_eq!(session.typed[1].line, 4);
    assert_eq!(page.left, ["container web"]);
    assert_eq!((&page.error, &page.unfinished), (&None, &None));
    assert_eq!(
        heard.kinds(),
        [
            "started",
            "page_started src/a.md",
            "doing src/a.md",
            "session_ended src/a.md",
            "page_ended src/a.md"
        ]
    );
    assert_eq!(heard.all()[0]["jobs"], 1);
    let ended = &heard.of("page_ended")[0]["report"];
    assert_eq!(ended["left"][0], "container web");
    assert_eq!(log.of("start"), ["docker-host"]);
    assert_eq!(log.of("remove"), ["docker-host"]);
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_nothing_is_reached() {
    let page = page(
        "a",
        "```console\n$ bad\nright\n$ good\nfine\n```\n\n```console\n$ good\nfine\n```\n\n```network,verify\nservices: {a: {}}\n```\n",
    );
    let host = FakeHost {
        left: vec!["container web".to_owned()],
        ..FakeHost::new(script())
    };
    let report = one(host, &page, &options()).await;
    let cause = "line 3 does not hold";
    assert_eq!(
        told(&report),
        [
            "1 Failed printed `right`, is `wrong`",
            &format!("8 Skipped not reached: {cause}")
        ]
    );
    let failure = report.sessions[0].failure.as_ref().unwrap();
    assert_eq!((failure.line, failure.exit), (3, Some(0)));
    assert_eq!(failure.actual, "wrong\n");
    assert_eq!(failure.machine, "the state of docker-host");
    assert_eq!(failure.rerun, "seaworthy check src/a.md");
    let mut parts = failure.diff.iter().flat_map(|line| &line.parts);
    assert!(parts.any(|part| part.text == "right"), "{:?}", failure.diff);
    let not_reached = &report.sessions[0].not_reached[0];
    assert_eq!((not_reached.line, not_reached.reason.as_str()), (4, cause));
    assert_eq!(report.sessions[1].not_reached.len(), 1);
    assert_eq!(report.diagrams[0].status, Status::Skipped);
    // What a page leaves says nothing if it doesn't hold.
    assert_eq!(report.left, [] as [String; 0]);
}

#[tokio::test(start_paused = true)]
async fn keeping_going_tries_the_rest() {
    let page = page(
        "a",
        "```console\n$ bad\nright\n$ good\nfine\n$ fails\n```\n\n```console\n$ good\nfine\n```\n",
    );
    let report = one(FakeHost::new(script()), &page, &keeping_going()).await;
    assert_eq!(
        told(&report),
        ["1 Failed printed `right`, is `wrong`", "9 Passed"]
    );
    let session = &report.sessions[0];
    assert_eq!((session.commands, session.typed.len()), (3, 1));
    let further: Vec<_> = session.further.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(further, ["exited with 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_is_tried_until_it_holds() {
    let page = page("a", "```console,retry=30s\n$ good\n$ poll\nup\n```\n");
    let poll = |answers: &[&str]| {
        let answers: Vec<_> = answers.iter().map(|text| prints(text).after(2)).collect();
        FakeHost::new(script().on("poll", answers))
    };
    let report = one(poll(&["down\n", "down\n", "up\n"]), &page, &options()).await;
    assert_eq!(told(&report), ["1 Passed"]);
    let retried = report.sessions[0].retried.as_ref().unwrap();
    assert_eq!((retried.tries, retried.outputs), (3, 2));
    assert_eq!(report.sessions[0].notes.len(), 1);
    let seconds = report.sessions[0].seconds;
    assert!((6.5..7.0).contains(&seconds), "{seconds}");

    let report = one(poll(&["down\n"]), &page, &options()).await;
    assert_eq!(told(&report), ["1 Failed printed `up`, is `down`"]);
    let seconds = report.sessions[0].seconds;
    assert!((30.0..33.0).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn only_the_last_command_is_tried_again() {
    let script = script().on("poll", [prints("down\n"), prints("up\n")]);
    let page = page("a", "```console,retry=30s\n$ poll\nup\n$ good\n```\n");
    let report = one(FakeHost::new(script), &page, &options()).await;
    assert_eq!(told(&report), ["1 Failed printed `up`, is `down`"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_does_not_end_is_interrupted() {
    let script = script().on("hangs", [hangs()]);
    let page = page(
        "a",
        "```console,timeout=5s\n$ hangs\n```\n\n```console\n$ good\nfine\n```\n",
    );
    let report = one(FakeHost::new(script), &page, &keeping_going()).await;
    let told = told(&report);
    assert!(
        told[0].starts_with("1 Failed did not end within 5 s: "),
        "{told:?}"
    );
    assert_eq!(told[1], "5 Passed");
    let failure = report.sessions[0].failure.as_ref().unwrap();
    assert_eq!(failure.exit, None);
    assert!(failure.help.contains("`timeout=5m`"), "{}", failure.help);
    let seconds = report.sessions[0].seconds;
    assert!((5.0..8.0).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn what_a_background_job_prints_late_is_noted() {
    let script = script()
        .on("job", [prints("").then_late(500, "job done\r\n")])
        .on("pause", [prints("").after(2)]);
    // The shell answers one line after the other, so the pause comes after the job's text.
    let page = page("a", "```console\n$ job\n$ pause\n$ good\nfine\n```\n");
    let report = one(FakeHost::new(script), &page, &options()).await;
    assert_eq!(told(&report), ["1 Passed"]);
    assert_eq!(
        report.sessions[0].notes,
        ["line 3: a background job printed before it: job done"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_marked_to_fail_has_to() {
    for (block, expected) in [
        ("console,exit=1\n$ fails", "1 Passed"),
        (
            "console,exit=2\n$ fails",
            "1 Failed exited with 1, not with 2 as `exit=2` says",
        ),
        ("console,should_fail\n$ fails\nno such thing", "1 Passed"),
        (
            "console,should_fail\n$ good\nfine",
            "1 Failed succeeded, and `should_fail` says that it fails",
        ),
        ("console,no_run=\"why not\"\n$ fails", "1 NotRun why not"),
        ("console,hidden\n$ good\nfine", "1 Passed"),
        (
            "console,docker=\"<20\"\n$ fails",
            "1 NotRun needs Docker Engine <20, and this is 28.5.2",
        ),
        ("console,docker=\">20\"\n$ good\nfine", "1 Passed"),
    ] {
        let page = page(
            "a",
            &format!("```{block}\n```\n\n```console\n$ quiet\n```\n"),
        );
        let report = one(FakeHost::new(script()), &page, &options()).await;
        assert_eq!(told(&report)[0], expected);
        assert_eq!(report.sessions[0].hidden, block.contains("hidden"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_is_the_same_from_then_on() {
    let first = "4b825dc642cb6eb9a060e54bf8d69288fbee4904ab0c1d2e3f405162738495a6";
    let other = "9c2f0b7712cb6eb9a060e54bf8d69288fbee4904ab0c1d2e3f405162738495a6";
    let script = Script::default()
        .on("create", [prints(&format!("{other}\n"))])
        .on("show", [prints(&format!("{other}\n"))])
        .on("another", [prints(&format!("{first}\n"))]);
    let page = page(
        "a",
        &format!(
            "```console\n$ create\n{first}\n```\n\n```console\n$ show\n{first}\n```\n\n```console\n$ another\n{first}\n```\n"
        ),
    );
    let report = one(FakeHost::new(script), &page, &keeping_going()).await;
    let statuses: Vec<_> = report.sessions.iter().map(|s| s.status).collect();
    assert_eq!(
        statuses,
        [Status::Passed, Status::Passed, Status::Failed],
        "{:?}",
        told(&report)
    );
}

#[tokio::test(start_paused = true)]
async fn each_machine_has_its_shell() {
    let page = page(
        "a",
        "<!-- seaworthy machines=\"n1,n2\" -->\n\n```console,on=n2\n$ count\n1\n```\n\n```console\n$ count\n1\n```\n\n```console,on=n2\n$ count\n2\n```\n",
    );
    let script = Script::default().on("count", [prints("1\n"), prints("2\n")]);
    let report = one(FakeHost::new(script), &page, &options()).await;
    assert_eq!(told(&report), ["3 Passed", "8 Passed", "13 Passed"]);
    let on: Vec<_> = report.sessions.iter().map(|s| s.on.as_deref()).collect();
    assert_eq!(on, [Some("n2"), Some("n1"), Some("n2")]);
}

#[tokio::test(start_paused = true)]
async fn a_shell_that_ended_is_opened_anew_on_its_machine() {
    let page = page(
        "a",
        "<!-- seaworthy machines=\"n1,n2\" -->\n\n```console,on=n2\n$ logout\n```\n\n```console,on=n2\n$ good\nfine\n```\n\n```text,file=f,on=n2\nx\n```\n\n```console\n$ good\nfine\n```\n",
    );
    let host = FakeHost::new(script().on("logout", [ends_shell()]));
    let log = host.log.clone();
    let report = one(host, &page, &keeping_going()).await;
    assert_eq!(
        told(&report),
        [
            "3 Failed ended the page's shell, with exit code 0",
            "7 Passed",
            "16 Passed"
        ]
    );
    assert_eq!(log.of("write"), ["n2 /home/fake/f: x"]);
}

#[tokio::test(start_paused = true)]
async fn how_long_a_page_takes_counts_its_start() {
    let host = FakeHost {
        starting: std::time::Duration::from_secs(20),
        ..FakeHost::new(script().on("slow", [prints("").after(7)]))
    };
    let report = one(host, &page("a", "```console\n$ slow\n```\n"), &options()).await;
    let (page, session) = (report.seconds, report.sessions[0].seconds);
    assert!((27.0..28.0).contains(&page), "{page}");
    assert!((7.0..7.5).contains(&session), "{session}");
    assert!((7.0..7.5).contains(&report.sessions[0].typed[0].seconds));
}

#[tokio::test(start_paused = true)]
async fn a_failure_on_one_machine_shows_that_machine() {
    let page = page(
        "a",
        "<!-- seaworthy machines=\"n1,n2\" -->\n\n```console,on=n2\n$ bad\nright\n```\n",
    );
    let report = one(FakeHost::new(script()), &page, &options()).await;
    let failure = report.sessions[0].failure.as_ref().unwrap();
    assert_eq!(failure.machine, "the state of n2");
}

#[tokio::test(start_paused = true)]
async fn what_is_told_serialises_with_its_difference() {
    let page = simple("a", "$ bad\nright\n");
    let (_, heard) = checked(&[Arc::new(FakeHost::new(script()))], &[page], &options()).await;
    let ended = &heard.of("session_ended")[0];
    assert_eq!(ended["result"]["report"]["status"], "failed");
    let row = &ended["result"]["report"]["failure"]["diff"][0];
    assert_eq!(row["line"], 5);
    assert_eq!(row["kind"], "differs");
    assert_eq!(row["parts"][0]["text"], "right");
}
