//! Ctrl-C, and its like, while an engine is looked for; `tests/docker/outer.rs` has what comes later.

use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};

use crate::support::{Book, Ran, program};

/// What a script starts in the background begins with Ctrl-C ignored; it is heard all the same.
#[test]
fn while_an_engine_does_not_answer() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let engine = UnixListener::bind(&socket).unwrap();
    let book = Book::page("```console\n$ true\n```\n");
    for (command, signal) in [
        ("check", "-INT"),
        ("check", "-TERM"),
        ("check", "-HUP"),
        ("accept", "-INT"),
    ] {
        let child = Command::new("sh")
            .args(["-c", "trap '' INT; exec \"$@\"", "sh", program(), command])
            .current_dir(book.root())
            .env("DOCKER_HOST", format!("unix://{}", socket.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _silent = engine.accept().unwrap();
        let id = child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        let ran = Ran::from(child.wait_with_output().unwrap()).exits(130);
        assert_eq!(
            ran.stderr, "interrupted before an engine answered: nothing was run\n",
            "{command} {signal}"
        );
        assert!(!book.has("target/seaworthy/report.json"));
    }
}
