// `seaworthy serve` as an author has it: a page open beside the editor.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { launch } from "../browser.mjs";
import { fixture, folder, open, programPath } from "./site.mjs";

const book = fixture();
const temporary = folder();
let browser;
let server;
let url;

/** Every file of the book, with its content. */
const files = () =>
  Object.fromEntries(
    readdirSync(book, { recursive: true })
      .map((name) => join(book, String(name)))
      .filter((path) => statSync(path).isFile())
      .map((path) => [path, readFileSync(path, "utf8")]),
  );

before(async () => {
  browser = await launch();
  server = spawn(programPath(), ["serve", book, "--port", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, TMPDIR: temporary },
  });
  for await (const line of createInterface(server.stdout)) {
    url = line.match(/http:\/\/127\.0\.0\.1:\d+\//)?.[0];
    if (url) break;
  }
  assert.ok(url, "no address");
});
after(async () => {
  const ended = new Promise((end) => server.on("exit", end));
  server.kill("SIGINT");
  assert.equal(await ended, 0);
  assert.deepEqual(readdirSync(temporary), [], "sites are left behind");
  await browser.close();
});

/** Opens a page until all of it came: a browser drops its connections whenever a network of this computer
 *  comes or goes, as Docker's do. */
async function opened(path) {
  for (let left = 10; ; left--) {
    const view = await open(browser, url + path);
    if (left === 0 || !view.wrong.some((wrong) => wrong.includes("ERR_NETWORK_CHANGED"))) return view;
    await view.close();
  }
}

const prose = join(book, "src/prose.md");
const save = (change) => writeFileSync(prose, change(readFileSync(prose, "utf8")));

test("a save reloads the page soon, a fault is shown over the last good page, and nothing is written into the book", async () => {
  const before = files();
  const original = before[prose];
  const view = await opened("prose.html");
  assert.deepEqual(view.wrong, []);
  assert.equal(await view.page.locator("h1#prose").textContent(), "Prose");

  const start = performance.now();
  save((text) => text.replace("# Prose", "# Changed prose"));
  await view.page.waitForSelector("h1#changed-prose");
  const seconds = (performance.now() - start) / 1000;
  assert.ok(seconds < 5, `${seconds} s`);
  console.log(`# reloaded after ${seconds.toFixed(2)} s`);

  save((text) => `${text}\n\`\`\`console,prooves="it"\n$ true\n\`\`\`\n`);
  const fault = view.page.locator("#seaworthy-fault");
  await fault.waitFor();
  const line = original.split("\n").length + 1;
  assert.match(await fault.textContent(), new RegExp(`prose\\.md:${line}[\\s\\S]*prooves`));
  assert.equal(await view.page.locator("h1#changed-prose").count(), 1, "the last good page is gone");
  // It is there for who comes later, too, on every page.
  assert.equal(readdirSync(join(temporary, readdirSync(temporary)[0])).length, 1, "sites that nobody reads any more");
  const second = await opened("exercises.html");
  await second.page.locator("#seaworthy-fault").waitFor();
  await second.page.keyboard.press("Escape");
  assert.equal(await second.page.locator("#seaworthy-fault").count(), 0);
  await second.close();

  writeFileSync(prose, original);
  await view.page.waitForSelector("h1#prose");
  assert.equal(await fault.count(), 0);
  assert.deepEqual(files(), before);
  assert.ok(!existsSync(join(book, "site")) && !existsSync(join(book, "target")));
  await view.close();
});

/** The status that the server answers to a request under the name `host`. */
const status = (host, path = "") =>
  new Promise((answer, fail) => {
    get(url + path, { headers: { host } }, (response) => {
      response.resume();
      answer(response.statusCode);
    }).on("error", fail);
  });

test("it answers to this computer only", async () => {
  const { port } = new URL(url);
  assert.equal(await status(`localhost:${port}`), 200);
  assert.equal(await status(`book.example.org:${port}`), 403);
  assert.equal(await status(`book.example.org:${port}`, "-seaworthy/events"), 403);
  assert.equal(await status(`localhost:${port}`, "no-such-page.html"), 404);
  assert.equal(await status(`localhost:${port}`, "..%2f..%2fetc/passwd"), 404);
});
