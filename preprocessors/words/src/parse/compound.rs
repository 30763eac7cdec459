//! Compound commands.

use super::quoted::Pair;
use super::word::Mode;
use super::{Parse, Parser, Stop};
use crate::script::{Command, Compound, Item, Kind, List, Missing, Pipeline, Word};

/// What a compound command holds.
type Held = (Kind, Vec<List>, Vec<Word>);

impl Parser<'_> {
    /// The compound command that comes next, with its redirections.
    pub(super) fn compound(&mut self) -> Parse<Option<Compound>> {
        let keyword = self.keyword()?;
        if matches!(keyword, Some("function" | "coproc")) {
            self.pass_keyword();
            return match keyword {
                Some("function") => self.named_function().map(Some),
                _ => self.coprocess().map(Some),
            };
        }
        let Some((kind, lists, words)) = self.body_of_compound()? else {
            return match keyword {
                // After `|`, it is a program's name.
                Some("time") | None => Ok(None),
                // Another reserved word: nothing begins with it.
                Some(_) => Err(Stop::Wrong),
            };
        };
        let mut compound = Compound {
            kind,
            lists,
            words,
            redirects: Vec::new(),
        };
        // What ends it is a reserved word, so another may follow.
        self.reserved = true;
        while let Some(redirect) = self.redirect()? {
            compound.redirects.push(redirect);
        }
        Ok(Some(compound))
    }

    /// What may be the body of a function.
    fn body_of_compound(&mut self) -> Parse<Option<Held>> {
        if self
            .operator()?
            .is_some_and(|(operator, _)| operator == "(")
        {
            return self.bracket().map(Some);
        }
        let Some(keyword) = self.keyword()? else {
            return Ok(None);
        };
        let read = match keyword {
            "{" => Self::group,
            "if" => Self::branches,
            "while" | "until" => Self::repeated,
            "for" | "select" => Self::counted,
            "case" => Self::cases,
            "[[" => Self::test,
            _ => return Ok(None),
        };
        self.pass_keyword();
        let (kind, lists, words) = read(self)?;
        let kind = if keyword == "until" {
            Kind::Until
        } else {
            kind
        };
        Ok(Some((kind, lists, words)))
    }

    fn group(&mut self) -> Parse<Held> {
        let list = self.within("}", Self::list)?;
        Ok((Kind::Group, vec![list], Vec::new()))
    }

    /// `((…))`, or a subshell.
    fn bracket(&mut self) -> Parse<Held> {
        self.peek();
        if self.second() == Some(b'(') && self.arithmetic()? {
            return Ok((Kind::Arithmetic, Vec::new(), Vec::new()));
        }
        self.takes("(")?;
        let list = self.within(")", Self::list)?;
        Ok((Kind::Subshell, vec![list], Vec::new()))
    }

    /// Goes over `((…))`, if the brackets close together.
    fn arithmetic(&mut self) -> Parse<bool> {
        let start = self.at;
        self.at = self.past_continuation(self.at + 1) + 1;
        let lists = self.lists.len();
        match self.deeper(|parser| parser.matched('(', ')', Pair::default())) {
            Err(Stop::Incomplete(Missing::Closing(")"))) => {
                return Err(Stop::Incomplete(Missing::Closing("))")));
            }
            other => other?,
        }
        self.lists.truncate(lists);
        let closes = self.source.as_bytes().get(self.at) == Some(&b')');
        self.at = if closes { self.at + 1 } else { start };
        Ok(closes)
    }

    fn branches(&mut self) -> Parse<Held> {
        let lists = self.within("fi", |parser| {
            let mut lists = Vec::new();
            loop {
                lists.push(parser.list()?);
                parser.wants("then")?;
                lists.push(parser.list()?);
                if parser.takes_keyword("else")? {
                    lists.push(parser.list()?);
                    return Ok(lists);
                }
                if !parser.takes_keyword("elif")? {
                    return Ok(lists);
                }
            }
        })?;
        Ok((Kind::If, lists, Vec::new()))
    }

    fn wants(&mut self, keyword: &str) -> Parse<()> {
        if self.takes_keyword(keyword)? {
            Ok(())
        } else {
            self.unexpected()
        }
    }

    fn repeated(&mut self) -> Parse<Held> {
        let lists = self.within("done", |parser| {
            let condition = parser.list()?;
            parser.wants("do")?;
            Ok(vec![condition, parser.list()?])
        })?;
        Ok((Kind::While, lists, Vec::new()))
    }

    /// `do …; done` or `{ …; }`, which some loops take as well.
    fn looped(&mut self) -> Parse<List> {
        self.newlines()?;
        if self.takes_keyword("{")? {
            return self.within("}", Self::list);
        }
        self.open.push("done");
        self.wants("do")?;
        self.open.pop();
        self.within("done", Self::list)
    }

    /// What follows `for` and `select`.
    fn counted(&mut self) -> Parse<Held> {
        self.reserved = false;
        self.open.push("done");
        let bracket = self
            .operator()?
            .is_some_and(|(operator, _)| operator == "(");
        let mut words = Vec::new();
        if bracket {
            self.three()?;
            self.takes(";")?;
            self.reserved = true;
        } else {
            self.name()?;
            self.words_of_loop(&mut words)?;
        }
        self.open.pop();
        let list = self.looped()?;
        Ok((Kind::For, vec![list], words))
    }

    /// Reads a word that has to stand in this line: at its end, bash doesn't ask for more.
    fn name(&mut self) -> Parse<Word> {
        if !self.word_begins()? {
            return self.wrong();
        }
        Ok(self.word(Mode::default())?.word)
    }

    /// `in a b;`, or nothing of it.
    fn words_of_loop(&mut self, words: &mut Vec<Word>) -> Parse<()> {
        self.reserved = true;
        if self.takes(";")? {
            return Ok(());
        }
        self.newlines()?;
        if self.plain() != Some("in") {
            return Ok(());
        }
        self.pass_keyword();
        self.reserved = false;
        while self.word_begins()? {
            words.push(self.word(Mode::default())?.word);
        }
        if self.takes(";")? || self.takes_newline()? {
            return Ok(());
        }
        self.unexpected()
    }

    /// `((a; b; c))` after `for`.
    fn three(&mut self) -> Parse<()> {
        if self.second() != Some(b'(') {
            return Err(Stop::Wrong);
        }
        let start = self.at;
        if !self.arithmetic()? {
            return self.unexpected();
        }
        let parts = self.source[start..self.at].matches(';').count();
        if parts == 2 { Ok(()) } else { Err(Stop::Wrong) }
    }

    fn cases(&mut self) -> Parse<Held> {
        self.reserved = false;
        self.open.push("esac");
        let mut words = vec![self.name()?];
        self.newlines()?;
        if self.plain() != Some("in") {
            return self.unexpected();
        }
        self.pass_keyword();
        self.open.pop();
        let lists = self.within("esac", |parser| {
            let mut lists = Vec::new();
            parser.reserved = true;
            parser.newlines()?;
            while parser.keyword()? != Some("esac") {
                if parser.next()?.is_none() {
                    return parser.unexpected();
                }
                parser.pattern(&mut words)?;
                parser.newlines()?;
                if !parser.at_end_of_clause()? {
                    lists.push(parser.list()?);
                }
                let goes_on = parser.takes(";;&")? || parser.takes(";;")? || parser.takes(";&")?;
                if !goes_on {
                    break;
                }
                parser.newlines()?;
            }
            Ok(lists)
        })?;
        Ok((Kind::Case, lists, words))
    }

    fn at_end_of_clause(&mut self) -> Parse<bool> {
        let operator = self.operator()?.map(|(operator, _)| operator);
        Ok(self.keyword()? == Some("esac") || matches!(operator, Some(";;" | ";&" | ";;&")))
    }

    /// `a|b)`, with or without a bracket before it.
    fn pattern(&mut self, words: &mut Vec<Word>) -> Parse<()> {
        self.takes("(")?;
        loop {
            words.push(self.name()?);
            if self.takes(")")? {
                return Ok(());
            }
            if !self.takes("|")? {
                return self.wrong();
            }
        }
    }

    /// What follows `function`.
    fn named_function(&mut self) -> Parse<Compound> {
        self.reserved = false;
        self.name()?;
        let bracket = self.at;
        // A subshell is a body, too.
        if self.takes("(")? && !self.takes(")")? {
            self.at = bracket;
        }
        self.function()
    }

    /// The body of a function, of which the name has been read.
    pub(super) fn function(&mut self) -> Parse<Compound> {
        self.reserved = true;
        self.goes_on()?;
        let body = match self.keyword()? {
            Some("function" | "coproc") => return Err(Stop::Wrong),
            _ => self.deeper(Self::compound)?,
        };
        match body {
            Some(body) => Ok(around(Kind::Function, Command::Compound(body))),
            None => self.wrong(),
        }
    }

    /// What follows `coproc`: a command, or a name and a compound one.
    fn coprocess(&mut self) -> Parse<Compound> {
        self.reserved = true;
        let nothing = matches!(self.next()?, None | Some(b'\n'));
        if nothing || self.keyword()? == Some("coproc") {
            return self.wrong();
        }
        let start = self.at;
        if self.keyword()?.is_none() && self.word_begins()? {
            self.word(Mode {
                arrays: true,
                subscripts: true,
                ..Mode::default()
            })?;
            if self.body_begins()? {
                return Ok(around(Kind::Coprocess, self.command()?));
            }
            self.at = start;
        }
        Ok(around(Kind::Coprocess, self.command()?))
    }

    /// Whether a compound command comes next, or what would be one.
    fn body_begins(&mut self) -> Parse<bool> {
        let bracket = self
            .operator()?
            .is_some_and(|(operator, _)| operator == "(");
        Ok(bracket || self.keyword()?.is_some())
    }
}

/// What holds just one command.
fn around(kind: Kind, command: Command) -> Compound {
    let first = Pipeline {
        negated: false,
        commands: vec![command],
    };
    let item = Item {
        first,
        rest: Vec::new(),
        background: false,
    };
    Compound {
        kind,
        lists: vec![List { items: vec![item] }],
        words: Vec::new(),
        redirects: Vec::new(),
    }
}
