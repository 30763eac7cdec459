//! The grammar of attributes: `key`, `key=value`, `key="a value, quoted"`.
//!
//! Attributes are read from the raw fence line, because a Markdown parser unescapes it.

use std::ops::Range;

use crate::{Fault, FaultCode};

/// The most attributes that are read of one block or comment: there are far fewer that mean anything.
const MOST: usize = 100;

/// One attribute of a fence or of a settings comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The name before `=`.
    pub key: String,
    /// The value after `=`, without its quotes; `None` for a bare key.
    pub value: Option<String>,
    /// The bytes of the whole attribute.
    pub span: Range<usize>,
    /// The bytes of the value, quotes included; those of the key if there is no value.
    pub value_span: Range<usize>,
}

/// What may stand between two attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// After a fence's language: commas, as mdBook has it.
    Comma,
    /// In a settings comment: blanks or commas.
    Blank,
}

/// The attributes in the body of a settings comment, such as `docker=">=23" timeout=2m`.
///
/// `offset` is where `body` stands in the text that the spans are to refer to.
///
/// # Errors
/// Every fault of the grammar that was met.
pub fn parse_settings(body: &str, offset: usize) -> Result<Vec<Attribute>, Vec<Fault>> {
    parse(body, offset, Separator::Blank)
}

/// The attributes in `text`, which stands at `offset`.
pub(crate) fn parse(
    text: &str,
    offset: usize,
    separator: Separator,
) -> Result<Vec<Attribute>, Vec<Fault>> {
    let mut scanner = Scanner { text, at: 0 };
    let mut attributes = Vec::new();
    let mut faults = Vec::new();
    loop {
        scanner.skip_while(|c| c.is_whitespace() || c == ',');
        if scanner.rest().is_empty() {
            break;
        }
        if attributes.len() + faults.len() >= MOST {
            let rest = scanner.at..scanner.at + 1;
            faults.push(
                Fault::error(
                    FaultCode::TooManyAttributes,
                    rest,
                    format!("there are more than {MOST} attributes here"),
                )
                .label("and the rest isn't read")
                .help("remove those that mean nothing"),
            );
            break;
        }
        match scanner.attribute() {
            Ok(attribute) => attributes.push(attribute),
            Err(fault) => faults.push(fault),
        }
        if separator == Separator::Comma {
            let end = scanner.at;
            scanner.skip_while(char::is_whitespace);
            if !scanner.rest().is_empty() && !scanner.rest().starts_with(',') {
                faults.push(
                    Fault::error(FaultCode::MissingComma, end..scanner.at + 1, "attributes are separated by commas")
                        .label("a comma is missing here")
                        .help("write ````console,first,second=value`; quote a value that holds blanks: `key=\"a value\"`"),
                );
            }
        }
    }
    if faults.is_empty() {
        let shift = |span: Range<usize>| span.start + offset..span.end + offset;
        Ok(attributes
            .into_iter()
            .map(|a| Attribute {
                span: shift(a.span),
                value_span: shift(a.value_span),
                ..a
            })
            .collect())
    } else {
        Err(faults.into_iter().map(|f| f.shifted(offset)).collect())
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn attribute(&mut self) -> Result<Attribute, Fault> {
        let start = self.at;
        let key = self.skip_while(|c| !c.is_whitespace() && !matches!(c, ',' | '=' | '"'));
        if key.is_empty() {
            // Step over what is there, so that the rest is read too.
            let stray = self.rest().chars().next().map_or(0, char::len_utf8);
            self.at += stray;
            return Err(Fault::error(
                FaultCode::MissingName,
                start..self.at,
                "an attribute begins with its name",
            )
            .label("no name here")
            .help("write `name`, `name=value` or `name=\"a value\"`"));
        }
        let key_span = start..self.at;
        if !self.rest().starts_with('=') {
            return Ok(Attribute {
                key: key.to_owned(),
                value: None,
                span: key_span.clone(),
                value_span: key_span,
            });
        }
        self.at += 1;
        let value_start = self.at;
        let value = if self.rest().starts_with('"') {
            self.quoted()?
        } else {
            let bare = self.skip_while(|c| !c.is_whitespace() && c != ',');
            if bare.is_empty() {
                return Err(Fault::error(
                    FaultCode::MissingValue,
                    start..self.at,
                    format!("`{key}=` has no value"),
                )
                .label("a value is missing after `=`")
                .help(format!("write `{key}=value`, or `{key}` alone")));
            }
            bare.to_owned()
        };
        Ok(Attribute {
            key: key.to_owned(),
            value: Some(value),
            span: start..self.at,
            value_span: value_start..self.at,
        })
    }

    /// A value in double quotes, in which `\"` and `\\` stand for a quote and a backslash.
    fn quoted(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let mut value = String::new();
        let mut escaped = false;
        for (i, c) in self.text[start + 1..].char_indices() {
            match c {
                '"' if !escaped => {
                    self.at = start + 1 + i + 1;
                    return Ok(value);
                }
                '\\' if !escaped => escaped = true,
                _ => {
                    if escaped && !matches!(c, '"' | '\\') {
                        value.push('\\');
                    }
                    escaped = false;
                    value.push(c);
                }
            }
        }
        self.at = self.text.len();
        Err(Fault::error(
            FaultCode::OpenQuote,
            start..self.text.len(),
            "this quoted value doesn't end",
        )
        .label("opened here")
        .help("close it with `\"` on the same line"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, Option<String>)> {
        parse(text, 0, Separator::Comma)
            .unwrap()
            .into_iter()
            .map(|a| (a.key, a.value))
            .collect()
    }

    fn pair(key: &str, value: Option<&str>) -> (String, Option<String>) {
        (key.to_owned(), value.map(str::to_owned))
    }

    #[test]
    fn bare_valued_and_quoted() {
        assert_eq!(
            pairs(r#"should_fail, exit=7,proves="names, \"quoted\", don't resolve""#),
            [
                pair("should_fail", None),
                pair("exit", Some("7")),
                pair("proves", Some("names, \"quoted\", don't resolve")),
            ]
        );
        assert_eq!(pairs(""), []);
        assert_eq!(pairs(r#"a="\d+""#), [pair("a", Some(r"\d+"))]);
    }

    #[test]
    fn settings_are_separated_by_blanks_or_commas() {
        let found = parse_settings(r#" machines="node-1,node-2" docker=">=23",x=1 "#, 10).unwrap();
        let keys: Vec<_> = found.iter().map(|a| a.key.as_str()).collect();
        assert_eq!(keys, ["machines", "docker", "x"]);
        assert_eq!(found[0].span, 11..35);
        assert_eq!(found[0].value_span, 20..35);
    }

    #[test]
    fn spans_are_those_of_the_text() {
        let found = parse("a,key=value", 100, Separator::Comma).unwrap();
        assert_eq!(found[1].span, 102..111);
        assert_eq!(found[1].value_span, 106..111);
    }

    #[test]
    fn every_fault_is_told() {
        for (text, message, span) in [
            ("a b", "attributes are separated by commas", 1..3),
            ("exit=", "`exit=` has no value", 0..5),
            ("exit=,b", "`exit=` has no value", 0..5),
            ("proves=\"open", "this quoted value doesn't end", 7..12),
            ("=3", "an attribute begins with its name", 0..1),
        ] {
            let faults = parse(text, 0, Separator::Comma).unwrap_err();
            assert_eq!(faults[0].message, message, "{text}");
            assert_eq!(faults[0].span, span, "{text}");
        }
        let many = parse(&"a=1,".repeat(1000), 0, Separator::Comma).unwrap_err();
        assert_eq!(many[0].message, "there are more than 100 attributes here");
        assert_eq!((many.len(), many[0].span.clone()), (1, 400..401));
        let both = parse("exit=,retry=,", 0, Separator::Comma).unwrap_err();
        assert_eq!(both.len(), 2);
    }
}
