//! `seaworthy lsp`: an editor has a page checked, and accepts what was printed.

use serde_json::json;

use crate::support::Book;
use crate::support::editor::Editor;

const PAGE: &str = "src/page.md";

/// Has `command` run, and waits for what is said when it ended.
fn run(editor: &mut Editor<'_>, command: &str, said: &str) {
    let arguments = [editor.uri(PAGE)];
    editor.forget(PAGE);
    editor.ask(
        "workspace/executeCommand",
        json!({"command": command, "arguments": arguments}),
    );
    editor.waits_for(said);
}

#[test]
fn a_page_is_checked_and_what_was_printed_is_accepted() {
    let book = Book::page("# T\n\n```console\n$ echo one\ntwo\n```\n");
    let mut editor = Editor::start(&book);
    editor.open(PAGE);
    assert!(editor.diagnostics(PAGE).is_empty());
    run(&mut editor, "seaworthy.check", "src/page.md does not hold");
    editor.forget(PAGE);
    let found = editor.diagnostics(PAGE);
    assert_eq!(found[0]["code"], "wrong-output", "{found:?}");
    assert_eq!(found[0]["range"]["start"]["line"], 4);
    run(
        &mut editor,
        "seaworthy.accept",
        "src/page.md shows what was printed",
    );
    assert_eq!(book.read(PAGE), "# T\n\n```console\n$ echo one\none\n```\n");
    editor.replace(PAGE, &book.read(PAGE));
    run(&mut editor, "seaworthy.check", "src/page.md holds");
    editor.forget(PAGE);
    assert!(editor.diagnostics(PAGE).is_empty());
    assert_eq!(editor.end(), Some(0));
}
