// Terms that are explained in place, the progress over the book, and archives, as a reader meets them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../browser.mjs";
import { BOOKS, PHONE, attach, build, fixture, folder, open, pages, serve } from "./site.mjs";

let browser, site, url;
let built;
/** The sites of this repository's books. */
const sites = () => (built ??= BOOKS.map((book) => serve(build(book))));

before(async () => {
  browser = await launch();
  ({ site, url } = serve(build(fixture())));
});
after(() => browser.close());

test("a term is explained under the pointer and the focus, until Escape", async () => {
  const { page, wrong, close } = await open(browser, `${url}prose.html`);
  const terms = page.locator("main a.sw-term");
  assert.deepEqual(await terms.allTextContents(), ["default bridge", "bridge", "NAT"]);
  const explained = page.getByRole("tooltip");
  assert.equal(await explained.isVisible(), false);
  await terms.first().hover();
  await explained.waitFor();
  assert.equal(await explained.textContent(), "The bridge that is there from the beginning.");
  // What is explained can be pointed at.
  await explained.hover();
  await page.waitForTimeout(400);
  assert.equal(await explained.isVisible(), true);
  await page.mouse.move(0, 0);
  await explained.waitFor({ state: "hidden" });
  await terms.nth(1).focus();
  await explained.waitFor();
  assert.equal(await explained.textContent(), "A network on one computer.");
  await page.keyboard.press("Escape");
  assert.equal(await explained.isVisible(), false);
  await page.keyboard.press("Enter");
  await page.waitForURL(/glossary\.html#bridge$/);
  assert.deepEqual(wrong, []);
  await close();
});

test("the first tap explains, within the screen, and the second leads to the glossary", async () => {
  const { page, close } = await open(browser, `${url}prose.html`, { viewport: PHONE, hasTouch: true, isMobile: true });
  const term = page.locator("main a.sw-term").last();
  await term.tap();
  const explained = page.getByRole("tooltip");
  await explained.waitFor();
  const box = await explained.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width, JSON.stringify(box));
  assert.match(page.url(), /prose\.html$/);
  await term.tap();
  await page.waitForURL(/glossary\.html#network-address-translation-nat$/);
  await close();
});

test("without a script a term is a link with a title", async () => {
  const { page, close } = await open(browser, `${url}prose.html`, { javaScriptEnabled: false });
  const term = page.locator("main a.sw-term").first();
  assert.equal(await term.getAttribute("title"), "The bridge that is there from the beginning.");
  await term.click();
  assert.match(page.url(), /glossary\.html#default-bridge$/);
  await close();
});

test("each term of our books leads to a heading that is there", async () => {
  let terms = 0;
  for (const { site } of sites()) {
    for (const path of pages(site)) {
      const html = readFileSync(join(site, path), "utf8");
      for (const [, href] of html.matchAll(/class="sw-term" href="([^"]*)"/g)) {
        terms += 1;
        const [file, id] = href.split("#");
        const target = file === "" ? html : readFileSync(join(site, path, "..", file), "utf8");
        assert.ok(target.includes(`id="${id}"`), `${path}: ${href}`);
      }
    }
  }
  assert.ok(terms > 50, `only ${terms} terms`);
});

test("the first page sums up what is ticked in the book", async () => {
  const context = await browser.newContext();
  await attach(context);
  const page = await context.newPage();
  await page.goto(`${url}index.html`);
  const overview = page.locator(".sw-overview");
  await overview.getByText("Your progress in this book: 0 of 5 done").waitFor();
  assert.deepEqual(await overview.locator("li").allTextContents(), ["Exercises 0 of 5"]);
  await overview.getByRole("link", { name: "Exercises" }).click();
  await page.getByLabel("The page comes through the proxy").check();
  await page.getByLabel("Solved").check();
  await page.locator(".sw-progress").getByText("2 of 5 done").waitFor();
  await page.goBack();
  await overview.getByText("2 of 5 done").waitFor();
  // Ticks of a page as it once was count as far as it goes.
  await page.evaluate(() => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    localStorage.setItem("seaworthy-progress", JSON.stringify({ "/": { "exercises.html": names } }));
  });
  await page.reload();
  await overview.getByText("5 of 5 done").waitFor();
  await context.close();
  const { page: plain, close } = await open(browser, `${url}index.html`, { javaScriptEnabled: false });
  assert.equal(await plain.locator(".sw-overview").isVisible(), false, "nothing is kept without a script");
  await close();
});

test("what the build counts is what the script shows", async () => {
  for (const { site, url } of sites()) {
    const html = readFileSync(join(site, "index.html"), "utf8");
    for (const [, path, boxes] of html.matchAll(/data-page="([^"]*)" data-boxes="(\d+)"/g)) {
      const { page, close } = await open(browser, url + path);
      await page.locator(".sw-progress").getByText(`0 of ${boxes} done`).waitFor();
      await close();
    }
  }
});

test("the line that fetches an archive is copied with the address that the page has, and works", async () => {
  const { page, close } = await open(browser, `${url}prose.html`, { permissions: ["clipboard-read", "clipboard-write"] });
  const archive = page.locator(".sw-archive");
  const line = `curl -fsSL ${url}app.tar.gz | tar xz`;
  assert.equal(await archive.locator(".sw-fetch").textContent(), line);
  await archive.locator(".sw-copy").click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), line);
  assert.equal(await archive.getByText("Download").evaluate((link) => link.href), `${url}app.tar.gz`);
  const here = folder();
  execFileSync("tar", ["xzf", join(site, "app.tar.gz")], { cwd: here });
  assert.deepEqual(readdirSync(join(here, "app")).sort(), ["Dockerfile", "motd"]);
  assert.equal(readFileSync(join(here, "app/motd"), "utf8"), "ahoy\n");
  await close();
  const { page: plain, close: end } = await open(browser, `${url}prose.html`, { javaScriptEnabled: false });
  assert.equal(await plain.locator(".sw-fetch").isVisible(), false, "a line without an address fetches nothing");
  assert.equal(await plain.locator(".sw-archive a[download]").isVisible(), true);
  await end();
});
