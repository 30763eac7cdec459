//! Whether there is a Docker Engine for tests that need one.

use std::io::Write as _;
use std::process::Command;
use std::sync::OnceLock;

/// Ends the test program, and says so once, if no Docker Engine answers: nothing was tried then, which is no failure, save
/// in CI (`CI` is set), where it must be. Whatever a test does with an engine comes after this.
pub(crate) fn needed() {
    static ASKED: OnceLock<()> = OnceLock::new();
    ASKED.get_or_init(|| {
        let Err(why) = answers() else { return };
        let may_skip = std::env::var_os("CI").is_none();
        let so = if may_skip {
            "they are skipped"
        } else {
            "in CI that is a failure"
        };
        // Straight to the terminal: what tests print is kept back, and this one never ends.
        let said = writeln!(
            std::io::stderr(),
            "\nno Docker Engine answers, and these tests need one: {so} ({why}); `scripts/setup` says what to do"
        );
        std::process::exit(i32::from(!may_skip || said.is_err()));
    });
}

/// Why no engine answers, in Docker's words.
fn answers() -> Result<(), String> {
    let asked = Command::new("docker")
        .args(["version", "--format", "{{.Server.Version}}"])
        .output()
        .map_err(|error| format!("docker: {error}"))?;
    if asked.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&asked.stderr);
    Err(said.lines().next().unwrap_or("it says nothing").to_owned())
}
