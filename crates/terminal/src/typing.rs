//! A documented command as bytes to type.

use std::error::Error;

use super::error::{LONGEST_LINE, TerminalError};

/// Ctrl-V: the next byte is taken as it is.
const LITERAL_NEXT: u8 = 0x16;

/// What to type for each line, its end included. Control characters in a line are marked as meant, or the terminal
/// would act on them.
pub(super) fn encode<E: Error>(lines: &[&str]) -> Result<Vec<Vec<u8>>, TerminalError<E>> {
    let lines = lines.iter().flat_map(|line| line.split('\n'));
    lines
        .enumerate()
        .map(|(at, line)| {
            if line.len() > LONGEST_LINE {
                return Err(TerminalError::LineTooLong {
                    line: at + 1,
                    bytes: line.len(),
                });
            }
            let mut typed = encode_line(line, b"\t");
            typed.push(b'\n');
            Ok(typed)
        })
        .collect()
}

/// What to type for a line, without its end: control characters in it are marked as meant, but those that are `plain`.
/// One that edits lines itself would complete a word at a tab.
#[must_use]
pub fn encode_line(line: &str, plain: &[u8]) -> Vec<u8> {
    let mut typed = Vec::with_capacity(line.len() + 1);
    for byte in line.bytes() {
        if byte.is_ascii_control() && !plain.contains(&byte) {
            typed.push(LITERAL_NEXT);
        }
        typed.push(byte);
    }
    typed
}

/// Whether bash has nothing to run in these lines: blank ones and comments.
pub(super) fn is_nothing(lines: &[&str]) -> bool {
    lines
        .iter()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

/// Text that was printed after typing these lines and before the command began, without their echo (there is one
/// after `stty echo` or `stty sane`).
pub(super) fn without_echo(printed: &str, typed: &[Vec<u8>]) -> String {
    let mut rest = printed.to_owned();
    for line in typed {
        let line = String::from_utf8_lossy(line);
        let echo = rest
            .split_inclusive('\n')
            .find(|printed| printed.trim_end_matches('\n') == line.trim_end());
        if let Some(echo) = echo.map(str::to_owned) {
            rest = rest.replacen(&echo, "", 1);
        }
    }
    rest
}

/// What was printed after these keys were pressed, without their echo, which the terminal of a container may show: `^C`.
#[must_use]
pub fn without_key_echo(printed: String, keys: &[u8]) -> String {
    let echo: String = keys
        .iter()
        .flat_map(|key| ['^', char::from(key ^ 0x40)])
        .collect();
    match printed.strip_prefix(&echo) {
        Some(rest) => rest.to_owned(),
        None => printed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let typed = encode::<std::io::Error>(&["echo 'a", "\tb\x03\x7f'"]).unwrap();
        assert_eq!(
            typed,
            [b"echo 'a\n".to_vec(), b"\tb\x16\x03\x16\x7f'\n".to_vec()]
        );
        assert_eq!(encode::<std::io::Error>(&["a\nb"]).unwrap().len(), 2);
        assert!(encode::<std::io::Error>(&["x".repeat(LONGEST_LINE).as_str()]).is_ok());
        let error = encode::<std::io::Error>(&["echo", "é".repeat(2048).as_str()]).unwrap_err();
        assert!(
            matches!(
                error,
                TerminalError::LineTooLong {
                    line: 2,
                    bytes: 4096
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn nothing_to_run() {
        for (lines, nothing) in [
            (&["# a comment"] as &[&str], true),
            (&["", "   # another"], true),
            (&["echo # no"], false),
            (&["# a", "echo"], false),
        ] {
            assert_eq!(is_nothing(lines), nothing, "{lines:?}");
        }
    }

    #[test]
    fn echo_of_keys() {
        for (printed, keys, left) in [
            ("^C\n--- statistics", &b"\x03"[..], "\n--- statistics"),
            ("^C", b"\x10\x11", "^C"),
            ("^P^Qx", b"\x10\x11", "x"),
            ("say ^C", b"\x03", "say ^C"),
        ] {
            assert_eq!(without_key_echo(printed.to_owned(), keys), left);
        }
    }

    #[test]
    fn echo() {
        let typed = encode::<std::io::Error>(&["echo a", "echo b"]).unwrap();
        assert_eq!(without_echo("echo a\necho b\n", &typed), "");
        assert_eq!(without_echo("late\necho a\necho b\n", &typed), "late\n");
        assert_eq!(without_echo("I say echo a\n", &typed), "I say echo a\n");
    }
}
