//! An editor, as far as a server for editors sees one.

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};

use super::Book;

/// An editor with `seaworthy lsp`.
pub struct Editor<'b> {
    book: &'b Book,
    server: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    asked: i32,
    versions: BTreeMap<String, i64>,
    /// What was told of each file last, and of which version.
    told: BTreeMap<String, (Option<i64>, Value)>,
    /// What the server can do.
    pub capabilities: Value,
    /// What was said to the user.
    pub said: Vec<String>,
}

impl<'b> Editor<'b> {
    pub fn start(book: &'b Book) -> Self {
        let mut command = book.command(&["lsp"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().unwrap();
        let (to, from) = (server.stdin.take(), server.stdout.take().unwrap());
        let mut editor = Self {
            book,
            server,
            to,
            from: BufReader::new(from),
            asked: 0,
            versions: BTreeMap::new(),
            told: BTreeMap::new(),
            capabilities: Value::Null,
            said: Vec::new(),
        };
        let capable = editor.ask(
            "initialize",
            json!({"processId": null, "rootUri": null, "capabilities": {}}),
        );
        editor.capabilities = capable["capabilities"].clone();
        editor.tell("initialized", json!({}));
        editor
    }

    pub fn uri(&self, file: &str) -> String {
        address(&self.book.root().join(file))
    }

    fn write(&mut self, message: Message) {
        let to = self.to.as_mut().unwrap();
        message.write(to).unwrap();
        to.flush().unwrap();
    }

    pub fn tell(&mut self, method: &str, parameters: Value) {
        self.write(Notification::new(method.to_owned(), parameters).into());
    }

    /// The answer to a request, or the message of the error.
    pub fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.write(Request::new(id.clone(), method.to_owned(), parameters).into());
        loop {
            match self.read() {
                Message::Response(answer) if answer.id == id => {
                    return answer
                        .response_result
                        .unwrap_or_else(|error| error.message.into());
                }
                Message::Response(answer) => panic!("nobody asked for {answer:?}"),
                Message::Request(request) => panic!("{request:?}"),
                Message::Notification(told) => self.hear(told),
            }
        }
    }

    fn read(&mut self) -> Message {
        Message::read(&mut self.from)
            .unwrap()
            .expect("the server ended")
    }

    fn hear(&mut self, told: Notification) {
        match told.method.as_str() {
            "textDocument/publishDiagnostics" => {
                let uri = told.params["uri"].as_str().unwrap().to_owned();
                let version = told.params["version"].as_i64();
                self.told
                    .insert(uri, (version, told.params["diagnostics"].clone()));
            }
            "window/showMessage" => {
                self.said
                    .push(told.params["message"].as_str().unwrap().to_owned());
            }
            method => panic!("{method}"),
        }
    }

    pub fn open(&mut self, file: &str) {
        let text = self.book.read(file);
        self.open_as(file, &text);
    }

    pub fn open_as(&mut self, file: &str, text: &str) {
        let uri = self.uri(file);
        self.versions.insert(uri.clone(), 0);
        self.told.remove(&uri);
        let item = json!({"uri": uri, "languageId": "markdown", "version": 0, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": item}));
    }

    /// Edits a file: each change is `[line, character]` of its ends, and the new text.
    pub fn edit(&mut self, file: &str, changes: &[([u32; 2], [u32; 2], &str)]) {
        let changes: Vec<_> = changes
            .iter()
            .map(|(start, end, new)| json!({"range": span(*start, *end), "text": new}))
            .collect();
        self.change(file, json!(changes));
    }

    /// Writes a file anew.
    pub fn replace(&mut self, file: &str, text: &str) {
        self.change(file, json!([{"text": text}]));
    }

    fn change(&mut self, file: &str, changes: Value) {
        let uri = self.uri(file);
        let version = self.versions.get_mut(&uri).unwrap();
        *version += 1;
        let document = json!({"uri": uri, "version": version});
        self.tell(
            "textDocument/didChange",
            json!({"textDocument": document, "contentChanges": changes}),
        );
    }

    /// What is told of the newest text of an open file.
    pub fn diagnostics(&mut self, file: &str) -> Vec<Value> {
        let uri = self.uri(file);
        let newest = self.versions[&uri];
        loop {
            if let Some((Some(version), told)) = self.told.get(&uri)
                && *version == newest
            {
                return told.as_array().unwrap().clone();
            }
            match self.read() {
                Message::Notification(told) => self.hear(told),
                other => panic!("{other:?}"),
            }
        }
    }

    /// What is told next, once it is told: after a save, or when a check ended.
    pub fn forget(&mut self, file: &str) {
        let uri = self.uri(file);
        self.told.remove(&uri);
    }

    /// Waits until `text` is said to the user.
    pub fn waits_for(&mut self, text: &str) {
        while !self.said.iter().any(|said| said.contains(text)) {
            match self.read() {
                Message::Notification(told) => self.hear(told),
                other => panic!("{other:?}"),
            }
        }
    }

    /// A request about a place of a file.
    pub fn at(&mut self, method: &str, file: &str, [line, character]: [u32; 2]) -> Value {
        let uri = self.uri(file);
        let mut parameters = json!({
            "textDocument": {"uri": uri},
            "position": {"line": line, "character": character},
        });
        if method.ends_with("references") {
            parameters["context"] = json!({"includeDeclaration": true});
        }
        self.ask(method, parameters)
    }

    /// What can be done about what is shown in a line.
    pub fn actions(&mut self, file: &str, line: u32) -> Vec<Value> {
        let uri = self.uri(file);
        let asked = json!({
            "textDocument": {"uri": uri},
            "range": span([line, 0], [line, 500]),
            "context": {"diagnostics": []},
        });
        let actions = self.ask("textDocument/codeAction", asked);
        actions.as_array().unwrap().clone()
    }

    /// Ends the server as an editor does; its exit code.
    pub fn end(mut self) -> Option<i32> {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        drop(self.to.take());
        self.server.wait().unwrap().code()
    }
}

impl Drop for Editor<'_> {
    fn drop(&mut self) {
        drop(self.to.take());
        // It ends when nobody writes any more; a test that failed waits for it all the same.
        let _ = self.server.wait();
    }
}

fn span(start: [u32; 2], end: [u32; 2]) -> Value {
    let place = |[line, character]: [u32; 2]| json!({"line": line, "character": character});
    json!({"start": place(start), "end": place(end)})
}

/// The address of a file.
pub fn address(path: &Path) -> String {
    format!("file://{}", path.display())
}
