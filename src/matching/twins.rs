//! Ports that are published for all IPv6 addresses as they are for all IPv4 ones: said twice or once, it is the same.
//!
//! Whether Docker says it twice depends on the host's IPv6 and on the engine's version, not on what the page claims.

use super::command::Docker;
use super::tokens::{Kind, Token};

/// Takes `, [::]:8080->80/tcp` out of the tokens of a line that has `0.0.0.0:8080->80/tcp` before it.
pub(super) fn drop_within(line: &str, tokens: &mut Vec<Token>) {
    if !line.contains("->") {
        return;
    }
    let mut for_all: Vec<String> = Vec::new();
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        if token.kind == Kind::Word && token.text(line) == "0.0.0.0" {
            if let Some((published, _)) = publication(line, &tokens[at + 1..], true) {
                for_all.push(published);
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
pub(super) fn drop_lines(calls: &[Docker<'_>], lines: &[&str], skip: &mut [bool]) {
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
    use crate::matching::command;
    use crate::matching::tokens::{Reading, tokens};

    #[test]
    fn twins_are_dropped() {
        let text = |line: &str| {
            let mut all = tokens(line, Reading::default());
            drop_within(line, &mut all);
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
        drop_lines(&command::docker_calls("docker port web"), &lines, &mut skip);
        assert_eq!(skip, [false, true, false]);
    }
}
