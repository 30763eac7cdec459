//! How the shell is started, and what is typed first to have it print marks; of programs that are opened in it, their
//! [`Interpreter`](seaworthy_console::Interpreter) says that.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

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

/// The first line for a shell that a person types into: its prompt is shown, and each line that it runs is told, as the
/// history has it, in Base64. A line of several is kept as it was typed. What the person does to their prompt lasts until
/// the next one: without its marks nothing could be judged.
pub(super) fn first_line_for_a_person(nonce: &str) -> String {
    let command = |kind: &str, value: &str| format!(r"\e]133;{kind};{value};{nonce}\a");
    let prompts = format!(
        r#"PS0="{}{}" PS1="\[{}\]\$ " PS2="\[{}\]> ""#,
        command("L", r"\$(HISTTIMEFORMAT= builtin history 1 | base64 -w0)"),
        command("C", ""),
        command("D", r"\$?;${EPOCHREALTIME-}"),
        command("P", "")
    );
    format!(
        "PROMPT_COMMAND='{prompts}' HISTCONTROL= HISTFILE=; shopt -s cmdhist lithist; history -c; \
         printf '\\033]133;I;%s;b;{nonce}\\a' \"$$\"\n"
    )
}

/// The text of a command from an entry of bash's history in Base64: without its number, with which an entry begins.
pub(super) fn line(encoded: &str) -> Option<String> {
    let entry = STANDARD.decode(encoded).ok()?;
    let entry = String::from_utf8_lossy(&entry);
    let entry = entry
        .trim_start()
        .trim_start_matches(|c: char| c.is_ascii_digit());
    // `*` stands after the number of an entry that was edited.
    let text = entry.get(2..).unwrap_or_default();
    Some(text.trim_end_matches('\n').to_owned())
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
        for line in [first_line("beef"), first_line_for_a_person("beef")] {
            // A terminal of another width would break its echo.
            assert!(line.len() < 1000, "{}", line.len());
            assert_eq!(line.matches('\n').count(), 1);
            assert!(
                !line.contains('\x1b') && !line.contains('\x07'),
                "its echo must not look like a mark"
            );
        }
    }

    #[test]
    fn lines_of_the_history() {
        for (entry, text) in [
            ("   12  docker ps\n", "docker ps"),
            ("    1* echo a\n", "echo a"),
            ("    3   indented\n", " indented"),
            ("    4  cat <<EOF\na\nEOF\n", "cat <<EOF\na\nEOF"),
            ("", ""),
        ] {
            let told = line(&STANDARD.encode(entry));
            assert_eq!(told.as_deref(), Some(text), "{entry:?}");
        }
        assert_eq!(line("?"), None);
    }
}
