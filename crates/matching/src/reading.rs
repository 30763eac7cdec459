//! What a command tells about what it prints. Enter at [`reading`].
//!
//! A value means what the program that prints it means by it: `5s` in a container's STATUS is an age, in a
//! configuration it is a setting. So the programs of a command are looked up, those inside containers too.

use seaworthy_words::{Call, Program, Script};

use super::command::asks_for_ids;

/// How the output of a command is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Reading {
    /// It prints checksums: long hexadecimal numbers are claims.
    pub(super) checksums: bool,
    /// Docker itself prints it, not a program in a container.
    pub(super) docker: bool,
    /// Docker prints ids: one may have no letter.
    pub(super) ids: bool,
    /// It asks for a port: a number alone on a line is one.
    pub(super) bare_port: bool,
    /// It lists connections, whose ends have ports that the kernel chose.
    pub(super) peers: bool,
    /// It asks for names of containers.
    pub(super) names: bool,
    /// All of it is a field of Docker's that measures: STATUS, CREATED, SIZE.
    pub(super) field: bool,
    /// It prints shares of a processor or of memory.
    pub(super) shares: bool,
    /// It prints usage beside limits: `460KiB / 64MiB`.
    pub(super) limits: bool,
    /// It prints what a computer or a file system has: `df`, `free`.
    pub(super) capacity: bool,
    /// It tells the time, or that of files: `date`, `ls`.
    pub(super) dates: bool,
    /// It tells how long something took: `traceroute`, `uptime`, `ps`.
    pub(super) spans: bool,
    /// It moves data, and says how fast.
    pub(super) transfers: bool,
    /// It prints lines of a log, which begin with the time.
    pub(super) logs: bool,
    /// It is the progress of a build.
    pub(super) build: bool,
    /// It leaves a program running in the background: the shell tells the number of its process.
    pub(super) jobs: bool,
    /// It lists processes by their numbers.
    pub(super) processes: bool,
    /// It is typed by the author, not printed.
    pub(super) typed: bool,
}

impl Reading {
    /// How what the author types is read: ports and names in it are those that Docker printed.
    pub(super) fn of_typed() -> Self {
        Reading {
            typed: true,
            ..Reading::default()
        }
    }
}

/// Whether a program counts lines: what is counted is a claim, whatever lists them.
fn counts(program: &Program<'_>) -> bool {
    let short = |argument: &str| argument.starts_with('-') && !argument.starts_with("--");
    let counted =
        |argument: &str| argument == "--count" || (short(argument) && argument.contains('c'));
    program.name == "wc"
        || (program.is_one_of(&["grep", "egrep", "pgrep"]) && program.has_argument(counted))
}

/// Whether a program tells dates: that of now, or those of what it lists at length.
fn tells_dates(program: &Program<'_>) -> bool {
    // A date that is worked out from another is no measure.
    let works_out = |argument: &str| {
        ["-d", "--date", "-r", "--reference"]
            .iter()
            .any(|option| argument.starts_with(option))
    };
    let at_length = |argument: &str| {
        argument.starts_with('-') && (argument.contains('l') || argument.contains("printf"))
    };
    match program.name {
        "date" => !program.has_argument(works_out),
        // Names may be dates: `2027-04-30.tar.gz`.
        "find" | "ls" => program.has_argument(at_length),
        _ => program.is_one_of(&DATES),
    }
}

/// How the output of a command is to be read.
pub(super) fn reading(command: &Script) -> Reading {
    let text = command.text();
    let mut found = Reading {
        checksums: mentions(text, &CHECKSUMS),
        // The engine's API, by hand.
        docker: text.contains("docker.sock"),
        ..Reading::default()
    };
    found.jobs = command.runs_in_background();
    for call in command.calls() {
        found.take_call(&call);
    }
    let programs = command.programs();
    for program in &programs {
        found.take_program(program);
    }
    found.docker |= found.ids;
    if programs.iter().any(counts) {
        found.forget_lists();
    }
    found
}

/// Programs and functions that print checksums.
const CHECKSUMS: [&str; 12] = [
    "b2sum",
    "cksum",
    "dgst",
    "hashlib",
    "hexdigest",
    "md5sum",
    "sha1sum",
    "sha224sum",
    "sha256sum",
    "sha384sum",
    "sha512sum",
    "shasum",
];

/// Fields of `--format` that measure (Docker CLI 20.10 to 29): ages, dates and sizes.
const FIELDS: [&str; 24] = [
    "BlockIO",
    "BuildTime",
    "Created",
    "CreatedAt",
    "CreatedSince",
    "CurrentState",
    "FinishedAt",
    "LastTagTime",
    "LastUpdated",
    "LastUsed",
    "LastUsedAt",
    "MemUsage",
    "NetIO",
    "Reclaimable",
    "RunningFor",
    "SharedSize",
    "Size",
    "StartedAt",
    "Status",
    "SystemTime",
    "Time",
    "UniqueSize",
    "UpdatedAt",
    "VirtualSize",
];

impl Reading {
    /// What a call of Docker prints by itself. What runs in a container is looked at as a program.
    fn take_call(&mut self, call: &Call<'_>) {
        let container = call.is_container(&["run", "exec", "attach", "start", "logs"]);
        let compose = call.group == "compose";
        let follows = (compose && matches!(call.verb, "up" | "logs" | "run" | "exec"))
            || (call.group == "service" && call.verb == "logs");
        self.build |= matches!(call.verb, "build" | "bake") || (compose && call.verb == "up");
        self.logs |= call.is_container(&["logs", "attach", "events"])
            || follows
            || (call.group == "system" && call.verb == "events");
        self.ids |= call.is_container(&["create"])
            || (call.is_container(&["run"]) && !call.runs_in_foreground());
        if container || follows || self.build {
            return;
        }
        self.docker = true;
        self.ids = asks_for_ids(call) || self.ids;
        let asks = |fields: &[&str]| {
            let fields_of = |word: &&str| fields.iter().any(|field| has_field(word, field));
            call.rest.iter().any(fields_of)
        };
        self.names |= asks(&["Name", "Names"]);
        self.bare_port |= call.is_container(&["port"])
            || asks(&["HostPort", "Ports", "PublicPort", "PublishedPort"]);
        self.field |= asks(&FIELDS);
        self.shares |= call.is_container(&["stats"]);
        self.limits |= call.is_container(&["stats"]);
    }

    /// Of what was counted, no line is left.
    fn forget_lists(&mut self) {
        (self.processes, self.dates, self.spans, self.logs) = (false, false, false, false);
    }

    fn take_program(&mut self, program: &Program<'_>) {
        self.dates |= tells_dates(program);
        self.spans |= program.is_one_of(&SPANS);
        self.capacity |= program.is_one_of(&["df", "du", "free", "lsblk", "vmstat"]);
        // A container's name on its network is its id, unless the page gives it another.
        self.ids |= program.inside && program.name == "hostname";
        self.transfers |= program.is_one_of(&TRANSFERS);
        self.peers |= program.is_one_of(&["conntrack", "lsof", "netstat", "ss", "tcpdump"]);
        self.processes |= program.is_one_of(&["pgrep", "pidof", "ps", "pstree", "top"]);
        let file_of_log = |argument: &str| argument.ends_with(".log") || argument.contains("/log/");
        self.logs |= program.is_one_of(&["dmesg", "journalctl"])
            || program.has_argument(file_of_log)
            || (program.inside && !program.is_one_of(&PLAIN));
    }
}

/// Programs that tell the time, or that of files, processes and people.
const DATES: [&str; 11] = [
    "busctl",
    "git",
    "last",
    "ps",
    "stat",
    "tar",
    "timedatectl",
    "top",
    "uptime",
    "w",
    "who",
];

/// Programs that tell how long something takes or has taken.
const SPANS: [&str; 8] = [
    "ab",
    "mtr",
    "traceroute",
    "traceroute6",
    "tracepath",
    "uptime",
    "w",
    "wrk",
];

/// Programs that move data, and say how much and how fast.
const TRANSFERS: [&str; 14] = [
    "apk", "apt", "apt-get", "curl", "dd", "iperf", "iperf3", "npm", "pip", "pip3", "pv", "rsync",
    "scp", "wget",
];

/// Programs that print what they are given, and no log of their own.
const PLAIN: [&str; 21] = [
    "awk", "cat", "cut", "date", "echo", "env", "expr", "grep", "head", "hostname", "id", "jq",
    "ls", "printf", "sed", "seq", "sort", "tail", "tr", "uname", "wc",
];

/// Whether a template has the field `name`: `{{.Status}}`, `{{json .State.StartedAt}}`.
fn has_field(template: &str, name: &str) -> bool {
    template.contains("{{")
        && template.match_indices(name).any(|(at, _)| {
            let ends = template[at + name.len()..].chars().next();
            template[..at].ends_with('.') && !ends.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
}

fn mentions(text: &str, known: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .any(|word| known.contains(&word))
}

/// Whether a command prints a set, in an order that says nothing: the answers of a name server come as they come, and
/// `docker port` lists by the port of the host, which the engine may have chosen.
pub(super) fn prints_a_set(command: &Script) -> bool {
    if command.commands().len() != 1 {
        return false;
    }
    let ports = command
        .calls()
        .iter()
        .any(|call| call.is_container(&["port"]));
    match command.programs().as_slice() {
        [program] => program.is_one_of(&["dig", "nslookup"]),
        _ => ports,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Reading {
        super::reading(&Script::parse(text))
    }

    fn prints_a_set(text: &str) -> bool {
        super::prints_a_set(&Script::parse(text))
    }

    #[test]
    fn what_docker_prints_is_told_from_what_programs_print() {
        let docker = |text: &str| reading(text).docker;
        for text in [
            "docker ps",
            "docker network ls | head -1",
            "docker run -d nginx",
        ] {
            assert!(docker(text), "{text}");
        }
        for text in [
            "docker run busybox ls -d",
            "docker logs web",
            "echo docker ps",
            "./status",
        ] {
            assert!(!docker(text), "{text}");
        }
        let field = |text: &str| reading(text).field;
        assert!(field("docker ps --format '{{.Names}} {{.Status}}'"));
        assert!(field("docker inspect -f '{{json .State.StartedAt}}' web"));
        assert!(!field("docker inspect -f '{{.HostConfig.ShmSize}}' web"));
        assert!(!field(
            "docker inspect -f '{{.Config.Labels.Created_by}}' web"
        ));
    }

    #[test]
    fn a_command_tells_what_else_its_output_is() {
        assert!(reading("docker port web 80").bare_port);
        assert!(!reading("python -c 'import math; print(2**15)'").bare_port);
        assert!(reading("date").dates && !reading("date -d 2024-02-28").dates);
        assert!(reading("ls -l").dates && !reading("ls").dates);
        assert!(reading("ps").processes && !reading("ps | wc -l").processes);
        assert!(reading("sleep 9 &").jobs);
        for text in ["a && b", "a 2>&1", "a &> b", "echo \\&"] {
            assert!(!reading(text).jobs, "{text}");
        }
        assert!(reading("sha256sum x").checksums && !reading("echo sum").checksums);
    }

    #[test]
    fn sets_are_what_name_servers_answer_and_ports() {
        for text in [
            "nslookup db",
            "docker exec web nslookup db",
            "docker port web",
        ] {
            assert!(prints_a_set(text), "{text}");
        }
        for text in [
            "echo nslookup",
            "nslookup a; nslookup b",
            "docker exec web sh -c 'nslookup a; nslookup b'",
            "docker run busybox sh -c 'echo a; echo b' dig",
            "docker ps",
        ] {
            assert!(!prints_a_set(text), "{text}");
        }
    }
}
