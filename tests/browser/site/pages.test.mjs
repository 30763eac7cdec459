// Every page of this repository's books and of the fixture: for axe, on a phone, under a strict policy, in search, and its weight.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { each, launch } from "../browser.mjs";
import { BOOKS, DESK, PHONE, ROOT, THEMES, build, fixture, open, pages, report, serve } from "./site.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
let sites;

before(async () => {
  browser = await launch();
  // Marks of every kind: what follows the failure on its page is red or amber, the rest green.
  const marked = fixture();
  let n = 0;
  report(marked, () => ["passed", "passed", "failed"][n++ % 3]);
  sites = [marked, ...BOOKS].map((book) => serve(build(book)));
});
after(() => browser.close());

/** Each page but the one for printing, which opens a dialogue. */
const shown = () => sites.flatMap(({ site, url }) => pages(site).filter((path) => path !== "print.html").map((path) => url + path));

async function violations(page) {
  // What a reader has before them: a change of the window or a fold is done when it is drawn.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  // Through the debugger: the page's policy doesn't let axe in as a script.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

test("axe finds nothing, and the browser nothing wrong: every page, every theme, on a desk and on a phone", async () => {
  await each(shown(), async (url) => {
    const { page, wrong, close } = await open(browser, url, { reducedMotion: "reduce" });
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    for (const theme of THEMES) {
      // As a reader changes it, which also changes the style of code.
      await page.evaluate((theme) => document.getElementById(`mdbook-theme-${theme}`).click(), theme);
      await page.setViewportSize(DESK);
      assert.deepEqual(await violations(page), [], `${url} ${theme}`);
    }
    await page.setViewportSize(PHONE);
    assert.deepEqual(await violations(page), [], `${url} on a phone`);
    assert.deepEqual(wrong, [], url);
    await close();
  });
});

test("axe would see text that is too faint, and a scrolling box that the keyboard can't reach", async () => {
  const { page, close } = await open(browser, `${sites[0].url}sessions.html`, { viewport: PHONE, theme: "light" });
  await page.evaluate(() => {
    document.documentElement.style.setProperty("--sw-printed", "#c0c8d0");
    document.querySelectorAll("main pre, main pre > code").forEach((box) => box.removeAttribute("tabindex"));
    document.querySelectorAll("main pre button").forEach((button) => button.remove());
  });
  const found = (await violations(page)).join("\n");
  assert.match(found, /color-contrast/);
  assert.match(found, /scrollable-region-focusable/);
  await close();
});

test("no page scrolls sideways on a phone", async () => {
  await each(shown(), async (url) => {
    const { page, close } = await open(browser, url, { viewport: PHONE });
    const width = () => page.evaluate(() => [document.documentElement, document.body, document.querySelector(".content")].map((box) => box.scrollWidth));
    for (const wide of await width()) assert.ok(wide <= PHONE.width, `${url}: ${wide}`);
    await close();
  });
});

test("what is only in a command is found by search", async () => {
  for (const [word, place] of [
    ["unless-stopped", "sessions.html"],
    ["swarm", "marks.html"],
  ]) {
    const { page, wrong, close } = await open(browser, `${sites[0].url}prose.html`);
    await page.keyboard.press("/");
    await page.locator("#mdbook-searchbar").pressSequentially(word);
    const result = page.locator("#mdbook-searchresults a").first();
    await result.waitFor();
    assert.match(await result.getAttribute("href"), new RegExp(place.replace(".", "\\.")));
    await result.click();
    await page.waitForURL(new RegExp(place));
    assert.match(await page.locator("main").textContent(), new RegExp(word));
    assert.deepEqual(wrong, []);
    await close();
  }
});

test("all of ours is under 40 KB, compressed", () => {
  const theme = join(ROOT, "theme");
  const ours = readdirSync(theme).filter((name) => /\.(css|js|svg)$/.test(name));
  assert.ok(ours.length >= 6, ours.join());
  const size = ours.map((name) => gzipSync(readFileSync(join(theme, name)), { level: 9 }).length).reduce((a, b) => a + b);
  console.log(`# ${(size / 1024).toFixed(1)} KB`);
  assert.ok(size < 40 * 1024, `${size} bytes`);
});

test("nothing moves for those who want it so", async () => {
  const { page, close } = await open(browser, `${sites[0].url}prose.html`, { reducedMotion: "reduce" });
  const moving = await page.evaluate(() =>
    document.getAnimations().length + [...document.querySelectorAll("*")].filter((e) => getComputedStyle(e).transitionDuration.split(",").some((time) => parseFloat(time) > 0 && getComputedStyle(e).transitionProperty !== "none")).length,
  );
  assert.equal(moving, 0);
  await close();
});

test("on paper a dark theme is dark on white", async () => {
  const { page, close } = await open(browser, `${sites[0].url}deep/marks.html`, { theme: "navy" });
  await page.emulateMedia({ media: "print" });
  const luminance = (selector, property) =>
    page.locator(selector).first().evaluate((element, property) => {
      const [r, g, b] = getComputedStyle(element)[property].match(/[\d.]+/g).map(Number);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }, property);
  for (const text of ["main > h1", ".sw-command kbd", ".sw-page-mark", ".sw-claim"]) assert.ok((await luminance(text, "color")) < 110, text);
  for (const ground of ["html", ".sw-session", ".sw-page-mark"]) assert.ok((await luminance(ground, "backgroundColor")) > 235, ground);
  assert.equal(await page.locator(".sw-copy").first().isVisible(), false);
  await close();
});
