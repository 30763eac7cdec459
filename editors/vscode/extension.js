// Starts `seaworthy lsp` for Markdown files and for book.toml, and shows what it says.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

/** @type {LanguageClient | undefined} */
let client;

/** Asks the server to run the page that is shown; what came of it, the server says. */
function run(command) {
  return () => {
    const editor = vscode.window.activeTextEditor;
    if (editor) {
      return vscode.commands.executeCommand(command, editor.document.uri.toString());
    }
  };
}

exports.activate = async (context) => {
  const command = vscode.workspace.getConfiguration("seaworthy").get("path", "seaworthy");
  client = new LanguageClient(
    "seaworthy",
    "Seaworthy",
    { command, args: ["lsp"] },
    {
      documentSelector: [
        { scheme: "file", language: "markdown" },
        { scheme: "file", pattern: "**/book.toml" },
      ],
      synchronize: {
        // What a check in a terminal found is shown as well.
        fileEvents: vscode.workspace.createFileSystemWatcher("**/target/seaworthy/report.json"),
      },
    },
  );
  context.subscriptions.push(
    vscode.commands.registerCommand("seaworthy.checkPage", run("seaworthy.check")),
    vscode.commands.registerCommand("seaworthy.acceptPage", run("seaworthy.accept")),
  );
  await client.start();
};

exports.deactivate = () => client?.stop();
