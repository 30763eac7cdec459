// The lab's panel to the eye, the keyboard and a screen reader.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { PHONE, THEMES, build } from "../site/site.mjs";
import { machines, openPage, press, run, shows, skip, smallBook, verdict, withLab } from "./lab.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
let lab;
withLab(smallBook, (started) => ({ browser, lab } = started));

test("in all themes, on a desk and on a phone, axe finds nothing with a terminal open", { skip }, async () => {
  for (const [n, theme] of [...THEMES, ...THEMES.slice(0, 1)].entries()) {
    const phone = n === THEMES.length;
    // The page's policy lets no script in but its own: the test's is let in by the browser.
    const { page, close } = await openPage(browser, lab, "web.html", { theme, bypassCSP: true, ...(phone && { viewport: PHONE }) });
    await machines(page, "ready");
    await press(page, "docker run -d");
    await verdict(page, "docker run -d");
    await press(page, "echo one");
    await verdict(page, "echo one");
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document));
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
    assert.deepEqual(told, [], `${theme}${phone ? " on a phone" : ""}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${theme}: ${wide} px too wide`);
    if (process.env.LAB_SCREENSHOTS) await page.screenshot({ path: `${process.env.LAB_SCREENSHOTS}/${phone ? "phone" : theme}.png` });
    await close();
  }
});

test("everything goes by keyboard, and is read aloud", { skip }, async () => {
  const { page, close } = await openPage(browser, lab, "web.html");
  await machines(page, "ready");
  const button = run(page, "echo one");
  await button.focus();
  await page.keyboard.press("Enter");
  await verdict(page, "echo one");
  await page.waitForFunction(() => /^echo one .*: As on the page$/.test(document.querySelector(".sw-lab [role=status]").textContent));
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.press("F6");
  assert.ok(await button.evaluate((element) => element === document.activeElement));
  await page.getByRole("button", { name: "Screen reader" }).click();
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("echo read''aloud\n");
  await shows(page, "readaloud");
  await page.waitForFunction(() => document.querySelector(".xterm-accessibility")?.textContent.includes("readaloud"));
  await page.getByRole("button", { name: "Screen reader" }).click();
  const edge = page.getByRole("separator");
  const width = () => page.locator(".sw-lab").evaluate((element) => element.offsetWidth);
  const before = await width();
  await edge.focus();
  await page.keyboard.press("ArrowLeft");
  assert.ok((await width()) > before);
  await page.getByRole("button", { name: "Hide" }).click();
  assert.equal(await page.locator(".xterm").isVisible(), false);
  await close();
});

test("a published site has nothing of the lab, and a page without script is whole", { skip }, async () => {
  const site = build(smallBook());
  assert.doesNotMatch(readFileSync(`${site}/web.html`, "utf8"), /sw-lab|-seaworthy/);
  const { page, close } = await openPage(browser, lab, "web.html", { javaScriptEnabled: false });
  assert.match(await page.locator("main").innerText(), /docker inspect .*4f1c0e6b5a2d\s+running/s);
  assert.equal(await page.locator(".sw-lab").count(), 0);
  await close();
});
