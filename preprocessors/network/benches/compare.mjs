// Draws the examples with this crate, with Graphviz and with nwdiag, and prints a table: how long each
// takes as a program, and how large its drawing is. What this crate takes inside a program is told by
// `cargo bench -p seaworthy-network`.
//
// node benches/compare.mjs [NWDIAG]; needs `dot` (Debian's graphviz) and nwdiag (PyPI, with "pillow<10") on the machine.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const COMPOSE = join(HERE, "../examples/compose");
const NWDIAG = process.argv[2] ?? "nwdiag";
const TIMES = 7;

const build = ["build", "--quiet", "--release", "--package", "seaworthy-network", "--example", "draw", "--example", "translate"];
execFileSync("cargo", [...build], { cwd: HERE, stdio: "inherit" });
const metadata = execFileSync("cargo", ["metadata", "--format-version=1", "--no-deps"], { cwd: HERE, maxBuffer: 1 << 26 });
const programs = join(JSON.parse(metadata).target_directory, "release/examples");
const scratch = mkdtempSync(join(tmpdir(), "seaworthy-network-"));

/** The median of the times that a program takes, in milliseconds; or, if it fails, what it says. */
function time(program, args) {
  const times = [];
  for (let at = 0; at < TIMES; at++) {
    const start = process.hrtime.bigint();
    const { status, stderr, error } = spawnSync(program, args, { maxBuffer: 1 << 26 });
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
    if (error) throw error;
    if (status !== 0) return `refuses: ${stderr.toString().trim().split("\n").at(-1)}`;
  }
  return times.sort((a, b) => a - b)[TIMES >> 1];
}

/** Width in pixels and size in kilobytes of a drawing. */
function size(svg) {
  const box = svg.match(/viewBox="([^"]*)"/)[1].trim().split(/[\s,]+/).map(Number);
  // Graphviz counts in points.
  const width = /<svg width="[\d.]+pt"/.test(svg) ? (box[2] * 4) / 3 : box[2];
  return `${Math.round(width)} px, ${(Buffer.byteLength(svg) / 1024).toFixed(1)} KB`;
}

try {
  console.log("| | seaworthy-network | dot | nwdiag |\n|---|---|---|---|");
  for (const name of readdirSync(COMPOSE).filter((n) => n.endsWith(".yaml")).sort()) {
    const file = join(COMPOSE, name);
    const cells = [];
    const svg = execFileSync(join(programs, "draw"), [file]).toString();
    cells.push(`${time(join(programs, "draw"), [file]).toFixed(1)} ms, ${size(svg)}`);
    for (const [program, flag, args] of [
      ["dot", "--dot", (source, out) => ["-Tsvg", `-o${out}`, source]],
      [NWDIAG, "--nwdiag", (source, out) => ["-Tsvg", "-o", out, source]],
    ]) {
      const [source, out] = [join(scratch, `source${flag}`), join(scratch, `out${flag}.svg`)];
      writeFileSync(source, execFileSync(join(programs, "translate"), [file, flag]));
      const took = time(program, args(source, out));
      cells.push(typeof took === "string" ? took : `${took.toFixed(0)} ms, ${size(readFileSync(out, "utf8"))}`);
    }
    console.log(`| ${name.replace(".yaml", "")} | ${cells.join(" | ")} |`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
