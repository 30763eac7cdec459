//! How many pages run at a time, in which order, and on what.

use crate::book::{Heard, checked, options, page, simple, told};
use crate::host::FakeHost;
use crate::shell::{Script, prints};
use seaworthy_report::{self as report, Origin, Report, Status};
use seaworthy_runner::{Event, Observer, Options, check, not_run};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

fn script() -> Script {
    Script::default()
        .on("slow", [prints("").after(10)])
        .on("good", [prints("fine\n")])
}

/// The most pages that ran at a time.
fn most(heard: &Heard) -> i32 {
    let (mut now, mut most) = (0, 0);
    for kind in heard.kinds() {
        now += i32::from(kind.starts_with("page_started"));
        now -= i32::from(kind.starts_with("page_ended"));
        most = most.max(now);
    }
    most
}

#[tokio::test(start_paused = true)]
async fn no_more_pages_run_at_a_time_than_the_host_carries() {
    let pages: Vec<_> = (0..7)
        .map(|i| simple(&format!("p{i}"), "$ slow\n"))
        .collect();
    for (capacity, jobs, expected) in [(3, None, 3), (3, Some(1), 1), (3, Some(0), 1), (9, None, 7)]
    {
        let host = FakeHost {
            capacity,
            ..FakeHost::new(script())
        };
        let log = host.log.clone();
        let options = Options { jobs, ..options() };
        let (checked, heard) = checked(&[Arc::new(host)], &pages, &options).await;
        let run = checked.unwrap().run;
        assert!(run.pages.iter().all(|page| told(page) == ["3 Passed"]));
        let files: Vec<_> = run.pages.iter().map(|page| page.file.as_str()).collect();
        assert!(files.is_sorted(), "{files:?}");
        assert_eq!(most(&heard), expected);
        assert_eq!(heard.of("started")[0]["jobs"], expected);
        let asked = log.of("capacity");
        assert_eq!(asked.len(), usize::from(jobs.is_none()));
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_pages_machines_are_up_before_its_turn() {
    let pages: Vec<_> = (0..3)
        .map(|i| simple(&format!("p{i}"), "$ slow\n"))
        .collect();
    let host = FakeHost::new(script());
    let log = host.log.clone();
    let (checked, _) = checked(&[Arc::new(host)], &pages, &options()).await;
    checked.unwrap();
    let order: Vec<_> = log.all().into_iter().skip(1).collect();
    assert_eq!(order[..3], ["start p0", "start p1", "remove p0"]);
}

#[tokio::test(start_paused = true)]
async fn the_host_is_asked_for_the_hungriest_page() {
    let text = "<!-- seaworthy machines=\"n1,n2\" -->\n\n```console\n$ good\nfine\n```\n";
    let pages = [simple("a", "$ good\nfine\n"), page("b", text)];
    let host = FakeHost::new(script());
    let log = host.log.clone();
    let (checked, _) = checked(&[Arc::new(host)], &pages, &options()).await;
    checked.unwrap();
    assert_eq!(log.of("capacity"), [(4_u64 << 30).to_string()]);
}

fn earlier(pages: &[(&str, f64)], held_with: &[report::Image]) -> Arc<Report> {
    let page = |(name, seconds): &(&str, f64)| report::Page {
        file: format!("src/{name}.md"),
        seconds: *seconds,
        held_with: held_with.to_vec(),
        ..report::Page::default()
    };
    let run = report::Run {
        engine: report::Engine {
            version: "28.5.2".to_owned(),
            api: "1.51".to_owned(),
        },
        images: Vec::new(),
        pages: pages.iter().map(page).collect(),
    };
    Arc::new(Report::new("0.1", String::new(), 0.0, vec![run]))
}

#[tokio::test(start_paused = true)]
async fn the_longest_begins_first_and_one_that_is_not_known_before_it() {
    let pages = ["quick", "long", "new", "medium"].map(|name| simple(name, "$ slow\n"));
    let host = FakeHost::new(script());
    let log = host.log.clone();
    let known = [("quick", 1.0), ("long", 90.0), ("medium", 20.0)];
    let options = Options {
        earlier: Some(earlier(&known, &[])),
        ..options()
    };
    let (checked, _) = checked(&[Arc::new(host)], &pages, &options).await;
    assert_eq!(log.of("start"), ["new", "long", "medium", "quick"]);
    // What came of them is in the pages' order all the same.
    assert_eq!(checked.unwrap().run.pages[0].file, "src/quick.md");
}

fn image(reference: &str, digest: &str) -> report::Image {
    report::Image {
        reference: reference.to_owned(),
        digest: digest.to_owned(),
        origin: Origin::Registry,
    }
}

#[tokio::test(start_paused = true)]
async fn images_that_changed_since_a_page_held_are_told_where_it_fails() {
    let options = Options {
        earlier: Some(earlier(&[("a", 1.0)], &[image("nginx", "old")])),
        ..options()
    };
    let host = || {
        Arc::new(FakeHost {
            images: vec![image("nginx", "new")],
            pulled: vec![image("nginx", "new"), image("busybox", "b")],
            ..FakeHost::new(script())
        })
    };
    let (failed, heard) = checked(&[host()], &[simple("a", "$ good\nnot fine\n")], &options).await;
    let run = failed.unwrap().run;
    assert_eq!(run.pages[0].changed_images.len(), 1);
    assert_eq!(run.pages[0].held_with, [image("nginx", "old")]);
    let told = &heard.of("session_ended")[0]["result"]["changed_images"][0];
    assert_eq!(
        (&told["before"], &told["now"]),
        (&"old".into(), &"new".into())
    );
    // Those that machines pulled are among the run's, each once.
    let names: Vec<_> = run.images.iter().map(|i| i.reference.as_str()).collect();
    assert_eq!(names, ["busybox", "nginx"]);

    let (held, _) = checked(&[host()], &[simple("a", "$ good\nfine\n")], &options).await;
    let page = &held.unwrap().run.pages[0];
    assert_eq!(page.held_with, [image("nginx", "new")]);
    assert_eq!(page.changed_images, []);
}

#[tokio::test(start_paused = true)]
async fn what_needs_no_machine_gets_none() {
    let old = "<!-- seaworthy docker=\"<20\" -->\n\n```console\n$ good\nfine\n```\n";
    let listed = "```console,no_run=\"a cloud\"\n$ good\n```\n";
    let pages = [page("a", old), page("b", listed)];
    let host = FakeHost::new(script());
    let log = host.log.clone();
    let (checked, heard) = checked(&[Arc::new(host)], &pages, &options()).await;
    let run = checked.unwrap().run;
    assert_eq!(
        told(&run.pages[0]),
        ["3 NotRun needs Docker Engine <20, and this is 28.5.2"]
    );
    assert_eq!(told(&run.pages[1]), ["1 NotRun a cloud"]);
    assert_eq!(log.of("start"), [] as [String; 0]);
    assert_eq!(heard.of("page_ended").len(), 2);

    let heard = Heard::default();
    let none = not_run(&pages[1..], ".", &heard);
    assert_eq!(none.run.pages[0].sessions[0].status, Status::NotRun);
    assert_eq!(
        heard.kinds(),
        [
            "page_started src/b.md",
            "session_ended src/b.md",
            "page_ended src/b.md"
        ]
    );
}

/// Holds the first page up until the second one has got as far.
#[derive(Default)]
struct Meeting {
    arrived: Mutex<usize>,
    both: Condvar,
}

impl Observer for Meeting {
    fn event(&self, event: &Event) {
        if matches!(event, Event::SessionEnded { .. }) {
            let mut arrived = self.arrived.lock().expect("no page has panicked");
            *arrived += 1;
            self.both.notify_all();
            let (_arrived, late) = self
                .both
                .wait_timeout_while(arrived, Duration::from_secs(3), |arrived| *arrived < 2)
                .expect("no page has panicked");
            assert!(!late.timed_out(), "one page waits for the other");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn pages_use_several_cores() {
    let host = FakeHost {
        capacity: 2,
        ..FakeHost::new(script())
    };
    let pages = ["a", "b"].map(|name| simple(name, "$ good\nfine\n"));
    let observer: Arc<dyn Observer> = Arc::new(Meeting::default());
    let checked = check(&[Arc::new(host)], &pages, &options(), &observer).await;
    let pages = checked.unwrap().run.pages;
    let errors: Vec<_> = pages
        .iter()
        .filter_map(|page| page.error.as_deref())
        .collect();
    assert_eq!(errors, [] as [&str; 0]);
}
