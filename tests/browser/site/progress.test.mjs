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

/** The page with all kinds of boxes, in a browser that has kept nothing so far. */
async function fresh() {
  const context = await browser.newContext();
  await attach(context);
  const page = await context.newPage();
  await page.goto(`${url}exercises.html`);
  const progress = page.locator(".sw-progress");
  const said = (text) => progress.getByText(text).waitFor();
  await said("0 of 5 done");
  return { context, page, progress, said };
}

/** Imports a file with `text`. */
async function put(page, text) {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Import" }).click()]);
  await chooser.setFiles({ name: "progress.json", mimeType: "application/json", buffer: Buffer.from(text) });
}

test("ticks are kept, exported, seen in other tabs, and cleared", async () => {
  const { context, page, progress, said } = await fresh();
  const proxy = page.getByLabel("The page comes through the proxy");
  await proxy.check();
  await page.getByLabel("Solved").check();
  await said("2 of 5 done");

  // Waits until the browser has it on disk.
  await context.storageState();
  await page.reload();
  await said("2 of 5 done");
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
  await said("3 of 5 done");

  await progress.getByText("Clear", { exact: true }).click();
  await said("3 of 5 done");
  await progress.getByText("Clear all pages of this book?").click();
  await said("0 of 5 done");
  assert.equal(await page.evaluate(() => localStorage.getItem("seaworthy-progress")), "{}");
  await context.close();
});

test("an answer is ticked once it is open, and named by its question", async () => {
  const { context, page, said } = await fresh();
  const knew = page.getByLabel("I knew it");
  assert.equal(await knew.isVisible(), false);
  await page.getByText("It knows the address").click();
  assert.equal(await knew.isVisible(), false, "not below a wrong answer");
  await page.getByText("It has a second interface").click();
  await knew.check();
  await said("1 of 5 done");
  const kept = await page.evaluate(() => JSON.parse(localStorage.getItem("seaworthy-progress"))["/"]);
  assert.deepEqual(kept, { "exercises.html": ["Why does the web container find the database?"] });
  await context.close();
});

test("an export is imported in another browser, beside what is ticked there", async () => {
  const one = await fresh();
  await one.page.getByLabel("The page comes through the proxy").check();
  await one.page.getByLabel("Solved").check();
  await one.said("2 of 5 done");
  const [download] = await Promise.all([one.page.waitForEvent("download"), one.progress.getByText("Export").click()]);
  const text = readFileSync(await download.path(), "utf8");
  await one.context.close();

  const { context, page, said } = await fresh();
  await page.getByLabel("Both are documented").check();
  await page.getByLabel("Solved").check();
  await put(page, text);
  await said("3 of 5 done");
  await context.storageState();
  await page.reload();
  await said("3 of 5 done");
  for (const label of ["The page comes through the proxy", "Both are documented", "Solved"]) {
    assert.equal(await page.getByLabel(label).isChecked(), true, label);
  }
  // The same file once more, after clearing.
  await page.getByText("Clear", { exact: true }).click();
  await page.getByText("Clear all pages of this book?").click();
  await said("0 of 5 done");
  await put(page, text);
  await said("2 of 5 done");
  await context.close();
});

test("what is no export, or of another book, is refused with a reason, and nothing is lost", async () => {
  const { context, page, said } = await fresh();
  await page.getByLabel("Both are documented").check();
  const refused = "This file is no export of progress.";
  for (const [text, reason] of [
    ["not JSON", refused],
    ["null", refused],
    ["[]", refused],
    ['{"book":"Fixture"}', refused],
    ['{"book":"Fixture","pages":[]}', refused],
    ['{"book":"Fixture","pages":{"exercises.html":"Solved"}}', refused],
    ['{"book":"Fixture","pages":{"exercises.html":[1]}}', refused],
    ['{"book":"Cooking","pages":{}}', "This is the progress of another book: Cooking."],
  ]) {
    await page.locator(".sw-progress [role=status]").evaluate((status) => (status.textContent = ""));
    await put(page, text);
    await said(reason);
    assert.equal(await page.getByLabel("Both are documented").isChecked(), true, text);
  }
  const kept = await page.evaluate(() => JSON.parse(localStorage.getItem("seaworthy-progress"))["/"]);
  assert.deepEqual(kept, { "exercises.html": ["Both are documented"] });
  // Names that mean something to JavaScript are names like others.
  await put(page, '{"book":"Fixture","pages":{"__proto__":["a"],"constructor":["b"],"exercises.html":["exercise hello"]}}');
  await said("2 of 5 done");
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
    await page.locator(".sw-progress").getByText("1 of 5 done").waitFor();
  }
  await context.close();
});
