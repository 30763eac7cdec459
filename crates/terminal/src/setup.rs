//! How the shell is started, and what is typed first to have it print marks; of programs that are opened in it, their
//! [`Interpreter`](seaworthy_console::Interpreter) says that.

/// The first line for the shell: no echo, marks from now on, an empty history, and its process id.
///
/// Both the prompts themselves and a PROMPT_COMMAND that sets them again are needed: alone, the former is lost when a
/// page sets PS1, and the latter isn't run when bash shows a prompt again after an error in a history expansion
/// (`echo hi!x`). The exit code is put in when the prompt is shown, the time when it is made; so a prompt that is
/// shown again tells itself apart. Nothing is exported.
pub(super) fn first_line(nonce: &str) -> String {
    let command = |kind: &str| format!(r#"\e]133;{kind};;{nonce}\a"#);
    let prompts = format!(
        r#"PS0="{}" PS1="\e]133;D;\$?;${{EPOCHREALTIME-}};{nonce}\a" PS2="{}""#,
        command("C"),
        command("P")
    );
    format!(
        "stty -echo; PROMPT_COMMAND='{prompts}'; history -c; printf '\\033]133;I;%s;b;{nonce}\\a' \"$$\"\n"
    )
}

/// A line as a terminal types it that pastes: a program that has asked for this takes it at once, instead of drawing
/// it anew with each letter.
pub(super) fn pasted(line: &str) -> String {
    format!("\x1b[200~{}\x1b[201~\n", line.trim_end())
}

/// What a program prints to be told what is pasted.
pub(super) const ASKS_FOR_PASTES: &[u8] = b"\x1b[?2004h";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_fits_and_holds_no_mark_itself() {
        let line = first_line("beef");
        // A terminal of another width would break its echo.
        assert!(line.len() < 1000, "{}", line.len());
        assert_eq!(line.matches('\n').count(), 1);
        assert!(
            !line.contains('\x1b') && !line.contains('\x07'),
            "its echo must not look like a mark"
        );
    }
}
