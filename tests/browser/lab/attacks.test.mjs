// Who tries to get into a lab, and what a machine prints that would get out.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { request } from "node:http";
import { test } from "node:test";
import { list, programPath } from "../site/site.mjs";
import { machines, openPage, press, shows, skip, smallBook, startLab, verdict, withLab } from "./lab.mjs";

const SOCKET = "-seaworthy/lab/socket";
let browser;
let lab;
let host;
let ids;
withLab(
  () => {
    const book = smallBook();
    ids = list(book).pages.flatMap((page) => page.sessions.map(({ id }) => id));
    return book;
  },
  (started) => {
    ({ browser, lab } = started);
    host = new URL(lab.url).host;
  },
);

/** The status that the lab answers to a request with these headers; 101 opens a connection. */
const status = (path, headers) =>
  new Promise((answer, fail) => {
    const asked = request(lab.url + path, { headers });
    asked.on("response", (response) => {
      response.resume();
      answer(response.statusCode);
    });
    asked.on("upgrade", (_, socket) => {
      socket.destroy();
      answer(101);
    });
    asked.on("error", fail);
    asked.end();
  });

const opening = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" };

test("only its own pages, under its own name, get a connection", { skip }, async () => {
  const origin = `http://${host}`;
  const { port } = new URL(lab.url);
  for (const [path, headers, expected] of [
    ["web.html", {}, 200],
    ["web.html", { host: `book.example.org:${port}` }, 403],
    ["web.html", { host: `localhost:${port}` }, 403],
    ["web.html", { host: "127.0.0.1" }, 403],
    ["..%2f..%2fetc/passwd", {}, 404],
    [SOCKET, { ...opening, origin }, 101],
    [SOCKET, opening, 403],
    [SOCKET, { ...opening, origin: "http://example.org" }, 403],
    [SOCKET, { ...opening, origin: `http://localhost:${port}` }, 403],
    [SOCKET, { ...opening, origin: "null" }, 403],
    [SOCKET, { ...opening, origin, host: `book.example.org:${port}` }, 403],
  ]) {
    assert.equal(await status(path, headers), expected, `${path} ${JSON.stringify(headers)}`);
  }
});

/** What a page of the lab gets that opens a connection and sends `messages`: the code with which it is closed, or `open`. */
const talk = (page, messages) =>
  page.evaluate(
    ([socket, messages]) =>
      new Promise((answer) => {
        const connection = new WebSocket(`ws://${location.host}/${socket}`);
        connection.onopen = () => messages.forEach((message) => connection.send(message));
        connection.onclose = ({ code }) => answer(code);
        setTimeout(() => answer("open"), 1500);
      }),
    [SOCKET, messages],
  );

test("nobody is let in without the token, with a guess, or with what no page sends", { skip }, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  // A page of the lab, but opened without its token.
  await page.goto(`${lab.url}web.html`);
  await page.getByText("The lab lets nobody in from here").waitFor();
  const hello = (token, sessions = ids.slice(0, 1)) => JSON.stringify({ ask: "hello", token, sessions });
  for (const [messages, expected] of [
    [[hello("")], 4403],
    [[hello(lab.token.slice(0, -1))], 4403],
    [[hello(`${lab.token}0`)], 4403],
    [[JSON.stringify({ ask: "run", session: ids[0], nth: 0 })], 4403],
    [["{"], 4403],
    [[hello(lab.token, ["session-guessed-1"])], 4403],
    [[hello(lab.token, [])], 4403],
    // The sessions of two pages are nobody's.
    [[hello(lab.token, ids)], 4403],
    [[hello(lab.token), JSON.stringify({ ask: "run", session: "session-guessed-1", nth: 7 })], "open"],
    [[hello(lab.token), JSON.stringify({ ask: "bring", session: "x", more: 1 })], 1006],
    [[hello(lab.token), "x".repeat(300_000)], 1006],
  ]) {
    const got = await talk(page, messages);
    assert.ok(got === expected || (expected === 1006 && got !== "open"), `${got} for ${messages.map((m) => m.slice(0, 80))}`);
  }
  await context.close();
});

test("what a machine prints is shown, and does nothing else", { skip }, async () => {
  const { page, context, wrong, close } = await openPage(browser, lab, "web.html");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await machines(page, "ready");
  await page.evaluate(() => navigator.clipboard.writeText("mine"));
  const title = await page.title();
  const type = async (line) => {
    await page.locator(".xterm-helper-textarea").focus();
    await page.keyboard.type(`${line}\n`);
  };
  await type(String.raw`printf '\033]0;taken\007\033]2;taken\007\033]52;c;dGFrZW4=\007\033]8;;javascript:alert(1)\007click\033]8;;\007\n'; echo 'as '"text"`);
  await shows(page, "as text");
  assert.equal(await page.title(), title);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "mine");
  const asked = [];
  page.on("dialog", (dialog) => asked.push(dialog.message()) && dialog.dismiss());
  await page.getByText("click", { exact: true }).last().click({ force: true });
  await type("echo '<img src=x onerror=alert(1)>' ; printf '\\033[21t\\033[5n'; echo still");
  await shows(page, "onerror=alert(1)");
  assert.deepEqual(asked, []);
  assert.equal(context.pages().length, 1);
  // A mark with another nonce, or none, ends nothing.
  await type(String.raw`printf '\033]133;D;0;1;beef\007\033]133;C;;\007'; echo 'one'" two"`);
  await shows(page, "one two");
  assert.equal(await page.locator(".sw-lab-verdict:not([hidden])").count(), 0);
  assert.deepEqual(wrong(), []);
  await close();
});

test("a flood is drawn as it can be, fills no memory, and ends at Ctrl-C", { skip }, async () => {
  const { page, close } = await openPage(browser, lab, "web.html");
  await machines(page, "ready");
  const memory = () => Number(execFileSync("ps", ["-o", "rss=", "-p", String(lab.server.pid)]));
  const before = memory();
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("yes flood\n");
  await shows(page, "flood\nflood");
  await page.waitForTimeout(3000);
  const grown = memory() - before;
  await page.keyboard.press("Control+c");
  await page.keyboard.type("\necho over''now\n");
  await shows(page, "overnow");
  assert.ok(grown < 100 * 1024, `${grown} KiB more`);
  console.log(`# the lab: ${before} KiB, ${grown} KiB more in a flood`);
  await close();
});

test("nothing is left on the engine, by Ctrl-C and after kill -9 and `clean`", { skip }, async () => {
  for (const signal of ["SIGINT", "SIGKILL"]) {
    const other = await startLab(smallBook());
    const { page, close } = await openPage(browser, other, "web.html");
    await machines(page, "ready");
    await press(page, "echo one");
    await verdict(page, "echo one");
    assert.ok(other.left().length > 0);
    await other.end(signal);
    await page.waitForSelector('.sw-lab[data-state="lost"]');
    if (signal === "SIGKILL") execFileSync(programPath(), ["clean"]);
    assert.deepEqual(other.left(), [], signal);
    await close();
  }
});
