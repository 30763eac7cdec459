// Figures on a page, as a reader has them: on a phone, by keyboard, by mouse, on paper, and for axe.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { COMPOSE, example, launch } from "../browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 344, height: 800 };
const DESK = { width: 1000, height: 800 };
/** Backgrounds and text as in mdBook's themes. */
const THEMES = { light: "background: #fff; color: #000", navy: "background: #161923; color: #bcbdd0" };

const stylesheet = example("draw", "--stylesheet").toString();
const figures = new Map(
  readdirSync(COMPOSE)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => [name, example("draw", join(COMPOSE, name), "--inline", `--id=${name.replace(".yaml", "")}`).toString()]),
);

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page of figures, each below a heading. */
async function open(names, { viewport = DESK, theme = "light", change = (html) => html } = {}) {
  const page = await browser.newPage({ viewport });
  const body = names.map((name) => `<h2>${name}</h2>${figures.get(name)}`).join("");
  await page.setContent(
    `<!doctype html><html lang="en" class="${theme}"><head><title>Figures</title><meta name="viewport" content="width=device-width, initial-scale=1">` +
      `<style>${stylesheet} body { margin: 0; padding: 0 15px; ${THEMES[theme]} } * { transition: none !important }</style></head>` +
      `<body><main><h1>Figures</h1>${change(body)}</main></body></html>`,
  );
  return page;
}

const pageScrolls = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

test("on a phone a wide drawing scrolls in its figure, and the page doesn't", async () => {
  const page = await open([...figures.keys()], { viewport: PHONE });
  assert.equal(await pageScrolls(page), false);
  const boxes = await page.locator(".network-drawing").evaluateAll((boxes) =>
    boxes.map((box) => ({ scrolls: box.scrollWidth > box.clientWidth, up: box.scrollHeight > box.clientHeight })),
  );
  assert.equal(boxes.length, figures.size);
  assert.ok(boxes.some((box) => box.scrolls) && boxes.some((box) => !box.scrolls), JSON.stringify(boxes));
  assert.ok(!boxes.some((box) => box.up), "a drawing scrolls up and down");
  await page.close();
});

test("a drawing that didn't scroll in its figure would be seen", async () => {
  const page = await open(["everything.yaml"], { viewport: PHONE, change: (html) => html.replace("network-drawing", "plain") });
  assert.equal(await pageScrolls(page), true);
  await page.close();
});

test("the keyboard reaches a drawing and scrolls it; the words stay where they are", async () => {
  const page = await open(["everything.yaml"], { viewport: PHONE });
  const words = page.locator("summary");
  const before = await words.boundingBox();
  await page.keyboard.press("Tab");
  const focused = await page.evaluate(() => document.activeElement.className);
  assert.equal(focused, "network-drawing");
  const fades = () => page.locator(".network-drawing").evaluate((box) => getComputedStyle(box).maskImage);
  assert.match(await fades(), /rgba\(0, 0, 0, 0\)/);
  for (let press = 0; press < 12; press++) await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => {
    const box = document.querySelector(".network-drawing");
    return box.scrollLeft > box.scrollWidth - box.clientWidth - 2;
  });
  assert.doesNotMatch(await fades(), /rgba\(0, 0, 0, 0\)/);
  assert.equal((await words.boundingBox()).x, before.x);
  await page.close();
});

test("what fits has no faded edge", async () => {
  const page = await open(["trio.yaml"]);
  assert.equal(await page.locator(".network-drawing").evaluate((box) => getComputedStyle(box).maskImage), "none");
  await page.close();
});

/** What is bright and what is dim while something is pointed at: the names of containers and networks. */
async function pointing(page, selector) {
  await page.hover(selector, { force: true });
  return page.evaluate(() => {
    const names = [...document.querySelectorAll(".nd text")].filter((text) => text.closest(".n-on, [font-size='13.5']"));
    const opacity = (element) =>
      element.matches(".nd") ? 1 : Number(getComputedStyle(element).opacity) * opacity(element.parentElement);
    return Object.fromEntries(names.map((text) => [text.textContent, opacity(text)]));
  });
}

test("pointing at a network or a container brings out whom it reaches", async () => {
  const page = await open(["trio.yaml"]);
  const at = async (selector, bright, dim) => {
    const seen = await pointing(page, selector);
    for (const name of bright) assert.equal(seen[name], 1, `${selector}: ${name}`);
    for (const name of dim) assert.equal(seen[name], 0.22, `${selector}: ${name}`);
  };
  await at("h1", ["nginx", "flask-app", "mysql", "front", "back"], []);
  await at("text:text-is('front')", ["nginx", "flask-app", "front"], ["mysql", "back"]);
  await at("text:text-is('mysql')", ["flask-app", "mysql", "back"], ["nginx", "front"]);
  await at("text:text-is('flask-app')", ["nginx", "flask-app", "mysql", "front", "back"], []);
  await page.close();
});

test("pointing at a container without networks brings it out", async () => {
  const page = await open(["everything.yaml"]);
  const seen = await pointing(page, "text:text-is('job')");
  assert.equal(seen.job, 1);
  assert.equal(seen.proxy, 0.22);
  assert.equal(seen.back, 0.22);
  await page.close();
});

test("on paper, drawings are light, whole and without what is folded", async () => {
  // As wide as an A4 page between margins of a centimetre.
  const page = await open([...figures.keys()], { theme: "navy", viewport: { width: 718, height: 1000 } });
  await page.emulateMedia({ media: "print" });
  const found = await page.evaluate(() =>
    [...document.querySelectorAll("figure")].map((figure) => {
      const [box, svg] = [figure.querySelector(".network-drawing"), figure.querySelector("svg")];
      return {
        panel: getComputedStyle(svg.querySelector(".n-panel")).fill,
        overflow: getComputedStyle(box).overflow,
        fits: svg.getBoundingClientRect().right <= box.getBoundingClientRect().right + 0.5,
        centimetres: (svg.getBoundingClientRect().height / 96) * 2.54,
        tall: Number(svg.getAttribute("height")) > 1100,
        words: figure.querySelector("details").getClientRects().length,
      };
    }),
  );
  assert.ok(found.some((figure) => figure.tall), "none would be taller than a page");
  for (const figure of found) {
    assert.equal(figure.panel, "rgb(242, 245, 249)");
    assert.equal(figure.overflow, "visible");
    assert.ok(figure.fits && figure.centimetres <= 23.01, JSON.stringify(figure));
    assert.equal(figure.words, 0);
  }
  await page.evaluate(() => (document.querySelector("details").open = true));
  assert.equal(await page.locator("details").first().isVisible(), true);
  await page.close();
});

async function violations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

for (const theme of Object.keys(THEMES)) {
  for (const [device, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    test(`axe finds nothing: ${theme}, ${device}`, async () => {
      const page = await open([...figures.keys()], { theme, viewport });
      assert.deepEqual(await violations(page), []);
      // Nor when the words are unfolded.
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
      assert.deepEqual(await violations(page), []);
      await page.close();
    });
  }
}

test("axe sees a drawing that the keyboard can't reach, and one without a name", async () => {
  const change = (html) => html.replace(' tabindex="0"', "").replace(/ aria-labelledby="[^"]*"/, "").replace(/<title.*?<\/title>/, "");
  const page = await open(["everything.yaml"], { viewport: PHONE, change });
  const found = (await violations(page)).join("\n");
  assert.match(found, /scrollable-region-focusable/);
  assert.match(found, /svg-img-alt/);
  await page.close();
});
