//! The head of an HTTP answer, as far as the start of an exec needs it.

/// No head of the engine's comes near this; more means that something else answers.
const LONGEST: usize = 16 * 1024;

/// The part of an answer before its body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The status code.
    pub(super) status: u16,
    /// `Content-Length`, if the answer has one.
    pub(super) length: Option<usize>,
    /// How many bytes the head takes, its empty line included.
    pub(super) end: usize,
}

/// Reads the head at the beginning of `bytes`. `None`: more bytes are needed.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Head>, String> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return match bytes.len() {
            n if n > LONGEST => Err(format!("no end of its head within {LONGEST} bytes")),
            _ => Ok(None),
        };
    };
    let text = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = text.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let status = first
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.split_ascii_whitespace().nth(1))
        .and_then(|status| status.parse().ok())
        .ok_or_else(|| format!("not HTTP: {first:?}"))?;
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok());
    Ok(Some(Head {
        status,
        length,
        end: end + 4,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UPGRADE: &[u8] =
        b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\
        Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n\x01\x02bash-5.2# ";

    #[test]
    fn heads_wherever_the_bytes_are_cut() {
        let end = UPGRADE.len() - 12;
        for cut in 0..UPGRADE.len() {
            let read = parse(&UPGRADE[..cut]).unwrap();
            assert_eq!(
                read.map(|head| head.end),
                (cut >= end).then_some(end),
                "cut at {cut}"
            );
        }
        assert_eq!(
            parse(UPGRADE).unwrap(),
            Some(Head {
                status: 101,
                length: None,
                end
            })
        );
    }

    #[test]
    fn other_answers() {
        let old = parse(b"HTTP/1.1 200 OK\r\n\r\n").unwrap().unwrap();
        assert_eq!((old.status, old.length), (200, None));
        let refused = parse(b"HTTP/1.0 409 Conflict\r\ncontent-LENGTH:  17 \r\n\r\n{}")
            .unwrap()
            .unwrap();
        assert_eq!((refused.status, refused.length), (409, Some(17)));
        assert!(
            parse(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
                .unwrap_err()
                .contains("not HTTP")
        );
        assert!(parse(b"HTTP/1.1 nonsense\r\n\r\n").is_err());
        assert_eq!(parse(&[b'x'; 100]).unwrap(), None);
        assert!(parse(&vec![b'x'; LONGEST + 1]).is_err());
    }
}
