// A machine's terminal. What the machine prints is data: it sets no title, reads and writes no clipboard, and its links
// lead to web pages only.

import { FitAddon } from "./addon-fit.mjs";
import { Terminal } from "./xterm.mjs";

/** Questions of programs that one tab alone must answer: CSI by its prefix and end, OSC by its number. */
const CSI_QUESTIONS = [{ final: "n" }, { prefix: "?", final: "n" }, { final: "c" }, { prefix: ">", final: "c" }];
const OSC_QUESTIONS = [4, 10, 11, 12];
/** Titles, and the clipboard. */
const OSC_REFUSED = [0, 1, 2, 52];

/** The colours of mdBook's theme, whichever it is. */
function colours(element) {
  const style = getComputedStyle(element);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    background: colour("--sw-screen"),
    foreground: colour("--sw-typed"),
    cursor: colour("--sw-accent"),
    cursorAccent: colour("--sw-screen"),
    selectionBackground: colour("--sw-edge"),
  };
}

/** A terminal in `element`; `typed(text)` gets what is typed, `leave()` is called by F6, `drawn(bytes)` as it draws. */
export function openTerminal(element, { typed, leave, drawn }) {
  const style = getComputedStyle(element);
  const terminal = new Terminal({
    fontFamily: style.getPropertyValue("--mono-font") || "monospace",
    fontSize: 14,
    minimumContrastRatio: 4.5,
    scrollback: 5000,
    cursorBlink: false,
    theme: colours(element),
    linkHandler: {
      allowNonHttpProtocols: false,
      activate(_, address) {
        if (!/^https?:\/\//i.test(address)) return;
        if (confirm(`The machine shows a link to\n${address}\nOpen it?`)) window.open(address, "_blank", "noopener,noreferrer");
      },
    },
  });
  let leads = false;
  let replays = true;
  for (const id of CSI_QUESTIONS) terminal.parser.registerCsiHandler(id, () => !leads || replays);
  for (const id of OSC_QUESTIONS) terminal.parser.registerOscHandler(id, (text) => text.includes("?") && (!leads || replays));
  for (const id of OSC_REFUSED) terminal.parser.registerOscHandler(id, () => true);
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.key !== "F6") return true;
    if (event.type === "keydown") leave();
    event.preventDefault();
    return false;
  });
  terminal.onData((text) => replays || typed(text));
  return {
    focus: () => terminal.focus(),
    lead: (now) => (leads = now),
    /** Its size in columns and rows, as its element is. */
    size() {
      const fits = fit.proposeDimensions();
      if (fits?.cols > 0 && fits.rows > 0) fit.fit();
      return { columns: terminal.cols, rows: terminal.rows };
    },
    /** It is emptied; what comes next was shown before. */
    empty() {
      terminal.reset();
      replays = true;
    },
    write(bytes) {
      const again = replays;
      terminal.write(bytes, () => {
        if (again) replays = false;
        if (bytes.length > 0) drawn(bytes.length);
      });
    },
    recolour: () => (terminal.options.theme = colours(element)),
    readAloud: (on) => (terminal.options.screenReaderMode = on),
  };
}
