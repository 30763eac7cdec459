// The lab on a page of the book: `seaworthy lab` adds this script to what it serves; a published site has nothing of it.

import { connect } from "./connection.mjs";
import { panel } from "./panel.mjs";
import { sessions } from "./sessions.mjs";
import { openTerminal } from "./terminal.mjs";

/** A page for printing has the sessions of all pages. */
const printed = location.pathname.endsWith("/print.html");

function begin() {
  let terminals = [];
  let leads = false;
  let values = [];
  let book = false;
  let left;

  const resized = () => {
    const terminal = terminals[beside?.shown() ?? 0];
    if (!terminal || !leads || document.body.classList.contains("sw-lab-folded")) return;
    const size = terminal.size();
    terminals.forEach((_, machine) => lab.ask({ ask: "size", machine, ...size }));
  };
  const put = () => page.put(book ? [] : values);
  const leave = () => (left?.isConnected ? left : page.first())?.focus();
  document.addEventListener("focusin", ({ target }) => {
    if (!target.closest(".sw-lab")) left = target;
  });

  let beside;
  const page = sessions({
    asks: (ask) => lab.ask(ask),
    says: (text) => (beside.status.textContent = text),
    runs(machine) {
      beside.unfold(true);
      beside.show(machine);
    },
  });
  if (page.ids.length === 0) return;
  beside = panel({
    asks: (ask) => lab.ask(ask),
    resized,
    toldBook(shown) {
      book = shown;
      put();
    },
    readAloud: (on) => terminals.forEach((terminal) => terminal.readAloud(on)),
  });
  beside.tell("starting", "");

  const openTerminals = (names) => {
    if (terminals.length === names.length) return;
    terminals = beside.machines(names).map((screen, machine) =>
      openTerminal(screen, {
        typed: (text) => lab.keys(machine, text),
        drawn: (bytes) => lab.ask({ ask: "drawn", bytes }),
        leave,
      }),
    );
    const aloud = beside.aloud();
    terminals.forEach((terminal) => terminal.readAloud(aloud));
    beside.show(0);
  };

  const hears = {
    tell: {
      page({ machines, commands }) {
        openTerminals(machines);
        page.offer(commands);
      },
      machines: ({ state, why }) => beside.tell(state, why),
      lead({ lead }) {
        leads = lead;
        terminals.forEach((terminal) => terminal.lead(lead));
        resized();
      },
      screen: () => terminals.forEach((terminal) => terminal.empty()),
      verdict: page.tell,
      fresh() {
        page.forget();
        values = [];
        put();
        beside.hasValues(false);
      },
      values(told) {
        values = told.values;
        beside.hasValues(values.length > 0);
        put();
      },
    },
  };
  const lab = connect(page.ids, {
    tell: (message) => hears.tell[message.tell](message),
    bytes: (machine, bytes) => terminals[machine]?.write(bytes),
    lost: (why) => beside.tell("lost", why),
  });
  beside.turn();
  new ResizeObserver(resized).observe(document.querySelector(".sw-lab-screens"));
  new MutationObserver(() => terminals.forEach((terminal) => terminal.recolour())).observe(document.documentElement, { attributeFilter: ["class"] });
}

if (!printed) begin();
