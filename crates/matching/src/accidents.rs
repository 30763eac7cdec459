//! What engines print in one way or another by accident, and no page claims: ports said twice for IPv4 and IPv6 or once,
//! the address on which a port was found taken, the order of what Go keeps in a map.
//!
//! Tokens are dropped, joined or put in order on both sides before they are compared.

use std::collections::HashSet;

use seaworthy_words::Call;

use super::tokens::{Kind, Token};

/// Makes the tokens of a line independent of accidents.
pub(super) fn settle(line: &str, tokens: &mut Vec<Token>) {
    if line.contains("->") {
        drop_within(line, tokens);
    }
    if line.contains(" for 0.0.0.0:") {
        join_clash(line, tokens);
    }
    if line.contains('(')
        && let Some(at) = line.find(ENDPOINTS)
    {
        sort_endpoints(line, at + ENDPOINTS.len(), tokens);
    }
}

/// What stands before the endpoints of a network that cannot be removed, which are a map's.
const ENDPOINTS: &str = " has active endpoints (";

/// Puts `name:"web" id:"…", name:"app" id:"…"` in order of the names.
fn sort_endpoints(line: &str, start: usize, tokens: &mut Vec<Token>) {
    let Some(first) = tokens.iter().position(|token| token.range().start == start) else {
        return;
    };
    let len = tokens[first..]
        .iter()
        .position(|token| token.text(line) == ")")
        .unwrap_or(tokens.len() - first);
    let list: Vec<Token> = tokens[first..first + len].to_vec();
    let mut endpoints: Vec<&[Token]> = list.split(|token| token.text(line) == ",").collect();
    let text = |endpoint: &[Token]| {
        endpoint
            .iter()
            .map(|token| token.text(line))
            .collect::<String>()
            .trim()
            .to_owned()
    };
    endpoints.sort_by_key(|endpoint| text(endpoint));
    // Commas and the blanks after them say no more.
    let solid = |token: &&Token| token.kind != Kind::Blank;
    tokens.splice(
        first..first + len,
        endpoints
            .into_iter()
            .flat_map(|endpoint| endpoint.iter().filter(solid).copied()),
    );
}

/// Errors after which one of the addresses on which a port was wanted is named: whichever was tried first.
const CLASHES: [&str; 2] = ["Bind for 0.0.0.0:", "bind host port for 0.0.0.0:"];

/// Makes `0.0.0.0:` in the error of a port that is taken what `[::]:` is.
fn join_clash(line: &str, tokens: &mut Vec<Token>) {
    for clash in CLASHES {
        let Some(end) = line.find(clash).map(|at| at + clash.len()) else {
            continue;
        };
        let start = end - "0.0.0.0:".len();
        let first = tokens.iter().position(|token| token.range().start == start);
        let last = tokens.iter().position(|token| token.range().end == end);
        if let Some((first, last)) = first.zip(last) {
            tokens.splice(first..=last, [Token::new(Kind::AllV6, start..end)]);
        }
    }
}

/// Takes `, [::]:8080->80/tcp` out of the tokens of a line that has `0.0.0.0:8080->80/tcp` before it.
fn drop_within(line: &str, tokens: &mut Vec<Token>) {
    let mut for_all: HashSet<String> = HashSet::new();
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        if token.kind == Kind::Word && token.text(line) == "0.0.0.0" {
            if let Some((published, _)) = publication(line, &tokens[at + 1..], true) {
                for_all.insert(published);
            }
        } else if token.kind == Kind::Punct && token.text(line) == "," {
            let blank = usize::from(
                tokens
                    .get(at + 1)
                    .is_some_and(|next| next.kind == Kind::Blank),
            );
            let next = at + 1 + blank;
            if tokens
                .get(next)
                .is_some_and(|next| next.kind == Kind::AllV6)
                && let Some((published, used)) = publication(line, &tokens[next + 1..], false)
                && for_all.contains(&published)
            {
                at = next + 1 + used;
                continue;
            }
        }
        kept.push(*token);
        at += 1;
    }
    *tokens = kept;
}

/// `8080->80/tcp`, with a `:` before it or not: what tells twins from others, and how many tokens it takes. A port that
/// the engine chose may be another for IPv6.
fn publication(line: &str, tokens: &[Token], colon: bool) -> Option<(String, usize)> {
    let start = usize::from(colon);
    let words: Vec<&str> = tokens
        .iter()
        .take(start + 6)
        .map(|token| token.text(line))
        .collect();
    if colon && words.first() != Some(&":") {
        return None;
    }
    let [port, "-", ">", target, "/", protocol] = words.get(start..)? else {
        return None;
    };
    let port = if matches!(tokens[start].kind, Kind::Port(_)) {
        "chosen"
    } else {
        port
    };
    Some((format!("{port}->{target}/{protocol}"), start + 6))
}

/// Marks the lines of `docker port` for IPv6 that follow the same one for IPv4.
pub(super) fn drop_lines(calls: &[Call<'_>], lines: &[&str], skip: &mut [bool]) {
    if !calls.iter().any(|call| call.is_container(&["port"])) {
        return;
    }
    for at in 1..lines.len() {
        let (before, line) = (lines[at - 1].trim(), lines[at].trim());
        let (target_before, host_before) = before.rsplit_once(' ').unwrap_or(("", before));
        let (target, host) = line.rsplit_once(' ').unwrap_or(("", line));
        let port = host
            .strip_prefix("[::]:")
            .or_else(|| host.strip_prefix(":::"));
        let Some((before, port)) = host_before.strip_prefix("0.0.0.0:").zip(port) else {
            continue;
        };
        let chosen = |port: &str| super::tokens::ephemeral(port.as_bytes()).is_some();
        if target == target_before && (before == port || (chosen(before) && chosen(port))) {
            skip[at] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Reading;
    use crate::tokens::tokens;
    use seaworthy_words::Script;

    #[test]
    fn a_clash_is_one_whichever_address_was_tried_first() {
        let kinds = |line: &str| {
            let mut all = tokens(line, Reading::default());
            settle(line, &mut all);
            all.into_iter().map(|token| token.kind).collect::<Vec<_>>()
        };
        let error = "Bind for 0.0.0.0:8080 failed: port is already allocated";
        assert_eq!(kinds(error), kinds(&error.replace("0.0.0.0:", ":::")));
        assert_ne!(
            kinds(error),
            kinds(&error.replace("0.0.0.0:", "127.0.0.1:"))
        );
    }

    #[test]
    fn endpoints_come_in_any_order() {
        let texts = |line: &str| {
            let mut all = tokens(line, Reading::default());
            settle(line, &mut all);
            all.into_iter()
                .map(|token| token.text(line).to_owned())
                .collect::<Vec<_>>()
        };
        let list = |list: &str| format!("error: network front has active endpoints ({list})");
        let (web, app) = (
            "name:\"web\" id:\"4933e91a0f6d\"",
            "name:\"app\" id:\"d6f8c6e53fd3\"",
        );
        assert_eq!(
            texts(&list(&format!("{web}, {app}"))),
            texts(&list(&format!("{app}, {web}")))
        );
        assert_ne!(texts(&list(&format!("{web}, {app}"))), texts(&list(web)));
        assert_eq!(texts(&list("")).last().map(String::as_str), Some(")"));
        texts(" has active endpoints (");
        texts(" has active endpoints (, ,");
    }

    #[test]
    fn twins_are_dropped() {
        let text = |line: &str| {
            let mut all = tokens(line, Reading::default());
            settle(line, &mut all);
            all.iter().map(|token| token.text(line)).collect::<String>()
        };
        for (line, kept) in [
            (
                "web: 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp",
                "web: 0.0.0.0:8080->80/tcp",
            ),
            (
                "web: 0.0.0.0:8080->80/tcp, :::8080->80/tcp, 443/tcp",
                "web: 0.0.0.0:8080->80/tcp, 443/tcp",
            ),
            (
                "0.0.0.0:49153->80/tcp, :::49154->80/tcp",
                "0.0.0.0:49153->80/tcp",
            ),
            (
                "0.0.0.0:8080->80/tcp, [::]:8081->80/tcp",
                "0.0.0.0:8080->80/tcp, [::]:8081->80/tcp",
            ),
            ("[::]:8080->80/tcp", "[::]:8080->80/tcp"),
            ("a -> b, [::]:", "a -> b, [::]:"),
        ] {
            assert_eq!(text(line), kept, "{line}");
        }
        let lines = [
            "80/tcp -> 0.0.0.0:8080",
            "80/tcp -> [::]:8080",
            "443/tcp -> [::]:8443",
        ];
        let mut skip = [false; 3];
        drop_lines(&Script::parse("docker port web").calls(), &lines, &mut skip);
        assert_eq!(skip, [false, true, false]);
    }
}
