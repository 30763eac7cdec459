// resvg, which knows neither pages nor variables, and the browser draw the same picture.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { COMPOSE, example, launch } from "../browser.mjs";

// The two choose fonts by themselves and smooth letters differently: so one family for both, and a
// pixel counts if it differs by a third of the scale after halving the size.
const FONTS = "text { font-family: 'DejaVu Sans' } [font-family*=mono] text:not([font-family]), tspan[font-family*=mono] { font-family: 'DejaVu Sans Mono' }";
const MOST = 0.01;

let browser, folder;
const files = readdirSync(COMPOSE).filter((name) => name.endsWith(".yaml"));

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "seaworthy-network-"));
  example("raster", folder, ...files.map((name) => join(COMPOSE, name)));
  browser = await launch();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** A picture of a file as the browser draws it, twice its size. */
async function screenshot(name) {
  const page = await browser.newPage({ deviceScaleFactor: 2 });
  const svg = example("draw", join(COMPOSE, name)).toString();
  await page.setContent(`<!doctype html><style>body { margin: 0 } svg { display: block } ${FONTS}</style>${svg}`);
  const picture = await page.locator("svg").screenshot();
  await page.close();
  return picture;
}

const raster = (name) => readFileSync(join(folder, name.replace(".yaml", ".png")));

/** The share of pixels that differ. */
async function difference(a, b) {
  const page = await browser.newPage();
  const share = await page.evaluate(
    async ([a, b]) => {
      const pixels = async (data) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const canvas = new OffscreenCanvas(Math.floor(image.width / 2), Math.floor(image.height / 2));
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        return context.getImageData(0, 0, canvas.width, canvas.height);
      };
      const [one, other] = [await pixels(a), await pixels(b)];
      if (one.width !== other.width || one.height !== other.height) return 1;
      let different = 0;
      for (let at = 0; at < one.data.length; at += 4) {
        const channels = [0, 1, 2].map((c) => Math.abs(one.data[at + c] - other.data[at + c]));
        if (Math.max(...channels) > 85) different++;
      }
      return different / (one.data.length / 4);
    },
    [a.toString("base64"), b.toString("base64")],
  );
  await page.close();
  return share;
}

for (const name of files) {
  test(`${name} looks the same in resvg and in the browser`, async () => {
    const share = await difference(await screenshot(name), raster(name));
    assert.ok(share < MOST, `${(share * 100).toFixed(2)} % of the pixels differ`);
  });
}

test("a colour that one of them lacks would be seen", async () => {
  const page = await browser.newPage({ deviceScaleFactor: 2 });
  const svg = example("draw", join(COMPOSE, "trio.yaml")).toString();
  await page.setContent(`<!doctype html><style>body { margin: 0 } svg { display: block } ${FONTS} .n-panel { fill: black }</style>${svg}`);
  const black = await page.locator("svg").screenshot();
  await page.close();
  assert.ok((await difference(black, raster("trio.yaml"))) > MOST);
});
