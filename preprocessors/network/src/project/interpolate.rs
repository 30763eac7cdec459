//! Compose's variables: `${NAME:-default}` in a value. Enter at [`expand`].
//!
//! Rules: the Compose specification, "Interpolation". One thing differs: a variable that isn't set and has no default
//! stands for itself, where Compose puts nothing in its place; so what depends on it can be drawn as unknown.

/// How deep defaults may stand in defaults.
const DEEPEST: usize = 32;

/// Why a value can't be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// `${NAME:?words}`, and it is not set.
    Required { name: String, words: String },
    /// A `$` that begins no variable.
    Invalid,
}

/// `text` with each variable replaced by what `value` says it is, else its default, and `$$` by `$`.
///
/// # Errors
/// The first variable that has to be set and isn't, or the first `$` that begins none.
pub(crate) fn expand(
    text: &str,
    value: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Trouble> {
    expand_within(text, value, 0)
}

fn expand_within(
    text: &str,
    value: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<String, Trouble> {
    if depth > DEEPEST {
        return Err(Trouble::Invalid);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if rest.starts_with('{') {
            let end = closing(rest).ok_or(Trouble::Invalid)?;
            out.push_str(&braced(&rest[1..end], value, depth)?);
            rest = &rest[end + 1..];
        } else {
            let (name, after) = split_name(rest).ok_or(Trouble::Invalid)?;
            out.push_str(&value(name).unwrap_or_else(|| format!("${{{name}}}")));
            rest = after;
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// What stands in the place of `${inner}`.
fn braced(
    inner: &str,
    value: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<String, Trouble> {
    let (name, rest) = split_name(inner).ok_or(Trouble::Invalid)?;
    let set = value(name);
    let (colon, rest) = match rest.strip_prefix(':') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    // With a colon, nothing counts as not set.
    let usable = set.clone().filter(|text| !colon || !text.is_empty());
    let mut letters = rest.chars();
    let sign = letters.next();
    let operand = letters.as_str();
    match sign {
        None if !colon => Ok(set.unwrap_or_else(|| format!("${{{name}}}"))),
        Some('-') => match usable {
            Some(text) => Ok(text),
            None => expand_within(operand, value, depth + 1),
        },
        Some('?') => usable.map_or_else(
            || {
                let words = expand_within(operand, value, depth + 1)?;
                Err(Trouble::Required {
                    name: name.to_owned(),
                    words,
                })
            },
            Ok,
        ),
        Some('+') => match usable {
            Some(_) => expand_within(operand, value, depth + 1),
            None => Ok(String::new()),
        },
        _ => Err(Trouble::Invalid),
    }
}

/// A variable's name at the beginning of `text`, and what follows it.
fn split_name(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let first = text.chars().next()?;
    (end > 0 && !first.is_ascii_digit()).then(|| text.split_at(end))
}

/// The index of the brace that closes the one at the beginning of `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The variable that `text` still holds, because it isn't set.
pub(crate) fn unset(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("${")?;
    split_name(rest).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::{Trouble, expand};

    fn value(name: &str) -> Option<String> {
        match name {
            "SET" => Some("set".to_owned()),
            "EMPTY" => Some(String::new()),
            "DOLLARS" => Some("$SET".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a_variable_stands_for_its_value_its_default_or_itself() {
        for (written, read) in [
            ("80:80", "80:80"),
            ("${PORT:-8080}:80", "8080:80"),
            ("${PORT-8080}:80", "8080:80"),
            ("${A:-${B:-7}}", "7"),
            ("${A:-x${SET}y}", "xsety"),
            ("${SET:-no}$SET", "setset"),
            ("[${EMPTY:-no}][${EMPTY-no}][$EMPTY]", "[no][][]"),
            (
                "[${SET:+yes}][${EMPTY:+yes}][${EMPTY+yes}][${A+yes}]",
                "[yes][][yes][]",
            ),
            ("${SET:?words}", "set"),
            ("${DOLLARS}", "$SET"),
            ("${TAG}", "${TAG}"),
            ("$TAG", "${TAG}"),
            ("$${NOT}", "${NOT}"),
        ] {
            assert_eq!(expand(written, &value).as_deref(), Ok(read), "{written}");
        }
    }

    #[test]
    fn what_must_be_set_says_so() {
        for (written, name, words) in [
            ("${A:?say it}", "A", "say it"),
            ("${A?}", "A", ""),
            ("${EMPTY:?not empty, ${SET}}", "EMPTY", "not empty, set"),
        ] {
            let trouble = Trouble::Required {
                name: name.to_owned(),
                words: words.to_owned(),
            };
            assert_eq!(expand(written, &value), Err(trouble), "{written}");
        }
    }

    #[test]
    fn a_dollar_that_begins_no_variable_is_refused() {
        let deep = "${A:-".repeat(100_000) + &"}".repeat(100_000);
        for written in ["5$", "${open", "${}", "$1", "${A:}", "${A!}", &deep] {
            assert_eq!(expand(written, &value), Err(Trouble::Invalid), "{written}");
        }
    }
}
