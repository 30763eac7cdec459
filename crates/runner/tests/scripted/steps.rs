//! What a page has besides sessions: files, folders, diagrams, exercises.

use crate::book::{checked, keeping_going, one, options, page, told};
use crate::host::{FakeError, FakeHost};
use crate::shell::{Script, prints};
use seaworthy_report::Status;
use std::sync::Arc;

fn script() -> Script {
    Script::default()
        .on("good", [prints("fine\n")])
        .on("solve", [prints("")])
        .on("broken", [prints("").exit(1)])
        .on("check", [prints("").exit(1), prints("")])
        .on("always", [prints("")])
}

#[tokio::test(start_paused = true)]
async fn files_are_written_where_the_shell_stands() {
    let page = page(
        "a",
        "<!-- seaworthy machines=\"n1,n2\" copy=\"samples/app\" -->\n\n```text,file=x/f,on=n2\nhello\n```\n\n```console\n$ good\nfine\n```\n",
    );
    let host = FakeHost::new(script());
    let log = host.log.clone();
    let report = one(host, &page, &options()).await;
    assert_eq!(told(&report), ["7 Passed"]);
    assert_eq!(log.of("write"), ["n2 /home/fake/x/f: hello"]);
    assert_eq!(
        log.of("unpack"),
        ["n1 /home/fake true", "n2 /home/fake true"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_file_that_can_not_be_written_ends_the_page() {
    let page = page(
        "a",
        "\n```text,file=f\nhello\n```\n\n```console\n$ good\nfine\n```\n",
    );
    let mut host = FakeHost::new(script());
    let full = FakeError::Broken("no space".to_owned());
    host.faults.write.insert("docker-host", full);
    let log = host.log.clone();
    let report = one(host, &page, &options()).await;
    assert_eq!(
        report.error.as_deref(),
        Some("src/a.md:2: broken: no space")
    );
    assert_eq!(
        told(&report),
        ["6 Skipped not reached: the page could not be run"]
    );
    assert_eq!(log.of("remove"), ["docker-host"]);
}

const NETWORKS: &str = r#"[{"Name":"front","Driver":"bridge","Internal":false,"Labels":{},
    "IPAM":{"Config":[{"Subnet":"172.18.0.0/16"}]}}]
    [{"Id":"3f","Name":"/web","State":{"Running":true},"HostConfig":{"NetworkMode":"front"},"Config":{"Labels":null},
    "NetworkSettings":{"Ports":{},"Networks":{"front":{"IPAddress":"172.18.0.2","Aliases":[],"DNSNames":["web"]}}}}]"#;

#[tokio::test(start_paused = true)]
async fn a_diagram_is_compared_with_the_engine() {
    let text = "```network,verify\nservices:\n  web:\n    networks: [front]\nnetworks:\n  front: {}\n```\n\n```console\n$ good\nfine\n```\n";
    let host = |networks: &str| FakeHost {
        networks: networks.to_owned(),
        ..FakeHost::new(script())
    };
    let page = page("a", text);
    let (checked, heard) = checked(
        &[Arc::new(host(NETWORKS))],
        std::slice::from_ref(&page),
        &options(),
    )
    .await;
    let report = &checked.unwrap().run.pages[0];
    assert_eq!(report.diagrams[0].differences, [] as [String; 0]);
    assert_eq!(report.diagrams[0].status, Status::Passed);
    assert_eq!(
        heard.of("diagram_compared")[0]["diagram"]["status"],
        "passed"
    );

    let report = one(host("[] []"), &page, &options()).await;
    assert_eq!(report.diagrams[0].status, Status::Failed);
    assert!(!report.diagrams[0].differences.is_empty());
    // The page goes on whatever came of it.
    assert_eq!(told(&report), ["9 Passed"]);

    for (answer, error) in [
        (
            "[]",
            "the machine's engine gave an answer that can't be read: an answer is missing",
        ),
        (
            "",
            "the machine's engine could not be asked for its networks: it says nothing",
        ),
    ] {
        let report = one(host(answer), &page, &options()).await;
        assert_eq!(report.error.as_deref(), Some(error));
    }
}

const EXERCISE: &str =
    "```console,check=e1\n$ CHECK\n```\n\n```console,solution=e1\n$ SOLVE\n```\n";

#[tokio::test(start_paused = true)]
async fn a_check_fails_before_its_solution_and_holds_after_it() {
    let exercise = |check: &str, solve: &str| {
        page(
            "a",
            &EXERCISE.replace("CHECK", check).replace("SOLVE", solve),
        )
    };
    let report = one(
        FakeHost::new(script()),
        &exercise("check", "solve"),
        &options(),
    )
    .await;
    assert_eq!(told(&report), ["1 Passed", "5 Passed"]);
    let proved = &report.exercises[0];
    assert_eq!(proved.status, Status::Passed);
    assert_eq!(proved.failed_before, [2]);

    let report = one(
        FakeHost::new(script()),
        &exercise("always", "solve"),
        &options(),
    )
    .await;
    assert_eq!(
        told(&report),
        [
            "1 Failed this check holds before its solution: it can't tell a solved exercise from an unsolved one",
            "5 Skipped not reached: line 1 does not hold",
        ]
    );

    let report = one(
        FakeHost::new(script()),
        &exercise("check", "broken"),
        &options(),
    )
    .await;
    assert_eq!(
        told(&report),
        [
            "1 Skipped not reached: line 6 does not hold",
            "5 Failed exited with 1"
        ]
    );
    assert_eq!(report.exercises.len(), 0);

    let report = one(
        FakeHost::new(script()),
        &exercise("check", "broken"),
        &keeping_going(),
    )
    .await;
    // It was run all the same, and said that the exercise is solved now.
    assert_eq!(told(&report), ["1 Passed", "5 Failed exited with 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_check_is_not_waited_for_before_its_solution() {
    let text = EXERCISE.replace("check=e1", "check=e1,retry=60s");
    let text = text.replace("CHECK", "check").replace("SOLVE", "solve");
    let begun = tokio::time::Instant::now();
    let report = one(FakeHost::new(script()), &page("a", &text), &options()).await;
    assert_eq!(told(&report), ["1 Passed", "5 Passed"]);
    assert_eq!(report.exercises[0].failed_before, [2]);
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_check_that_can_not_be_run_proves_nothing() {
    let text = EXERCISE
        .replace("CHECK", "unknown")
        .replace("SOLVE", "solve");
    let report = one(FakeHost::new(script()), &page("a", &text), &options()).await;
    let told = told(&report);
    assert!(
        told[0].starts_with("1 Failed before its solution this check doesn't fail, it can't be run: line 2 exited with 127"),
        "{told:?}"
    );
    let failure = report.sessions[0].failure.as_ref().unwrap();
    assert_eq!(failure.machine, "the state of docker-host");
}

#[tokio::test(start_paused = true)]
async fn what_a_check_finds_before_is_noted_after() {
    let text =
        "```console,check=e1\n$ always\n$ check\n```\n\n```console,solution=e1\n$ solve\n```\n";
    let report = one(FakeHost::new(script()), &page("a", text), &options()).await;
    assert_eq!(told(&report), ["1 Passed", "6 Passed"]);
    assert_eq!(
        report.sessions[0].notes,
        ["line 2: holds before the solution too, so it checks nothing"]
    );
    assert_eq!(report.exercises[0].held_before, [2]);
}

#[tokio::test(start_paused = true)]
async fn an_image_that_could_not_be_had_explains_the_failure() {
    let script = Script::default().on("docker run nginx", [prints("none\n").exit(125)]);
    let mut host = FakeHost::new(script);
    host.missing
        .insert("nginx:latest".to_owned(), "no nginx here".to_owned());
    host.faults.limits = vec![seaworthy_runner::LimitHit::Processes];
    let page = page("a", "```console\n$ docker run nginx\n```\n");
    let report = one(host, &page, &options()).await;
    let failure = report.sessions[0].failure.as_ref().unwrap();
    assert_eq!(
        failure.help,
        "the machine had all the 1024 processes that it may have: start fewer, or raise `processes` in book.toml\n  no nginx here"
    );
}
