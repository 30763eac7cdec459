// What waits: behind a question, and while a reader steps through the page; and what of it is on paper.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../browser.mjs";
import { build, fixture, open, report, serve } from "./site.mjs";

let browser;
/** The site of a book that was checked, and of one that wasn't. */
let checked, unchecked;

before(async () => {
  browser = await launch();
  const book = fixture();
  unchecked = serve(build(book)).url;
  report(book, () => "passed");
  checked = serve(build(book)).url;
});
after(() => browser.close());

const asked = (page, question) => page.locator(".sw-session").filter({ hasText: question });

test("what was printed, and the claim, wait behind the question; the keyboard chooses and opens", async () => {
  const { page, wrong, close } = await open(browser, `${checked}sessions.html`);
  const session = asked(page, "find the other by its name");
  const output = session.getByText("bad address");
  assert.equal(await output.isVisible(), false);
  assert.equal(await session.locator(".sw-claim").isVisible(), false);
  assert.equal(await session.getByText("8c7f3c1a").isVisible(), true, "what came before is no secret");
  const choices = session.getByRole("group", { name: "Does one container find the other by its name?" }).getByRole("radio");
  assert.equal(await choices.count(), 2);
  await choices.first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  assert.equal(await choices.nth(1).isChecked(), true);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await choices.first().isChecked(), true);
  assert.match(page.url(), /sessions\.html$/, "the arrow chose and turned the page");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await output.waitFor();
  assert.equal(await session.locator(".sw-claim").isVisible(), true);
  assert.equal(await session.locator(".sw-guess").textContent(), "Your guess: yes, it always does");
  assert.equal(await session.locator(".sw-right").textContent(), "The answer: no, not on this network");
  assert.equal(await choices.nth(1).isDisabled(), true, "a guess is made before");
  assert.deepEqual(wrong, []);
  await close();
});

test("a question without answers to choose from needs no guess", async () => {
  const { page, close } = await open(browser, `${checked}sessions.html`);
  const session = asked(page, "What does it say?");
  assert.equal(await session.getByText("ahoy", { exact: true }).isVisible(), false);
  await session.getByText("Show what was printed").click();
  await session.getByText("ahoy", { exact: true }).waitFor();
  assert.equal(await session.locator(".sw-guess, .sw-right").count(), 0);
  await close();
});

test("without a script the answer is folded away, and there", async () => {
  const { page, close } = await open(browser, `${checked}sessions.html`, { javaScriptEnabled: false });
  const session = asked(page, "find the other by its name");
  assert.equal(await session.getByText("bad address").isVisible(), false);
  await session.getByText("Show what was printed").click();
  assert.equal(await session.getByText("bad address").isVisible(), true);
  assert.equal(await session.getByText("The answer: no").isVisible(), true);
  await close();
});

/** The first session, of four commands: ids, ids, a file that is written in silence, and a loop. */
const first = (page) => page.locator("main .sw-session").first();

test("stepping through shows each output when it is asked for, with the seconds of the last check", async () => {
  const { page, wrong, close } = await open(browser, `${checked}sessions.html`);
  const session = first(page);
  const outputs = session.locator(".sw-output samp");
  const visible = () => outputs.evaluateAll((all) => all.map((output) => output.checkVisibility({ contentVisibilityAuto: true })));
  assert.deepEqual(await visible(), [true, true, true], "a page is whole at first");
  const step = page.getByRole("button", { name: "Step through this page" });
  await step.click();
  assert.equal(await step.getAttribute("aria-pressed"), "true");
  assert.deepEqual(await visible(), [false, false, false]);
  assert.equal(await session.locator(".sw-replay").count(), 1, "one at a time");
  assert.equal(await page.getByRole("button", { name: "Replay docker network create front" }).count(), 1);
  await session.locator(".sw-replay").focus();
  for (const [shown, told] of [
    [[true, false, false], "Took 0.4 s when it was last checked"],
    [[true, true, false], "Took 1.4 s when it was last checked"],
    [[true, true, false], "Took 2.4 s when it was last checked"],
    [[true, true, true], "Took 3.4 s when it was last checked"],
  ]) {
    await page.keyboard.press("Enter");
    assert.deepEqual(await visible(), shown);
    assert.equal(await session.locator(".sw-took").last().textContent(), told);
    assert.equal(await page.locator(".sw-status").textContent(), told);
  }
  assert.equal(await session.locator(".sw-replay").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.className), "sw-screen", "the focus is not lost");
  await step.click();
  assert.equal(await page.locator(".sw-replay, .sw-took, [hidden=until-found]").count(), 0);
  assert.deepEqual(wrong, []);
  await close();
});

test("what was not checked has no seconds, and steps through all the same", async () => {
  const { page, close } = await open(browser, `${unchecked}sessions.html`);
  await page.getByRole("button", { name: "Step through this page" }).click();
  const session = first(page);
  for (let n = 0; n < 3; n += 1) await session.locator(".sw-replay").click();
  assert.equal(await session.locator(".sw-replay").count(), 0, "a command that shows nothing has nothing to replay");
  assert.equal(await page.locator(".sw-took").count(), 0);
  assert.doesNotMatch(await page.locator("main").textContent(), /Took/);
  await close();
});

test("while a reader steps through, paper and the browser's search have everything", async () => {
  const { page, close } = await open(browser, `${checked}sessions.html`);
  await page.getByRole("button", { name: "Step through this page" }).click();
  const output = first(page).locator(".sw-output").nth(1);
  await page.emulateMedia({ media: "print" });
  assert.ok((await output.boundingBox()).height > 10);
  assert.equal(await page.locator(".sw-replay").first().isVisible(), false);
  await page.emulateMedia({ media: "screen" });
  // What a browser does when it has found the text of an element that waits.
  await output.evaluate((output) => {
    output.dispatchEvent(new Event("beforematch"));
    output.removeAttribute("hidden");
  });
  assert.equal(await first(page).locator("[hidden=until-found]").count(), 1, "what came before it is shown, too");
  assert.equal(await first(page).locator(".sw-replay").count(), 1);
  await close();
});

test("those who want no motion get none", async () => {
  for (const [reducedMotion, name] of [["reduce", "none"], ["no-preference", "sw-shown"]]) {
    const { page, close } = await open(browser, `${checked}sessions.html`, { reducedMotion });
    await page.getByRole("button", { name: "Step through this page" }).click();
    await first(page).locator(".sw-replay").click();
    const moves = await first(page).locator(".sw-output").first().evaluate((output) => getComputedStyle(output).animationName);
    assert.equal(moves, name);
    await close();
  }
});

test("on paper, what is folded stands at the end, and nothing is an empty box", async () => {
  for (const [path, texts] of [
    ["sessions.html", ["ping: bad address 'db'", "The answer: no, not on this network"]],
    ["exercises.html", ["echo hello > hello", "gives it one"]],
  ]) {
    const { page, close } = await open(browser, checked + path);
    const before = await page.locator("main").innerHTML();
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const appendix = page.locator(".sw-appendix");
    for (const text of texts) {
      assert.equal(await appendix.getByText(text).first().isVisible(), true, text);
      assert.equal(await page.locator("main").getByText(text).count(), await appendix.getByText(text).count(), `${text} is elsewhere, too`);
    }
    const captions = await appendix.locator("h3").allTextContents();
    assert.ok(captions.every((caption, n) => caption.startsWith(`${n + 1}. `)), captions.join());
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.equal(await page.locator("main").innerHTML(), before, "the page is as it was");
    await close();
  }
  const { page, close } = await open(browser, `${checked}exercises.html`, { javaScriptEnabled: false });
  await page.emulateMedia({ media: "print" });
  assert.ok((await page.getByText("echo hello > hello").boundingBox()).height > 5, "without a script it is printed in its place");
  await close();
});

test("the page for printing begins with its contents", async () => {
  const { page, close } = await open(browser, `${checked}print.html`, { javaScriptEnabled: true });
  await page.emulateMedia({ media: "print" });
  const links = page.locator(".sw-contents a");
  assert.ok((await links.count()) >= 4);
  for (const link of await links.all()) assert.equal(await page.locator(`[id="${(await link.getAttribute("href")).slice(1)}"]`).count(), 1);
  await close();
});
