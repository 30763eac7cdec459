// The search, as people in trouble use it: what they type leads to the heading that explains it.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../browser.mjs";
import { QUESTIONS, rank } from "./questions.mjs";
import { BOOKS, build, open, pages, serve } from "./site.mjs";

let browser;
let book;

before(async () => {
  browser = await launch();
  book = serve(build(BOOKS[0]));
});
after(() => browser.close());

test("messages and commands lead to the heading that explains them, first", async () => {
  const wrong = [];
  for (const question of QUESTIONS) {
    const { place, shown } = await rank(browser, book.url, question);
    if (place !== 1) wrong.push(`${question.ask}: ${shown.slice(0, 3).join(", ")}`);
  }
  assert.deepEqual(wrong, []);
});

test("every place that it shows is there", async () => {
  for (const { ask } of QUESTIONS.slice(0, 3)) {
    const { shown } = await rank(browser, book.url, { ask, right: [] });
    assert.ok(shown.length > 1, ask);
    for (const place of shown) {
      const [path, id] = place.split("#");
      assert.ok(pages(book.site).includes(path), place);
      if (id) assert.ok(readFileSync(join(book.site, path), "utf8").includes(`id="${id}"`), place);
    }
  }
});

test("the index is no larger than the pages' text", () => {
  const index = readdirSync(book.site).find((name) => /^search-\w+\.js$/.test(name));
  const size = readFileSync(join(book.site, index)).length;
  console.log(`# ${Math.round(size / 1000)} kB`);
  // mdBook's own, of the same book: 683 kB.
  assert.ok(size < 340_000, `${size} bytes`);
});

test("it is used by keyboard alone, and marks what was asked for", async () => {
  const { page, wrong, close } = await open(browser, `${book.url}networking/overview.html`);
  await page.keyboard.press("s");
  await page.keyboard.type("bad address");
  const first = page.locator("#mdbook-searchresults a").first();
  await first.waitFor();
  const { href, path } = await first.evaluate(({ href, pathname }) => ({ href, path: pathname }));
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.href), href);
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.evaluate(() => document.activeElement.id), "mdbook-searchbar");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#mdbook-searchbar").isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.id), "mdbook-search-toggle");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === path && url.searchParams.get("highlight") === "bad address");
  const marked = page.locator("main mark");
  assert.ok((await marked.allTextContents()).some((text) => text.toLowerCase() === "bad address"));
  await marked.first().click();
  assert.equal(await marked.count(), 0);
  assert.deepEqual(wrong, []);
  await close();
});

test("what isn't there is said", async () => {
  const { page, close } = await open(browser, `${book.url}index.html`);
  await page.keyboard.press("/");
  await page.keyboard.type("qqqqqq");
  await page.getByText("Nothing is found for 'qqqqqq'.").waitFor();
  await close();
});
