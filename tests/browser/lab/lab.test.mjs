// A page of the lab as a reader has it: typed by hand, in and out of order, replayed, reloaded.

import assert from "node:assert/strict";
import { test } from "node:test";
import { machines, openPage, press, screen, shows, skip, smallBook, verdict, withLab } from "./lab.mjs";

let browser;
let lab;
withLab(smallBook, (started) => ({ browser, lab } = started));

/** Types a line into the terminal, as a person does. */
async function type(page, line) {
  await page.locator(".sw-lab-screen:not([hidden]) .xterm-helper-textarea").focus();
  await page.keyboard.type(`${line}\n`);
}

/** Presses a button of the panel that asks first, and says yes. */
async function sure(page, name, yes = name) {
  await page.getByRole("button", { name, exact: true }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: yes }).click();
}

test("a page is run in order, and takes on the reader's values", { skip }, async () => {
  const { page, wrong, close } = await openPage(browser, lab, "web.html");
  await machines(page, "ready");
  const inspect = page.locator(".sw-command", { hasText: "docker inspect" });
  await press(page, "docker inspect");
  assert.match(await verdict(page, "docker inspect"), /^not_typed: Not typed: it needs `4f1c0e6b5a2d`, which line 7 prints; run that first$/);
  assert.doesNotMatch(await screen(page), /inspect/);

  await press(page, "docker run -d");
  assert.equal(await verdict(page, "docker run -d"), "holds: As on the page");
  const yours = inspect.locator(".sw-yours");
  const id = await yours.textContent();
  assert.match(id, /^[0-9a-f]{12}$/);
  assert.notEqual(id, "4f1c0e6b5a2d");
  assert.equal(await yours.getAttribute("title"), "4f1c0e6b5a2d in the book");
  await page.getByRole("button", { name: "The book’s values" }).click();
  assert.match(await inspect.textContent(), /4f1c0e6b5a2d/);
  await page.getByRole("button", { name: "The book’s values" }).click();

  for (const command of ["docker ps", "echo one", `docker inspect`, "docker rm -f"]) {
    await press(page, command);
    assert.equal(await verdict(page, command), "holds: As on the page");
  }
  assert.ok((await screen(page)).replaceAll("\u00a0", " ").includes(`docker rm -f ${id}`));

  // Run again, it is another container with another id, and the page follows.
  await press(page, "docker run -d");
  await page.waitForFunction((id) => document.querySelector(".sw-yours").textContent.slice(0, 12) !== id, id);
  assert.deepEqual(wrong(), []);
  await close();
});

test("a line typed by hand is judged if it is one of the page's, and else left alone", { skip }, async () => {
  const { page, close } = await openPage(browser, lab, "web.html");
  await machines(page, "ready");
  await sure(page, "Start over");
  await machines(page, "starting");
  await machines(page, "ready");
  await type(page, "echo   'one'  two");
  assert.equal(await verdict(page, "echo one"), "holds: As on the page");
  await type(page, "echo something else");
  await shows(page, "something else");
  assert.equal(await page.locator(".sw-lab-verdict:not([hidden])").count(), 1);
  await type(page, "docker run -d --name web nginx:1.30-alpine");
  assert.equal(await verdict(page, "docker run -d"), "holds: As on the page");
  await page.locator(".sw-command", { hasText: "docker inspect" }).locator(".sw-yours").waitFor();
  await close();
});

test("what a page hides is done when it is needed; programs, keys, differences and exercises", { skip }, async () => {
  const { page, wrong, close } = await openPage(browser, lab, "hidden.html");
  await machines(page, "ready");
  for (const [command, said] of [
    ["echo $((6", /^not_typed: Not typed: busybox:1\.37's sh isn't open in the terminal: line 14 opens it$/],
    ["echo \"$(cat", /^holds/],
    ["docker run --rm -it", /^holds/],
    ["echo wrong", /^not_typed: Not typed: the terminal is in busybox:1\.37's sh: leave it first$/],
    ["echo $((6", /^holds/],
    ["exit", /^holds/],
    ["cat", /^holds/],
  ]) {
    await press(page, command);
    assert.match(await verdict(page, command), said, command);
  }
  await press(page, "echo wrong");
  assert.match(await verdict(page, "echo wrong"), /^not_typed: Not typed: `cat` still runs/);
  await page.getByRole("button", { name: "Press ^C" }).click();
  await page.waitForFunction(() => document.querySelector(".sw-keys + .sw-lab-verdict")?.dataset.state === "holds");
  await press(page, "echo wrong");
  assert.match(await verdict(page, "echo wrong"), /^differs: Printed `right`, is `wrong`$/);
  assert.match(await page.locator(".sw-lab-diff").first().textContent(), /- right\n\+ wrong/);
  await press(page, "cat done.txt");
  assert.match(await verdict(page, "cat done.txt"), /^differs: Exited with 1/);
  await press(page, "echo yes");
  assert.match(await verdict(page, "echo yes"), /^holds/);
  await press(page, "cat done.txt");
  assert.match(await verdict(page, "cat done.txt"), /^holds/);
  assert.doesNotMatch(await screen(page), /export NAME/);
  assert.deepEqual(wrong(), []);
  await close();
});

test("a fresh machine is brought to a place of the page, and stopped", { skip }, async () => {
  const { page, close } = await openPage(browser, lab, "web.html");
  await machines(page, "ready");
  const second = page.locator(".sw-session").nth(1);
  await second.getByRole("button", { name: "Bring my machine here" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await machines(page, "ready");
  await second.getByRole("button", { name: "Bring my machine here" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Bring it here" }).click();
  await machines(page, "starting");
  assert.equal(await verdict(page, "echo one"), "holds: As on the page");
  await press(page, "docker inspect");
  assert.equal(await verdict(page, "docker inspect"), "holds: As on the page");
  await sure(page, "Stop");
  await machines(page, "stopped");
  assert.equal(await page.locator(".sw-lab-verdict:not([hidden])").count(), 0);
  // What is run then has a machine of its own.
  await press(page, "echo one");
  assert.match(await verdict(page, "echo one"), /^holds/);
  await close();
});

test("a reload and a second tab show what was there; the shell that ends gives way to another", { skip }, async () => {
  const first = await openPage(browser, lab, "web.html");
  await machines(first.page, "ready");
  await press(first.page, "echo one");
  await verdict(first.page, "echo one");
  await type(first.page, "X=kept; echo still $X");
  await shows(first.page, "still kept");
  await first.reload();
  await shows(first.page, "still kept");
  assert.equal(await verdict(first.page, "echo one"), "holds: As on the page");
  const second = await openPage(browser, lab, "web.html");
  await shows(second.page, "still kept");
  await type(second.page, "echo from $X two");
  await shows(first.page, "from kept two");
  await second.close();
  await type(first.page, "exit 3");
  await shows(first.page, "the shell has ended with 3");
  await press(first.page, "echo one");
  assert.match(await verdict(first.page, "echo one"), /^holds/);
  await first.close();
});
