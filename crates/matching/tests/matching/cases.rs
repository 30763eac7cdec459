//! Reads `false.txt` and `false-more.txt`: commands (`$ `), the true output of the last one (`= `), and changes of it that make it false
//! (`! old => new`). A line `## section` begins a page of its own.
#![allow(dead_code, reason = "each test program uses its part")]

use std::fmt;

/// A true output and its falsehoods.
pub(crate) struct Case {
    /// The heading above it.
    pub(crate) section: String,
    /// The commands of its section that stand before it.
    pub(crate) earlier: Vec<String>,
    /// Its own; the last one prints the output.
    pub(crate) commands: Vec<String>,
    /// The true output.
    pub(crate) output: String,
    changes: Vec<(String, String)>,
}

impl Case {
    /// The false outputs.
    pub(crate) fn falsehoods(&self) -> Vec<String> {
        let changed = |(old, new): &(String, String)| {
            assert!(self.output.contains(old.as_str()), "{self}: no {old:?}");
            self.output.replacen(old.as_str(), new, 1)
        };
        self.changes.iter().map(changed).collect()
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.commands.last().map_or("", String::as_str);
        write!(f, "{}: $ {last}", self.section)
    }
}

/// All cases, in order.
pub(crate) fn cases() -> Vec<Case> {
    [include_str!("false.txt"), include_str!("false-more.txt")]
        .into_iter()
        .flat_map(cases_of)
        .collect()
}

/// The cases of one file.
fn cases_of(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let (mut section, mut earlier) = (String::new(), Vec::new());
    for block in text.split("\n\n") {
        let mut case = Case {
            section: String::new(),
            earlier: Vec::new(),
            commands: Vec::new(),
            output: String::new(),
            changes: Vec::new(),
        };
        for line in block.lines() {
            let (mark, rest) = line.split_at_checked(2).unwrap_or((line, ""));
            match mark {
                "##" => (section, earlier) = (rest.trim().to_owned(), Vec::new()),
                "$ " => case.commands.push(rest.to_owned()),
                "= " => case.output.push_str(&format!("{rest}\n")),
                "! " => {
                    let (old, new) = rest.split_once(" => ").expect("old => new");
                    let text = |part: &str| part.replace("\\n", "\n");
                    case.changes.push((text(old), text(new)));
                }
                _ => panic!("{line:?}"),
            }
        }
        case.section.clone_from(&section);
        case.earlier.clone_from(&earlier);
        earlier.extend(case.commands.iter().cloned());
        cases.push(case);
    }
    cases
}
