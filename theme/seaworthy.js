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

  /** What is typed, without prompts and keys. A command that is only keys has nothing. */
  const typed = (command) =>
    Array.from(command.querySelectorAll("kbd:not(.sw-key)"), (line) => line.textContent).join("\n");

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
  document.addEventListener("selectstart", ({ target }) => {
    const element = target instanceof Element ? target : target.parentElement;
    const kind = element?.closest(".sw-command") ? "commands" : element?.closest(".sw-output") ? "output" : "";
    document.querySelectorAll("[data-selecting]").forEach((session) => delete session.dataset.selecting);
    if (kind) element.closest(".sw-session").dataset.selecting = kind;
  });

  // What scrolls sideways must be reachable by keyboard.
  const reachable = () => {
    for (const box of document.querySelectorAll("main .table-wrapper, main pre, main pre > code")) {
      const scrolls = box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX !== "visible";
      if (scrolls && !box.hasAttribute("tabindex")) box.tabIndex = 0;
    }
  };
  reachable();
  addEventListener("resize", reachable);
})();
