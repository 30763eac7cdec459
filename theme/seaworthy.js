// What a learner does with sessions and files: copy, unfold, select, download.
// Pages are complete without it. It asks no server for anything and needs no inline code or style.
(() => {
  "use strict";

  /** Output of more lines is folded, to as many as `--sw-fold` in the style sheet shows. */
  const LONG = 24;

  const status = document.createElement("div");
  status.className = "sw-status";
  status.setAttribute("role", "status");
  document.body.append(status);

  const button = (className, text, label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = text;
    if (label) made.setAttribute("aria-label", label);
    return made;
  };

  /** Puts `text` on the clipboard; pages that come without TLS have only the old way. */
  const toClipboard = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea");
    field.className = "sw-status";
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    if (!copied) throw new Error("refused");
  };

  /** Lets `pressed` copy what `read` gives, and say so. */
  const copies = (pressed, read) => {
    const text = pressed.textContent;
    let later;
    pressed.addEventListener("click", async () => {
      let said = "Copied";
      try {
        await toClipboard(read());
      } catch {
        said = "Can’t copy here";
      }
      status.textContent = said;
      if (text) pressed.textContent = said;
      pressed.classList.toggle("sw-done", said === "Copied");
      clearTimeout(later);
      later = setTimeout(() => {
        status.textContent = "";
        pressed.textContent = text;
        pressed.classList.remove("sw-done");
      }, 2000);
    });
    return pressed;
  };

  /** What is typed, without prompts. Keys that are pressed are no command: they stand in `.sw-keys`. */
  const typed = (command) => Array.from(command.querySelectorAll("kbd"), (line) => line.textContent).join("\n");

  const fold = (output) => {
    const lines = output.textContent.split("\n").length;
    if (lines <= LONG) return;
    const all = `Show all ${lines} lines`;
    const more = button("sw-button sw-more", all);
    const folded = (now) => {
      output.classList.toggle("sw-folded", now);
      more.setAttribute("aria-expanded", String(!now));
      more.textContent = now ? all : "Show fewer lines";
    };
    more.addEventListener("click", () => folded(!output.classList.contains("sw-folded")));
    output.after(more);
    folded(true);
  };

  /** Keeps an option such as `--name` on one line, which would break after its hyphens: as one piece each. */
  const keepWords = (element) => {
    if (element.childElementCount > 0 || !element.textContent.includes("-")) return;
    const pieces = element.textContent.split(/(\S*-\S*)/).map((text, n) => {
      if (n % 2 === 0) return text;
      const word = document.createElement("span");
      word.className = "sw-word";
      word.textContent = text;
      return word;
    });
    element.replaceChildren(...pieces);
  };
  document.querySelectorAll("main :not(pre) > code, .sw-command kbd, .sw-claim").forEach(keepWords);

  for (const session of document.querySelectorAll(".sw-session")) {
    const commands = Array.from(session.querySelectorAll(".sw-command")).filter((command) => typed(command));
    session.querySelectorAll(".sw-output").forEach(fold);
    if (commands.length === 0) continue;
    const all = copies(button("sw-button sw-copy", commands.length > 1 ? "Copy all" : "Copy"), () => commands.map(typed).join("\n"));
    (session.querySelector(".sw-bar") ?? session).append(all);
    if (commands.length === 1) continue;
    for (const command of commands) {
      const first = typed(command).split("\n", 1)[0];
      command.prepend(copies(button("sw-copy-one", "", `Copy the command ${first}`), () => typed(command)));
    }
  }

  for (const file of document.querySelectorAll(".sw-file")) {
    const bar = file.querySelector(".sw-bar");
    const code = file.querySelector("code");
    const path = file.querySelector(".sw-path")?.textContent;
    if (!bar || !code || !path) continue;
    const text = () => code.textContent;
    const copy = copies(button("sw-button sw-copy", "Copy"), text);
    const download = button("sw-button sw-download", "Download");
    download.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text()], { type: "application/octet-stream" }));
      link.download = path.split("/").pop();
      link.click();
      // The browser has begun to read it by then; a revoked address frees the memory.
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
    bar.append(copy, download);
  }

  // A selection that begins in a command takes commands only; one that begins in output, output only.
  // That has to be known before it begins: what can't be selected begins no selection.
  const selecting = (element) => {
    document.querySelectorAll("[data-selecting]").forEach((session) => delete session.dataset.selecting);
    const part = element?.closest(".sw-command, .sw-output");
    if (part) part.closest(".sw-session").dataset.selecting = part.matches(".sw-command") ? "commands" : "output";
  };
  document.addEventListener("pointerdown", ({ target }) => selecting(target));
  document.addEventListener("keydown", () => selecting(null));

  // What scrolls sideways must be reachable by keyboard: also what is narrower now, or was unfolded just now.
  const boxes = document.querySelectorAll("main .table-wrapper, main pre, main pre > code");
  const reachable = () => {
    for (const box of boxes) {
      const scrolls = box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX !== "visible";
      if (scrolls && !box.hasAttribute("tabindex")) box.tabIndex = 0;
    }
  };
  const sizes = new ResizeObserver(reachable);
  boxes.forEach((box) => sizes.observe(box));
  // The letters of a font that comes later are wider or narrower, and its box is not.
  document.fonts.ready.then(reachable);
})();
