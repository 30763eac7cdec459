//! A shell that a test plays.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{sleep, timeout};

use crate::place::PID;

/// The other end of a terminal: what is typed there arrives here.
pub(crate) struct Shell {
    stream: DuplexStream,
    /// The nonces that it was given, and those that programs in it were given.
    nonces: Vec<String>,
    /// Counts the prompts that were made.
    stamp: u32,
    /// Prints in pieces of these sizes, over and over, if there are any.
    pub(crate) pieces: Vec<usize>,
    printed: usize,
}

impl Shell {
    pub(crate) fn new(stream: DuplexStream) -> Self {
        Self {
            stream,
            nonces: Vec::new(),
            stamp: 0,
            pieces: Vec::new(),
            printed: 0,
        }
    }

    /// Is told its marks, and shows the first prompt.
    pub(crate) async fn starts(&mut self) {
        let line = self.first_line().await;
        assert!(line.starts_with("stty -echo; PROMPT_COMMAND="), "{line}");
        self.identity(&format!("{PID};b")).await;
        self.done(0).await;
    }

    /// Reads the line by which a shell is told its marks. They are those of the innermost program from now on.
    pub(crate) async fn first_line(&mut self) -> String {
        let line = self.line().await;
        let is_nonce =
            |word: &&str| word.len() >= 16 && word.bytes().take(16).all(|b| b.is_ascii_hexdigit());
        let nonce = line.split(';').find(is_nonce);
        self.nonces.push(nonce.expect("a nonce")[..16].to_owned());
        line
    }

    /// The marks are now those of the program that is `number`th, the page's shell being the first.
    pub(crate) fn level(&mut self, number: usize) {
        self.nonces.truncate(number);
    }

    /// Bears the marks of another.
    pub(crate) fn bears(&mut self, nonce: &str) {
        self.nonces.push(nonce.to_owned());
    }

    pub(crate) fn nonce(&self) -> &str {
        self.nonces.last().unwrap()
    }

    /// Reads a line, its end included.
    pub(crate) async fn line(&mut self) -> String {
        let mut line = Vec::new();
        while line.last() != Some(&b'\n') {
            line.push(self.stream.read_u8().await.expect("a line is typed"));
        }
        String::from_utf8(line).unwrap()
    }

    /// What is typed next is just this.
    pub(crate) async fn typed(&mut self, expected: &str) {
        let mut typed = vec![0; expected.len()];
        let read = self.stream.read_exact(&mut typed).await;
        read.unwrap_or_else(|_| panic!("{expected:?} is typed"));
        assert_eq!(String::from_utf8_lossy(&typed), expected);
    }

    /// For so many milliseconds nothing is typed.
    pub(crate) async fn untouched(&mut self, milliseconds: u64) {
        let read = self.stream.read_u8();
        let typed = timeout(Duration::from_millis(milliseconds), read).await;
        assert!(
            typed.is_err(),
            "{typed:?} was typed within {milliseconds} ms"
        );
    }

    /// Nothing more is typed until the terminal is dropped.
    pub(crate) async fn unused(mut self) {
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&rest), "");
    }

    pub(crate) async fn prints(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let size = match self.pieces.len() {
                0 => rest.len(),
                count => self.pieces[self.printed % count].min(rest.len()),
            };
            self.printed += 1;
            let (piece, later) = rest.split_at(size);
            self.stream.write_all(piece).await.unwrap();
            rest = later;
            if !rest.is_empty() {
                pause(1).await;
            }
        }
    }

    /// A mark with the nonce that is valid now.
    async fn mark(&mut self, kind: char, values: &str) {
        let nonce = self.nonce().to_owned();
        self.prints(&format!("\x1b]133;{kind};{values};{nonce}\x07"))
            .await;
    }

    /// Says what it is like: `PID;b`.
    pub(crate) async fn identity(&mut self, values: &str) {
        self.mark('I', values).await;
    }

    /// Says that a command begins.
    pub(crate) async fn begins(&mut self) {
        self.mark('C', "").await;
    }

    /// Asks for a further line.
    pub(crate) async fn asks(&mut self) {
        self.mark('P', "").await;
    }

    /// Shows the prompt after a command that ended so.
    pub(crate) async fn done(&mut self, code: i32) {
        self.stamp += 1;
        self.again(&code.to_string()).await;
    }

    /// Shows the same prompt once more.
    pub(crate) async fn again(&mut self, code: &str) {
        let values = format!("{code};17.{}", self.stamp);
        self.mark('D', &values).await;
    }

    /// A whole command.
    pub(crate) async fn runs(&mut self, line: &str, output: &str, code: i32) {
        self.typed(&format!("{line}\n")).await;
        self.begins().await;
        self.prints(output).await;
        self.done(code).await;
    }
}

/// Lets the clock go on.
pub(crate) async fn pause(milliseconds: u64) {
    sleep(Duration::from_millis(milliseconds)).await;
}
