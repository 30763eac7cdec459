//! Pages, from their files.

use super::*;
use crate::source::tests::Files;

fn load(files: &[(&'static str, &'static str)]) -> Result<Page, Vec<Diagnostic>> {
    let all = Files(files.iter().copied().collect());
    Page::load(Path::new(files[0].0), &all, &BookSettings::default())
}

fn page(text: &'static str) -> Page {
    load(&[("src/a.md", text)]).unwrap()
}

fn fingerprints(text: &'static str) -> Vec<String> {
    page(text)
        .sessions()
        .map(|s| s.fingerprint.clone())
        .collect()
}

#[test]
fn steps_in_order_with_true_places() {
    let page = load(&[
        (
            "src/a.md",
            "# A\n\n```console\n$ true\n```\n\n- b\n\n  ```yaml,file=x/y.yml\n  a: 1\n  ```\n\n{{#include s.md}}\n\n```sh\nls\n```\n",
        ),
        ("src/s.md", "\n```console,hidden\n$ ls\n```\n"),
    ])
    .unwrap();
    let shown: Vec<_> = page
        .steps
        .iter()
        .map(|step| match step {
            Step::Session(s) => format!("session {}:{}", s.place.file, s.place.line),
            Step::File(f) => format!(
                "file {} {}:{} {:?}",
                f.path, f.place.file, f.place.line, f.content
            ),
            Step::Diagram(d) => format!("diagram {}:{}", d.place.file, d.place.line),
            Step::Archive(a) => format!("archive {}:{}", a.place.file, a.place.line),
            Step::Listed(l) => format!("{} {}:{}", l.language, l.place.file, l.place.line),
            Step::Malformed(m) => format!("malformed {}:{}", m.place.file, m.place.line),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "session src/a.md:3",
            "file x/y.yml src/a.md:9 \"a: 1\\n\"",
            "session src/s.md:2",
            "sh src/a.md:15",
        ]
    );
    assert!(page.runs());
}

/// Ids and fingerprints stay from version to version of the tool. If this fails, each page of each book would be unverified until
/// it is checked again: see the head of `fingerprint.rs`.
#[test]
fn a_page_has_the_ids_and_fingerprints_that_it_had() {
    let text = "<!-- seaworthy timeout=90s images=\"busybox:1.37\" machines=\"n1,n2\" copy=\"samples/app\" internet=\"false\" -->\n\n```console,on=n1,check=a\n$ test -e f\n```\n\n```text,file=f,on=n2\nx\n```\n\n```console,no_run=\"why\"\n$ b\n```\n\n```archive\nsamples/app\n```\n\n```network\nservices: {a: {}}\n```\n\n```console,on=n1,solution=a\n$ touch f\n```\n";
    let files = [("src/a.md", text), ("samples/app/readme", "x")];
    let page = load(&files).unwrap();
    let sessions = page
        .sessions()
        .map(|s| (s.id.as_str(), s.fingerprint.as_str()));
    let diagrams = page.steps.iter().filter_map(|step| match step {
        Step::Diagram(step) => Some((step.id.as_str(), step.fingerprint.as_str())),
        _ => None,
    });
    let all: Vec<_> = sessions.chain(diagrams).collect();
    assert_eq!(
        all,
        [
            ("session-eb7574e5-1", "f79826d63e6c0f513f58107f87f7103a"),
            ("session-9caf4a99-1", "251ec773f78c49836d03995b6bd4b218"),
            ("session-6245e7e1-1", "b80309c7b6c3f6d932f423b4d53a83d7"),
            ("diagram-c93aa4f7-1", "7ed3ec6952cab74640ef8bc66edcbbed")
        ]
    );
}

#[test]
fn what_is_said_as_it_is_anyway_changes_no_fingerprint() {
    let silent = fingerprints("```console\n$ a\n```\n");
    let said = "<!-- seaworthy timeout=60s internet=\"true\" -->\n\n```console\n$ a\n```\n";
    assert_eq!(fingerprints(said), silent);
}

#[test]
fn an_edit_changes_the_fingerprints_from_there_on() {
    let before =
        fingerprints("```console\n$ a\n```\n\n```console\n$ b\n```\n\n```console\n$ c\n```\n");
    let prose = fingerprints(
        "new\n\n```console\n$ a\n```\n\nx\n\n```console\n$ b\n```\n\n```console\n$ c\n```\n",
    );
    assert_eq!(before, prose);
    for edited in [
        "```console\n$ a\n```\n\n```console\n$ b\nx\n```\n\n```console\n$ c\n```\n",
        "```console\n$ a\n```\n\n```console,hidden\n$ b\n```\n\n```console\n$ c\n```\n",
        "```console\n$ a\n```\n\n```text,file=f\nx\n```\n\n```console\n$ b\n```\n\n```console\n$ c\n```\n",
    ] {
        let after = fingerprints(edited);
        assert_eq!(before[0], after[0], "{edited}");
        assert_ne!(before[1], after[1], "{edited}");
        assert_ne!(before[2], after[2], "{edited}");
    }
    let settings = fingerprints("<!-- seaworthy timeout=5s -->\n\n```console\n$ a\n```\n");
    assert_ne!(before[0], settings[0]);
}

#[test]
fn what_is_not_run_changes_no_other_fingerprint() {
    let without = fingerprints("```console\n$ b\n```\n");
    let with = fingerprints("```console,no_run=\"x\"\n$ a\n```\n\n```console\n$ b\n```\n");
    assert_eq!(without[0], with[1]);
    assert!(!page("```console,no_run=\"x\"\n$ a\n```\n").runs());
}

#[test]
fn ids_outlast_edits_of_the_output_and_count_repetitions() {
    let ids = |text| -> Vec<String> { page(text).sessions().map(|s| s.id.clone()).collect() };
    let first = ids("```console\n$ a\nx\n```\n");
    assert_eq!(first, ids("```console\n$ a\ny\n```\n"));
    let twice = ids("```console\n$ a\n```\n\n```console\n$ a\n```\n");
    assert_eq!(twice[0], first[0]);
    assert_eq!(twice[1], first[0].replace("-1", "-2"));
}

#[test]
fn all_faults_in_one_go_in_order() {
    let diagnostics = load(&[
        (
            "src/a.md",
            "{{#include none.md}}\n\n```console,exti=1\n$ a\n```\n\n```network\nx\n```\n\n<details>\n```console\n$ a\n```\n</details>\n\n```text,file=/etc/x\n```\n\n{{#include s.md}}\n",
        ),
        ("src/s.md", "```console hidden\n$ a\n```\n\n```console\nout\n```\n\n```console\n$ open\n"),
    ])
    .unwrap_err();
    let found: Vec<_> = diagnostics
        .iter()
        .map(|d| format!("{}:{} {}", d.file, d.line(), d.fault.message))
        .collect();
    assert_eq!(
        found,
        [
            "src/a.md:1 can't include `none.md`: no such file",
            "src/a.md:3 `exti` is unknown",
            "src/a.md:8 a Compose file must be a map, not a single value",
            "src/a.md:12 this looks like a `console` block and isn't one",
            "src/a.md:17 `file` needs a path in the page's folder",
            "src/s.md:1 attributes follow the language after a comma",
            "src/s.md:6 output before any command",
            "src/s.md:9 this block doesn't end",
        ]
    );
}

#[test]
fn programs_from_session_to_session() {
    let page = page(
        "```console\n$ docker exec -it web sh\n```\n\n```console,no_run=\"x\"\n/ # sh\n/ # exit\n/ # exit\n$ a\n```\n\n```console,hidden\n/ # ls\n```\n\n```console\n/etc # exit\n$ a\n```\n",
    );
    let depths = page.sessions().map(|s| {
        let depth = |c: &seaworthy_console::Command| c.inside.len();
        s.session.commands.iter().map(depth).collect::<Vec<_>>()
    });
    assert_eq!(
        depths.collect::<Vec<_>>(),
        [vec![0], vec![1, 2, 1, 0], vec![1], vec![1, 0]]
    );
    let opened = &page.sessions().next().unwrap().session.commands[0].then;
    assert!(matches!(opened, seaworthy_console::Then::Opens(p) if p.name == "web's sh"));
    for (text, line, message) in [
        // What isn't run opens nothing.
        (
            "```console,no_run=\"x\"\n$ sh\n```\n\n```console\n/ # ls\n```\n",
            6,
            "the prompt of a program, and none is open here",
        ),
        (
            "```console,retry=5s\n$ sh\n```\n\n```console\n# ls\n```\n",
            1,
            "`retry` can't be said of the last command",
        ),
        (
            "```console,exit=3\n$ sh\n```\n\n```console\n# ls\n```\n",
            1,
            "`exit` can't be said of the last command",
        ),
        (
            "```console,retry=5s\n$ sleep 9\n^C\n```\n",
            1,
            "`retry` can't be said of the last command",
        ),
    ] {
        let faults = load(&[("src/a.md", text)]).unwrap_err();
        let found: Vec<_> = faults
            .iter()
            .map(|d| (d.line(), d.fault.message.as_str()))
            .collect();
        assert_eq!(found, [(line, message)], "{text}");
    }
}

#[test]
fn diagrams() {
    let page = page("```network,verify,title=\"T\"\nservices:\n  web: {}\n```\n");
    assert!(page.runs());
    assert!(matches!(&page.steps[0], Step::Diagram(d) if d.verify && d.title.is_some()));
    for (text, line, message) in [
        (
            "> ```network\n> services:\n>   a: {networks: [nowhere]}\n> ```\n",
            3,
            "nowhere",
        ),
        (
            "```Network\nservices: {a: {}}\n```\n",
            1,
            "the language is called `network`",
        ),
        (
            "```network,verfy\nservices: {a: {}}\n```\n",
            1,
            "`verfy` is unknown",
        ),
        (
            "```network,verify\nservices: {a: {}, b: {}}\nnetworks: {default: {driver: overlay}}\nx-hosts: {n1: [a], n2: [b]}\n```\n",
            1,
            "the page has no machine `n1`",
        ),
    ] {
        let faults = load(&[("src/a.md", text)]).unwrap_err();
        let found: Vec<_> = faults
            .iter()
            .map(|d| (d.line(), d.fault.message.as_str()))
            .collect();
        assert_eq!(found[0].0, line, "{found:?}");
        assert!(found[0].1.contains(message), "{found:?}");
    }
}

#[test]
fn machines_and_what_runs_on_them() {
    let page = page(
        "<!-- seaworthy machines=\"n1,n2\" -->\n\n```console,on=n2\n$ a\n```\n\n```text,file=f,on=n2\nx\n```\n\n```network,verify\nservices: {a: {}, b: {}}\nnetworks: {default: {driver: overlay}}\nx-hosts: {n1: [a], n2: [b]}\n```\n\n```console\n$ b\n```\n",
    );
    let on: Vec<_> = page
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Session(step) => page.machine_name(step.machine),
            Step::File(step) => page.machine_name(step.machine),
            _ => None,
        })
        .collect();
    assert_eq!(on, ["n2", "n2", "n1"]);
    for (text, line, message) in [
        (
            "<!-- seaworthy machines=\"n1,n2\" -->\n\n```console,on=n3\n$ a\n```\n",
            3,
            "the page has no machine `n3`",
        ),
        (
            "```console,on=n1\n$ a\n```\n",
            1,
            "the page has no machine `n1`",
        ),
        (
            "```text,file=f,on=n1\n```\n",
            1,
            "the page has no machine `n1`",
        ),
    ] {
        let faults = load(&[("src/a.md", text)]).unwrap_err();
        assert_eq!(
            (faults[0].line(), faults[0].fault.message.as_str()),
            (line, message)
        );
    }
}

#[test]
fn folders_are_copied_and_their_images_known() {
    let text = "<!-- seaworthy copy=\"samples/app\" -->\n\n```console\n$ a\n```\n";
    let load = |dockerfile| {
        let files = [
            ("src/a.md", text),
            ("samples/app/web/Dockerfile", dockerfile),
            ("samples/app/readme", "x"),
        ];
        self::load(&files).unwrap()
    };
    let page = load("FROM nginx:1.30\n");
    assert_eq!(page.copied[0].name, "app");
    let files: Vec<_> = page.copied[0].files.iter().map(|f| &f.path).collect();
    assert_eq!(files, ["readme", "web/Dockerfile"]);
    assert_eq!(page.images[0].reference, "nginx:1.30");
    let edited = load("FROM nginx:1.31\n");
    let fingerprint = |page: &Page| page.sessions().next().unwrap().fingerprint.clone();
    assert_ne!(fingerprint(&page), fingerprint(&edited));

    let faults = self::load(&[("src/a.md", text)]).unwrap_err();
    assert_eq!(
        faults[0].fault.message,
        "can't copy `samples/app`: no such folder"
    );
}

#[test]
fn a_missing_chapter_is_named() {
    let diagnostics = Page::load(
        Path::new("src/none.md"),
        &Files([].into()),
        &BookSettings::default(),
    )
    .unwrap_err();
    assert_eq!(diagnostics[0].file, "src/none.md");
}

#[test]
fn what_is_well_formed_is_read_though_something_is_not() {
    let text = "```console\nout\n```\n\n```console\n$ a\n```\n\n<details>\n```console\n$ b\n```\n</details>\n";
    let files = Files([("src/a.md", text)].into());
    let read =
        |settings: &BookSettings| Page::load_leniently(Path::new("src/a.md"), &files, settings);
    let page = read(&BookSettings::default()).unwrap();
    let lines: Vec<_> = page.faults().map(Diagnostic::line).collect();
    assert_eq!(lines, [1 + 1, 10]);
    assert_eq!(page.sessions().count(), 1);
    assert!(page.is_malformed() && page.runs());
    assert!(Page::load(Path::new("src/a.md"), &files, &BookSettings::default()).is_err());
}
