// Starts Debian's Chromium, quietly and with an empty profile, and finds the crate's example programs.

import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Runs an example of the crate and returns what it prints. */
export function example(name, ...args) {
  const cargo = ["run", "--quiet", "--package", "seaworthy-network", "--example", name, "--", ...args];
  return execFileSync("cargo", cargo, { cwd: ROOT, maxBuffer: 256 * 1024 * 1024 });
}

/** The folder of the example Compose files. */
export const COMPOSE = join(ROOT, "preprocessors/network/examples/compose");

/** A browser; its sandbox can't work as root, which is what containers and CI run as. */
export function launch() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ executablePath, args });
}
