// What leads to a book's pages: heads, the map, the page for what isn't found, mirrors, and what others may show.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../browser.mjs";
import { BOOKS, build, fixture, open, pages, report, serve } from "./site.mjs";

const ADDRESS = "https://example.org/book/";
let browser;
let addressed;
let module;

before(async () => {
  browser = await launch();
  const book = fixture();
  const toml = readFileSync(join(book, "book.toml"), "utf8");
  writeFileSync(join(book, "book.toml"), toml.replace("[output.html]", `[output.html]\nsite-url = "${ADDRESS}"`));
  report(book, () => "passed");
  addressed = serve(build(book));
  module = serve(build(BOOKS[0]));
});
after(() => browser.close());

const text = ({ site }, name) => readFileSync(join(site, name), "utf8");

test("each page says what it is about, where it belongs, and where its Markdown is", async () => {
  const seen = new Map();
  for (const path of pages(module.site).filter((path) => path !== "print.html")) {
    const { page, close } = await open(browser, module.url + path);
    const content = (name) => page.locator(`meta[name="${name}"], meta[property="${name}"]`).first().getAttribute("content");
    const description = await content("description");
    assert.ok(description.length > 20 && description.length <= 160, `${path}: ${description}`);
    assert.equal(await content("og:description"), description);
    assert.equal(seen.get(description), undefined, `${path} is described as ${seen.get(description)} is`);
    seen.set(description, path);
    const title = await page.title();
    assert.equal(new Set(title.split(" - ")).size, title.split(" - ").length, `twice the same: ${title}`);
    await close();
  }
  assert.ok(seen.size > 10);
  const { page, close } = await open(browser, `${addressed.url}deep/marks.html`);
  assert.equal(await page.locator("link[rel=canonical]").getAttribute("href"), `${ADDRESS}deep/marks.html`);
  assert.equal(await page.locator("link[rel=alternate][type='text/markdown']").getAttribute("href"), "marks.md");
  await close();
});

test("the map has every page by its full address, and no other", () => {
  const map = text(addressed, "sitemap.xml");
  const places = [...map.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, place]) => place);
  const expected = pages(addressed.site).filter((path) => !["print.html", "index.html"].includes(path));
  assert.deepEqual(places.sort(), expected.map((path) => ADDRESS + path).sort());
});

test("the page for what isn't found works below any path, and leads back", async () => {
  for (const path of ["nothing.html", "a/b/c/nothing.html", "deep/nothing"]) {
    const { page, close } = await open(browser, module.url + path);
    assert.equal(await page.locator("main h1").textContent(), "This page isn’t here");
    const width = await page.evaluate(() => getComputedStyle(document.body).maxWidth);
    assert.notEqual(width, "none", "it has no style");
    await page.waitForFunction((url) => document.baseURI === url, module.url);
    await page.getByRole("link", { name: "Troubleshooting" }).click();
    await page.waitForURL(`${module.url}networking/troubleshooting.html`);
    await close();
  }
});

test("mirrors and the list of pages say what is verified, where and when", () => {
  const mirror = text(addressed, "sessions.md");
  assert.match(mirror, /^# Sessions\n\n> 7 sessions verified\. Checked on 2026-01-02 with Docker Engine 28\.5\.2\./);
  assert.match(mirror, /\*\*A list keeps its session\*\* Verified\. Checked on 2026-01-02/);
  assert.doesNotMatch(mirror, /proves=|minutes=/);
  const list = text(addressed, "llms.txt");
  assert.match(list, /^# Fixture\n/);
  assert.match(list, new RegExp(`- \\[Sessions\\]\\(${ADDRESS}sessions\\.md\\): .*7 sessions verified`));
});

test("others may show what is verified: a small JSON, and a badge", async () => {
  const said = JSON.parse(text(addressed, "verification.json"));
  assert.equal(said.state, "verified");
  assert.equal(said.checked, "2026-01-02");
  assert.deepEqual(said.engines, ["28.5.2"]);
  const claim = said.claims.find(({ text }) => text === "A list keeps its session");
  const { page, close } = await open(browser, addressed.url + claim.link);
  assert.equal(await page.locator(":target").count(), 1, "the claim's link leads nowhere");
  await page.goto(`${addressed.url}verification.svg`);
  assert.match(await page.locator("title").textContent(), /Docker 28: verified 2026-01-02/);
  await close();
});
