// Starts Debian's Chromium, quietly and with an empty profile, and finds the crate's example programs.

import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

const cargo = (...args) => execFileSync("cargo", args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"], maxBuffer: 256 * 1024 * 1024 });

let known;
/** What cargo knows of the workspace: its packages, and the folder into which it builds. */
export const workspace = () => (known ??= JSON.parse(cargo("metadata", "--format-version=1", "--no-deps")));

const built = new Set();
/** Builds what `args` say, once, and gives the path of the program `name` in cargo's folder. */
export function program(name, ...args) {
  if (!built.has(args.join())) cargo("build", "--quiet", ...args);
  built.add(args.join());
  return join(workspace().target_directory, "debug", name);
}

/** Runs an example of the crate and returns what it prints. */
export function example(name, ...args) {
  const path = program(`examples/${name}`, "--package", "seaworthy-network", "--examples");
  return execFileSync(path, args, { cwd: ROOT, maxBuffer: 256 * 1024 * 1024 });
}

/** The folder of the example Compose files. */
export const COMPOSE = join(ROOT, "preprocessors/network/examples/compose");

/** Does `work` with each of `all`, as many at a time as there are processors: each page of a browser has a process. */
export async function each(all, work) {
  const left = [...all];
  const one = async () => {
    while (left.length > 0) await work(left.shift());
  };
  await Promise.all(Array.from({ length: availableParallelism() }, one));
}

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
