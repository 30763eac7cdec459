//! Asks bash, in one process for all texts.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

/// What bash says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Complete,
    Incomplete,
    Wrong,
    /// Not run, and no word of why: some tests, loops and sums.
    Silent,
    /// A here-document in a substitution that ends in its line: bash warns, and takes what it finds.
    Unclear,
}

/// Reads each text without running anything, as `bash -n` does, and prints what is said of it. Brackets that may be
/// arithmetic are read otherwise in a text than in a file.
const VERDICTS: &str = r#"
while IFS= read -r -d '' text; do
    case $text in
    *'(('*) said=$("$BASH" --norc -n 2>&1 <<< "$text") ;;
    *) said=$(eval "set -n
$text
" 2>&1) ;;
    esac
    printf '%s\0' "$said"
done
"#;

/// Runs each text, which calls `args` and nothing else, and prints the words that it is given. Variables and the
/// commands in substitutions stand for themselves, so expansions come out as they were written. A text that calls more
/// was misread by this crate: it finds no program, and a restricted shell opens no file to write.
const WORDS: &str = r#"
set -f +B
exec 8<&0 9>&1 </dev/null >/dev/null 2>&1
IFS=
args() { printf '%s\0' "$#" "$@" >&9; }
say() { printf '%s' "\$(say $1)"; }
tick() { printf '%s' "\`tick $1\`"; }
deep() { printf '%s' "\$(deep \"$1\")"; }
var='$var' brace='${brace}' n_1='$n_1'
enable -n kill
set -r
while IFS= read -r -d '' -u 8 text; do
    eval "$text"
    printf 'end\0' >&9
done
"#;

/// What bash says of each text.
pub(crate) fn verdicts(texts: &[String]) -> Vec<Said> {
    let plain = ask_in_two(texts);
    let further = |wants: &dyn Fn(&str) -> bool, more: &str| {
        let asked = texts.iter().zip(&plain).map(|(text, said)| {
            (wants(text) && verdict(said) == Said::Complete).then(|| format!("{text}\n{more}"))
        });
        let asked: Vec<Option<String>> = asked.collect();
        let all: Vec<String> = asked.iter().flatten().cloned().collect();
        let mut said = ask_in_two(&all).into_iter();
        let answers = asked.iter().map(|asked| {
            asked
                .as_ref()
                .and_then(|_| said.next())
                .map(|said| verdict(&said))
        });
        answers.collect::<Vec<_>>()
    };
    // Where a backslash ends the text, bash at its prompt asks for more, and of a file it takes the end for the end of
    // the line. What asks for more is what takes `case x` for two words.
    let goes_on = further(&|text| text.ends_with('\\'), "case x");
    // What is refused without a word: nothing is said of what follows either.
    let silent = further(&|text| text.contains("[[") || text.contains("(("), ")");
    let both = goes_on.into_iter().zip(silent);
    plain
        .iter()
        .zip(both)
        .map(|(said, more)| match more {
            (Some(Said::Complete), _) => Said::Incomplete,
            (_, Some(Said::Complete)) => Said::Silent,
            _ => verdict(said),
        })
        .collect()
}

fn verdict(message: &str) -> Said {
    const ENDS: [&str; 4] = [
        "unexpected end of file",
        "unexpected EOF",
        "unexpected token `EOF'",
        "delimited by end-of-file",
    ];
    if message.contains("unterminated here-document") {
        return Said::Unclear;
    }
    match message.lines().find(|line| !line.is_empty()) {
        None => Said::Complete,
        Some(line) if ENDS.iter().any(|end| line.contains(end)) => Said::Incomplete,
        Some(_) => Said::Wrong,
    }
}

/// The words that each text gives to `args`; none if it doesn't call it just once.
pub(crate) fn words(texts: &[String]) -> Vec<Option<Vec<String>>> {
    // A restricted shell writes to no file, this one included; what is no word there is none here.
    let closed = texts
        .iter()
        .map(|text| match text.strip_suffix(">/dev/null") {
            Some(call) => format!("{call}>&2"),
            None => text.clone(),
        });
    let closed: Vec<String> = closed.collect();
    let mut printed = ask(WORDS, &closed).into_iter();
    let mut one = || {
        let mut words = None;
        loop {
            let record = printed.next().unwrap();
            let Ok(count) = record.parse() else {
                assert_eq!(record, "end");
                return words;
            };
            let call = printed.by_ref().take(count).collect();
            words = if words.is_none() { Some(call) } else { None };
        }
    };
    texts.iter().map(|_| one()).collect()
}

/// What is taken for words and isn't does nothing.
#[test]
fn a_text_that_is_more_than_words_reaches_nothing() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let file = file.path().display();
    let texts = [
        "echo no > junit.xml".to_owned(),
        format!("args no >> {file}"),
        format!("/bin/rm {file}"),
        "ls; args no programs".to_owned(),
        "exec ls".to_owned(),
        "kill -9 $$".to_owned(),
        "args still here".to_owned(),
    ];
    let said = words(&texts);
    assert_eq!(std::fs::read(format!("{file}")).unwrap(), b"");
    let programs = Some(vec!["no".to_owned(), "programs".to_owned()]);
    let last = Some(vec!["still".to_owned(), "here".to_owned()]);
    assert_eq!(said, [None, None, None, programs, None, None, last]);
}

/// What bash says of each text, asked twice at a time.
fn ask_in_two(texts: &[String]) -> Vec<String> {
    let (first, second) = texts.split_at(texts.len() / 2);
    let said = thread::scope(|scope| {
        let second = scope.spawn(|| ask(VERDICTS, second));
        let mut said = ask(VERDICTS, first);
        said.extend(second.join().unwrap());
        said
    });
    assert_eq!(said.len(), texts.len());
    said
}

/// What a script prints that is given texts, each ended by a zero byte, as is what it prints. It finds no programs, and
/// may leave nothing in its folder.
fn ask(script: &str, texts: &[String]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("PATH=\n{script}");
    let mut bash = Command::new("bash")
        .args(["--norc", "--noprofile", "-c", &script])
        .current_dir(folder.path())
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = bash.stdin.take().unwrap();
    let given: Vec<u8> = texts
        .iter()
        .flat_map(|text| text.bytes().chain([0]))
        .collect();
    let writer = thread::spawn(move || input.write_all(&given));
    let output = bash.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let left: Vec<_> = folder.path().read_dir().unwrap().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    // A text may be cut in the middle of a character where bash quotes it.
    let printed = String::from_utf8_lossy(&output.stdout);
    printed.split_terminator('\0').map(str::to_owned).collect()
}
