// What people in trouble ask a search for, and the headings that help them: those below which the message is explained.

import { open } from "./site.mjs";

const [BRIDGED, CHEATS, MANAGING, OVERVIEW, TROUBLE, TUTORIAL, USE] =
  ["bridged-networks", "cheat-sheet", "managing-networks", "overview", "troubleshooting", "tutorial", "use-case"].map((page) => `networking/${page}.html`);
const ERRORS = `${TROUBLE}#what-the-errors-say`;
const TALK = `${CHEATS}#when-containers-talk-to-each-other`;
const REFUSED = `${CHEATS}#when-docker-refuses`;
const mistakes = (page) => `${page}#common-mistakes`;

export const QUESTIONS = [
  { ask: "connection refused", right: [ERRORS, TALK, mistakes(USE), `${CHEATS}#a-port-on-which-nothing-listens`] },
  { ask: "bad address", right: [ERRORS, TALK, mistakes(BRIDGED), `${CHEATS}#a-name-that-nobody-has`, `${OVERVIEW}#a-first-network`] },
  { ask: "port is already allocated", right: [REFUSED, mistakes(USE)] },
  { ask: "network has active endpoints", right: [REFUSED, mistakes(BRIDGED), mistakes(MANAGING)] },
  { ask: "host not found in upstream", right: [ERRORS, TALK, mistakes(TUTORIAL)] },
  { ask: "502 bad gateway", right: [ERRORS, TALK, mistakes(TUTORIAL), `${CHEATS}#a-proxy-with-nothing-behind-it`] },
  { ask: "container name is already in use", right: [REFUSED, mistakes(OVERVIEW)] },
  { ask: "pool overlaps with other one", right: [REFUSED, mistakes(MANAGING)] },
  { ask: "cannot connect to the docker daemon", right: [mistakes(OVERVIEW)] },
  { ask: "could not resolve host", right: [ERRORS, TALK, `${CHEATS}#a-name-that-nobody-has`] },
  { ask: "docker network prune", right: [`${MANAGING}#prune`] },
  { ask: "docker network disconnect", right: [`${CHEATS}#commands`, `${MANAGING}#connect-and-disconnect`, `${BRIDGED}#connecting-and-disconnecting-containers`] },
];

/** The place of the right heading among what the search of the site at `url` finds, from 1; nothing if it isn't there. */
export async function rank(browser, url, { ask, right }) {
  const { page, close } = await open(browser, `${url}index.html`);
  await page.keyboard.press("/");
  await page.locator("#mdbook-searchbar").pressSequentially(ask);
  await page.waitForFunction((ask) => document.getElementById("mdbook-searchresults-header").textContent.includes(ask), ask);
  const links = await page.locator("#mdbook-searchresults a").evaluateAll((links) => links.map((link) => link.href));
  await close();
  const shown = links.map((link) => {
    const { pathname, hash } = new URL(link);
    return pathname.slice(1) + hash;
  });
  return { place: shown.findIndex((place) => right.includes(place)) + 1, shown };
}
