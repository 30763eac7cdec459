// Sessions and files under a learner's hands: copied, selected, unfolded, downloaded, and without JavaScript.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { each, launch } from "../browser.mjs";
import { BOOKS, DESK, PHONE, build, fixture, list, open, pages, report, serve } from "./site.mjs";

const books = [fixture(), ...BOOKS];
const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };
let browser;
let sites;

before(async () => {
  report(books[0], () => "passed");
  browser = await launch();
  sites = books.map((book) => ({ book, ...serve(build(book)) }));
});
after(() => browser.close());

const unfold = (page) =>
  page.evaluate(() => {
    document.querySelectorAll("details").forEach((details) => (details.open = true));
    document.querySelectorAll(".sw-panel").forEach((panel) => panel.removeAttribute("hidden"));
  });
/** What is typed in a session that `list` names; keys are pressed. */
const commands = (session) => session.commands.filter(({ keys }) => !keys).map(({ text }) => text);
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

test("copying gives what the runner types, for each block and each command", async () => {
  let sessions = 0;
  for (const { book, url, site } of sites) {
    const typed = new Map(list(book).pages.flatMap((page) => page.sessions.map((s) => [s.id, commands(s)])));
    for (const path of pages(site).filter((path) => !/^(print|index|verification)\.html$/.test(path))) {
      const { page, close } = await open(browser, url + path, CLIPBOARD);
      await unfold(page);
      for (const session of await page.locator(".sw-session").all()) {
        const expected = typed.get(await session.getAttribute("id"));
        assert.ok(expected, `${path}: an unknown session`);
        for (const fold of await session.locator(".sw-more").all()) await fold.click();
        const all = session.locator(".sw-tools .sw-copy");
        // Pasted into one shell, what belongs into a program inside would run in the wrong place.
        const whole = expected.length === 1 || (expected.length > 1 && (await session.locator(".sw-place, .sw-keys").count()) === 0);
        assert.equal(await all.count(), whole ? 1 : 0, path);
        if (whole) {
          await all.click();
          assert.equal(await clipboard(page), expected.join("\n"), path);
        }
        const buttons = await session.locator(".sw-copy-one").all();
        assert.equal(buttons.length, expected.length > 1 ? expected.length : 0);
        for (const [n, button] of buttons.entries()) {
          await button.click();
          assert.equal(await clipboard(page), expected[n], path);
        }
        sessions += 1;
      }
      await close();
    }
  }
  assert.ok(sessions > 40, `only ${sessions} sessions`);
});

test("a copy is said, and the keyboard does it too", async () => {
  const { page, close } = await open(browser, `${sites[0].url}sessions.html`, CLIPBOARD);
  const button = page.locator(".sw-copy").first();
  await button.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".sw-status").textContent === "Copied");
  assert.equal(await button.textContent(), "Copied");
  assert.match(await clipboard(page), /^docker network create front\n/);
  await page.waitForFunction(() => document.querySelector(".sw-copy").textContent === "Copy all");
  await close();
});

test("where the clipboard can't be had, the page says so", async () => {
  const { page, close } = await open(browser, `${sites[0].url}sessions.html`);
  await page.evaluate(() => {
    Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("no")) } });
  });
  await page.locator(".sw-copy").first().click();
  await page.waitForFunction(() => document.querySelector(".sw-copy").textContent === "Can’t copy here");
  await close();
});

/** What the mouse selects from the beginning of one element to the end of another. */
async function drag(page, from, to) {
  await page.evaluate(() => getSelection().removeAllRanges());
  await from.scrollIntoViewIfNeeded();
  const [a, b] = [await from.boundingBox(), await to.boundingBox()];
  await page.mouse.move(a.x + 1, a.y + 4);
  await page.mouse.down();
  await page.mouse.move(a.x + 30, a.y + 6, { steps: 3 });
  await page.mouse.move(b.x + b.width - 1, b.y + b.height - 3, { steps: 5 });
  await page.mouse.up();
  return page.evaluate(() => getSelection().toString());
}

test("the mouse picks up commands without prompts and output, or output without commands", async () => {
  const { page, close } = await open(browser, `${sites[0].url}sessions.html`);
  const session = page.locator("main > .sw-session").first();
  const [commands, outputs] = [session.locator(".sw-command"), session.locator(".sw-output samp")];
  const selected = await drag(page, commands.nth(2).locator("kbd").first(), commands.nth(3).locator("kbd").last());
  assert.equal(
    selected.replace(/\n+/g, "\n").trim(),
    'cat <<EOF > index.html\n<h1>Hello</h1>\n  $ not a prompt\nEOF\nfor i in 1 2; do\n  echo "$i"\ndone',
  );
  const over = await drag(page, commands.nth(0).locator("kbd").first(), commands.nth(1).locator("kbd").first());
  assert.doesNotMatch(over, /5f0a6a1c|\$ /);
  assert.match(over, /docker network create front\n+docker run -d/);
  const printed = await drag(page, outputs.nth(0), outputs.nth(1));
  assert.match(printed, /^5f0a6a1c\w+\n+0b8a9b5e\w+\n*$/);
  await close();
});

/** The options in commands that begin on one line and end on another. */
const torn = (page) =>
  page.evaluate(() => {
    const found = [];
    for (const line of document.querySelectorAll(".sw-command kbd")) {
      const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      while (nodes.nextNode()) {
        for (const { 0: option, index } of nodes.currentNode.data.matchAll(/--?[a-z]\S*/g)) {
          const range = document.createRange();
          range.setStart(nodes.currentNode, index);
          range.setEnd(nodes.currentNode, index + option.length);
          if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) found.push(option);
        }
      }
    }
    return found;
  });

test("a command is read whole, and its options aren't torn apart", async () => {
  for (const viewport of [DESK, PHONE]) {
    const { page, close } = await open(browser, `${sites[1].url}networking/use-case.html`, { viewport });
    const wide = await page.locator(".sw-command").evaluateAll((commands) => commands.filter((command) => command.scrollWidth > command.clientWidth).length);
    assert.equal(wide, 0);
    assert.deepEqual(await torn(page), []);
    if (viewport === PHONE) {
      await page.evaluate(() => document.querySelectorAll(".sw-word").forEach((word) => word.replaceWith(word.textContent)));
      await page.evaluate(() => document.querySelectorAll(".sw-command kbd").forEach((line) => line.normalize()));
      assert.notDeepEqual(await torn(page), [], "nothing would be torn");
    }
    await close();
  }
});

test("long output is folded, unfolds, and is whole on paper", async () => {
  const { page, close } = await open(browser, `${sites[0].url}sessions.html`);
  const more = page.locator(".sw-more");
  assert.equal(await more.count(), 1);
  const height = () => page.locator(".sw-output:has(+ .sw-more)").evaluate((output) => [output.clientHeight, output.scrollHeight]);
  const [shown, all] = await height();
  assert.ok(shown < all / 2, `${shown} of ${all}`);
  assert.equal(await more.getAttribute("aria-expanded"), "false");
  await page.emulateMedia({ media: "print" });
  const [printed, whole] = await height();
  assert.equal(printed, whole);
  assert.equal(await more.isVisible(), false);
  await page.emulateMedia({ media: "screen" });
  await more.click();
  assert.equal(await more.getAttribute("aria-expanded"), "true");
  const [open1, open2] = await height();
  assert.equal(open1, open2);
  await close();
});

test("a file has a name, is copied, and is downloaded under its name, to the letter", async () => {
  const content = 'FROM nginx:1.30-alpine\n# <tags> & "quotes"\nCOPY index.html /usr/share/nginx/html/\n\n';
  const { page, close } = await open(browser, `${sites[0].url}sessions.html`, CLIPBOARD);
  const file = page.locator(".sw-file");
  assert.equal(await file.locator(".sw-path").textContent(), "app/Dockerfile");
  await file.locator(".sw-copy").click();
  assert.equal(await clipboard(page), content);
  const [download] = await Promise.all([page.waitForEvent("download"), file.locator(".sw-download").click()]);
  assert.equal(download.suggestedFilename(), "Dockerfile");
  assert.equal(readFileSync(await download.path(), "utf8"), content);
  await close();
});

test("without JavaScript everything is there, and no button that does nothing", async () => {
  const { book, site, url } = sites[0];
  const byId = new Map(list(book).pages.flatMap((page) => page.sessions.map((session) => [session.id, session])));
  await each(pages(site).filter((path) => path !== "print.html"), async (path) => {
    const { page, close } = await open(browser, url + path, { javaScriptEnabled: false });
    assert.equal(await page.locator("main button, main .sw-folded").count(), 0, path);
    for (const session of await page.locator(".sw-session").all()) {
      const text = await session.textContent();
      for (const command of byId.get(await session.getAttribute("id")).commands) {
        for (const line of command.text.split("\n")) assert.ok(text.includes(line), `${path}: ${line}`);
      }
    }
    await close();
  });
  const { page, close } = await open(browser, `${url}sessions.html`, { javaScriptEnabled: false });
  const seq = page.locator(".sw-output").filter({ hasText: "39" });
  assert.ok(await seq.evaluate((output) => output.clientHeight === output.scrollHeight));
  await close();
});

test("programs inside a session are told apart in words, and keys look like keys", async () => {
  const { page, close } = await open(browser, `${sites[0].url}sessions.html`);
  const session = page.locator(".sw-session").filter({ hasText: "docker exec -it web sh" });
  assert.deepEqual(await session.locator(".sw-place").allTextContents(), ["in web's sh", "back in the shell"]);
  assert.deepEqual(await session.locator(".sw-keys").allTextContents(), ["^C"]);
  assert.equal(await session.locator(".sw-command.sw-inside").count(), 3);
  await close();
});

test("two machines, a check and a solution are told apart in words", async () => {
  const { page, close } = await open(browser, `${sites[0].url}exercises.html`);
  assert.deepEqual(await page.locator(".sw-on").allTextContents(), ["On node-1", "On node-1", "On node-2"]);
  assert.deepEqual(await page.locator(".sw-role").allTextContents(), ["Check your work", "Solution"]);
  await close();
});

test("output of a check of an exercise is all on a phone's screen", async () => {
  const { page, close } = await open(browser, `${sites[1].url}networking/exercise-2.html`, { viewport: PHONE });
  await unfold(page);
  const wide = await page.locator(".sw-check").evaluateAll((checks) => checks.map((check) => [check, ...check.querySelectorAll("pre")].some((box) => box.scrollWidth > box.clientWidth)));
  assert.ok(wide.length > 0 && !wide.includes(true), wide.join());
  await close();
});
