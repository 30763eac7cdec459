//! A tab's connection: JSON messages both ways, and bytes of terminals, each behind the number of its machine.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc::{Sender, unbounded_channel};

use crate::client::Send;
use crate::guard;
use crate::lab::{Lab, ToTab};
use crate::message::Ask;
use crate::visit::Incoming;

/// How long a tab may take to say who it is.
const HELLO: Duration = Duration::from_secs(5);
/// The most that a tab says at once, in bytes: what is pasted.
const LONGEST: usize = 256 * 1024;
/// A tab that was refused needn't come again: a code of our own, of those that the protocol leaves to its users.
const REFUSED: u16 = 4403;

/// Opens a connection for a page of the lab itself.
pub(crate) async fn open(
    State(lab): State<Lab>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !guard::is_from(&lab.shared.options.host, &headers) {
        let why = "only pages of this lab may open a connection\n";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    upgrade
        .max_message_size(LONGEST)
        .max_frame_size(LONGEST)
        .on_upgrade(|socket| Box::pin(tab(lab, socket)))
}

/// A tab, from its first message to its end.
async fn tab(lab: Lab, socket: WebSocket) {
    let (mut sink, mut stream) = socket.split();
    let sessions = match tokio::time::timeout(HELLO, hello(&mut stream)).await {
        Ok(Some(Ask::Hello { token, sessions })) if guard::is_secret(&token, lab.token()) => {
            sessions
        }
        // Whoever has gone needn't be told.
        _ => return refuse(&mut sink, "open the address that `seaworthy lab` printed").await,
    };
    let Some(page) = lab.page_of(&sessions) else {
        return refuse(&mut sink, "no page of this book has these sessions").await;
    };
    let id = lab.tab();
    let (sender, to_tab) = unbounded_channel();
    let mut inbox = lab.visit(page);
    // A visit may end just when somebody comes; the next one begins then.
    while inbox
        .send(Incoming::Come(id, sender.clone()))
        .await
        .is_err()
    {
        inbox = lab.visit(page);
    }
    drop(sender);
    tokio::select! {
        () = write(sink, to_tab) => {}
        () = read(stream, &inbox, id) => {}
    }
    // A visit that has ended misses nobody.
    let _ = inbox.send(Incoming::Gone(id)).await;
}

async fn hello(stream: &mut SplitStream<WebSocket>) -> Option<Ask> {
    match stream.next().await?.ok()? {
        Message::Text(text) => serde_json::from_str(&text).ok(),
        _ => None,
    }
}

async fn refuse(sink: &mut SplitSink<WebSocket, Message>, why: &'static str) {
    let frame = CloseFrame {
        code: REFUSED,
        reason: why.into(),
    };
    let _ = sink.send(Message::Close(Some(frame))).await;
}

/// Sends the tab what it is told, until nobody tells it anything any more or it has gone.
async fn write(mut sink: SplitSink<WebSocket, Message>, mut to_tab: ToTab) {
    while let Some(send) = to_tab.recv().await {
        let message = match send {
            Send::Tell(tell) => match serde_json::to_string(&tell) {
                Ok(text) => Message::Text(text.into()),
                Err(_) => return,
            },
            Send::Bytes(machine, mut bytes) => {
                bytes.insert(0, machine);
                Message::Binary(bytes.into())
            }
        };
        if sink.send(message).await.is_err() {
            return;
        }
    }
}

/// Passes on what the tab sends, until it goes or sends what no page of ours does.
async fn read(mut stream: SplitStream<WebSocket>, inbox: &Sender<Incoming>, id: u64) {
    while let Some(Ok(message)) = stream.next().await {
        let incoming = match message {
            Message::Text(text) => match serde_json::from_str(&text) {
                Ok(ask) => Incoming::Asked(id, ask),
                Err(_) => return,
            },
            Message::Binary(bytes) => match bytes.split_first() {
                Some((machine, keys)) => Incoming::Keys(id, usize::from(*machine), keys.to_vec()),
                None => return,
            },
            Message::Ping(_) | Message::Pong(_) => continue,
            Message::Close(_) => return,
        };
        if inbox.send(incoming).await.is_err() {
            return;
        }
    }
}
