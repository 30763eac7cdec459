//! Words of shell texts by a grammar, and calls of them.

use crate::generator::Generator;

const PLAIN: [&str; 19] = [
    "run",
    "-d",
    "--name=web",
    "nginx:1.30",
    "80:80",
    "a#b",
    "*.txt",
    "~",
    "{a,b}",
    "=",
    "a=b",
    "if",
    "done",
    "}",
    "[",
    "]",
    "!",
    "%s",
    "é",
];

/// Words, and parts of words, that come out of bash as they go in.
const WRITTEN: [&str; 48] = [
    "a",
    "-x=1",
    "é",
    "'b c'",
    "'it'\\''s'",
    "\"d e\"",
    "\"a'b\"",
    "\"\\\"\\$\\\\\\x\"",
    "\\\\",
    "\\ ",
    "\\'",
    "\\$x",
    "\\`",
    "$'t\\tn\\n'",
    "$'\\x41\\101\\u00e9\\''",
    "$'\\q\\\\'",
    "$\"f\"",
    "'$var'",
    "$var''",
    "\"$var\"",
    "${brace}",
    "\"x${brace}y\"",
    "$n_1''",
    "$(say 7)",
    "\"$(say 8)\"",
    "`tick 9`",
    "\"`tick 10`\"",
    "$(deep \"$(say 7)\")",
    "\"$(deep \"`tick 1`\")\"",
    "''",
    "\"\"",
    "a\\\nb",
    "\"a\\\nb\"",
    "a#",
    "a#b",
    "{a,b}",
    "*",
    "[x]",
    "if",
    "}",
    "!",
    "\"$\"",
    "a=b",
    "=",
    "%",
    "@",
    "'\n'",
    "\"$var 'x' `tick 2`\"",
];

impl Generator {
    pub(crate) fn word(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..1 + usize::from(self.one_in(4)) {
            text.push_str(&self.part());
        }
        text
    }

    fn part(&mut self) -> String {
        match self.random.below(16) {
            0 => "'a ; b \" c'".to_owned(),
            1 => "\"it's $x and \\\" and \\$y\"".to_owned(),
            2 => "$'a\\'b\\n'".to_owned(),
            3 => self
                .random
                .one_of(&["$x", "${x}", "$1", "$?", "$#", "$", "$$"])
                .to_owned(),
            4 => self
                .random
                .one_of(&[
                    "${x:-a b}",
                    "${x#'}'}",
                    "${#x}",
                    "${x//a/\"b\"}",
                    "${x:-${y}}",
                    "${a[@]}",
                ])
                .to_owned(),
            5 => format!("$(( {} ))", self.arithmetic()),
            6 if self.depth < 2 => {
                self.depth += 1;
                let list = self.plain_list();
                self.depth -= 1;
                format!("$({list})")
            }
            7 if self.depth < 2 => {
                self.depth += 1;
                let list = self.plain_list();
                self.depth -= 1;
                format!("\"a $({list}) b\"")
            }
            8 => self
                .random
                .one_of(&["`id -u`", "`echo \"a\" 'b'`", "\"`date`\""])
                .to_owned(),
            9 if self.depth < 2 => {
                self.depth += 1;
                let list = self.plain_list();
                self.depth -= 1;
                // A bracket in the middle of a word would be one of a function.
                format!("{}({list})", self.random.one_of(&["<", ">"]))
            }
            10 => self
                .random
                .one_of(&["\\;", "\\ ", "\\&", "\\#", "a\\\nb", "\\\"", "\\("])
                .to_owned(),
            11 => "$\"x\"".to_owned(),
            _ => self.random.one_of(&PLAIN).to_owned(),
        }
    }

    pub(crate) fn arithmetic(&mut self) -> String {
        self.random
            .one_of(&[
                "1 + 2",
                "x << 3",
                "(a + b) * c",
                "$x > ${y}",
                "i < 10 && j",
                "a[1] | 2",
            ])
            .to_owned()
    }

    /// A call of `args` with words that come out of bash as they go in.
    pub(crate) fn call(&mut self) -> String {
        let mut text = self
            .random
            .one_of(&["args", "A=1 args", "B='x y' C=$var args", "! args"])
            .to_owned();
        for _ in 0..self.random.below(5) {
            text.push_str(self.random.one_of(&[" ", "\t ", " \\\n"]));
            for _ in 0..1 + self.random.below(3) {
                text.push_str(self.random.one_of(&WRITTEN));
            }
        }
        // A comment, a redirection, an end.
        text.push_str(self.random.one_of(&[
            "",
            "",
            "",
            " # a 'comment",
            " ;",
            " >/dev/null",
            " 2>&1",
            "\n",
        ]));
        text
    }
}
