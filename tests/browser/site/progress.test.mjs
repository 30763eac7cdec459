// What a learner ticks, kept in the browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch } from "../browser.mjs";
import { attach, build, fixture, serve } from "./site.mjs";

let browser;
let url;

before(async () => {
  browser = await launch();
  ({ url } = serve(build(fixture())));
});
after(() => browser.close());

test("ticks are kept, exported, seen in other tabs, and cleared", async () => {
  const context = await browser.newContext();
  await attach(context);
  const page = await context.newPage();
  await page.goto(`${url}exercises.html`);
  const progress = page.locator(".sw-progress");
  const said = (text) => progress.getByText(text).waitFor();
  await said("0 of 4 done");
  const proxy = page.getByLabel("The page comes through the proxy");
  await proxy.check();
  await page.getByLabel("Solved").check();
  await said("2 of 4 done");

  // Waits until the browser has it on disk.
  await context.storageState();
  await page.reload();
  await said("2 of 4 done");
  assert.equal(await proxy.isChecked(), true);
  assert.equal(await page.getByLabel("The database publishes no port").isChecked(), false);

  const [download] = await Promise.all([page.waitForEvent("download"), progress.getByText("Export").click()]);
  assert.equal(download.suggestedFilename(), "progress.json");
  assert.deepEqual(JSON.parse(readFileSync(await download.path(), "utf8")), {
    book: "Fixture",
    pages: { "exercises.html": ["The page comes through the proxy", "exercise hello"] },
  });

  const other = await context.newPage();
  await other.goto(`${url}exercises.html`);
  await other.getByLabel("Both are documented").check();
  await said("3 of 4 done");

  await progress.getByText("Clear", { exact: true }).click();
  await said("3 of 4 done");
  await progress.getByText("Clear all pages of this book?").click();
  await said("0 of 4 done");
  assert.equal(await page.evaluate(() => localStorage.getItem("seaworthy-progress")), "{}");
  await context.close();
});

test("a page without boxes has no such section, and what others left in the storage does no harm", async () => {
  const context = await browser.newContext();
  await attach(context);
  const page = await context.newPage();
  await page.goto(`${url}prose.html`);
  assert.equal(await page.locator(".sw-progress").count(), 0);
  for (const rubbish of ["not JSON", "null", "[]", '{"/": 7}']) {
    await page.evaluate((rubbish) => localStorage.setItem("seaworthy-progress", rubbish), rubbish);
    await page.goto(`${url}exercises.html`);
    await page.getByLabel("Both are documented").check();
    await page.locator(".sw-progress").getByText("1 of 4 done").waitFor();
  }
  await context.close();
});
