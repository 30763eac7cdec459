//! A command while it is typed, line by line: is it complete?

use crate::{Missing, Script, Verdict};

/// A shell command as far as it has been typed.
///
/// An author's `> ` continues an *incomplete* command and is output after a complete one, so the difference has to be
/// known before anything runs.
#[derive(Clone, Debug, Default)]
pub struct Typing {
    text: String,
    script: Script,
}

impl Typing {
    /// Takes one more line, without its newline.
    pub fn feed(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        if !self.surely_lacks(line) {
            self.script = Script::parse(self.text.as_str());
        }
    }

    /// Whether after this line the text lacks what it lacked before it. Long here-documents and quotes aren't read anew
    /// with each of their lines.
    fn surely_lacks(&self, line: &str) -> bool {
        match self.script.verdict() {
            Verdict::Incomplete(Missing::Document(delimiter)) => {
                !line.contains(delimiter.as_str()) && !line.ends_with('\\')
            }
            Verdict::Incomplete(Missing::Closing(quote @ ("'" | "\"" | "`"))) => {
                !line.contains(quote) && !line.contains(['$', '\\', '`'])
            }
            _ => false,
        }
    }

    /// What an incomplete command still lacks, in words; `None` if bash would run it, or refuse it.
    #[must_use]
    pub fn missing(&self) -> Option<String> {
        match self.script.verdict() {
            Verdict::Incomplete(missing) => Some(missing.told()),
            Verdict::Complete | Verdict::Wrong => None,
        }
    }

    /// Whether there is nothing to run so far: only blanks and comments.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.script.is_blank()
    }

    /// What has been typed.
    #[must_use]
    pub fn script(self) -> Script {
        self.script
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Typing {
        let mut typing = Typing::default();
        for line in text.split('\n') {
            typing.feed(line);
        }
        typing
    }

    #[test]
    fn complete_commands() {
        for text in [
            "docker ps",
            "echo 'a \" b' \"it's\" $'it\\'s'",
            "echo \\\\",
            "docker run \\\n  -d nginx",
            "cat <<EOF\n$ not a prompt\nEOF",
            "cat <<'END' > f\n'\nEND",
            "cat <<-X\n\tbody\n\tX",
            "cat <<A <<B\n1\nA\n2\nB",
            "cat <<< word",
            "echo $(docker ps -q | wc -l) `id -u`",
            "echo $((1 << 2)) ${x:-(}",
            "for i in 1 2; do echo $i; done",
            "for i in 1 2\ndo\n echo $i\ndone",
            "while ! curl -s x; do sleep 1; done",
            "if true; then echo fi; else echo done; fi",
            "case $x in\n a) echo 1;;\n b|c) echo 2;;\nesac",
            "{ echo a; }",
            "(cd /tmp && ls)",
            "f() { echo hi; }",
            "f() {\n echo hi\n}",
            "f ()\n{\n echo hi\n}",
            "function g {\n echo hi\n}",
            "coproc {\n cat\n}",
            "echo a | # c\ncat",
            "echo a |&\ncat",
            "a |\nb",
            "a &&\nb",
            "sleep 1 &",
            "echo if # then (",
            "echo a#b",
            "docker ps --format '{{.Names}}'",
            "docker inspect -f \"{{.Id}}\" x",
            "echo {a,b}",
            "[ -z \"$(docker ps -aq)\" ] && echo none",
            "(( x = 1 << 3 ))",
        ] {
            let typing = read(text);
            assert_eq!(typing.missing(), None, "{text}: {typing:?}");
        }
    }

    #[test]
    fn incomplete_commands() {
        for (text, missing) in [
            ("echo 'a", "it needs a closing `'`"),
            ("echo \"a", "it needs a closing `\"`"),
            ("echo `a", "it needs a closing backtick"),
            ("echo $(a", "it needs a closing `)`"),
            ("echo $((1 + 2)", "it needs a closing `)`"),
            ("echo ${a", "it needs a closing `}`"),
            ("docker run \\", "its last line asks for another"),
            ("a |", "its last line asks for another"),
            ("a && # c", "its last line asks for another"),
            ("a |&", "its last line asks for another"),
            ("f() {", "it needs a closing `}`"),
            ("function g {", "it needs a closing `}`"),
            ("a && ", "its last line asks for another"),
            ("a || ", "its last line asks for another"),
            ("cat <<EOF\nx", "its here-document needs a line `EOF`"),
            ("for i in 1; do echo", "it needs its `done`"),
            ("if true; then", "it needs its `fi`"),
            ("case x in", "it needs its `esac`"),
            ("{ echo a", "it needs a closing `}`"),
            ("(echo a", "it needs a closing `)`"),
            ("((1 + 2", "it needs a closing `))`"),
            ("[[ -f a &&", "it needs a closing `]]`"),
            ("until a; do b", "it needs its `done`"),
            ("f()", "its last line asks for another"),
            ("x=(1", "it needs a closing `)`"),
            ("echo \"${x:-it's}\"", "it needs a closing `'`"),
            ("echo \"a $(b 'c", "it needs a closing `'`"),
            ("cat <<A <<B\n1\nA\n2", "its here-document needs a line `B`"),
        ] {
            let typing = read(text);
            assert_eq!(
                typing.missing().as_deref(),
                Some(missing),
                "{text}: {typing:?}"
            );
        }
    }

    #[test]
    fn blank_commands_run_nothing() {
        for text in ["", "  ", "# only a comment"] {
            assert!(read(text).is_blank(), "{text}");
        }
        for text in ["true # comment", ":"] {
            assert!(!read(text).is_blank(), "{text}");
        }
    }

    #[test]
    fn what_bash_refuses_is_not_asked_more_of() {
        for text in [
            "echo (a)",
            "if true\nfi",
            "a | | b",
            "done",
            "a ;; b",
            "echo >",
        ] {
            let typing = read(text);
            assert_eq!(typing.missing(), None, "{text}");
            assert_eq!(typing.script().verdict(), &Verdict::Wrong, "{text}");
        }
    }

    #[test]
    fn lines_of_quotes_and_documents_are_kept() {
        for text in [
            "echo 'a\nb c\nd'",
            "echo \"a\nb\n$(c)\nd\"",
            "cat <<E\na\n\nb\nE",
        ] {
            let script = read(text).script();
            assert_eq!(script.verdict(), &Verdict::Complete, "{text}");
            assert_eq!(script.text(), text);
        }
    }
}
