//! Prompts of programs: what a printed line begins with that someone typed into a program.
//!
//! A shell's prompt tells its folder and its host, so the first one that is printed fixes only its
//! *shape*; later ones may differ in what is inside.

/// The shape of a program's prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// `# `: a plain shell as root.
    Bare,
    /// `/ # `, `~ $ `, `/app # `: a folder, and the sign at the end.
    Folder(char),
    /// `root@3f2a:/# `, `[root@3f2a /]# `: the user, and the sign at the end.
    Host {
        /// Who is logged in.
        user: String,
        /// `#` or `$`.
        sign: char,
    },
    /// `bash-5.2# `, `sh-5.2$ `: the shell, and the sign at the end.
    Version {
        /// `bash` or `sh`.
        shell: String,
        /// `#` or `$`.
        sign: char,
    },
    /// The prompt of a database's client, which tells the database.
    Client(Client),
    /// Always the same text, its last blank included: `>>> `.
    Text(String),
}

/// A database's client, whose prompts are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// `mysql> `, `MariaDB [(none)]> `.
    Mysql,
    /// `postgres=# `, `shop=> `.
    Psql,
    /// `127.0.0.1:6379> `, `web:6379[1]> `.
    Redis,
}

impl Prompt {
    /// The prompt of a shell at the beginning of `line`, and its length in bytes.
    ///
    /// `$ ` is none: it is the page's own shell.
    #[must_use]
    pub fn of_shell(line: &str) -> Option<(Self, usize)> {
        let ends = |&(i, c): &(usize, char)| {
            matches!(c, '#' | '$') && matches!(line.as_bytes().get(i + 1), None | Some(b' '))
        };
        let (at, sign) = line.char_indices().find(ends)?;
        let prompt = Self::before(&line[..at], sign)?;
        Some((prompt, (at + 2).min(line.len())))
    }

    /// The shape of a prompt that has `head` before its `sign`.
    fn before(head: &str, sign: char) -> Option<Self> {
        if head.is_empty() {
            return (sign == '#').then_some(Self::Bare);
        }
        if let Some(folder) = head.strip_suffix(' ') {
            let is_folder = folder.starts_with(['/', '~']) && !folder.contains(char::is_whitespace);
            return is_folder.then_some(Self::Folder(sign));
        }
        let bracketed = head.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        let (inside, separator) = bracketed.map_or((head, ':'), |inside| (inside, ' '));
        if let Some((user, host)) = inside.split_once('@') {
            let (host, folder) = host.split_once(separator)?;
            let plain = |word: &str| !word.is_empty() && !word.contains(char::is_whitespace);
            return (plain(user) && plain(host) && plain(folder)).then(|| Self::Host {
                user: user.to_owned(),
                sign,
            });
        }
        let (shell, version) = head.split_once('-')?;
        let is_version = version.starts_with(|c: char| c.is_ascii_digit())
            && version.chars().all(|c| c.is_ascii_digit() || c == '.');
        (matches!(shell, "bash" | "sh") && is_version).then(|| Self::Version {
            shell: shell.to_owned(),
            sign,
        })
    }

    /// The length of such a prompt at the beginning of `line`. The blank at its end may be missing at
    /// the end of the line, where editors remove it.
    #[must_use]
    pub fn length(&self, line: &str) -> Option<usize> {
        match self {
            Self::Text(text) => text_length(text, line),
            Self::Client(client) => client.length(line),
            shell => Self::of_shell(line)
                .filter(|(prompt, _)| prompt == shell)
                .map(|(_, length)| length),
        }
    }

    /// Where such a prompt begins in `line`, if it ends there with its blank: what a program shows
    /// that waits. Text without a newline may stand before it.
    #[must_use]
    pub fn at_end(&self, line: &str) -> Option<usize> {
        if let Self::Text(text) = self {
            return line
                .ends_with(text.as_str())
                .then(|| line.len() - text.len());
        }
        if !line.ends_with(' ') {
            return None;
        }
        let mut starts = line.char_indices().map(|(i, _)| i);
        starts.find(|&i| self.length(&line[i..]) == Some(line.len() - i))
    }
}

impl Client {
    fn length(self, line: &str) -> Option<usize> {
        match self {
            Self::Mysql => text_length("mysql> ", line).or_else(|| {
                let end = line.strip_prefix("MariaDB [")?.find("]>")?;
                ended(line, "MariaDB [".len() + end + "]>".len())
            }),
            Self::Psql => {
                let name = word(line);
                let rest = line[name..].strip_prefix('=')?;
                let state = usize::from(rest.starts_with(['*', '!']));
                let sign = rest[state..].starts_with(['#', '>']);
                (name > 0 && sign).then_some(())?;
                ended(line, name + 1 + state + 1)
            }
            Self::Redis => {
                let end = line.find('>')?;
                let (host, port) = line[..end].rsplit_once(':')?;
                let (port, number) = port.split_once('[').unwrap_or((port, "0]"));
                let digits =
                    |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
                let is_prompt = !host.contains(char::is_whitespace)
                    && digits(port)
                    && number.strip_suffix(']').is_some_and(digits);
                is_prompt.then_some(())?;
                ended(line, end + 1)
            }
        }
    }

    /// The length of the prompt for a further line of a statement at the beginning of `line`.
    pub(crate) fn continuation(self, line: &str) -> Option<usize> {
        match self {
            Self::Mysql => text_length("    -> ", line),
            Self::Psql => {
                let name = word(line);
                let mut rest = line[name..].chars();
                let open = rest.next().is_some_and(|c| "-('\"*".contains(c));
                let sign = rest.next().is_some_and(|c| matches!(c, '#' | '>'));
                (name > 0 && open && sign).then_some(())?;
                ended(line, name + 2)
            }
            Self::Redis => None,
        }
    }
}

/// The length of the name that `line` begins with.
fn word(line: &str) -> usize {
    line.find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(line.len())
}

/// The length of a prompt whose sign ends at `at`: a blank follows, or nothing.
fn ended(line: &str, at: usize) -> Option<usize> {
    match line.as_bytes().get(at) {
        None => Some(at),
        Some(b' ') => Some(at + 1),
        Some(_) => None,
    }
}

pub(crate) fn text_length(prompt: &str, line: &str) -> Option<usize> {
    if line.starts_with(prompt) {
        return Some(prompt.len());
    }
    (!line.is_empty() && line == prompt.trim_end()).then_some(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_of_shells() {
        let host = |user: &str, sign| Prompt::Host {
            user: user.to_owned(),
            sign,
        };
        let version = |shell: &str, sign| Prompt::Version {
            shell: shell.to_owned(),
            sign,
        };
        for (line, prompt, length) in [
            ("# ls", Prompt::Bare, 2),
            ("#", Prompt::Bare, 1),
            ("/ # ls # all", Prompt::Folder('#'), 4),
            ("/ #", Prompt::Folder('#'), 3),
            ("~ $ ls", Prompt::Folder('$'), 4),
            ("/usr/share/nginx # ls", Prompt::Folder('#'), 19),
            ("root@3f2a:/# ls", host("root", '#'), 13),
            ("node@3f2a:~/app$ ", host("node", '$'), 17),
            ("[root@3f2a /]# ls", host("root", '#'), 15),
            ("bash-5.2# ls", version("bash", '#'), 10),
            ("sh-5.2$ ls", version("sh", '$'), 8),
        ] {
            assert_eq!(Prompt::of_shell(line), Some((prompt, length)), "{line}");
        }
        for line in [
            "$ ls",
            "#include",
            "a # b",
            "notes / # b",
            "dash-# x",
            "bash-x# x",
            "mail me@home: # now",
            "",
            "/etc/a#b",
        ] {
            assert_eq!(Prompt::of_shell(line), None, "{line}");
        }
    }

    #[test]
    fn prompts_of_clients() {
        for (client, line, length) in [
            (Client::Mysql, "mysql> select 1;", Some(7)),
            (Client::Mysql, "MariaDB [(none)]> use a", Some(18)),
            (Client::Mysql, "mysql>x", None),
            (Client::Psql, "postgres=# \\l", Some(11)),
            (Client::Psql, "shop=*> select", Some(8)),
            (Client::Psql, "shop=#", Some(6)),
            (Client::Psql, "a = # b", None),
            (Client::Psql, "a=b", None),
            (Client::Redis, "127.0.0.1:6379> ping", Some(16)),
            (Client::Redis, "cache:6379[2]> ping", Some(15)),
            (Client::Redis, "a: b> c", None),
            (Client::Redis, "cache:6379[x]> c", None),
        ] {
            assert_eq!(Prompt::Client(client).length(line), length, "{line}");
        }
        assert_eq!(Client::Mysql.continuation("    -> from a"), Some(7));
        assert_eq!(Client::Psql.continuation("shop-# from a"), Some(7));
        assert_eq!(Client::Psql.continuation("shop=# from a"), None);
    }

    #[test]
    fn prompts_at_the_end() {
        for (prompt, line, at) in [
            (Prompt::Folder('#'), "/ # ", Some(0)),
            (Prompt::Folder('#'), "no newline/etc # ", Some(10)),
            (Prompt::Folder('#'), "/ #", None),
            (Prompt::Folder('#'), "/ $ ", None),
            (Prompt::Bare, "# ", Some(0)),
            (Prompt::Text(">>> ".into()), "x>>> ", Some(1)),
            (Prompt::Text(">>> ".into()), ">>> x", None),
            (Prompt::Client(Client::Redis), "127.0.0.1:6379> ", Some(0)),
        ] {
            assert_eq!(prompt.at_end(line), at, "{line}");
        }
    }
}
