//! Prompts of programs: what a printed line begins with that someone typed into a program.
//!
//! A shell's prompt tells its folder and its host, so the first one that is printed fixes only its
//! *shape*; later ones may differ in what is inside.

use crate::Interpreter;

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
    /// A prompt of a known program that tells more than which one it is, such as the database.
    Of(&'static dyn Interpreter),
    /// Always the same text, its last blank included: `>>> `.
    Text(String),
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
            Self::Of(interpreter) => interpreter.prompt(line).map(|(_, length)| length),
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

/// The length of a prompt whose sign ends at `at`: a blank follows, or nothing.
pub(crate) fn ended(line: &str, at: usize) -> Option<usize> {
    match line.as_bytes().get(at) {
        None => Some(at),
        Some(b' ') => Some(at + 1),
        Some(_) => None,
    }
}

/// The length of `prompt`, if `line` begins with it. Its blank may be missing at the end of the line.
pub(crate) fn text_length(prompt: &str, line: &str) -> Option<usize> {
    if line.starts_with(prompt) {
        return Some(prompt.len());
    }
    (!line.is_empty() && line == prompt.trim_end()).then_some(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter;

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
    fn prompts_at_the_end() {
        let redis = Prompt::Of(interpreter("redis-cli", &[]).unwrap());
        for (prompt, line, at) in [
            (Prompt::Folder('#'), "/ # ", Some(0)),
            (Prompt::Folder('#'), "no newline/etc # ", Some(10)),
            (Prompt::Folder('#'), "/ #", None),
            (Prompt::Folder('#'), "/ $ ", None),
            (Prompt::Bare, "# ", Some(0)),
            (Prompt::Text(">>> ".into()), "x>>> ", Some(1)),
            (Prompt::Text(">>> ".into()), ">>> x", None),
            (redis.clone(), "127.0.0.1:6379> ", Some(0)),
            (redis.clone(), "no newline cache:6379[1]> ", Some(11)),
            (redis, "127.0.0.1:6379>", None),
        ] {
            assert_eq!(prompt.at_end(line), at, "{line}");
        }
    }
}
