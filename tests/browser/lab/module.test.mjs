// The first pages of the Networking book, followed in the lab: each command run from the page, and then, on a fresh
// machine, typed by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT } from "../site/site.mjs";
import { machines, openPage, skip, withLab } from "./lab.mjs";

/** `LAB_PAGES` names others, with commas between. */
const PAGES = process.env.LAB_PAGES?.split(",") ?? ["networking/overview.html", "networking/bridged-networks.html"];

let browser;
let lab;
withLab(() => ROOT, (started) => ({ browser, lab } = started));

/** Every command of a page that can be run, in order: its button, what is typed now, and where something is said of it. */
const commands = (page) => page.locator(".sw-command:has(.sw-lab-run), .sw-keys:has(.sw-lab-run)").all();

/** What is said of a command when that is final. */
async function said(page, command) {
  const verdict = await command.locator("xpath=following-sibling::*[1]").elementHandle();
  const told = await page.waitForFunction(
    (element) => !element.hidden && !["waits", "runs"].includes(element.dataset.state) && `${element.dataset.state}: ${element.textContent}`,
    verdict,
    { timeout: 120_000 },
  );
  return told.jsonValue();
}

const typed = (command) => command.evaluate((element) => [...element.querySelectorAll("kbd")].map((line) => line.textContent).join("\n"));

for (const path of PAGES) {
  test(`${path}: every command, run from the page`, { skip }, async () => {
    const { page, wrong, close } = await openPage(browser, lab, path);
    await machines(page, "ready");
    for (const command of await commands(page)) {
      await command.locator(".sw-lab-run").click();
      assert.match(await said(page, command), /^holds/, await typed(command));
    }
    assert.deepEqual(wrong(), []);
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Start over" }).click();
    await machines(page, "starting");
    await machines(page, "ready");
    // By hand: those of the shell; what stands in other programs is judged only if it is run.
    for (const command of await commands(page)) {
      const text = await typed(command);
      const byHand = await command.evaluate((element) => element.matches(".sw-command:not(.sw-inside)"));
      let told;
      // What needs a moment is typed again, as a reader would; the page says so where it does.
      for (let left = 15; left > 0 && !told?.startsWith("holds"); left--) {
        if (told) await page.waitForTimeout(1000);
        await command.locator("xpath=following-sibling::*[1]").evaluate((element) => (element.dataset.state = "waits"));
        if (!byHand) {
          await command.locator(".sw-lab-run").click();
        } else {
          await page.locator(".sw-lab-screen:not([hidden]) .xterm-helper-textarea").focus();
          await page.keyboard.type(`${text}\n`);
        }
        told = await said(page, command);
      }
      assert.match(told, /^holds/, `typed by hand: ${text}`);
    }
    await close();
  });
}
