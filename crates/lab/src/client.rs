//! The browser tabs that look at a visit. Each gets what the terminals show as fast as it draws; one that can't keep up is
//! left behind, and shown the screen anew when it comes back. So neither a flood nor a sleeping laptop fills any memory.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use crate::message::Tell;

/// How much a tab may have been sent that it hasn't drawn yet, in bytes.
const AHEAD: usize = 256 * 1024;
/// How long it is waited for a tab that draws nothing.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is sent to a tab.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Send {
    Tell(Tell),
    /// Bytes of the terminal of the machine of that number.
    Bytes(u8, Vec<u8>),
}

/// A tab.
#[derive(Debug)]
struct Client {
    id: u64,
    /// What is in it is bounded: bytes by [`AHEAD`], and messages come one for each thing that is asked or done.
    sender: UnboundedSender<Send>,
    /// Sent and not drawn.
    ahead: usize,
    drew: Instant,
    /// It is left behind.
    behind: bool,
}

/// The tabs of a visit; the last is the one that leads: its size counts.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    all: Vec<Client>,
}

impl Clients {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    /// Their numbers.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.all.iter().map(|client| client.id).collect()
    }

    /// A further tab, which leads from now on.
    pub(crate) fn add(&mut self, id: u64, sender: UnboundedSender<Send>) {
        self.all.push(Client {
            id,
            sender,
            ahead: 0,
            drew: Instant::now(),
            behind: false,
        });
        self.tell_who_leads();
    }

    /// A tab has gone.
    pub(crate) fn remove(&mut self, id: u64) {
        self.all.retain(|client| client.id != id);
        self.tell_who_leads();
    }

    /// Whether that tab leads.
    pub(crate) fn leads(&self, id: u64) -> bool {
        self.all.last().is_some_and(|client| client.id == id)
    }

    /// Lets a tab lead.
    pub(crate) fn lead(&mut self, id: u64) {
        if self.leads(id) {
            return;
        }
        if let Some(at) = self.all.iter().position(|client| client.id == id) {
            let client = self.all.remove(at);
            self.all.push(client);
            self.tell_who_leads();
        }
    }

    fn tell_who_leads(&self) {
        for (left, client) in self.all.iter().rev().enumerate() {
            client.send(Send::Tell(Tell::Lead { lead: left == 0 }));
        }
    }

    /// Tells all tabs.
    pub(crate) fn tell(&self, tell: &Tell) {
        for client in &self.all {
            client.send(Send::Tell(tell.clone()));
        }
    }

    /// Tells one.
    pub(crate) fn tell_one(&self, id: u64, tell: Tell) {
        if let Some(client) = self.all.iter().find(|client| client.id == id) {
            client.send(Send::Tell(tell));
        }
    }

    /// Shows the tabs what a machine's terminal prints.
    pub(crate) fn show(&mut self, machine: u8, bytes: &[u8]) {
        for client in self.all.iter_mut().filter(|client| !client.behind) {
            client.bytes(machine, bytes);
        }
    }

    /// Shows one tab the screens of all machines anew.
    pub(crate) fn show_all(&mut self, id: u64, screens: &[Vec<u8>]) {
        let Some(client) = self.all.iter_mut().find(|client| client.id == id) else {
            return;
        };
        client.send(Send::Tell(Tell::Screen));
        client.behind = false;
        for (machine, screen) in (0..).zip(screens) {
            client.bytes(machine, screen);
        }
    }

    /// A tab has drawn so many bytes. Whether it was left behind, and wants the screens anew.
    pub(crate) fn drew(&mut self, id: u64, bytes: usize) -> bool {
        let Some(client) = self.all.iter_mut().find(|client| client.id == id) else {
            return false;
        };
        client.ahead = client.ahead.saturating_sub(bytes);
        client.drew = Instant::now();
        client.behind && client.ahead == 0
    }

    /// Whether the terminals have to wait for a tab. Those that draw nothing at all are left behind.
    pub(crate) fn waits(&mut self) -> bool {
        let mut waits = false;
        for client in self.all.iter_mut().filter(|c| !c.behind && c.ahead > AHEAD) {
            client.behind = client.drew.elapsed() > PATIENCE;
            waits |= !client.behind;
        }
        waits
    }
}

impl Client {
    fn send(&self, send: Send) {
        // A tab that has gone is taken out when its connection says so.
        let _ = self.sender.send(send);
    }

    fn bytes(&mut self, machine: u8, bytes: &[u8]) {
        if self.ahead == 0 {
            self.drew = Instant::now();
        }
        self.ahead += bytes.len();
        self.send(Send::Bytes(machine, bytes.to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    fn received(receiver: &mut UnboundedReceiver<Send>) -> Vec<Send> {
        std::iter::from_fn(|| receiver.try_recv().ok()).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_tab_that_draws_nothing_is_left_behind_and_shown_all_anew() {
        let mut clients = Clients::default();
        let (sender, mut receiver) = unbounded_channel();
        clients.add(1, sender);
        clients.show(0, &vec![b'x'; AHEAD + 1]);
        assert!(clients.waits());
        tokio::time::advance(PATIENCE * 2).await;
        assert!(!clients.waits());
        received(&mut receiver);
        clients.show(0, b"not seen");
        assert_eq!(received(&mut receiver), []);
        assert!(!clients.drew(1, AHEAD));
        assert!(clients.drew(1, 1));
        clients.show_all(1, &[b"screen".to_vec()]);
        clients.show(0, b"seen");
        assert_eq!(
            received(&mut receiver),
            [
                Send::Tell(Tell::Screen),
                Send::Bytes(0, b"screen".to_vec()),
                Send::Bytes(0, b"seen".to_vec())
            ]
        );
    }

    #[tokio::test]
    async fn the_last_tab_leads_until_another_is_typed_into() {
        let mut clients = Clients::default();
        let (one, mut first) = unbounded_channel();
        let (two, _second) = unbounded_channel();
        clients.add(1, one);
        clients.add(2, two);
        assert!(clients.leads(2));
        clients.lead(1);
        assert!(clients.leads(1));
        let lead = |lead| Send::Tell(Tell::Lead { lead });
        assert_eq!(received(&mut first), [lead(true), lead(false), lead(true)]);
        clients.lead(2);
        clients.remove(2);
        assert!(clients.leads(1));
    }
}
