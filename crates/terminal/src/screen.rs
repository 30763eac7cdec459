//! What a terminal shows of bytes that were printed on it: lines without escape sequences and colours, and of progress
//! that draws over itself only what is there at the end.
//!
//! Not a whole terminal: lines are as long as they are, and what scrolls out at the top stays.
//! Only what programs print one after the other is followed; full-screen programs are not.

use super::cells::{self, Cells};
use std::collections::VecDeque;
use vte::{Params, Parser, Perform};

/// How many lines a program can go back and draw over. No terminal of ours has more rows.
const ROWS: usize = 200;
/// How many blanks and empty lines, all in all, cursor movements may make. A page could otherwise fill this computer's
/// memory with a few bytes.
const PADDING: usize = 1 << 20;

/// The text of what was printed. Lines that contain one of `secrets` (marks of ours, shown by `set -x` for one, and
/// what was typed to have them) are left out.
pub(super) fn render(bytes: &[u8], secrets: &[String]) -> String {
    let text = if is_plain(bytes) {
        String::from_utf8_lossy(bytes).replace("\r\n", "\n")
    } else {
        let mut screen = Screen::new();
        Parser::new().advance(&mut screen, bytes);
        screen.text()
    };
    let is_ours = |text: &str| secrets.iter().any(|secret| text.contains(secret.as_str()));
    if !is_ours(&text) {
        return text;
    }
    text.split_inclusive('\n')
        .filter(|line| !is_ours(line))
        .collect()
}

/// Whether there is nothing but text, tabs and ends of lines: then there is nothing to interpret.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'\n' | b'\t' => true,
        b'\r' => bytes.get(at + 1) == Some(&b'\n'),
        byte => *byte >= b' ' && *byte != 0x7f,
    })
}

struct Screen {
    /// What has scrolled out at the top.
    above: String,
    lines: VecDeque<Cells>,
    row: usize,
    column: usize,
    saved: (usize, usize),
    padding: usize,
}

impl Screen {
    fn new() -> Self {
        Screen {
            above: String::new(),
            lines: VecDeque::from([Cells::default()]),
            row: 0,
            column: 0,
            saved: (0, 0),
            padding: PADDING,
        }
    }

    fn text(self) -> String {
        let mut text = self.above;
        for (at, line) in self.lines.iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            line.write(&mut text);
        }
        text
    }

    fn put(&mut self, c: char) {
        let line = &mut self.lines[self.row];
        if let Some(blanks) = self
            .column
            .checked_sub(line.len())
            .filter(|blanks| *blanks > 0)
        {
            if blanks > self.padding {
                self.column = line.len();
            } else {
                self.padding -= blanks;
                line.pad(self.column);
            }
        }
        line.put(self.column, c);
        self.column += cells::width(c);
    }

    fn new_line(&mut self) {
        self.row += 1;
        self.column = 0;
        if self.row == self.lines.len() {
            self.lines.push_back(Cells::default());
        }
        if self.lines.len() > ROWS
            && let Some(line) = self.lines.pop_front()
        {
            line.write(&mut self.above);
            self.above.push('\n');
            self.row -= 1;
        }
    }

    /// Moves to a row, at most to the last one there is, as a terminal's cursor stops at its lower edge.
    fn go_to(&mut self, row: usize, column: usize) {
        self.row = row.min(self.lines.len() - 1);
        self.column = column;
    }

    fn erase_line(&mut self, how: usize) {
        let column = self.column;
        let line = &mut self.lines[self.row];
        match how {
            0 => line.truncate(column),
            1 => line.blank_before(column + 1),
            2 => line.clear(),
            _ => {}
        }
    }

    fn erase_display(&mut self, how: usize) {
        match how {
            0 => {
                self.erase_line(0);
                self.lines.truncate(self.row + 1);
            }
            1 => {
                self.erase_line(1);
                self.lines.iter_mut().take(self.row).for_each(Cells::clear);
            }
            2 | 3 => {
                self.above.clear();
                self.lines = VecDeque::from([Cells::default()]);
                self.row = 0;
            }
            _ => {}
        }
    }
}

impl Perform for Screen {
    fn print(&mut self, c: char) {
        // DEL is nothing on a terminal.
        if c != '\x7f' {
            self.put(c);
        }
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\n' => self.new_line(),
            b'\r' => self.column = 0,
            b'\t' => self.put('\t'),
            8 => self.column = self.column.saturating_sub(1),
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], _ignore: bool, action: char) {
        if !intermediates.is_empty() {
            return;
        }
        let param = |at: usize| {
            params
                .iter()
                .nth(at)
                .and_then(|param| param.first())
                .copied()
                .map(usize::from)
        };
        // A count of 0 means 1, and positions count from 1.
        let count = param(0).unwrap_or(1).max(1);
        match action {
            'A' => self.go_to(self.row.saturating_sub(count), self.column),
            'B' => self.go_to(self.row + count, self.column),
            'C' => self.column += count,
            'D' => self.column = self.column.saturating_sub(count),
            'E' => self.go_to(self.row + count, 0),
            'F' => self.go_to(self.row.saturating_sub(count), 0),
            'G' => self.column = count - 1,
            'd' => self.go_to(count - 1, self.column),
            'H' | 'f' => self.go_to(count - 1, param(1).unwrap_or(1).max(1) - 1),
            'J' => self.erase_display(param(0).unwrap_or(0)),
            'K' => self.erase_line(param(0).unwrap_or(0)),
            's' => self.saved = (self.row, self.column),
            'u' => self.go_to(self.saved.0, self.saved.1),
            _ => {}
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _ignore: bool, byte: u8) {
        match (intermediates, byte) {
            ([], b'7') => self.saved = (self.row, self.column),
            ([], b'8') => self.go_to(self.saved.0, self.saved.1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_a_terminal_shows_it() {
        for (printed, shown) in [
            ("", ""),
            ("one\r\ntwo\r\n", "one\ntwo\n"),
            ("no newline", "no newline"),
            ("a\tb\r\n", "a\tb\n"),
            (
                "\x1b[1;31mred\x1b[0m and \x1b[38;5;200mpink\x1b[m\r\n",
                "red and pink\n",
            ),
            ("\x1b]0;a title\x07text", "text"),
            (
                "\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\\r\n",
                "link\n",
            ),
            ("\x01\x02\0abc", "abc"),
            ("bell\x07 del\x7f", "bell del"),
            (" 10%\r 50%\r100%\r\ndone\r\n", "100%\ndone\n"),
            ("a long line\rshort\x1b[K\r\n", "short\n"),
            ("abc\x08\x08X\r\n", "aXc\n"),
            ("N\x08NA\x08A\r\n", "NA\n"),
            ("1a\r\n1b\r\n\x1b[2A\x1b[2K2a\r\n\x1b[1B\r\n", "2a\n1b\n\n"),
            // docker pull: each layer draws its own line from the lowest one.
            (
                "l1: Waiting \r\nl2: Waiting \r\n\x1b[2A\x1b[2K\rl1: Done \r\x1b[2B\x1b[1A\x1b[2K\rl2: Done \r\x1b[1BOK\r\n",
                "l1: Done \nl2: Done \nOK\n",
            ),
            ("old\r\nold\r\n\x1b[H\x1b[2J\x1b[3Jnew\r\n", "new\n"),
            ("old\r\nold\r\n\x1b[H\x1b[2Jnew\r\n", "new\n"),
            ("old\r\nold\r\n\x1b[H\x1b[3Jnew\r\n", "new\n"),
            ("keep\r\ndrop\r\ndrop\x1b[1F\x1b[Jx", "keep\nx"),
            ("ab\x1b7cd\x1b8X", "abXd"),
            ("x\x1b[5Cy", "x     y"),
            ("x\x1b[3Gy", "x y"),
            ("broken \x1b[", "broken "),
            // Wide characters take two columns, and marks none.
            ("世界\x1b[3Gx", "世x "),
            ("世\x08\x08ab", "ab"),
            ("世界\r\x1b[3C|", "世 |"),
            ("世界 100%\r世界  50%\r\n", "世界  50%\n"),
            ("cafe\u{301}!\x1b[5G?", "cafe\u{301}?"),
            ("e\u{301}x\rE", "Ex"),
            ("a世b\x1b[3G\x1b[K", "a "),
            ("a世b\x1b[2G\x1b[1K", "   b"),
            ("👩\u{200d}💻|\x1b[5Gx", "👩\u{200d}💻x"),
            ("grüße 世界 🐳\r\n", "grüße 世界 🐳\n"),
            ("\x1b[0mgrüße 世界 🐳\r\n", "grüße 世界 🐳\n"),
        ] {
            assert_eq!(
                render(printed.as_bytes(), &["beef".to_owned()]),
                shown,
                "{printed:?}"
            );
        }
        assert_eq!(render(b"a\xffb", &["beef".to_owned()]), "a\u{fffd}b");
        assert_eq!(render(b"\x1b[ma\xffb", &["beef".to_owned()]), "a\u{fffd}b");
    }

    #[test]
    fn what_scrolls_out_stays() {
        let lines = |count: usize| (0..count).map(|n| format!("{n}\r\n")).collect::<String>();
        let expected = lines(1000).replace('\r', "");
        assert_eq!(
            render(
                format!("\x1b[m{}", lines(1000)).as_bytes(),
                &["beef".to_owned()]
            ),
            expected
        );
        let shown = render(
            format!("{}\x1b[2A\x1b[Kx", lines(1000)).as_bytes(),
            &["beef".to_owned()],
        );
        assert_eq!(shown, expected.replace("998\n", "x\n"));
        let shown = render(
            format!("{}\x1b[5000Ax", lines(1000)).as_bytes(),
            &["beef".to_owned()],
        );
        assert_eq!(shown, expected.replace("801\n", "x01\n"));
    }

    #[test]
    fn our_own_lines_are_left_out() {
        assert_eq!(
            render(
                b"+ PS1='\\e]133;beef'\r\n+ echo x\r\nx\r\n",
                &["beef".to_owned()]
            ),
            "+ echo x\nx\n"
        );
    }

    #[test]
    fn a_few_bytes_do_not_fill_the_memory() {
        let bomb = "\x1b[65535Cx\x1b[65535B\r\n".repeat(10_000);
        let shown = render(bomb.as_bytes(), &["beef".to_owned()]);
        assert!(shown.len() < PADDING + 10 * 10_000, "{}", shown.len());
        let rows = "\x1b[65535;65535Hx".repeat(10_000);
        assert!(render(rows.as_bytes(), &["beef".to_owned()]).len() < 2 * PADDING);
    }
}
