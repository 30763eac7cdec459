//! What a command that doesn't end is doing: the processes in the foreground of the shell's terminal, seen through
//! `/proc` from a second exec.

use super::Place;
use std::time::Duration;

/// Looking takes some milliseconds; a machine in trouble may not even manage that.
const LOOK: Duration = Duration::from_secs(5);

/// Prints the foreground process group of the terminal of the shell $1, the shell's own, and a line
/// for each process in the former: state, kernel function it sleeps in, system call with arguments,
/// command. Of a process with several threads it is the thread that reads file descriptor 0, if there
/// is one. Needs nothing but a shell and `tr`, and starts no process for those that don't matter.
const SCRIPT: &str = r#"
read -r stat < "/proc/$1/stat" || exit 1
set -- ${stat##*) }
group=$6 shell=$3
echo "$group $shell"
for folder in /proc/[0-9]*; do
    read -r stat 2>/dev/null < "$folder/stat" || continue
    set -- ${stat##*) }
    [ "$3" = "$group" ] || continue
    state=$1 where=- call=-
    for thread in "$folder" "$folder"/task/*; do
        next=
        read -r next 2>/dev/null < "$thread/syscall" || :
        case $next in
        '0 0x0 '* | '63 0x0 '*) ;;
        *) [ "$thread" = "$folder" ] || continue ;;
        esac
        call=${next:--}
        read -r where 2>/dev/null < "$thread/wchan" || :
        [ "$thread" = "$folder" ] || break
    done
    printf '%s\t%s\t%s\t' "$state" "${where:--}" "$call"
    tr '\0\n\t' '   ' 2>/dev/null < "$folder/cmdline"
    echo
done
"#;

/// The processes in the foreground of a shell's terminal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Foreground {
    /// Their process group.
    group: i32,
    /// The shell's own group: the two are equal when the shell itself is at work, or waits.
    shell: i32,
    processes: Vec<Process>,
}

#[derive(Debug, PartialEq, Eq)]
struct Process {
    state: char,
    /// The kernel function that it sleeps in.
    place: String,
    /// The number of the system call that it is in, and its first argument.
    call: Option<(u32, u64)>,
    command: String,
}

impl Foreground {
    /// Looks at the foreground of the terminal of the shell with that process id.
    ///
    /// # Errors
    /// Why that can't be seen.
    pub(super) async fn look(place: &impl Place, shell: u32) -> Result<Foreground, String> {
        let shell = shell.to_string();
        let ran = place.run(&["sh", "-c", SCRIPT, "sh", &shell], LOOK).await;
        let ran = ran.map_err(|error| error.to_string())?;
        let ran = ran.ok_or_else(|| "the machine is gone".to_owned())?;
        let text = String::from_utf8_lossy(&ran.stdout);
        Foreground::read(&text).ok_or(ran.complaint)
    }

    fn read(text: &str) -> Option<Foreground> {
        let mut lines = text.lines();
        let (group, shell) = lines.next()?.split_once(' ')?;
        let processes = lines
            .filter_map(|line| {
                let mut fields = line.splitn(4, '\t');
                let state = fields.next()?.chars().next()?;
                let place = fields.next()?.to_owned();
                let mut call = fields.next()?.split(' ');
                let number = call.next().and_then(|number| number.parse().ok());
                let argument = call
                    .next()
                    .and_then(|hex| u64::from_str_radix(hex.trim_start_matches("0x"), 16).ok());
                let call = number.zip(argument);
                Some(Process {
                    state,
                    place,
                    call,
                    command: fields.next()?.trim().to_owned(),
                })
            })
            .collect();
        Some(Foreground {
            group: group.parse().ok()?,
            shell: shell.parse().ok()?,
            processes,
        })
    }

    /// The group to kill, unless it is the shell's own.
    pub(super) fn killable(&self) -> Option<i32> {
        (self.group != self.shell && self.group > 1).then_some(self.group)
    }

    /// What to tell the author.
    pub(super) fn describe(&self) -> String {
        // Of several processes, the one that waits for input explains the others.
        let reads = self
            .processes
            .iter()
            .find(|process| process.reads_terminal());
        let Some(process) = reads.or(self.processes.first()) else {
            return "its foreground process could not be seen".to_owned();
        };
        let name = process.name();
        if self.group == self.shell {
            return match reads {
                Some(_) => "bash itself is waiting for input".to_owned(),
                None => "bash itself is busy, in a loop or a builtin command".to_owned(),
            };
        }
        if reads.is_some() {
            return format!("`{name}` is waiting for input");
        }
        match process.state {
            'R' => format!("`{name}` is running"),
            'T' | 't' => format!("`{name}` is stopped"),
            'D' => format!("`{name}` is waiting for a disk or the kernel"),
            'Z' => format!("`{name}` has ended, and something else holds it up"),
            _ if process.place.contains("nanosleep") => format!("`{name}` is sleeping"),
            _ => format!("`{name}` is waiting for something else than input"),
        }
    }
}

impl Process {
    /// In a read of file descriptor 0, asleep where terminals make readers sleep. Read is system call 0 on x86-64 and
    /// 63 on 64-bit ARM; the engine may be of either kind.
    fn reads_terminal(&self) -> bool {
        let sleeps = matches!(
            self.place.as_str(),
            "wait_woken" | "n_tty_read" | "tty_read" | "0" | "-"
        );
        self.state == 'S' && sleeps && matches!(self.call, Some((0 | 63, 0)))
    }

    /// Its command, cut to what fits into a message.
    fn name(&self) -> String {
        match self.command.char_indices().nth(60) {
            Some((end, _)) => format!("{}…", &self.command[..end]),
            None => self.command.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions() {
        let long = format!("40 7\nR\t0\trunning\techo {}\n", "é".repeat(56));
        for (seen, described, killable) in [
            (
                "40 7\nS\twait_woken\t0 0x0 0x7f 0x40000\tcat \n",
                "`cat` is waiting for input",
                Some(40),
            ),
            (
                "40 7\nS\tpipe_read\t0 0x0 0x7f\tgrep x \nS\twait_woken\t63 0x0 0x7f\tcat \n",
                "`cat` is waiting for input",
                Some(40),
            ),
            (
                "40 7\nS\thrtimer_nanosleep\t230 0x0 0x0\tsleep 50 \n",
                "`sleep 50` is sleeping",
                Some(40),
            ),
            ("40 7\nR\t0\trunning\tyes \n", "`yes` is running", Some(40)),
            (
                "40 7\nS\twait_woken\t45 0x3 0x0\tcurl http://x \n",
                "`curl http://x` is waiting for something else than input",
                Some(40),
            ),
            (
                "7 7\nS\twait_woken\t0 0x0 0x7f\tbash -i \n",
                "bash itself is waiting for input",
                None,
            ),
            (
                "7 7\nR\t0\trunning\tbash -i \n",
                "bash itself is busy, in a loop or a builtin command",
                None,
            ),
            (
                "40 7\n",
                "its foreground process could not be seen",
                Some(40),
            ),
            (
                &long,
                "`echo ééééééééééééééééééééééééééééééééééééééééééééééééééééééé…` is running",
                Some(40),
            ),
        ] {
            let foreground = Foreground::read(seen).unwrap();
            assert_eq!(foreground.describe(), described, "{seen}");
            assert_eq!(foreground.killable(), killable, "{seen}");
        }
        assert_eq!(Foreground::read(""), None);
        assert_eq!(Foreground::read("sh: 1: cannot open /proc/7/stat"), None);
    }

    /// The shell that runs the tests has no foreground that could be known; so its own group is looked at instead.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_script_sees_processes() {
        let own = std::process::id().to_string();
        let script = SCRIPT.replace("group=$6", "group=$3");
        assert_ne!(script, SCRIPT);
        let ran = std::process::Command::new("sh")
            .args(["-c", &script, "sh", &own])
            .output()
            .unwrap();
        let seen = Foreground::read(&String::from_utf8_lossy(&ran.stdout)).unwrap();
        assert_eq!(seen.group, seen.shell);
        let program = std::env::args().next().unwrap();
        let found = seen.processes.iter().find(|p| p.command.contains(&program));
        assert!(found.is_some_and(|p| "RSD".contains(p.state)), "{seen:?}");
        // A shell that is gone is no foreground.
        let gone = std::process::Command::new("sh")
            .args(["-c", SCRIPT, "sh", "0"])
            .output()
            .unwrap();
        assert_eq!((gone.status.code(), gone.stdout), (Some(1), Vec::new()));
    }
}
