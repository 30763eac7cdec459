// The panel beside the text: a tab for each machine, what can be done with them, and how wide it is.

/** An element with `attributes` and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const button = (text, attributes, pressed) => {
  const made = element("button", { type: "button", class: "sw-button", ...attributes }, text);
  made.addEventListener("click", pressed);
  return made;
};

const remembered = (key, value) => {
  try {
    if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

/** Asks before something is lost; true if it may be. */
export function mayLose(what, does) {
  const dialog = element("dialog", { class: "sw-lab-dialog", "aria-label": does }, element("p", {}, what));
  return new Promise((answer) => {
    const close = (yes) => {
      dialog.close();
      dialog.remove();
      answer(yes);
    };
    dialog.addEventListener("cancel", () => close(false));
    dialog.append(
      element("p", {}, button(does, {}, () => close(true)), " ", button("Cancel", { autofocus: "" }, () => close(false))),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

const LOST = "All that is on this page’s machines is lost: containers, images that you pulled, networks, files, and what you typed.";

/** The panel; `asks(ask)` sends, `resized()` is called when a terminal may have another size. */
export function panel({ asks, resized, toldBook, readAloud }) {
  const tabs = element("div", { role: "tablist", "aria-label": "Machines", class: "sw-lab-tabs" });
  const note = element("p", { class: "sw-lab-note" });
  const status = element("p", { class: "sw-status", role: "status" });
  const screens = element("div", { class: "sw-lab-screens" });
  const edge = element("div", { class: "sw-lab-edge", role: "separator", tabindex: "0", "aria-label": "Size of the terminal" });
  const losing = (does, ask) => async () => (await mayLose(LOST, does)) && asks({ ask });
  const over = button("Start over", {}, losing("Start over", "start_over"));
  const stop = button("Stop", {}, losing("Stop", "stop"));
  const start = button("Start", {}, () => asks({ ask: "start_over" }));
  const fold = button("Hide", { "aria-expanded": "true", "aria-controls": "sw-lab-body" }, () => unfold(document.body.classList.contains("sw-lab-folded")));
  const book = button("The book’s values", { "aria-pressed": "false" }, () => {
    const shown = book.getAttribute("aria-pressed") !== "true";
    book.setAttribute("aria-pressed", String(shown));
    toldBook(shown);
  });
  const aloud = button("Screen reader", { "aria-pressed": "false" }, () => {
    const on = aloud.getAttribute("aria-pressed") !== "true";
    aloud.setAttribute("aria-pressed", String(on));
    remembered("seaworthy-lab-aloud", String(on));
    readAloud(on);
  });
  const head = element("div", { class: "sw-lab-head" }, tabs, element("span", { class: "sw-lab-doing" }, start, over, stop, fold));
  const foot = element("p", { class: "sw-lab-foot" }, element("span", {}, "F6 leaves the terminal."), book, aloud);
  const body = element("div", { class: "sw-lab-body", id: "sw-lab-body" }, note, screens, foot);
  const whole = element("aside", { class: "sw-lab", "aria-label": "Terminal" }, edge, head, body, status);
  document.body.append(whole);
  document.body.classList.add("sw-lab-open");
  book.hidden = true;

  const unfold = (open) => {
    document.body.classList.toggle("sw-lab-folded", !open);
    fold.textContent = open ? "Hide" : "Terminal";
    fold.setAttribute("aria-expanded", String(open));
    if (open) resized();
  };
  const phone = matchMedia("(max-width: 999px)");
  unfold(!phone.matches);

  // As wide as the reader wants it: on a desk from the right, on a phone from below.
  const root = document.documentElement.style;
  const resize = (size) => {
    const whole = phone.matches ? innerHeight : innerWidth;
    const share = Math.min(Math.max(size / whole, 0.15), 0.75);
    root.setProperty(phone.matches ? "--sw-lab-height" : "--sw-lab-width", `${(share * 100).toFixed(1)}${phone.matches ? "vh" : "vw"}`);
    edge.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    remembered(phone.matches ? "seaworthy-lab-height" : "seaworthy-lab-width", String(share));
    resized();
  };
  const turn = () => {
    edge.setAttribute("aria-orientation", phone.matches ? "horizontal" : "vertical");
    const share = Number(remembered(phone.matches ? "seaworthy-lab-height" : "seaworthy-lab-width")) || (phone.matches ? 0.45 : 0.4);
    resize(share * (phone.matches ? innerHeight : innerWidth));
  };
  phone.addEventListener("change", turn);
  edge.addEventListener("pointerdown", (event) => {
    edge.setPointerCapture(event.pointerId);
    const move = ({ clientX, clientY }) => resize(phone.matches ? innerHeight - clientY : innerWidth - clientX);
    edge.addEventListener("pointermove", move);
    edge.addEventListener("lostpointercapture", () => edge.removeEventListener("pointermove", move), { once: true });
  });
  edge.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: 24, ArrowUp: 24, ArrowRight: -24, ArrowDown: -24 }[event.key];
    if (!by) return;
    event.preventDefault();
    resize((phone.matches ? whole.offsetHeight : whole.offsetWidth) + by);
  });

  let shown = 0;
  const show = (nth) => {
    shown = nth;
    [...tabs.children].forEach((tab, n) => {
      tab.setAttribute("aria-selected", String(n === nth));
      tab.tabIndex = n === nth ? 0 : -1;
    });
    [...screens.children].forEach((screen, n) => (screen.hidden = n !== nth));
    resized();
  };
  tabs.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    const all = tabs.children;
    const next = (shown + by + all.length) % all.length;
    show(next);
    all[next].focus();
  });

  return {
    status,
    unfold,
    show,
    shown: () => shown,
    turn,
    aloud() {
      const on = remembered("seaworthy-lab-aloud") === "true";
      aloud.setAttribute("aria-pressed", String(on));
      return on;
    },
    /** Whether there are values of the learner's at all. */
    hasValues: (any) => (book.hidden = !any),
    /** A screen for each machine, by its name. */
    machines(names) {
      tabs.replaceChildren(
        ...names.map((name, n) => {
          const tab = element("button", { type: "button", role: "tab", class: "sw-lab-tab", id: `sw-lab-tab-${n}`, "aria-controls": `sw-lab-screen-${n}` }, name);
          tab.addEventListener("click", () => show(n));
          return tab;
        }),
      );
      const made = names.map((name, n) =>
        element("div", { role: "tabpanel", class: "sw-lab-screen", id: `sw-lab-screen-${n}`, "aria-labelledby": `sw-lab-tab-${n}` }),
      );
      screens.replaceChildren(...made);
      return made;
    },
    /** How the machines are, in words. */
    tell(state, why) {
      note.textContent = why;
      note.hidden = !why;
      whole.dataset.state = state;
      start.hidden = state !== "stopped";
      over.hidden = stop.hidden = state !== "ready";
    },
  };
}
