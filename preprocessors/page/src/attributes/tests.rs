//! What can be said of a session, and what can't.

use super::*;
use seaworthy_blocks::Document;

fn read(info: &str, prints: bool) -> Result<SessionAttributes, Vec<String>> {
    let document = Document::parse(&format!("```console{info}\n$ x\n```\n"));
    let attributes = document.blocks[0].attributes().unwrap();
    SessionAttributes::read(&attributes, prints)
        .map_err(|faults| faults.into_iter().map(|f| f.message).collect())
}

#[test]
fn everything_that_can_be_said() {
    let read = read(
        ",should_fail,exit=7,retry=30s,timeout=2m,hidden,proves=\"a b\",varies=\"37ms, 3 seconds\",opens=\"sqlite> \",docker=\">=23, <29\"",
        true,
    );
    assert_eq!(
        read.unwrap(),
        SessionAttributes {
            no_run: None,
            should_fail: true,
            exit: Some(7),
            retry: Some(Duration::from_secs(30)),
            timeout: Some(Duration::from_secs(120)),
            hidden: true,
            proves: Some("a b".into()),
            predict: None,
            exact: false,
            unordered: false,
            varies: vec!["37ms".into(), "3 seconds".into()],
            on: None,
            check: None,
            solution: None,
            opens: Some("sqlite>".into()),
            docker: Some(VersionReq::parse(">=23, <29").unwrap()),
        }
    );
}

#[test]
fn faults() {
    for (info, message) in [
        (",exti=7", "`exti` is unknown"),
        (",on", "`on` needs a text"),
        (",hidden=yes", "`hidden` takes no value"),
        (",exit=many", "`exit` needs a code"),
        (",exit=256", "`exit` needs a code"),
        (",retry", "`retry` needs a duration"),
        (",timeout=5", "`timeout` needs a duration"),
        (",no_run", "`no_run` needs a text"),
        (",proves=\" \"", "`proves` needs a text"),
        (",match=loose", "`match` can't be `loose`"),
        (",opens", "`opens` needs a text"),
        (",opens=\"$ \"", "`$ ` is the prompt of the page's shell"),
        (
            ",check=a,docker=\">=23\"",
            "an exercise can't be left out on some engines",
        ),
        (",hidden,hidden", "`hidden` is said twice"),
        (",should_fail", "this session doesn't say how it fails"),
        (
            ",match=exact,unordered",
            "`unordered` contradicts `match=exact`",
        ),
        (
            ",match=exact,varies=\"1s\"",
            "`varies` contradicts `match=exact`",
        ),
        (",varies", "`varies` needs a text"),
        (",should_fail,exit=0", "`exit=0` contradicts `should_fail`"),
        (
            ",no_run=\"x\",retry=1s",
            "`retry` says nothing about a session that isn't run",
        ),
    ] {
        assert_eq!(read(info, false).unwrap_err(), [message], "{info}");
    }
    assert_eq!(read(",a,b,retry=x", false).unwrap_err().len(), 3);
    assert!(read(",should_fail", true).is_ok());
    assert!(read(",no_run=\"x\",opens=\"sqlite> \"", true).is_ok());
}
