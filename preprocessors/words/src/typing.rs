//! A command while it is typed, line by line: is it complete?

use crate::{Missing, Script, Verdict};

/// A shell command as far as it has been typed.
///
/// An author's `> ` continues an *incomplete* command and is output after a complete one, so the difference has to be
/// known before anything runs.
#[derive(Clone, Debug, Default)]
pub struct Typing {
    text: String,
    script: Script,
}

impl Typing {
    /// Takes one more line, without its newline.
    pub fn feed(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        if !self.surely_lacks(line) {
            self.script = Script::parse(self.text.as_str());
        }
    }

    /// Whether after this line the text lacks what it lacked before it. Long here-documents and quotes aren't read anew
    /// with each of their lines.
    fn surely_lacks(&self, line: &str) -> bool {
        match self.script.verdict() {
            Verdict::Incomplete(Missing::Document(delimiter)) => {
                !line.contains(delimiter.as_str()) && !line.ends_with('\\')
            }
            Verdict::Incomplete(Missing::Closing(quote @ ("'" | "\"" | "`"))) => {
                !line.contains(quote) && !line.contains(['$', '\\', '`'])
            }
            _ => false,
        }
    }

    /// What an incomplete command still lacks, in words; `None` if bash would run it, or refuse it.
    #[must_use]
    pub fn missing(&self) -> Option<String> {
        match self.script.verdict() {
            Verdict::Incomplete(missing) => Some(missing.told()),
            Verdict::Complete | Verdict::Wrong => None,
        }
    }

    /// Whether there is nothing to run so far: only blanks and comments.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.script.is_blank()
    }

    /// What has been typed.
    #[must_use]
    pub fn script(self) -> Script {
        self.script
    }
}
