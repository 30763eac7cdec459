// Made-up topologies and all examples, at the width of a phone and of a page, in two families of fonts:
// no text over text or a line, nothing outside the frame, no text too small.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { COMPOSE, example, launch } from "../browser.mjs";
import { problems } from "./geometry.mjs";

const COUNT = 240;
const WIDTHS = [344, 700];
// The fonts of the page, and the widest that are common.
const FONTS = {
  "the page's": "",
  "DejaVu": ".nd text { font-family: 'DejaVu Sans' } .nd [font-family*=mono] text:not([font-family]) { font-family: 'DejaVu Sans Mono' }",
};

let browser;
const stylesheet = example("draw", "--stylesheet").toString();

before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function look(figures) {
  const page = await browser.newPage();
  const failures = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const [family, fonts] of Object.entries(FONTS)) {
      await page.setContent(
        `<!doctype html><html class="light"><head><style>${stylesheet} body { margin: 0 } figure { margin: 0 !important } ${fonts}</style></head><body></body></html>`,
      );
      for (const { name, figure, source } of figures) {
        await page.evaluate((html) => (document.body.innerHTML = html), figure);
        const found = await page.evaluate(problems);
        if (found.length > 0) {
          failures.push(`${name}, ${width} px, ${family} fonts:\n  ${found.join("\n  ")}\n${source}`);
        }
      }
    }
  }
  await page.close();
  return failures;
}

test(`${COUNT} made-up topologies are drawn without overlaps`, async () => {
  const topologies = JSON.parse(example("generate", String(COUNT)));
  assert.equal(topologies.length, COUNT);
  const failures = await look(topologies);
  assert.equal(failures.length, 0, `${failures.length} failures, the first:\n${failures.slice(0, 3).join("\n")}`);
});

test("all examples are drawn without overlaps", async () => {
  const files = readdirSync(COMPOSE).filter((name) => name.endsWith(".yaml"));
  assert.ok(files.length >= 9);
  const figures = files.map((name) => ({
    name,
    figure: example("draw", join(COMPOSE, name), "--inline").toString(),
    source: "",
  }));
  const failures = await look(figures);
  assert.equal(failures.length, 0, failures.join("\n"));
});

test("the check itself sees an overlap", async () => {
  const page = await browser.newPage();
  const drawing = (inner) => `<svg class="nd" viewBox="0 0 100 100" width="100" height="100" font-size="12">${inner}</svg>`;
  const cases = [
    [`<text x="10" y="50">abcdef</text><text x="20" y="52">ghi</text>`, "over text"],
    [`<text x="10" y="50">abcdef</text><path d="M0 46H90" stroke="red"/>`, "and a line"],
    [`<path d="M0 46H90" stroke="red"/><text x="10" y="50">abcdef</text>`, "and a line"],
    [`<text x="80" y="50">abcdef</text>`, "outside the frame"],
    [`<rect width="20" height="60"/><text x="10" y="50">abcdef</text>`, "edge of a box"],
    [`<text x="10" y="50" font-size="8">abc</text>`, "px"],
  ];
  for (const [inner, complaint] of cases) {
    await page.setContent(drawing(inner));
    const found = await page.evaluate(problems);
    assert.ok(found.some((words) => words.includes(complaint)), `${inner}: ${found}`);
  }
  const fine = `<path d="M0 46H90" stroke="red"/><rect x="8" y="30" width="60" height="30" fill="white"/><text x="10" y="50">abc</text>`;
  await page.setContent(drawing(fine));
  assert.deepEqual(await page.evaluate(problems), []);
  await page.close();
});
