//! Neovim with `editors/neovim/seaworthy.lua`, as a person has it: by keystrokes, without a screen.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{self, Book};

/// Types, waits until the server has said what is expected, and writes down what is shown.
const KEYS: &str = r#"
local said = {}
local function wait(what, condition)
  if not vim.wait(30000, condition, 10) then
    error("waited in vain: " .. what)
  end
end
local function keys(text)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(text, true, false, true), "xt", false)
end
local function shown()
  return vim.tbl_map(function(it)
    return { code = it.code, line = it.lnum + 1, column = it.col + 1, source = it.source }
  end, vim.diagnostic.get(0))
end
local function run()
  vim.cmd("edit src/page.md")
  wait("the server", function() return #vim.lsp.buf_get_clients(0) > 0 and vim.lsp.buf_get_clients(0)[1].initialized end)
  keys("Go<CR>```console,hiden,proves=\"é🐳\",exti=3<CR>$ true<CR>```<Esc>")
  wait("two faults", function() return #vim.diagnostic.get(0) == 2 end)
  said.faults = shown()
  vim.api.nvim_win_set_cursor(0, { 5, 12 })
  vim.ui.select = function(items, _, choose) choose(items[1], 1) end
  vim.lsp.buf.code_action()
  wait("the fix", function() return #vim.diagnostic.get(0) == 1 end)
  said.fixed = vim.api.nvim_buf_get_lines(0, 4, 5, false)[1]
  keys("5GA,on<Esc>")
  local offered = vim.lsp.buf_request_sync(0, "textDocument/completion", {
    textDocument = vim.lsp.util.make_text_document_params(),
    position = vim.lsp.util.make_position_params(0, "utf-16").position,
  }, 30000)
  said.offered = {}
  for _, answer in pairs(offered) do
    for _, item in ipairs(answer.result) do
      table.insert(said.offered, item.label)
    end
  end
  -- A page with changes isn't run.
  local told
  vim.lsp.handlers["window/showMessage"] = function(_, result) told = result.message end
  vim.cmd("SeaworthyCheck")
  wait("an answer", function() return told ~= nil end)
  said.told = told
  keys("u")
end
local ok, why = pcall(run)
said.error = not ok and tostring(why) or nil
local file = io.open("said.json", "w")
file:write(vim.fn.json_encode(said))
file:close()
vim.cmd("qall!")
"#;

#[test]
fn a_page_is_written_in_neovim() {
    let book = Book::page("# T\n\nText.\n");
    book.write("keys.lua", KEYS);
    let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/neovim/seaworthy.lua");
    let mut neovim = Command::new("nvim");
    neovim
        .args(["--headless", "-u", "NONE", "-i", "NONE", "-n"])
        .arg("--cmd")
        .arg(format!("let g:seaworthy_path = '{}'", support::program()))
        .arg("--cmd")
        .arg(format!("luafile {}", settings.display()))
        .args(["-c", "luafile keys.lua"])
        .current_dir(book.root())
        .env("HOME", book.root())
        .env("XDG_CACHE_HOME", book.root())
        .stdin(Stdio::null());
    let ran = neovim
        .output()
        .expect("Neovim is missing: scripts/setup tools installs it");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(book.has("said.json"), "{told}");
    let said: Value = serde_json::from_str(&book.read("said.json")).unwrap();
    assert_eq!(said["error"], Value::Null, "{said}\n{told}");
    // Neovim counts bytes: an é has two of them and a whale four.
    let faults = serde_json::json!([
        {"code": "unknown-attribute", "line": 5, "column": 12, "source": "seaworthy"},
        {"code": "unknown-attribute", "line": 5, "column": 34, "source": "seaworthy"},
    ]);
    assert_eq!(said["faults"], faults, "{said}");
    let fixed = said["fixed"].as_str().unwrap();
    assert_eq!(fixed, "```console,hidden,proves=\"é🐳\",exti=3");
    assert!(
        said["offered"].as_array().unwrap().contains(&"on".into()),
        "{said}"
    );
    assert_eq!(
        said["told"],
        "src/page.md has changes that aren't saved: save it first"
    );
}
