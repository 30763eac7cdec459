//! Shell texts by a grammar.

use crate::random::Random;

pub(crate) struct Generator {
    pub(crate) random: Random,
    /// How deep compound commands stand inside each other.
    pub(crate) depth: usize,
    /// The here-documents that are announced on the line at hand.
    documents: Vec<(String, bool)>,
}

const NAMES: [&str; 12] = [
    "docker", "echo", "ls", "cat", "grep", "x", "a.b", "./run", "A_1", "né", "{}", "-x",
];

impl Generator {
    pub(crate) fn new(random: Random) -> Self {
        Self {
            random,
            depth: 0,
            documents: Vec::new(),
        }
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.random.below(n) == 0
    }

    /// A text that bash would run.
    pub(crate) fn script(&mut self) -> String {
        self.depth = 0;
        let mut text = String::new();
        for _ in 0..1 + self.random.below(2) {
            text.push_str(&self.list());
            text.push_str(&self.newline());
        }
        if self.one_in(2) {
            text.truncate(text.trim_end_matches('\n').len());
        }
        text
    }

    /// The end of a line, with the here-documents below it.
    fn newline(&mut self) -> String {
        let mut text = String::new();
        if self.one_in(8) {
            text.push_str(" # it's a \"comment");
        }
        text.push('\n');
        for (delimiter, strip) in std::mem::take(&mut self.documents) {
            for _ in 0..self.random.below(3) {
                text.push_str(
                    self.random
                        .one_of(&["body", "'", "$(", "  x `y", "EOFX", "\tt"]),
                );
                text.push('\n');
            }
            if strip {
                text.push('\t');
            }
            text.push_str(&delimiter);
            text.push('\n');
        }
        text
    }

    fn list(&mut self) -> String {
        let mut text = self.and_or();
        while self.one_in(3) {
            match self.random.below(4) {
                0 => text.push_str(&self.newline()),
                1 => text.push_str(" & "),
                _ => text.push_str("; "),
            }
            text.push_str(&self.and_or());
        }
        text
    }

    /// A list that a reserved word may follow.
    fn ended(&mut self) -> String {
        let list = self.list();
        let end = match self.random.below(3) {
            0 => self.newline(),
            1 => " & ".to_owned(),
            // What is announced has to be read before the line ends.
            _ if !self.documents.is_empty() => self.newline(),
            _ => "; ".to_owned(),
        };
        list + &end
    }

    fn and_or(&mut self) -> String {
        let mut text = self.pipeline();
        while self.one_in(6) {
            text.push_str(self.random.one_of(&[" && ", " || ", "&&", "||"]));
            if self.one_in(4) {
                text.push_str(&self.newline());
            }
            text.push_str(&self.pipeline());
        }
        text
    }

    fn pipeline(&mut self) -> String {
        let mut text = String::new();
        if self.one_in(10) {
            text.push_str(
                self.random
                    .one_of(&["! ", "time ", "time -p ", "! ! ", "time ! "]),
            );
        }
        text.push_str(&self.command());
        while self.one_in(6) {
            text.push_str(self.random.one_of(&[" | ", "|", " |& "]));
            if self.one_in(6) {
                text.push_str(&self.newline());
            }
            text.push_str(&self.command());
        }
        text
    }

    fn command(&mut self) -> String {
        if self.depth > 1 || !self.one_in(2) {
            return self.simple();
        }
        self.depth += 1;
        let mut text = match self.random.below(16) {
            13 => self.function(),
            14 => "coproc cat -n".to_owned(),
            15 => {
                let body = self.compound();
                format!("coproc NAME {body}")
            }
            _ => self.compound(),
        };
        self.depth -= 1;
        if self.one_in(6) {
            text.push_str(&self.redirect());
        }
        text
    }

    fn compound(&mut self) -> String {
        match self.random.below(12) {
            0 => format!("( {})", self.ended()),
            // Two brackets might be a sum.
            1 => format!("({})", self.plain_list()).replace("((", "( ("),
            2 => format!("{{ {}}}", self.ended()),
            3 => {
                let mut text = format!("if {}then {}", self.ended(), self.ended());
                while self.one_in(3) {
                    text.push_str(&format!("elif {}then {}", self.ended(), self.ended()));
                }
                if self.one_in(2) {
                    text.push_str(&format!("else {}", self.ended()));
                }
                text + "fi"
            }
            4 => format!("while {}do {}done", self.ended(), self.ended()),
            5 => format!(
                "until {}do{}{}done",
                self.ended(),
                self.newline(),
                self.ended()
            ),
            6 => self.counted(),
            7 | 8 => self.case(),
            9 => format!("(( {} ))", self.arithmetic()),
            10 => format!(
                "for (( i = 0; {}; i++ )); do {}done",
                self.arithmetic(),
                self.ended()
            ),
            _ => self.test(),
        }
    }

    /// A list on one line, without here-documents.
    pub(crate) fn plain_list(&mut self) -> String {
        let kept = std::mem::take(&mut self.documents);
        let mut text = self.list();
        if !self.documents.is_empty() {
            text.push_str(&self.newline());
        }
        self.documents = kept;
        text
    }

    fn counted(&mut self) -> String {
        let word = self.random.one_of(&["for", "select"]);
        let words = match self.random.below(4) {
            0 => String::new(),
            1 => " in".to_owned(),
            _ => format!(" in {} {}", self.word(), self.word()),
        };
        let end = match self.random.below(3) {
            0 => "; ".to_owned(),
            1 => self.newline(),
            _ => format!(" ;{}", self.newline()),
        };
        if self.one_in(5) {
            return format!("{word} name{words}{end}{{ {}}}", self.ended());
        }
        format!("{word} name{words}{end}do {}done", self.ended())
    }

    fn case(&mut self) -> String {
        let mut text = format!("case {} in", self.word());
        text.push_str(&if self.one_in(2) {
            " ".to_owned()
        } else {
            self.newline()
        });
        for _ in 0..self.random.below(3) {
            if self.one_in(3) {
                text.push('(');
            }
            text.push_str(
                self.random
                    .one_of(&["a", "*", "\"b c\"", "a|b", "[a-z]* | if", "$x"]),
            );
            text.push_str(") ");
            if !self.one_in(4) {
                text.push_str(&self.ended());
            }
            let end = self.random.one_of(&[";;", ";; ", ";& ", ";;& ", " ;; "]);
            // `a; ;;` is wrong, and `a & ;;` is not.
            let trimmed = text.trim_end().len();
            if text[..trimmed].ends_with(';') && !text[..trimmed].ends_with("\\;") {
                text.push_str(&self.newline());
            }
            text.push_str(end);
        }
        text + " esac"
    }

    fn function(&mut self) -> String {
        let head = self
            .random
            .one_of(&["f() ", "f ()", "function g ", "function g() ", "f-1()"]);
        let end = if self.one_in(4) {
            self.newline()
        } else {
            String::new()
        };
        format!("{head}{end}{}", self.compound())
    }

    fn test(&mut self) -> String {
        let mut text = format!("[[ {}", self.term());
        while self.one_in(3) {
            text.push_str(self.random.one_of(&[" && ", " || "]));
            if self.one_in(3) {
                text.push_str(&self.newline());
            }
            text.push_str(&self.term());
        }
        text + " ]]"
    }

    fn term(&mut self) -> String {
        match self.random.below(8) {
            0 => format!("-f {}", self.word()),
            1 => format!("! -n {}", self.word()),
            2 => format!("( {} )", self.term()),
            3 => "$a =~ ^(a|b)+[0-9]$".to_owned(),
            4 => format!("$a == @(x|{})", self.random.one_of(&["y", "z*"])),
            5 => "a < b".to_owned(),
            6 => self.word(),
            _ => {
                let operator = self.random.one_of(&["==", "=", "!=", "-eq", "-nt"]);
                format!("{} {operator} {}", self.word(), self.word())
            }
        }
    }

    fn simple(&mut self) -> String {
        let mut text = String::new();
        while self.one_in(6) {
            text.push_str(self.random.one_of(&[
                "A=1 ",
                "B='x y' ",
                "C+=$d ",
                "D= ",
                "a[i + 1]=2 ",
            ]));
        }
        if self.one_in(12) && self.documents.is_empty() {
            text.push_str(self.random.one_of(&[
                "list=(a 'b c' $d)",
                "list=(\n a # b\n [2]=c\n)",
                "map+=([k]=v)",
                "declare -a z=(1 2) ",
                "local q=( a 'b' )",
            ]));
            return text;
        }
        text.push_str(self.random.one_of(&NAMES));
        for _ in 0..self.random.below(3) {
            text.push_str(self.random.one_of(&[" ", "  ", "\t", " \\\n  "]));
            text.push_str(&self.word());
        }
        if self.one_in(5) {
            text.push_str(&self.redirect());
        }
        text
    }

    fn redirect(&mut self) -> String {
        if self.one_in(3) && self.depth < 2 {
            let strip = self.one_in(3);
            let delimiter = self
                .random
                .one_of(&["EOF", "'E O'", "\"END\"", "\\X", "E'O'F"]);
            let plain: String = delimiter
                .chars()
                .filter(|c| !"'\"\\".contains(*c))
                .collect();
            self.documents.push((plain, strip));
            return format!(" <<{}{delimiter}", if strip { "-" } else { "" });
        }
        let file = self
            .random
            .one_of(&["x", "/dev/null", "\"a b\"", "$f", ">(tee x)"]);
        let operator = self.random.one_of(&[
            " > ", " >", " >> ", " < ", " 2> ", " &> ", " &>> ", " >| ", " {fd}<",
        ]);
        match self.random.below(5) {
            0 => " 2>&1".to_owned(),
            1 => " <&- ".to_owned(),
            2 => format!(" <<< {}", self.word()),
            _ => format!("{operator}{file}"),
        }
    }
}
