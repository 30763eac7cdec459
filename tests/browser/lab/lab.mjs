// A lab of a small book, for the tests: started as a reader starts it, opened in a real browser.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { ROOT, launch } from "../browser.mjs";
import { DESK, folder, programPath } from "../site/site.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));

/** Why there can be no lab, if so: there is no engine, which CI must have. */
export const skip = (() => {
  try {
    execFileSync("docker", ["image", "inspect", "seaworthy/machine:28"], { stdio: "ignore" });
    return false;
  } catch {
    if (process.env.CI) throw new Error("no engine with a machine image, and CI is set");
    return "no engine with a machine image";
  }
})();

/** A copy of the small book, with this repository's theme. */
export function smallBook() {
  const root = folder();
  cpSync(join(HERE, "book"), root, { recursive: true });
  mkdirSync(join(root, "theme"));
  for (const name of readdirSync(join(ROOT, "theme")).filter((name) => /\.(css|js)$/.test(name))) cpSync(join(ROOT, "theme", name), join(root, "theme", name));
  return root;
}

/** Starts `seaworthy lab`; gives its address and token, its process, what is left of it on the engine, and what ends it. */
export async function startLab(book, ...args) {
  // What it makes on the engine is labelled with its lock file, which lies in here.
  const locks = folder();
  const env = { ...process.env, TMPDIR: locks };
  const server = spawn(programPath(), ["lab", book, "--port", "0", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  server.stderr.on("data", (data) => (said += data));
  let found;
  for await (const line of createInterface(server.stdout)) {
    found = line.match(/(http:\/\/127\.0\.0\.1:\d+\/)#lab=(\S+)/);
    if (found) break;
  }
  if (!found) throw new Error(`no address: ${said}`);
  const ended = new Promise((end) => server.on("exit", end));
  return {
    url: found[1],
    token: found[2],
    server,
    said: () => said,
    left: () =>
      [["ps", "--all"], ["network", "ls"], ["volume", "ls"]].flatMap((lists) =>
        execFileSync("docker", [...lists, "--format", '{{.Label "seaworthy.lock"}}'])
          .toString()
          .split("\n")
          .filter((lock) => lock.startsWith(locks)),
      ),
    async end(signal = "SIGINT") {
      server.kill(signal);
      return ended;
    },
  };
}

/** A browser and a lab of `book()` for all tests of a file: `opened` gets both. At the end the lab leaves nothing behind. */
export function withLab(book, opened) {
  let browser;
  let lab;
  before(async () => {
    if (skip) return;
    browser = await launch();
    lab = await startLab(book());
    opened({ browser, lab });
  });
  after(async () => {
    if (skip) return;
    await browser.close();
    assert.equal(await lab.end(), 0, lab.said());
    assert.deepEqual(lab.left(), []);
  });
}

/** A browser drops its connections whenever a network of this computer comes or goes, as Docker's do. */
const DROPPED = /ERR_NETWORK_CHANGED|WebSocket connection to/;

/** Does what loads a page, again if something of it was dropped. */
async function load(wrong, loads) {
  for (let left = 10; ; left--) {
    wrong.length = 0;
    try {
      await loads();
      if (left === 0 || !wrong.some((said) => DROPPED.test(said))) return;
    } catch (error) {
      if (left === 0 || !DROPPED.test(String(error))) throw error;
    }
  }
}

/** Opens a page of the lab, with the token. What a browser says against it is in `wrong`. */
export async function openPage(browser, lab, path, { theme, ...options } = {}) {
  const context = await browser.newContext({ viewport: DESK, ...options });
  if (theme) await context.addInitScript((theme) => localStorage.setItem("mdbook-theme", theme), theme);
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  await load(wrong, async () => {
    await page.goto("about:blank");
    await page.goto(`${lab.url}${path}#lab=${lab.token}`, { waitUntil: "load" });
  });
  return {
    page,
    context,
    /** What is wrong with the page; that a connection was dropped and came back isn't. */
    wrong: () => wrong.filter((said) => !DROPPED.test(said)),
    reload: () => load(wrong, () => page.reload({ waitUntil: "load" })),
    close: () => context.close(),
  };
}

/** The button that runs the command whose first line begins so. */
export const run = (page, command) => page.getByRole("button", { name: `Run ${command}` }).first();

/** Where something is said of a command. */
const saidOf = (page, command) => page.locator(".sw-command, .sw-keys", { has: run(page, command) }).first().locator("xpath=following-sibling::*[1]");

/** Presses its button; what was said before counts no more. */
export async function press(page, command) {
  await saidOf(page, command).evaluate((element) => (element.dataset.state = "waits"));
  await run(page, command).click();
}

/** What is said of a command, once something final is said. */
export async function verdict(page, command) {
  const said = await page.waitForFunction(
    (element) => !element.hidden && !["waits", "runs"].includes(element.dataset.state) && `${element.dataset.state}: ${element.children[1].textContent}`,
    await saidOf(page, command).elementHandle(),
    { timeout: 60_000 },
  );
  return said.jsonValue();
}

/** What the terminal shows, its lines joined. */
export const screen = (page) => page.locator(".sw-lab-screen:not([hidden]) .xterm-rows").innerText();

/** Waits until the terminal shows `text`. */
export const shows = (page, text) =>
  page.waitForFunction(
    (text) => document.querySelector(".sw-lab-screen:not([hidden]) .xterm-rows")?.innerText.replaceAll("\u00a0", " ").includes(text),
    text,
    { timeout: 30_000 },
  );

/** Waits until the page's machines are as `state` says. */
export const machines = (page, state) => page.waitForSelector(`.sw-lab[data-state="${state}"]`, { timeout: 60_000 });
