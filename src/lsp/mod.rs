//! A server for editors: the faults of a page while it is written, what the last check found of it, what can be written at
//! a place, what a name or a value means.
//!
//! It speaks the Language Server Protocol, 3.18: <https://microsoft.github.io/language-server-protocol/>. Enter at
//! [`serve`]. It only reads, and knows no engine: what runs pages are `seaworthy check` and `accept`, which it starts when
//! an editor asks for that. What it knows of a file follows from the texts alone, so it is the same whichever edits led
//! there.

mod complete;
mod fixes;
mod hover;
mod jobs;
mod known;
mod lenses;
mod library;
mod outline;
mod page;
mod server;
mod text;

use std::path::PathBuf;

use crossbeam_channel::select;
use gen_lsp_types as lsp;
use lsp_server::{Connection, Message, Notification, ProtocolError, Request, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use jobs::{Ended, Jobs};
use lenses::{ACCEPT, CHECK};
use server::Server;

/// Serves an editor until it says that it ends; `program` is started for what it wants run.
///
/// # Errors
/// If the editor doesn't keep to the protocol, or is gone.
pub fn serve(connection: &Connection, program: PathBuf) -> Result<(), ProtocolError> {
    let (id, _) = connection.initialize_start()?;
    let capable = lsp::InitializeResult {
        capabilities: capabilities(),
        server_info: Some(lsp::ServerInfo {
            name: "seaworthy".to_owned(),
            version: Some(crate::VERSION.to_owned()),
        }),
    };
    let capable = serde_json::to_value(capable).unwrap_or_default();
    connection.initialize_finish(id, capable)?;
    let mut session = Session {
        connection,
        server: Server::default(),
        jobs: Jobs::new(program),
    };
    let ended = session.listen();
    session.jobs.stop();
    ended
}

fn capabilities() -> lsp::ServerCapabilities {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    lsp::ServerCapabilities {
        text_document_sync: Some(
            lsp::TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(lsp::TextDocumentSyncKind::Incremental),
                save: Some(true.into()),
                ..Default::default()
            }
            .into(),
        ),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some(words(&["`", ",", "=", " ", "\""])),
            ..Default::default()
        }),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        code_action_provider: Some(true.into()),
        code_lens_provider: Some(lsp::CodeLensOptions::default()),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: words(&[CHECK, ACCEPT]),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// An editor that is served.
struct Session<'a> {
    connection: &'a Connection,
    server: Server,
    jobs: Jobs,
}

impl Session<'_> {
    /// Answers until the editor ends it. What is found is told when nothing else is waiting: while somebody types, only the
    /// newest text is read.
    fn listen(&mut self) -> Result<(), ProtocolError> {
        loop {
            let message = match self.connection.receiver.try_recv() {
                Ok(message) => message,
                Err(_) => {
                    self.publish();
                    select! {
                        recv(self.connection.receiver) -> message => match message {
                            Ok(message) => message,
                            // The editor is gone without a word.
                            Err(_) => return Ok(()),
                        },
                        recv(self.jobs.ended()) -> ended => {
                            // This side holds a sender, so there is always one.
                            if let Ok(ended) = ended {
                                self.ended(&ended);
                            }
                            continue;
                        }
                    }
                }
            };
            match message {
                Message::Request(request) => {
                    if self.connection.handle_shutdown(&request)? {
                        return Ok(());
                    }
                    let answer = self.answer(request);
                    self.send(answer);
                }
                Message::Notification(notification) => self.hear(notification),
                Message::Response(_) => {}
            }
        }
    }

    fn send(&self, message: impl Into<Message>) {
        // Where nobody listens any more, receiving ends too.
        let _ = self.connection.sender.send(message.into());
    }

    fn notify(&self, method: &str, parameters: impl serde::Serialize) {
        self.send(Notification::new(method.to_owned(), parameters));
    }

    fn publish(&mut self) {
        for told in self.server.publish() {
            self.notify("textDocument/publishDiagnostics", told);
        }
    }

    fn say(&self, kind: lsp::MessageType, message: String) {
        self.notify(
            "window/showMessage",
            lsp::ShowMessageParams { kind, message },
        );
    }

    /// A check ended: what it found is in the report, and what it accepted on the disk.
    fn ended(&mut self, ended: &Ended) {
        self.jobs.forget(ended);
        self.server.written();
        let kind = match ended.done {
            true => lsp::MessageType::Info,
            false => lsp::MessageType::Error,
        };
        self.say(kind, ended.told.clone());
    }

    /// What an editor tells. What can't be read is left aside, as the protocol has it for what isn't known.
    fn hear(&mut self, told: Notification) {
        let Notification { method, params } = told;
        match method.as_str() {
            "textDocument/didOpen" => {
                if let Some(opened) = read::<lsp::DidOpenTextDocumentParams>(params) {
                    self.server.open(opened.text_document);
                }
            }
            "textDocument/didChange" => {
                if let Some(changed) = read::<lsp::DidChangeTextDocumentParams>(params) {
                    self.server.change(changed);
                }
            }
            "textDocument/didClose" => {
                if let Some(closed) = read::<lsp::DidCloseTextDocumentParams>(params) {
                    self.server.close(&closed.text_document.uri);
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => self.server.written(),
            _ => {}
        }
    }

    /// The answer to a request.
    fn answer(&mut self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let answer = match method.as_str() {
            "textDocument/completion" => read(params).map(|asked: lsp::CompletionParams| {
                value(self.server.complete(&asked.text_document_position_params))
            }),
            "textDocument/hover" => read(params).map(|asked: lsp::HoverParams| {
                value(self.server.hover(&asked.text_document_position_params))
            }),
            "textDocument/definition" => read(params).map(|asked: lsp::DefinitionParams| {
                let mut places = self.server.places(&asked.text_document_position_params);
                places.truncate(1);
                value(places)
            }),
            "textDocument/references" => read(params).map(|asked: lsp::ReferenceParams| {
                let places = self.server.places(&asked.text_document_position_params);
                let left_out = usize::from(!asked.context.include_declaration);
                value(places.into_iter().skip(left_out).collect::<Vec<_>>())
            }),
            "textDocument/codeAction" => {
                read(params).map(|asked| value(self.server.actions(&asked)))
            }
            "textDocument/codeLens" => read(params).map(|asked: lsp::CodeLensParams| {
                value(self.server.lenses(&asked.text_document.uri))
            }),
            "workspace/executeCommand" => read(params).map(|asked| {
                self.execute(&asked);
                Value::Null
            }),
            _ => {
                let code = lsp_server::ErrorCode::MethodNotFound as i32;
                return Response::new_err(id, code, format!("`{method}` isn't known"));
            }
        };
        match answer {
            Some(answer) => Response::new_ok(id, answer),
            None => {
                let code = lsp_server::ErrorCode::InvalidParams as i32;
                Response::new_err(id, code, format!("`{method}` can't be asked so"))
            }
        }
    }

    /// Starts what an editor wants run. Why that can't be is told to its user.
    fn execute(&mut self, asked: &lsp::ExecuteCommandParams) {
        let command = match asked.command.as_str() {
            CHECK => "check",
            ACCEPT => "accept",
            other => return self.say(lsp::MessageType::Error, format!("no command `{other}`")),
        };
        let arguments = asked.arguments.as_deref().unwrap_or_default();
        let uri = arguments
            .first()
            .and_then(Value::as_str)
            .unwrap_or_default();
        let started = self.server.to_be_run(uri).and_then(|(root, file)| {
            self.jobs.start(command, &root, &file)?;
            Ok(format!("seaworthy {command}: {file} is run"))
        });
        match started {
            Ok(told) => self.say(lsp::MessageType::Info, told),
            Err(why) => self.say(lsp::MessageType::Error, why),
        }
    }
}

fn read<T: DeserializeOwned>(parameters: Value) -> Option<T> {
    serde_json::from_value(parameters).ok()
}

/// What is answered. Texts, numbers and lists only: there is nothing in it that JSON can't hold.
fn value(answer: impl serde::Serialize) -> Value {
    serde_json::to_value(answer).unwrap_or_default()
}
