// The page's sessions: buttons that run them, and what is said of each command.

import { button, element, mayLose } from "./panel.mjs";
import { authorsText, inWhole, putValues } from "./values.mjs";

const SIGNS = { waits: "…", runs: "▸", holds: "✓", differs: "✗", not_compared: "○", not_typed: "!" };

/** What stands below a command, up to the next one. */
function below(command) {
  const found = [];
  for (let next = command.nextElementSibling; next && !next.matches(".sw-command, .sw-keys, .sw-place"); next = next.nextElementSibling) found.push(next);
  return found;
}

/** A difference, line by line. */
const difference = (diff) =>
  element(
    "pre",
    { class: "sw-lab-diff", tabindex: "0", role: "group", "aria-label": "How it differs: what the page shows, and what was printed" },
    ...diff.flatMap(({ kind, parts }) => {
      const sign = { differs: "-", missing: "-", elsewhere: "-", instead: "+", unexpected: "+", reason: "=" }[kind] ?? " ";
      const line = element("span", { class: `sw-lab-line sw-lab-${kind}` }, `${sign} `);
      line.append(...parts.map(({ text, differs }) => (differs ? element("strong", {}, text) : text)));
      return [line, "\n"];
    }),
  );

/** The sessions of the page, in its order; `asks(ask)` sends, `runs(machine)` is called before something is run. */
export function sessions({ asks, runs, says }) {
  const commands = new Map();
  const figures = [...document.querySelectorAll(".sw-session[id]")];
  const key = (session, nth) => `${session} ${nth}`;

  /** The elements of a command. */
  const find = (session, nth) => {
    const figure = document.getElementById(session);
    const shown = figure?.querySelectorAll(".sw-command, .sw-keys")[nth];
    if (!shown) return null;
    const outputs = below(shown).filter((next) => next.matches(".sw-output"));
    const last = nth === figure.querySelectorAll(".sw-command, .sw-keys").length - 1;
    const output = outputs[0] ?? (last ? figure.querySelector(".sw-reveal .sw-output") : null);
    return { figure, shown, output };
  };

  const typed = (shown) => [...shown.querySelectorAll("kbd")].map((line) => line.textContent).join("\n");

  const addBar = (figure, machine, several) => {
    if (figure.querySelector(".sw-lab-bring")) return;
    const bar = element("div", { class: "sw-lab-session" });
    figure.append(bar);
    if (several) {
      bar.append(
        button("Run all", { class: "sw-button sw-lab-all" }, () => {
          runs(machine);
          asks({ ask: "run_session", session: figure.id });
        }),
      );
    }
    bar.append(
      button("Bring my machine here", { class: "sw-button sw-lab-bring" }, async () => {
        const lost = "A fresh machine is started, and all that stands above is run on it. What is on this page’s machines now is lost.";
        if (!(await mayLose(lost, "Bring it here"))) return;
        runs(machine);
        asks({ ask: "bring", session: figure.id });
      }),
    );
  };

  return {
    ids: figures.map((figure) => figure.id),
    /** Puts buttons to all commands that can be run. */
    offer(runnable) {
      const count = new Map();
      for (const { session } of runnable) count.set(session, (count.get(session) ?? 0) + 1);
      for (const { session, nth, machine } of runnable) {
        const found = find(session, nth);
        if (!found || commands.has(key(session, nth))) continue;
        const text = typed(found.shown);
        const keys = found.shown.matches(".sw-keys");
        const run = button(keys ? "Press" : "Run", { class: "sw-button sw-lab-run", "aria-label": `${keys ? "Press" : "Run"} ${text.split("\n", 1)[0]}` }, () => {
          runs(machine);
          asks({ ask: "run", session, nth });
        });
        found.shown.prepend(run);
        const verdict = element("div", { class: "sw-lab-verdict" });
        verdict.hidden = true;
        found.shown.after(verdict);
        commands.set(key(session, nth), { ...found, run, verdict, text });
        addBar(found.figure, machine, count.get(session) > 1);
      }
    },
    /** Says of a command what came of it. */
    tell({ session, nth, state, said, diff }) {
      const command = commands.get(key(session, nth));
      if (!command) return;
      const { verdict, text } = command;
      const words = said[0].toUpperCase() + said.slice(1);
      verdict.dataset.state = state;
      verdict.hidden = false;
      verdict.replaceChildren(element("span", { class: "sw-lab-sign", "aria-hidden": "true" }, SIGNS[state]), element("span", {}, words));
      if (diff) verdict.append(difference(diff));
      if (!["waits", "runs"].includes(state)) says(`${text.split("\n", 1)[0]}: ${words}`);
    },
    /** Nothing is said of any command. */
    forget() {
      for (const { verdict } of commands.values()) {
        verdict.hidden = true;
        verdict.replaceChildren();
      }
    },
    /** Puts the learner's values into the page. */
    put(values) {
      const by = new Map(values.map((value) => [key(value.session, value.nth), value]));
      for (const [name, { shown, output }] of commands) {
        const { typed: inTyped = [], printed = [] } = by.get(name) ?? {};
        shown.querySelectorAll("kbd").forEach((line, n) => putValues(line, inTyped.filter((piece) => piece.line === n)));
        const sample = output?.querySelector("samp");
        if (sample) putValues(sample, inWhole(authorsText(sample), printed));
      }
    },
    /** The button of the command that was run last, or the first one. */
    first: () => commands.values().next().value?.run,
  };
}
