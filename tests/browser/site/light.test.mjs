// What a page costs at a first visit, and that nothing is missing for it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../browser.mjs";
import { BOOKS, attach, build, fixture, open, pages, serve } from "./site.mjs";

let browser;
let module;
let sample;

before(async () => {
  browser = await launch();
  module = serve(build(BOOKS[0]));
  sample = serve(build(fixture()));
});
after(() => browser.close());

/** What a first visit of the page loads. */
async function cold(url) {
  const context = await browser.newContext();
  await attach(context);
  const page = await context.newPage();
  const loaded = [];
  page.on("response", (response) => loaded.push(response.body().then((body) => ({ url: response.url(), bytes: body.length }))));
  await page.goto(url, { waitUntil: "networkidle" });
  const files = await Promise.all(loaded);
  await context.close();
  return files;
}

test("a page of the Networking book is under 250 kB and 15 requests", async () => {
  for (const path of pages(module.site).filter((path) => path.startsWith("networking/"))) {
    const files = await cold(module.url + path);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const said = `${path}: ${bytes} bytes, ${files.length} requests\n${files.map((file) => `${file.bytes} ${file.url}`).join("\n")}`;
    assert.ok(bytes < 250_000, said);
    assert.ok(files.length <= 15, said);
  }
});

test("no page loads a font, and the search's text comes when it is wanted", async () => {
  const files = await cold(`${module.url}networking/use-case.html`);
  assert.deepEqual(files.filter(({ url }) => /woff2|\/search-/.test(url)), []);
  const { page, wrong, close } = await open(browser, `${module.url}networking/use-case.html`);
  const asked = page.waitForRequest(/\/search-\w+\.js/);
  await page.keyboard.press("/");
  await asked;
  assert.deepEqual(wrong, []);
  await close();
});

test("code is in colours where its language is known, and elsewhere nothing is loaded for it", async () => {
  const { page, wrong, close } = await open(browser, `${sample.url}prose.html`);
  assert.ok((await page.locator("main .hljs-keyword").count()) > 0);
  assert.ok((await page.locator("main .hljs-attr").count()) > 0);
  for (const theme of ["light", "navy", "ayu"]) {
    await page.evaluate((theme) => document.getElementById(`mdbook-theme-${theme}`).click(), theme);
    const [plain, coloured] = await page.evaluate(() => [document.querySelector("main pre code.language-python"), document.querySelector(".hljs-keyword")].map((e) => getComputedStyle(e).color));
    assert.notEqual(plain, coloured, theme);
  }
  assert.deepEqual(wrong, []);
  await close();
  const without = await cold(`${sample.url}deep/marks.html`);
  assert.deepEqual(without.filter(({ url }) => /highlight|code-|clipboard/.test(url)), []);
  const known = await cold(`${sample.url}prose.html`);
  assert.equal(known.filter(({ url }) => /code-\w+\.(js|css)/.test(url)).length, 2);
});
