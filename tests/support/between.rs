//! An engine that is the real one, save for some requests.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;

/// What becomes of a request.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
    /// The real engine gets it.
    Passed,
    /// It is refused, with this message.
    Refused(&'static str),
    /// Nothing is said to it, ever.
    Unanswered,
}

/// Carries connections to the real engine, and has `judge` say what becomes of each piece that clients send: the first of
/// a request begins with its method and path. While it takes its time, that connection waits. The address of this engine,
/// which is a socket in `folder`.
pub fn between(folder: &Path, judge: impl Fn(&str) -> Fate + Send + Sync + 'static) -> String {
    let socket = folder.join("engine.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let judge = Arc::new(judge);
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, judge) = (client.unwrap(), judge.clone());
            thread::spawn(move || carry(client, &*judge));
        }
    });
    format!("unix://{}", socket.display())
}

/// Carries a connection to the real engine. Either side may hang up, which ends it.
fn carry(mut client: UnixStream, judge: &dyn Fn(&str) -> Fate) {
    let mut engine = UnixStream::connect("/var/run/docker.sock").unwrap();
    let (mut back, mut answers) = (client.try_clone().unwrap(), engine.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut answers, &mut back);
        let _ = back.shutdown(std::net::Shutdown::Write);
    });
    let mut bytes = [0; 64 * 1024];
    while let Ok(count @ 1..) = client.read(&mut bytes) {
        match judge(&String::from_utf8_lossy(&bytes[..count])) {
            Fate::Refused(why) => {
                let body = format!(r#"{{"message":"{why}"}}"#);
                let _ = write!(
                    client,
                    "HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
            }
            Fate::Unanswered => {}
            Fate::Passed if engine.write_all(&bytes[..count]).is_err() => return,
            Fate::Passed => {}
        }
    }
    let _ = engine.shutdown(std::net::Shutdown::Write);
}
