//! How the shell is started, and what is typed first to have it print marks.

/// The shell: bash as a person uses it, without start-up files, and reading lines through the kernel's terminal
/// (readline would redraw what is typed).
pub(super) const SHELL: [&str; 5] = ["bash", "--noprofile", "--norc", "--noediting", "-i"];

/// Keys that no one types. With the engine's usual ones (Ctrl-P Ctrl-Q) those would never reach the shell.
pub(super) const DETACH_KEYS: &str = "ctrl-@,ctrl-_,ctrl-@,ctrl-_";

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
        "stty -echo; PROMPT_COMMAND='{prompts}'; history -c; printf '\\033]133;I;%s;{nonce}\\a' \"$$\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_fits_and_holds_no_mark_itself() {
        let line = first_line("beef");
        assert!(line.len() < super::super::typing::LONGEST_LINE);
        assert_eq!(line.matches('\n').count(), 1);
        assert!(
            !line.contains('\x1b') && !line.contains('\x07'),
            "its echo must not look like a mark"
        );
    }
}
