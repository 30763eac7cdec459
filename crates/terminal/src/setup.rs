//! How the shell is started, and what is typed first to have it, and programs that are opened in it, print marks.

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

/// The first line for a shell inside, whichever it is (ash, dash, bash, bash as sh): marks, no echo, no editing
/// of lines, and what it is like. It has been shown its prompt already, so it reads this as a command.
pub(super) fn shell_line(nonce: &str) -> String {
    let mark =
        |kind: &str, value: &str| format!(r"$(printf '\033]133;{kind};{value};{nonce}\007')");
    let (begins, continues) = (mark("C", ""), mark("P", ""));
    format!(
        "PS1=$(printf '\\033]133;D;%s;;{nonce}\\007' '$?') PS2={continues}; \
         if [ \"$BASH_VERSION\" ]; then set +o emacs +o vi; unset PROMPT_COMMAND; history -c; PS0={begins}; fi; \
         printf '\\033]133;I;%s;%s;{nonce}\\007' $$ \"${{BASH_VERSION:+b}}$(stty -echo 2>/dev/null || echo e)\"\n"
    )
}

/// The first line for Python. The prompt that edits lines (since 3.13) can't be marked, so Python replaces itself
/// with one that has the plain prompt; nothing has been typed into it yet. An exception that ends a statement
/// counts as exit code 1. Tracebacks name `<stdin>` then.
pub(super) fn python_line(nonce: &str) -> String {
    let setup = format!(
        "import sys,termios\n\
         class _Mark:\n \
         def __init__(s,kind):s.kind=kind;s.seen=None\n \
         def __str__(s,sys=sys):\n  \
         e=getattr(sys,'last_value',None);c=int(e is not None and e is not s.seen);s.seen=e\n  \
         return '\\x1b]133;P;;{nonce}\\x07' if s.kind=='P' else '\\x1b]133;D;%d;;{nonce}\\x07'%c\n\
         sys.ps1,sys.ps2=_Mark('D'),_Mark('P')\n\
         _t=termios.tcgetattr(0);_t[3]&=~termios.ECHO;termios.tcsetattr(0,termios.TCSANOW,_t)\n\
         if hasattr(sys,'__interactivehook__'):del sys.__interactivehook__\n\
         del sys,termios,_Mark,_t\n"
    );
    let setup = setup.replace('\\', "\\\\").replace('\n', "\\n");
    format!(
        "import os,sys;os.environ['PYTHON_BASIC_REPL']='1';\
         os.execv(sys.executable,[sys.executable]+sys.orig_argv[1:]+['-q','-i','-c',\"{setup}\"])\n"
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
    fn the_lines_fit_and_hold_no_mark_themselves() {
        for line in [first_line("beef"), shell_line("beef"), python_line("beef")] {
            // A terminal of another width would break their echo.
            assert!(line.len() < 1000, "{}", line.len());
            assert_eq!(line.matches('\n').count(), 1);
            assert!(
                !line.contains('\x1b') && !line.contains('\x07'),
                "its echo must not look like a mark"
            );
        }
    }
}
