// How long things take in the lab, as a reader has it: `node lab/figures.mjs`. In milliseconds, in a browser on this computer.

import { execFileSync } from "node:child_process";
import { launch } from "../browser.mjs";
import { machines, openPage, press, shows, smallBook, startLab, verdict } from "./lab.mjs";

const lab = await startLab(smallBook());
const browser = await launch();
const took = async (what, work) => {
  const begun = performance.now();
  await work();
  console.log(`${what}: ${(performance.now() - begun).toFixed(0)}`);
};
try {
  const { page, reload } = await openPage(browser, lab, "web.html");
  await took("machine, from an open page", () => machines(page, "ready"));
  await took("first Run of `echo`, to its verdict", async () => {
    await press(page, "echo one");
    await verdict(page, "echo one");
  });
  await took("first `docker run -d`, to its verdict", async () => {
    await press(page, "docker run -d");
    await verdict(page, "docker run -d");
  });
  let connection;
  page.on("websocket", (opened) => (connection = opened));
  await reload();
  await machines(page, "ready");
  /** When the next bytes are sent, or received. */
  const next = (event) => new Promise((done) => {
    const look = ({ payload }) => {
      if (typeof payload === "string") return;
      connection.off(event, look);
      done(performance.now());
    };
    connection.on(event, look);
  });
  const sent = () => next("framesent");
  const received = () => next("framereceived");
  await page.locator(".xterm-helper-textarea").focus();
  // From the message with a key to the one with its echo.
  const echoes = [];
  for (const key of "abcdefghijklmnopqrstuvwxyz") {
    const [begun, answered] = [sent(), received()];
    await page.keyboard.press(key);
    echoes.push((await answered) - (await begun));
  }
  echoes.sort((a, b) => a - b);
  console.log(`echo of a key: median ${echoes[13].toFixed(1)}, p95 ${echoes[24].toFixed(1)}`);
  await page.keyboard.press("Control+u");
  const verdicts = [];
  for (let n = 0; n < 10; n++) {
    const begun = performance.now();
    await press(page, "echo one");
    await verdict(page, "echo one");
    verdicts.push(performance.now() - begun);
  }
  verdicts.sort((a, b) => a - b);
  console.log(`Run of \`echo\`, to its verdict, the test's own share included: median ${verdicts[5].toFixed(0)}`);
  console.log(`memory of the lab, in KiB: ${execFileSync("ps", ["-o", "rss=", "-p", String(lab.server.pid)]).toString().trim()}`);
  await shows(page, "one two");
} finally {
  await browser.close();
  await lab.end();
}
