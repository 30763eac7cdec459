// Tabs: one way for each system, of which a reader sees their own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../browser.mjs";
import { build, fixture, list, open, serve } from "./site.mjs";

let browser;
let book;
let url;

before(async () => {
  browser = await launch();
  book = fixture();
  url = serve(build(book)).url;
});
after(() => browser.close());

const shown = (page) => page.locator(".sw-panel:not([hidden])").evaluateAll((panels) => panels.map(({ dataset }) => dataset.name));

test("a reader's own system comes first, a choice holds everywhere, and is remembered", async () => {
  const { page, wrong, close } = await open(browser, `${url}tabs.html`, { permissions: [] });
  assert.deepEqual(await shown(page), ["Linux", "Linux"]);
  await page.getByRole("tab", { name: "Windows" }).first().click();
  assert.deepEqual(await shown(page), ["Windows", "Windows"]);
  await page.reload();
  assert.deepEqual(await shown(page), ["Windows", "Windows"]);
  assert.deepEqual(wrong, []);
  await close();
});

test("arrow keys choose, and don't turn the page", async () => {
  const { page, close } = await open(browser, `${url}tabs.html`);
  await page.getByRole("tab", { name: "Linux" }).first().focus();
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await shown(page), ["macOS", "macOS"]);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "macOS");
  await page.keyboard.press("End");
  assert.deepEqual(await shown(page), ["Windows", "Windows"]);
  assert.match(page.url(), /tabs\.html$/);
  assert.equal(await page.getByRole("tab", { selected: true }).count(), 2);
  await close();
});

test("a link into a tab opens it", async () => {
  const id = list(book).pages.find(({ file }) => file.endsWith("tabs.md")).sessions[1].id;
  const { page, close } = await open(browser, `${url}tabs.html#${id}`);
  assert.equal((await shown(page))[0], "macOS");
  assert.ok(await page.locator(`[id="${id}"]`).isVisible());
  await close();
});

test("without a script all of it is there, and on paper", async () => {
  const plain = await open(browser, `${url}tabs.html`, { javaScriptEnabled: false });
  assert.equal(await plain.page.locator(".sw-session").count(), 3);
  for (const session of await plain.page.locator(".sw-session").all()) assert.ok(await session.isVisible());
  await plain.close();
  const { page, close } = await open(browser, `${url}tabs.html`);
  await page.emulateMedia({ media: "print" });
  for (const session of await page.locator(".sw-session").all()) assert.ok(await session.isVisible());
  await close();
});

test("the sessions inside are run like all others", () => {
  const page = list(book).pages.find(({ file }) => file.endsWith("tabs.md"));
  assert.deepEqual(page.sessions.map(({ commands }) => commands[0].text), ["echo linux", "echo macos", "echo windows"]);
});
