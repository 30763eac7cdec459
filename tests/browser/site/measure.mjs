// What a book's site costs its readers, page by page: weight, requests, first paint, axe, tab stops, what is off screen, small
// targets, and whether search leads people in trouble to the right heading.
// `npm run measure --prefix tests/browser [BOOK | --site FOLDER]`; the Networking book is measured by default.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { launch } from "../browser.mjs";
import { BOOKS, THEMES, attach, build, open, pages, serve } from "./site.mjs";
import { QUESTIONS, rank } from "./questions.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = { phone: { width: 390, height: 844 }, wide: { width: 1440, height: 900 } };

const [first, folder] = process.argv.slice(2);
// npm runs this in its own folder.
const from = (path) => resolve(process.env.INIT_CWD ?? ".", path);
const site = first === "--site" ? from(folder) : build(first ? from(first) : BOOKS[0]);
const { url } = serve(site);
const browser = await launch();

/** What a first visit loads, in bytes as they are stored, and how soon something is seen. */
async function visit(path) {
  const context = await browser.newContext({ viewport: SIZES.wide });
  await attach(context);
  const page = await context.newPage();
  const loaded = [];
  page.on("response", (response) => loaded.push(response.body().then((body) => [response.url(), body])));
  await page.goto(url + path, { waitUntil: "networkidle" });
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0);
  const bodies = await Promise.all(loaded);
  await context.close();
  const sum = (of) => bodies.reduce((all, [, body]) => all + of(body), 0);
  return { requests: bodies.length, kB: sum((body) => body.length) / 1000, gzip: sum((body) => gzipSync(body).length) / 1000, paint };
}

/** How many places the Tab key stops at, from the top of the page, and how many of them come before the text. */
async function stops(path) {
  const { page, close } = await open(browser, url + path, { viewport: SIZES.wide });
  let [before, all] = [0, 0];
  for (let reached = false; all < 2000; all++) {
    await page.keyboard.press("Tab");
    const where = await page.evaluate(() => {
      const { activeElement: at } = document;
      if (at === document.body || at.dataset.measured) return "end";
      at.dataset.measured = "seen";
      return at.closest("main") ? "text" : at.matches(".sw-skip") ? "skip" : "around";
    });
    if (where === "end") break;
    // One press of the skip link, and the text is next.
    reached ||= where === "text" || where === "skip";
    if (!reached) before++;
  }
  await close();
  return { before, all };
}

/** Sessions whose output isn't all on the screen, and buttons that a finger misses. */
async function sizes(path, viewport, hasTouch) {
  const { page, close } = await open(browser, url + path, { viewport, hasTouch, isMobile: hasTouch });
  const found = await page.evaluate(() => {
    document.querySelectorAll("details").forEach((details) => (details.open = true));
    const wide = (box) => box.scrollWidth > box.clientWidth + 1;
    const sessions = [...document.querySelectorAll(".sw-session")];
    const off = sessions.filter((session) => [session, ...session.querySelectorAll(".sw-screen, pre")].some((box) => wide(box)));
    const buttons = [...document.querySelectorAll("main button, .menu-bar button, .menu-bar a")].filter((button) => button.offsetParent);
    const small = buttons.filter((button) => button.offsetWidth < 44 || button.offsetHeight < 44);
    return { sessions: sessions.length, off: off.length, small: small.length };
  });
  await close();
  return found;
}

async function violations(path) {
  const { page, close } = await open(browser, url + path, { viewport: SIZES.wide, reducedMotion: "reduce" });
  let found = 0;
  for (const theme of THEMES) {
    await page.evaluate((theme) => document.getElementById(`mdbook-theme-${theme}`).click(), theme);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    if (theme === THEMES[0]) await page.evaluate(AXE);
    found += await page.evaluate(async () => (await window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })).violations.length);
  }
  await close();
  return found;
}

const rows = [];
for (const path of pages(site).filter((path) => !/^print\.html$|-frame\.html$/.test(path))) {
  const [cold, tab, phone, wide, axe] = [await visit(path), await stops(path), await sizes(path, SIZES.phone, true), await sizes(path, SIZES.wide, false), await violations(path)];
  rows.push({
    page: path,
    kB: Math.round(cold.kB),
    gzip: Math.round(cold.gzip),
    requests: cold.requests,
    "paint ms": Math.round(cold.paint),
    axe,
    "stops before the text": tab.before,
    stops: tab.all,
    sessions: wide.sessions,
    "off at 390": phone.off,
    "off at 1440": wide.off,
    "small targets": phone.small,
  });
}
console.table(rows);
const all = (key) => rows.reduce((sum, row) => sum + row[key], 0);
const most = (key) => Math.max(...rows.map((row) => row[key]));
console.log(`most on a page: ${most("kB")} kB (${most("gzip")} kB compressed), ${most("requests")} requests, first paint ${most("paint ms")} ms, ${most("stops")} stops, ${most("stops before the text")} before the text`);
console.log(`all pages: axe ${all("axe")}, of ${all("sessions")} sessions ${all("off at 390")} off screen at 390 px, ${all("off at 1440")} at 1440 px, ${all("small targets")} small targets`);

const index = readdirSync(site).find((name) => /^search(index)?-\w+\.js$/.test(name));
console.log(`search index: ${index ? Math.round(readFileSync(join(site, index)).length / 1000) : 0} kB`);
for (const question of QUESTIONS) {
  const { place, shown } = await rank(browser, url, question);
  console.log(`  ${place === 1 ? " " : "!"} ${question.ask}: ${place ? `the right heading is number ${place}` : "not found"} (first: ${shown[0] ?? "nothing"})`);
}
await browser.close();
