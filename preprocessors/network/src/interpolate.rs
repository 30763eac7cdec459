//! Compose's variables: `${NAME:-default}` in a value. Enter at [`interpolate`].
//!
//! A drawing has no environment, so a variable stands for its default, and for itself if it has none.
//! Rules: the Compose specification, "Interpolation".

/// `text` with each variable replaced by its default, where it has one, and `$$` by `$`.
pub(crate) fn interpolate(text: String) -> String {
    if !text.contains('$') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(length) = rest.starts_with('{').then(|| closing(rest)).flatten() {
            let inner = &rest[1..length];
            match default_of(inner) {
                Some(default) => out.push_str(&interpolate(default.to_owned())),
                None => {
                    out.push_str("${");
                    out.push_str(inner);
                    out.push('}');
                }
            }
            rest = &rest[length + 1..];
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
    out
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

/// What follows `:-` or `-` after the variable's name.
fn default_of(inner: &str) -> Option<&str> {
    let name = inner
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(inner.len());
    let rest = &inner[name..];
    rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'))
}

#[cfg(test)]
mod tests {
    use super::interpolate;

    #[test]
    fn a_variable_stands_for_its_default_or_for_itself() {
        for (written, read) in [
            ("80:80", "80:80"),
            ("${PORT:-8080}:80", "8080:80"),
            ("${PORT-8080}:80", "8080:80"),
            ("${A:-${B:-7}}", "7"),
            ("${TAG}", "${TAG}"),
            ("$TAG", "$TAG"),
            ("${TAG:?must be set}", "${TAG:?must be set}"),
            ("$${NOT}", "${NOT}"),
            ("5$", "5$"),
            ("${open", "${open"),
        ] {
            assert_eq!(interpolate(written.to_owned()), read, "{written}");
        }
    }
}
