//! Which programs a text runs: behind `sudo` and its like, in containers, and by other shells.

use crate::docker::Call;
use crate::parse::is_name;
use crate::script::{Script, Simple};

/// A program that is run, and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program<'a> {
    /// Without its folder; empty if a container runs what its image says.
    pub name: &'a str,
    /// What is given to it.
    pub arguments: Vec<&'a str>,
    /// Whether a container runs it.
    pub inside: bool,
}

impl Program<'_> {
    /// Whether its name is one of these.
    #[must_use]
    pub fn is_one_of(&self, names: &[&str]) -> bool {
        names.contains(&self.name)
    }

    /// Whether it has an argument that fits.
    pub fn has_argument(&self, fits: impl Fn(&str) -> bool) -> bool {
        self.arguments.iter().any(|argument| fits(argument))
    }
}

impl Script {
    /// The calls of the Docker CLI, those in a text for another shell included (`sudo sh -c '…'`), unless that runs in a
    /// container.
    #[must_use]
    pub fn calls(&self) -> Vec<Call<'_>> {
        let mut found = Vec::new();
        calls(self, &mut found);
        found
    }

    /// The programs that are run: in containers and by other shells, too; not the Docker CLI itself.
    #[must_use]
    pub fn programs(&self) -> Vec<Program<'_>> {
        let mut found = Vec::new();
        programs(self, false, &mut found);
        found
    }
}

impl Simple {
    /// The call of the Docker CLI that it is, if it is one.
    #[must_use]
    pub fn call(&self) -> Option<Call<'_>> {
        let words = self.values();
        Call::of(&words[program_at(&words)?..])
    }

    /// The program that it puts in the place of the shell that runs it, and its arguments: `exec bash -l`. With
    /// redirections alone, `exec` replaces nothing.
    #[must_use]
    pub fn replacement(&self) -> Option<Vec<&str>> {
        let mut words = self.values();
        let wrappers = ["builtin", "command"];
        let first = words.iter().position(|word| !wrappers.contains(word))?;
        (words[first] == "exec").then_some(())?;
        let at = behind_options(&words, first, OF_EXEC);
        (at < words.len()).then(|| words.split_off(at))
    }
}

/// The options of `exec` that take a value.
const OF_EXEC: &str = "a";

/// Programs and reserved words that run what follows them, with those of their options that take a value. Reserved words
/// only stand there in texts that bash would refuse.
const WRAPPERS: [(&str, &str); 20] = [
    ("!", ""),
    ("$", ""),
    ("command", ""),
    ("do", ""),
    ("else", ""),
    ("env", "CSu"),
    ("exec", OF_EXEC),
    ("if", ""),
    ("nice", "n"),
    ("nohup", ""),
    ("setsid", ""),
    ("stdbuf", "eio"),
    ("sudo", "CDRTUghpru"),
    ("then", ""),
    ("time", "fo"),
    ("timeout", "ks"),
    ("until", ""),
    ("watch", "n"),
    ("while", ""),
    ("xargs", "EILPadns"),
];

/// Shells that take a text with `-c`.
const SHELLS: [&str; 4] = ["ash", "bash", "dash", "sh"];

/// Where among the words of a simple command the program stands that it comes down to: behind assignments, `sudo`,
/// `timeout 5` and the like. None if there is no such word.
#[must_use]
pub fn program_at(words: &[&str]) -> Option<usize> {
    let mut at = 0;
    loop {
        let word = words.get(at)?;
        at = match WRAPPERS.iter().find(|(name, _)| name == word) {
            _ if is_assignment(word) => at + 1,
            Some((_, valued)) => behind_options(words, at, valued),
            None => return Some(at),
        };
    }
}

/// Where a wrapper's own words end: it stands at `at`, and `valued` are those of its options that take a value.
fn behind_options(words: &[&str], at: usize, valued: &str) -> usize {
    let name = words[at];
    let mut at = at + 1;
    while let Some(option) = words.get(at).and_then(|word| word.strip_prefix('-')) {
        at += 1;
        // A value stands behind its letter, or in the next word.
        let last = option.chars().last();
        let long = option.starts_with('-');
        at += usize::from(!long && last.is_some_and(|letter| valued.contains(letter)));
    }
    // How long.
    at + usize::from(name == "timeout")
}

/// Whether a word assigns something to a variable.
#[must_use]
pub fn is_assignment(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|(name, _)| is_name(name.strip_suffix('+').unwrap_or(name)))
}

/// A program's name without its folder.
#[must_use]
pub fn base_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// What a simple command comes down to, and whether a container runs it: its program and the arguments.
fn innermost<'a>(words: &[&'a str]) -> Option<(Vec<&'a str>, bool)> {
    let mut words = words.to_vec();
    let mut inside = false;
    loop {
        words.drain(..program_at(&words)?);
        let Some(call) = Call::of(&words) else {
            return Some((words, inside));
        };
        words = call.inside()?.to_vec();
        inside = true;
        if words.is_empty() {
            return Some((words, inside));
        }
    }
}

/// The text that a simple command gives to a shell to run.
pub(crate) fn given_script(script: &Script, simple: &Simple) -> Option<String> {
    let values = simple.values();
    let (words, _) = innermost(&values)?;
    let (first, arguments) = words.split_first()?;
    if !SHELLS.contains(&base_name(first)) {
        return None;
    }
    let is_short = |word: &str| word.starts_with('-') && !word.starts_with("--");
    let text = arguments
        .iter()
        .position(|word| is_short(word) && word.contains('c'));
    if let Some(at) = text {
        return arguments.get(at + 1).map(|&text| text.to_owned());
    }
    // With the name of a file, a shell doesn't read its input; `-s` says that it does.
    let reads = arguments.iter().all(|word| word.starts_with('-'))
        || arguments
            .iter()
            .any(|word| is_short(word) && word.contains('s'));
    let document = |redirect| script.document(redirect).map(str::to_owned);
    simple
        .redirects
        .iter()
        .rev()
        .find_map(document)
        .filter(|_| reads)
}

/// Collects the calls of the Docker CLI.
fn calls<'a>(script: &'a Script, found: &mut Vec<Call<'a>>) {
    for simple in script.commands() {
        let call = simple.call();
        let is_call = call.is_some();
        found.extend(call);
        if let (false, Some(inner)) = (is_call, simple.script()) {
            calls(inner, found);
        }
    }
}

/// Collects the programs that are run outside of containers, each with its arguments, behind `sudo` and the like.
pub(crate) fn outside<'a>(script: &'a Script, found: &mut Vec<Vec<&'a str>>) {
    for simple in script.commands() {
        let words = simple.values();
        let at = program_at(&words).unwrap_or(words.len());
        if let (None, Some(inner)) = (Call::of(&words[at..]), simple.script()) {
            outside(inner, found);
        }
        found.push(words[at..].to_vec());
    }
}

/// Collects the programs.
fn programs<'a>(script: &'a Script, inside: bool, found: &mut Vec<Program<'a>>) {
    for simple in script.commands() {
        let values = simple.values();
        let Some((words, contained)) = innermost(&values) else {
            continue;
        };
        let inside = inside || contained;
        if let Some(inner) = simple.script() {
            programs(inner, inside, found);
            continue;
        }
        let (name, arguments) = match words.split_first() {
            Some((first, arguments)) => (base_name(first), arguments.to_vec()),
            None => ("", Vec::new()),
        };
        found.push(Program {
            name,
            arguments,
            inside,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::{Script, program_at};

    /// The programs of a text, those in containers with `@` before their names.
    fn programs(text: &str) -> Vec<String> {
        let script = Script::parse(text);
        let named =
            |p: &super::Program<'_>| format!("{}{}", if p.inside { "@" } else { "" }, p.name);
        script.programs().iter().map(named).collect()
    }

    #[test]
    fn programs_are_found_wherever_they_run() {
        for (text, found) in [
            ("sudo /bin/ls -l | wc -l", &["ls", "wc"][..]),
            ("docker ps", &[]),
            ("docker run --rm busybox:1.37 date", &["@date"]),
            ("docker run -dp 80:80 nginx", &["@"]),
            ("docker exec -it web sh -c 'ss -tn; ps'", &["@ss", "@ps"]),
            ("docker exec -i web sh <<E\nls\nE", &["@ls"]),
            ("A=1 docker compose exec web ls -d /", &["@ls"]),
            ("docker exec web env A=1 nice -n 5 top", &["@top"]),
            ("echo docker ps", &["echo"]),
            ("bash -ec 'a | b'", &["a", "b"]),
            ("bash -s x <<E\na\nE", &["a"]),
            ("bash x <<E\na\nE", &["bash"]),
            ("bash check x", &["bash"]),
            ("bash --rcfile x", &["bash"]),
            ("sh --version", &["sh"]),
            ("timeout -k 1 5 sleep 9", &["sleep"]),
            ("xargs -n 1 echo", &["echo"]),
            ("if a; then b; fi", &["a", "b"]),
            ("echo $(date) `id`", &["echo", "date", "id"]),
            ("A=1", &[]),
            ("if a; then sudo b", &["a", "b"]),
        ] {
            assert_eq!(programs(text), found, "{text}");
        }
    }

    #[test]
    fn where_the_program_stands() {
        for (words, at) in [
            (&["ls"][..], Some(0)),
            (&["A=1", "ls"], Some(1)),
            (&["sudo", "-u", "root", "ls"], Some(3)),
            (&["sudo", "-uroot", "ls"], Some(2)),
            (&["sudo", "--user=root", "ls"], Some(2)),
            (&["timeout", "5", "ls"], Some(2)),
            (&["env", "-i", "A=1", "ls"], Some(3)),
            (&["time", "!", "ls"], Some(2)),
            (&["1A=1", "x"], Some(0)),
            (&["sudo"], None),
            (&[], None),
        ] {
            assert_eq!(program_at(words), at, "{words:?}");
        }
    }

    #[test]
    fn calls_of_docker_are_found_wherever_they_stand() {
        for (text, verbs) in [
            ("docker ps; sudo docker rm x", &["ps", "rm"][..]),
            ("for i in 1; do docker run x; done", &["run"]),
            ("until docker ps; do docker start x; done", &["ps", "start"]),
            ("docker rm $(docker ps -q)", &["rm", "ps"]),
            ("sudo sh -c 'docker ps'", &["ps"]),
            ("f() { docker ps; }", &["ps"]),
            ("[ \"$(docker ps -q)\" ] && docker rm x", &["ps", "rm"]),
            ("docker exec dind docker ps", &["exec"]),
            ("docker exec dind sh -c 'docker ps'", &["exec"]),
            ("cat <<E\ndocker ps\nE", &[]),
            ("bash <<E\ndocker ps\nE", &["ps"]),
            ("echo 'docker ps'", &[]),
            ("docker ps && echo 'open", &["ps"]),
        ] {
            let script = Script::parse(text);
            let found: Vec<&str> = script.calls().iter().map(|call| call.verb).collect();
            assert_eq!(found, verbs, "{text}");
        }
    }

    #[test]
    fn what_takes_the_place_of_the_shell() {
        for (text, program) in [
            ("exec bash", Some(&["bash"][..])),
            ("exec -cl bash -i", Some(&["bash", "-i"])),
            ("exec -a login -- bash", Some(&["bash"])),
            ("A=1 exec >log sudo -s", Some(&["sudo", "-s"])),
            ("builtin exec sh -c 'exit 9'", Some(&["sh", "-c", "exit 9"])),
            ("exec >log 2>&1", None),
            ("exec", None),
            ("command", None),
            ("docker exec web bash", None),
            ("sudo exec bash", None),
        ] {
            let script = Script::parse(text);
            let replacement = script.commands()[0].replacement();
            assert_eq!(replacement.as_deref(), program, "{text}");
        }
    }
}
