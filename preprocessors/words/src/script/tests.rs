//! Tests of [`super`].

use super::{Command, Joint, Kind, Script, Verdict};

fn values(text: &str) -> Vec<Vec<String>> {
    let script = Script::parse(text);
    let owned = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
    script
        .commands()
        .iter()
        .map(|simple| owned(simple.values()))
        .collect()
}

#[test]
fn words_of_commands() {
    for (text, words) in [
        (
            "docker rm -f web && echo 'a; b' | wc",
            &["docker rm -f web", "echo a; b", "wc"][..],
        ),
        ("docker run \\\n  -d web", &["docker run -d web"]),
        ("a $(b c) \"x $(d)\"", &["a $(b c) x $(d)", "b c", "d"]),
        ("a $'\\t\\x41\\u00e9' \\$x '$y'", &["a \tAé $x $y"]),
        ("A=1 b=(c d) e", &["e"]),
        ("a <(b) >(c)", &["a <(b) >(c)", "b", "c"]),
        ("a 2>&1 >x b", &["a b"]),
        // Of what bash refuses, the simple commands in a row.
        ("a b; c (d", &["a b", "c", "d"]),
        ("if a; then 'b c", &["if a", "then b c"]),
        ("a {b; } \\\n c\\ d", &["a", "b", "c d"]),
    ] {
        let found: Vec<String> = values(text).iter().map(|words| words.join(" ")).collect();
        assert_eq!(found, words, "{text}");
    }
    for odd in [
        "", "'", "\"\\", "\\", "'a\\'", "`", "é'", "$(", "${", "((", "[[", "<<", "\\\n",
    ] {
        let _ = Script::parse(odd);
    }
}

#[test]
fn what_a_word_knows_of_itself() {
    let script = Script::parse("a 'b c' \"d\" e'f' $g \"$(h)\" \\i");
    let commands = script.commands();
    let words = &commands[0].words;
    let inner: Vec<&str> = words
        .iter()
        .map(|w| &script.text()[w.inner(script.text())])
        .collect();
    assert_eq!(inner, ["a", "b c", "d", "e'f'", "$g", "$(h)", "\\i"]);
    let quoted: Vec<bool> = words.iter().map(|word| word.quoted).collect();
    assert_eq!(quoted, [false, true, true, true, false, true, true]);
    let expands: Vec<bool> = words.iter().map(|word| word.expands).collect();
    assert_eq!(expands, [false, false, false, false, true, true, false]);
}

#[test]
fn lists_pipes_and_joints() {
    let script = Script::parse("! a | b && c || d & e");
    let [first, last] = script.list().items.as_slice() else {
        panic!("{script:?}");
    };
    assert!(first.background && !last.background && first.first.negated);
    assert_eq!(first.first.commands.len(), 2);
    let joints: Vec<Joint> = first.rest.iter().map(|(joint, _)| *joint).collect();
    assert_eq!(joints, [Joint::And, Joint::Or]);
    for (text, kind) in [
        ("{ a; }", Kind::Group),
        ("(a)", Kind::Subshell),
        ("if a; then b; fi", Kind::If),
        ("while a; do b; done", Kind::While),
        ("until a; do b; done", Kind::Until),
        ("for a; do b; done", Kind::For),
        ("select a in b; do c; done", Kind::For),
        ("case a in b) c;; esac", Kind::Case),
        ("[[ a ]]", Kind::Test),
        ("((1))", Kind::Arithmetic),
        ("a() { b; }", Kind::Function),
        ("coproc a", Kind::Coprocess),
    ] {
        let script = Script::parse(text);
        let command = &script.list().items[0].first.commands[0];
        assert!(
            matches!(command, Command::Compound(compound) if compound.kind == kind),
            "{text}: {command:?}"
        );
    }
}

#[test]
fn what_runs_in_the_background() {
    for (text, background) in [
        ("sleep 9 &", true),
        ("a & b", true),
        ("{ a & }", true),
        ("a && b", false),
        ("a 2>&1", false),
        ("a &> b", false),
        ("echo \\& '&'", false),
    ] {
        assert_eq!(
            Script::parse(text).runs_in_background(),
            background,
            "{text}"
        );
    }
}

#[test]
fn here_documents() {
    let text = "cat <<A - <<-'B'\n1\nA\n\t2\n\tB\nwc <<C\nx\\\nC\nC";
    let script = Script::parse(text);
    assert_eq!(script.verdict(), &Verdict::Complete);
    let commands = script.commands();
    let redirects = commands.iter().flat_map(|simple| &simple.redirects);
    let documents: Vec<&str> = redirects.filter_map(|r| script.document(r)).collect();
    assert_eq!(documents, ["1\n", "\t2\n", "x\\\nC\n"]);
    // `E)` ends one in a substitution.
    let script = Script::parse("a $(cat <<E\nx\nE)");
    assert_eq!(script.verdict(), &Verdict::Complete);
}

#[test]
fn what_a_text_ends_with() {
    for (text, last) in [
        ("a; b c", Some("b c")),
        ("a && b # c", Some("b")),
        ("a | b", None),
        ("a &", None),
        ("(a)", None),
        ("a 'b", None),
        ("", None),
    ] {
        let script = Script::parse(text);
        let found = script
            .simple_at_end()
            .map(|simple| simple.values().join(" "));
        assert_eq!(found.as_deref(), last, "{text}");
    }
}

#[test]
fn nothing_is_too_deep() {
    for (open, close) in [
        ("( ", ")"),
        ("$(", ")"),
        ("${a:-", "}"),
        ("{ ", "; }"),
        ("<(", ")"),
    ] {
        let text = format!("{}a{}", open.repeat(5000), close.repeat(5000));
        // It isn't complete, and no further line would make it so.
        assert_eq!(Script::parse(text).verdict(), &Verdict::Wrong);
    }
    assert_eq!(
        Script::parse("( ( ( ( a ) ) ) )").verdict(),
        &Verdict::Complete
    );
}
