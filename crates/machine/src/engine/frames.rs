//! Telling stdout and stderr apart in the connection of an exec without a terminal: each frame has a header of eight
//! bytes (stream, three zeros, length in big endian).

/// Collects the two streams from pieces of any size, up to a number of bytes together.
#[derive(Debug)]
pub(super) struct Frames {
    /// What was printed on stdout.
    pub(super) stdout: Vec<u8>,
    /// What was printed on stderr.
    pub(super) stderr: Vec<u8>,
    /// Whether bytes beyond the cap were dropped.
    pub(super) truncated: bool,
    cap: usize,
    header: Vec<u8>,
    stderr_next: bool,
    left: usize,
}

impl Frames {
    pub(super) fn new(cap: usize) -> Self {
        let (stdout, stderr, header) = (Vec::new(), Vec::new(), Vec::with_capacity(8));
        Frames {
            stdout,
            stderr,
            truncated: false,
            cap,
            header,
            stderr_next: false,
            left: 0,
        }
    }

    /// Takes the next piece. An error if it can't be a frame.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Result<(), String> {
        while !bytes.is_empty() {
            if self.left == 0 {
                let count = bytes.len().min(8 - self.header.len());
                self.header.extend_from_slice(&bytes[..count]);
                bytes = &bytes[count..];
                let Ok(header) = <[u8; 8]>::try_from(self.header.as_slice()) else {
                    break;
                };
                self.stderr_next = match header[..4] {
                    [1, 0, 0, 0] => false,
                    [2, 0, 0, 0] => true,
                    _ => return Err(format!("{header:?} is not the header of a frame")),
                };
                self.left =
                    u32::from_be_bytes([header[4], header[5], header[6], header[7]]) as usize;
                self.header.clear();
                continue;
            }
            let count = bytes.len().min(self.left);
            let room = self
                .cap
                .saturating_sub(self.stdout.len() + self.stderr.len());
            let kept = count.min(room);
            self.truncated |= kept < count;
            let to = if self.stderr_next {
                &mut self.stderr
            } else {
                &mut self.stdout
            };
            to.extend_from_slice(&bytes[..kept]);
            self.left -= count;
            bytes = &bytes[count..];
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: &[u8] = b"\x01\0\0\0\0\0\0\x03one\x02\0\0\0\0\0\0\x02\x01\x02\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\x01!";

    #[test]
    fn frames_cut_anywhere() {
        for size in 1..SOME.len() {
            let mut frames = Frames::new(1000);
            for piece in SOME.chunks(size) {
                frames.feed(piece).unwrap();
            }
            assert_eq!(
                (frames.stdout.as_slice(), frames.stderr.as_slice()),
                (&b"one!"[..], &b"\x01\x02"[..])
            );
            assert!(!frames.truncated);
        }
    }

    #[test]
    fn beyond_the_cap_and_nonsense() {
        let mut frames = Frames::new(4);
        frames.feed(SOME).unwrap();
        assert_eq!(
            (frames.stdout.as_slice(), frames.stderr.as_slice()),
            (&b"one"[..], &b"\x01"[..])
        );
        assert!(frames.truncated);
        assert!(Frames::new(4).feed(b"OCI runtime exec failed").is_err());
    }
}
