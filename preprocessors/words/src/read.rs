//! Reading a text: as bash reads it, or, where bash would not run it, as well as that can be told.

use crate::flat;
use crate::parse::{Parser, Stop};
use crate::run;
use crate::script::{Script, Simple, Verdict};

impl Script {
    /// Reads a text. What bash refuses or doesn't take as complete is still cut into simple commands, as well as that
    /// can be told.
    #[must_use]
    pub fn parse(text: impl Into<String>) -> Self {
        let source = text.into();
        let mut parser = Parser::new(&source);
        let (list, verdict) = match parser.script() {
            Ok(list) => (list, Verdict::Complete),
            Err(Stop::Incomplete(missing)) => (flat::list(&source), Verdict::Incomplete(missing)),
            Err(Stop::Wrong) => (flat::list(&source), Verdict::Wrong),
        };
        let documents = parser.documents;
        let mut script = Self {
            source,
            list,
            documents,
            verdict,
        };
        let mut list = std::mem::take(&mut script.list);
        list.change(&mut |simple| read_given(&script, simple));
        script.list = list;
        script
    }
}

/// Reads the text that a simple command gives to a shell to run, if there is one.
fn read_given(script: &Script, simple: &mut Simple) {
    let given = run::given_script(script, simple);
    simple.script = given.map(|text| Box::new(Script::parse(text)));
}
