//! `serve` under readers who mean no good: they are bounded, and others are still answered.

use std::fs::read_dir;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::Book;

/// `serve`, running.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(book: &Book) -> Self {
        let mut command = book.command(&["serve", "--port", "0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut said).unwrap();
        let (_, rest) = said.split_once("http://").unwrap();
        let address = rest.split('/').next().unwrap().to_owned();
        Self { child, address }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        let patience = Duration::from_secs(20);
        stream.set_read_timeout(Some(patience)).unwrap();
        stream
    }

    /// The site's first page, as a browser asks for it.
    fn page(&self) -> String {
        let mut stream = self.connect();
        let host = &self.address;
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn open_files(&self) -> usize {
        read_dir(format!("/proc/{}/fd", self.child.id()))
            .unwrap()
            .count()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn half_sent_requests_are_bounded() {
    let book = Book::page("# Ahoy\n");
    let serving = Serving::start(&book);
    assert!(serving.page().contains("Ahoy"));
    let mut half_sent: Vec<_> = (0..900).map(|_| serving.connect()).collect();
    for (i, stream) in half_sent.iter_mut().enumerate() {
        let sent: &[u8] = match i % 3 {
            0 => b"",
            1 => b"GET / HT",
            _ => b"GET / HTTP/1.1\r\nHost: localhost\r\nX-",
        };
        stream.write_all(sent).unwrap();
    }
    assert!(serving.open_files() < 500, "{} files", serving.open_files());
    let begun = Instant::now();
    assert!(serving.page().contains("Ahoy"));
    let took = begun.elapsed();
    println!("answered after {took:?}");
    assert!(took < Duration::from_secs(15), "{took:?}");
    // Each of them is told that it took too long, or nothing at all, and let go.
    for stream in &mut half_sent {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
    }
    assert!(serving.page().contains("Ahoy"));
}
