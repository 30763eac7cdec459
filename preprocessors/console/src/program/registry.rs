//! The programs that are known.

use super::Interpreter;

/// All of them, one a line. Where a prompt could be of several, the first has it.
pub(crate) static KNOWN: &[&dyn Interpreter] = &[
    &super::shell::Shell,
    &super::python::Python,
    &super::mysql::Mysql,
    &super::redis::Redis,
    &super::psql::Psql,
    &super::sqlite::Sqlite,
];

/// The program that a command of this name, with these arguments, opens to be typed into, if it is a known one.
#[must_use]
pub fn interpreter(command: &str, arguments: &[&str]) -> Option<&'static dyn Interpreter> {
    let mut known = KNOWN.iter().copied();
    known.find(|interpreter| interpreter.is_opened_by(command, arguments))
}

/// All programs that are known.
pub fn interpreters() -> impl Iterator<Item = &'static dyn Interpreter> {
    KNOWN.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_name_of_its_own_and_opens_by_a_name_of_its_own() {
        let commands = ["sh", "python3", "mysql", "redis-cli", "psql", "sqlite3"];
        assert_eq!(
            commands.len(),
            KNOWN.len(),
            "a program without its command here"
        );
        for (at, command) in commands.into_iter().enumerate() {
            let opened = interpreter(command, &[]).unwrap();
            assert_eq!(opened, KNOWN[at], "{command}");
            let named = KNOWN.iter().filter(|known| known.name() == opened.name());
            assert_eq!(named.count(), 1, "{command}");
        }
        assert_eq!(interpreter("ls", &[]), None);
    }

    #[test]
    fn the_lines_that_make_marks_fit_and_hold_none_themselves() {
        let lines: Vec<_> = KNOWN.iter().filter_map(|i| i.marking("beef")).collect();
        assert_eq!(lines.len(), 2, "shells and Python have marks");
        for line in lines {
            // A terminal of another width would break their echo.
            assert!(line.len() < 1000, "{}", line.len());
            assert!(line.ends_with('\n') && line.matches('\n').count() == 1);
            assert!(
                !line.contains('\x1b') && !line.contains('\x07'),
                "its echo must not look like a mark"
            );
        }
    }
}
