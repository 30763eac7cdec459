// Takes a picture of every page of this repository's books and of the fixture: light and dark, on a desk,
// on a phone and on paper. `npm run screenshots --prefix tests/browser`, then look into target/screenshots.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../browser.mjs";
import { BOOKS, DESK, PHONE, ROOT, THEMES, build, fixture, open, pages, report, serve } from "./site.mjs";

const OUT = process.argv[2] ?? join(ROOT, "target/screenshots");
mkdirSync(OUT, { recursive: true });
const browser = await launch();
const marks = fixture();
report(marks, () => "passed");
for (const [name, book] of Object.entries({ fixture: marks, book: BOOKS[0], guide: BOOKS[1] })) {
  const site = build(book);
  const server = serve(site);
  for (const path of pages(site)) {
    const stem = join(OUT, `${name}-${path.replaceAll("/", "-").replace(".html", "")}`);
    const views = name === "fixture" && path === "prose.html" ? THEMES : ["light", "navy"];
    for (const theme of path === "print.html" ? [] : views) {
      for (const [device, viewport] of Object.entries({ desk: DESK, phone: PHONE })) {
        const view = await open(browser, server.url + path, { theme, viewport });
        await view.page.screenshot({ path: `${stem}-${theme}-${device}.png`, fullPage: true });
        await view.close();
      }
    }
    if (path === "print.html") {
      // Its own script would open the browser's dialogue.
      const view = await open(browser, server.url + path, { theme: "navy", javaScriptEnabled: false });
      await view.page.pdf({ path: `${stem}.pdf`, format: "A4", printBackground: true });
      await view.close();
    }
  }
}
await browser.close();
