// Books as sites, for the tests: built by the program, opened in a browser under a strict policy.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT, program, workspace } from "../browser.mjs";

export { ROOT };

const HERE = dirname(fileURLToPath(import.meta.url));
/** The books of this repository: the Networking book and the user guide. */
export const BOOKS = [ROOT, join(ROOT, "docs/guide")];
/** mdBook's five themes. */
export const THEMES = ["light", "rust", "coal", "navy", "ayu"];
export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 360, height: 740 };

/** The program `seaworthy`, built from this repository. */
export const programPath = () => program("seaworthy", "--bin", "seaworthy");

/** Runs `seaworthy` and returns what it prints. */
export const seaworthy = (args, env = {}) =>
  execFileSync(programPath(), args, { env: { ...process.env, ...env }, maxBuffer: 1 << 26 }).toString();

/** A temporary folder, which goes when the tests end. */
export function folder() {
  const made = mkdtempSync(join(tmpdir(), "seaworthy-site-"));
  process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A copy of the fixture book with this repository's theme, as `seaworthy install --theme` sets it up. */
export function fixture() {
  const root = folder();
  cpSync(join(HERE, "fixture"), root, { recursive: true });
  mkdirSync(join(root, "theme"));
  for (const name of readdirSync(join(ROOT, "theme")).filter((name) => /\.(css|js|svg)$/.test(name))) {
    cpSync(join(ROOT, "theme", name), join(root, "theme", name));
  }
  return root;
}

/** What `seaworthy list` says of a book. */
export const list = (book) => JSON.parse(seaworthy(["list", book, "--format", "json"]));

/** Writes a report in which every session and diagram of `book` has the status that `status` gives it by its id and the engine,
 *  found out on the day `day` on each of `engines`. */
export function report(book, status, { day = "2026-01-02", engines = ["28.5.2"] } = {}) {
  const finished = `${day}T03:04:05Z`;
  const pages = (engine) => list(book).pages.map((page) => {
    let turn = 0;
    const entry = ({ id, fingerprint, line, proves }) => ({ id, fingerprint, line, proves, turn: turn++, status: status(id, engine), seconds: 0.5, commands: 1 });
    const typed = ({ commands }) => commands.map(({ line }, n) => ({ command: n, line, seconds: n + 0.4 }));
    return {
      file: page.file,
      finished,
      seconds: 1.5,
      sessions: page.sessions.map((session) => ({ ...entry(session), typed: typed(session), ...(session.no_run && { status: "not-run", reason: session.no_run }) })),
      diagrams: page.diagrams.filter((diagram) => diagram.verify).map(entry),
    };
  });
  const summary = Object.fromEntries(
    "pages pages_broken sessions commands passed failed skipped not_run failures claims diagrams diagrams_failed seconds".split(" ").map((key) => [key, 0]),
  );
  const images = [
    { reference: "busybox:1.37", digest: `sha256:${"0a".repeat(32)}`, origin: "registry" },
    { reference: "nginx:1.30-alpine", digest: `sha256:${"1b".repeat(32)}`, origin: { "stand-in": "Debian’s nginx" } },
  ];
  const { version: tool } = workspace().packages.find((one) => one.name === "seaworthy");
  const runs = engines.map((version) => ({ engine: { version, api: "1.51" }, images, pages: pages(version) }));
  mkdirSync(join(book, "target/seaworthy"), { recursive: true });
  writeFileSync(join(book, "target/seaworthy/report.json"), JSON.stringify({ version: 2, tool, finished, summary, runs }));
}

/** Builds `book` into a folder of its own. */
export function build(book) {
  const site = join(folder(), "site");
  seaworthy(["build", book], { MDBOOK_BUILD__BUILD_DIR: site });
  return site;
}

/** The HTML files of a site, but those that mdBook makes for frames and errors. */
export const pages = (site) =>
  readdirSync(site, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".html") && !["toc.html", "404.html"].includes(name))
    .sort();

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2", ".json": "application/json", ".xml": "application/xml", ".md": "text/markdown; charset=utf-8" };

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The only style attribute of mdBook's pages. */
const MDBOOK_STYLE = "clear: both";

/** A policy that lets a page do nothing but what mdBook itself brings: its inline scripts, each by its hash. */
function policy(html) {
  const hashes = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => hash(text));
  // The page for what isn't found brings its style along.
  const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text]) => hash(text));
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(" ")}`,
    `style-src 'self' ${styles.join(" ")}`,
    `style-src-attr 'unsafe-hashes' ${hash(MDBOOK_STYLE)}`,
    // A picture in mdBook's style sheet.
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
  ].join("; ");
}

/** The sites by their made-up addresses. */
const served = new Map();

/** Gives `site` an address, which only the pages of `attach`ed contexts reach. */
export function serve(site) {
  const url = `http://localhost:${8000 + served.size}/`;
  served.set(url, site);
  return { site, url };
}

/** Lets the pages of `context` reach the sites: from the disk, since a browser drops its connections
 *  whenever a network of this computer comes or goes, as Docker's do. */
export async function attach(context) {
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    const site = served.get(`${url.origin}/`);
    const path = normalize(decodeURIComponent(url.pathname));
    const file = join(site ?? "/nowhere", path.endsWith("/") ? `${path}index.html` : path);
    const found = existsSync(file);
    const missing = site && join(site, "404.html");
    if (!found && !(missing && existsSync(missing))) return route.fulfill({ status: 404 });
    // As web servers do, whatever the path.
    const body = readFileSync(found ? file : missing);
    if (!found) return route.fulfill({ status: 404, headers: { "Content-Type": TYPES[".html"], "Content-Security-Policy": policy(body.toString()) }, body });
    const headers = { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" };
    if (extname(file) === ".html") headers["Content-Security-Policy"] = policy(body.toString());
    return route.fulfill({ status: 200, headers, body });
  });
}

/** A page of the browser, and what went wrong on it: errors, and requests to another host. */
export async function open(browser, url, { theme, ...options } = {}) {
  const context = await browser.newContext({ viewport: DESK, ...options });
  if (theme) {
    await context.addInitScript((theme) => {
      try {
        localStorage.setItem("mdbook-theme", theme);
      } catch {
        // The first, empty page of a tab has no storage.
      }
    }, theme);
  }
  if (served.has(new URL("/", url).href)) await attach(context);
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin && !/^(blob|data):/.test(request.url())) wrong.push(`request: ${request.url()}`);
  });
  page.on("response", (response) => response.status() >= 400 && wrong.push(`${response.status()}: ${response.url()}`));
  await page.goto(url, { waitUntil: "load" });
  return { page, wrong, close: () => context.close() };
}
