// A page read by keyboard, by ear, by finger, enlarged, in forced colours and from right to left.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../browser.mjs";
import { BOOKS, build, fixture, open, pages, report, serve } from "./site.mjs";

let browser;
let marked;
let module;

before(async () => {
  browser = await launch();
  const book = fixture();
  report(book, () => "passed");
  marked = serve(build(book));
  module = serve(build(BOOKS[0]));
});
after(() => browser.close());

test("one press leads past what is around the text, and a session is one stop", async () => {
  const { page, close } = await open(browser, `${marked.url}sessions.html`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the text");
  assert.ok(await page.locator(".sw-skip").isVisible());
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null), "the next stop isn't in the text");
  const most = await page.locator(".sw-session").evaluateAll((sessions) =>
    sessions.map((session) => [...session.querySelectorAll(".sw-tools, .sw-command")].flatMap((part) => [...part.querySelectorAll("button")]).filter(({ tabIndex }) => tabIndex === 0).length),
  );
  assert.deepEqual([...new Set(most)], [1]);
  await close();
});

test("arrow keys lead to a session's other buttons, and back", async () => {
  const { page, close } = await open(browser, `${marked.url}sessions.html`);
  const buttons = page.locator(".sw-session").first().locator(".sw-tools button, .sw-command button");
  const count = await buttons.count();
  assert.ok(count >= 5, `${count} buttons`);
  await buttons.first().focus();
  const at = () => buttons.evaluateAll((all) => all.indexOf(document.activeElement));
  for (let n = 1; n < count; n++) {
    await page.keyboard.press("ArrowDown");
    assert.equal(await at(), n);
  }
  await page.keyboard.press("Home");
  assert.equal(await at(), 0);
  await page.keyboard.press("End");
  assert.equal(await at(), count - 1);
  assert.match(page.url(), /sessions\.html$/);
  await close();
});

test("sessions, commands, outputs and figures have names", async () => {
  const { page, close } = await open(browser, `${marked.url}sessions.html`);
  const client = await page.context().newCDPSession(page);
  const { nodes } = await client.send("Accessibility.getFullAXTree");
  const named = nodes.filter(({ ignored, role }) => !ignored && ["figure", "group"].includes(role?.value)).map(({ role, name }) => [role.value, name?.value ?? ""]);
  const names = (role) => named.filter(([of]) => of === role).map(([, name]) => name);
  assert.ok(names("figure").includes("Console session: A list keeps its session"), names("figure").join(" | "));
  assert.ok(names("figure").includes("Console session: docker network create front"));
  assert.ok(names("group").filter((name) => name === "Command").length >= 5);
  assert.ok(names("group").filter((name) => name === "Output").length >= 3);
  assert.deepEqual(named.filter(([role, name]) => role === "figure" && (!name || /Copy|✓/.test(name))), []);
  // A mark's sign is for the eye.
  assert.deepEqual(nodes.filter(({ ignored, name }) => !ignored && /[✓○✗]/.test(name?.value)).map(({ name }) => name.value), []);
  // The claim would answer the question below it.
  assert.ok(!names("figure").some((name) => name.includes("default bridge")));
  await close();
});

test("a plain mark is an icon, and says more when it is asked: by pointer, by key, by finger", async () => {
  const { page, close } = await open(browser, `${marked.url}sessions.html`);
  const mark = page.locator(".sw-session .sw-mark").first();
  const word = await mark.locator(".sw-said").boundingBox();
  assert.ok(word.width <= 1 && word.height <= 1, "its word is seen");
  const said = page.locator(".sw-explained");
  await mark.hover();
  assert.match(await said.textContent(), /^Verified\. Checked on 2026-01-02 with Docker Engine 28\.5\.2\.$/);
  await page.mouse.move(0, 0);
  await page.waitForFunction(() => document.querySelector(".sw-explained").hidden);
  await mark.focus();
  await page.keyboard.press("Enter");
  assert.ok(await said.isVisible());
  await page.keyboard.press("Escape");
  assert.ok(await said.isHidden());
  const bars = await page.locator(".sw-session > .sw-bar").evaluateAll((bars) => bars.filter((bar) => !bar.textContent.trim()).length);
  assert.equal(bars, 0, "a bar with nothing in it");
  await close();
});

test("all of a session is on the screen, wide or narrow, and goes on below set in", async () => {
  for (const width of [320, 390, 1440]) {
    for (const { url, site } of [module, marked]) {
      for (const path of pages(site).filter((path) => path !== "print.html")) {
        const { page, close } = await open(browser, url + path, { viewport: { width, height: 900 } });
        const wide = await page.evaluate(() => {
          document.querySelectorAll("details").forEach((details) => (details.open = true));
          const boxes = [...document.querySelectorAll(".sw-session, .sw-screen, .sw-screen pre")];
          return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent.slice(0, 60));
        });
        assert.deepEqual(wide, [], `${path} at ${width}`);
        await close();
      }
    }
  }
  const { page, close } = await open(browser, `${module.url}networking/managing-networks.html`, { viewport: { width: 390, height: 900 } });
  const lines = await page.locator(".sw-line").evaluateAll((lines) =>
    lines.flatMap((line) => {
      const range = document.createRange();
      range.selectNodeContents(line);
      // What is in a part of its own has two boxes in a row; the leftmost says where the row begins.
      const rows = new Map();
      for (const { left, top, width } of range.getClientRects()) {
        if (width > 0) rows.set(Math.round(top), Math.min(Math.round(left), rows.get(Math.round(top)) ?? Infinity));
      }
      const [first, ...further] = rows.values();
      return further.length ? [Math.min(...further) > first] : [];
    }),
  );
  assert.ok(lines.length > 3 && lines.every(Boolean), lines.join());
  await close();
});

test("a finger hits every button, and the table of contents lies over the text", async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  for (const path of ["sessions.html", "exercises.html", "prose.html"]) {
    const { page, close } = await open(browser, marked.url + path, phone);
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    const small = await page.locator("main button, .menu-bar button, .menu-bar a, main summary").evaluateAll((all) =>
      all.filter((one) => one.offsetParent && (one.offsetWidth < 44 || one.offsetHeight < 44)).map((one) => `${one.className} ${one.offsetWidth}×${one.offsetHeight}`),
    );
    assert.deepEqual(small, [], path);
    await close();
  }
  const { page, close } = await open(browser, `${marked.url}sessions.html`, { ...phone, reducedMotion: "reduce" });
  const text = () => page.locator("main").boundingBox();
  const before = await text();
  const toggle = page.getByRole("button", { name: "Table of contents" });
  await toggle.tap();
  await page.waitForFunction(() => document.getElementById("mdbook-sidebar").getBoundingClientRect().left === 0);
  assert.deepEqual(await text(), before, "the text moves");
  await page.keyboard.press("Escape");
  assert.equal(await toggle.getAttribute("aria-expanded"), "false");
  await close();
});

test("at twice the size, and at four times, nothing scrolls sideways", async () => {
  for (const [width, scale] of [[640, 2], [320, 4]]) {
    for (const path of ["networking/network-types.html", "networking/cheat-sheet.html", "index.html", "verification.html"]) {
      const { page, close } = await open(browser, module.url + path, { viewport: { width, height: 450 }, deviceScaleFactor: scale });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${path} at ${width}: ${wide}`);
      await close();
    }
  }
});

test("in forced colours marks, buttons and choices are still seen", async () => {
  const { page, close } = await open(browser, `${marked.url}sessions.html`, { forcedColors: "active" });
  const mark = page.locator(".sw-session .sw-mark").first();
  assert.match(await mark.evaluate((mark) => getComputedStyle(mark, "::before").content), /✓/);
  const edges = await page.locator(".sw-copy-one").first().evaluate((button) => getComputedStyle(button, "::before").borderTopStyle);
  assert.equal(edges, "solid");
  await close();
});

test("a book from right to left has its commands from left to right", async () => {
  const book = fixture();
  const toml = readFileSync(join(book, "book.toml"), "utf8");
  writeFileSync(join(book, "book.toml"), toml.replace('language = "en"', 'language = "ar"'));
  const { site, url } = serve(build(book));
  for (const path of pages(site).filter((path) => path !== "print.html")) {
    for (const width of [390, 1280]) {
      const { page, wrong, close } = await open(browser, url + path, { viewport: { width, height: 800 } });
      const seen = await page.evaluate(() => ({
        dir: document.documentElement.dir,
        wide: document.documentElement.scrollWidth > innerWidth,
        wrong: [...document.querySelectorAll("main pre, .network-drawing")].filter((part) => getComputedStyle(part).direction !== "ltr").length,
      }));
      assert.deepEqual(seen, { dir: "rtl", wide: false, wrong: 0 }, `${path} at ${width}`);
      assert.deepEqual(wrong, []);
      await close();
    }
  }
});

test("a network has one colour in all pictures of a page", async () => {
  let again = 0;
  for (const path of pages(module.site).filter((path) => path.startsWith("networking/"))) {
    const { page, close } = await open(browser, module.url + path);
    // A network's name stands on a ground of its colour.
    const drawn = await page.locator(".network-drawing svg").evaluateAll((drawings) =>
      drawings.flatMap((drawing) => {
        const box = (part) => part.getBoundingClientRect();
        const names = [...drawing.querySelectorAll("text")].map((text) => ({ name: text.textContent, at: box(text) }));
        return [...drawing.querySelectorAll("rect:is([class^=f], [class^=f] *)")].flatMap((ground) => {
          const { left, right, top, bottom } = box(ground);
          const inside = ({ at }) => at.left >= left && at.right <= right && at.top >= top - 4 && at.bottom <= bottom + 4;
          return names.filter(inside).map(({ name }) => [name, getComputedStyle(ground).fill]);
        });
      }),
    );
    const colours = new Map();
    for (const [name, colour] of drawn) {
      again += colours.has(name) ? 1 : 0;
      assert.equal(colours.get(name) ?? colour, colour, `${name} on ${path}`);
      colours.set(name, colour);
    }
    await close();
  }
  assert.ok(again >= 5, `${again} networks are drawn again`);
});
