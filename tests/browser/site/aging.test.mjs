// Marks that age in the reader's browser, and results of several versions.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../browser.mjs";
import { build, fixture, list, open, report, serve } from "./site.mjs";

const DAY = 24 * 3600 * 1000;
const today = new Date().toISOString().slice(0, 10);
let browser;

before(async () => (browser = await launch()));
after(() => browser.close());

/** A book whose results count for 30 days, found out on `day`. */
function aging(day) {
  const book = fixture();
  const toml = readFileSync(join(book, "book.toml"), "utf8");
  writeFileSync(join(book, "book.toml"), toml.replace('after = ["links"]', 'after = ["links"]\nfresh = "30d"'));
  report(book, () => "passed", { day });
  return serve(build(book));
}

const marks = (page) => page.evaluate(() => ({ good: document.querySelectorAll(".sw-verified").length, over: document.querySelectorAll(".sw-unverified").length }));

test("a mark is green to its last day, and then says that it isn't", async () => {
  const { url } = aging(today);
  for (const path of ["sessions.html", "verification.html"]) {
    for (const [days, over] of [[0, false], [30, false], [31, true]]) {
      const context = await open(browser, url + path);
      await context.page.clock.install({ time: Date.parse(`${today}T12:00:00Z`) + days * DAY });
      await context.page.reload();
      const { good, over: grey } = await marks(context.page);
      assert.equal(good === 0, over, `${path} after ${days} days: ${good} green`);
      assert.equal(grey > 0, over, `${path} after ${days} days`);
      if (over) assert.match(await context.page.locator(".sw-page-mark").textContent(), /what was found counted until/);
      await context.close();
    }
  }
});

test("a build doesn't count what is too old", async () => {
  const { url } = aging("2020-01-02");
  const { page, close } = await open(browser, `${url}sessions.html`);
  assert.equal((await marks(page)).good, 0);
  assert.match(await page.locator(".sw-session .sw-mark").first().textContent(), /Last verified on 2020-01-02, more than 30 days ago/);
  await close();
});

test("a page says what came of it on each version", async () => {
  const book = fixture();
  const first = list(book).pages.find(({ file }) => file.endsWith("sessions.md")).sessions[1].id;
  report(book, (id, engine) => (id === first && engine === "20.10.24" ? "failed" : "passed"), { engines: ["28.5.2", "20.10.24"] });
  const { url } = serve(build(book));
  const { page, close } = await open(browser, `${url}sessions.html`);
  assert.deepEqual(await page.locator(".sw-versions li").allTextContents(), [
    "Docker Engine 28.5.2: 7 of 7 held on 2026-01-02",
    "Docker Engine 20.10.24: 6 of 7 held on 2026-01-02",
  ]);
  assert.equal(await page.locator(".sw-versions .sw-failed").count(), 1);
  await close();
});
