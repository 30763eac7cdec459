// What a learner does with sessions and files: copy, unfold, select, download, guess, step through, print.
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

  /** Gives a session one stop for the Tab key: from its first button, arrow keys lead up and down to the others. */
  const rove = (buttons) => {
    if (buttons.length < 2) return;
    const hint = "Arrow keys lead to the buttons of single commands";
    buttons.forEach((one, n) => {
      one.tabIndex = n === 0 ? 0 : -1;
      one.addEventListener("focus", () => buttons.forEach((other) => (other.tabIndex = other === one ? 0 : -1)));
      one.addEventListener("keydown", (event) => {
        const to = { ArrowDown: n + 1, ArrowUp: n - 1, Home: 0, End: buttons.length - 1 }[event.key];
        if (!buttons[to]) return;
        event.preventDefault();
        buttons[to].focus();
      });
    });
    buttons[0].setAttribute("aria-description", [buttons[0].getAttribute("aria-description"), hint].filter(Boolean).join(". "));
  };

  /** A mark whose words come when they are asked for. */
  const asked = (mark) => {
    const made = button(mark.className, "");
    made.append(...mark.childNodes);
    made.setAttribute("aria-description", mark.title);
    made.dataset.words = mark.title;
    Object.assign(made.dataset, mark.dataset);
    mark.replaceWith(made);
    return made;
  };

  for (const session of document.querySelectorAll(".sw-session")) {
    const commands = Array.from(session.querySelectorAll(".sw-command:not(.sw-comment)")).filter((command) => typed(command));
    session.querySelectorAll(".sw-output").forEach(fold);
    const tools = session.querySelector(".sw-tools") ?? session;
    const marks = Array.from(tools.querySelectorAll(".sw-mark[title]"), asked);
    const copy = [];
    // What is typed into a program would run in the shell around it, if all were pasted there.
    const elsewhere = session.querySelector(".sw-place, .sw-keys");
    if (commands.length === 1 || (commands.length > 1 && !elsewhere)) {
      const all = copies(button("sw-button sw-copy", commands.length > 1 ? "Copy all" : "Copy"), () => commands.map(typed).join("\n"));
      tools.append(all);
      copy.push(all);
    }
    if (commands.length > 1) {
      for (const command of commands) {
        const first = typed(command).split("\n", 1)[0];
        const one = copies(button("sw-copy-one", "", `Copy the command ${first}`), () => typed(command));
        command.prepend(one);
        copy.push(one);
      }
    }
    rove([...marks, ...copy]);
  }

  // A guess is kept beside what was printed, and can't be changed once that is seen.
  for (const ask of document.querySelectorAll(".sw-ask")) {
    const reveal = ask.querySelector(".sw-reveal");
    reveal.addEventListener("toggle", () => {
      const guess = ask.querySelector("input:checked");
      ask.querySelectorAll("fieldset:not(:disabled)").forEach((choices) => {
        choices.disabled = true;
        if (!guess) return;
        const said = document.createElement("p");
        said.className = "sw-guess";
        said.textContent = `Your guess: ${guess.value}`;
        reveal.querySelector(".sw-screen").after(said);
      });
    });
  }

  // Stepping through: each command waits for its button, which shows what was recorded when the page was checked.
  // Another program may put buttons of its own into `.sw-command`, and what comes into `.sw-output`.
  const main = document.querySelector("main");
  const printed = location.pathname.endsWith("/print.html");

  /** What stands below a command, up to the next one. */
  const below = (command) => {
    const found = [];
    for (let next = command.nextElementSibling; next && !next.matches(".sw-command, .sw-keys, .sw-place"); next = next.nextElementSibling) {
      found.push(next);
    }
    return found;
  };

  /** Lets the commands of a session wait; returns what ends that. */
  const wait = (session) => {
    const asked = session.querySelector(".sw-ask");
    const commands = Array.from(session.querySelectorAll(".sw-command, .sw-keys")).filter((command, n, all) => {
      const guessed = asked && n === all.length - 1;
      return !guessed && (command.dataset.took || below(command).length > 0);
    });
    const parts = commands.map((command) => {
      const replay = button("sw-button sw-replay", "Replay", `Replay ${command.querySelector("kbd").textContent}`);
      const took = document.createElement("p");
      took.className = "sw-took";
      if (command.dataset.took) took.textContent = `Took ${command.dataset.took} when it was last checked`;
      return { command, outputs: below(command), replay, took };
    });
    const show = (at) => parts[at]?.command.after(parts[at].replay);
    const reveal = ({ command, outputs, replay, took }) => {
      replay.remove();
      if (took.textContent) command.after(took);
      for (const output of outputs) output.removeAttribute("hidden");
    };
    parts.forEach((part, n) => {
      for (const output of part.outputs) output.setAttribute("hidden", output.matches(".sw-output") ? "until-found" : "");
      part.replay.addEventListener("click", () => {
        reveal(part);
        show(n + 1);
        status.textContent = part.took.textContent || "Shown";
        (parts[n + 1]?.replay ?? session.querySelector(".sw-screen")).focus();
      });
      // The browser found it on the page, and shows it.
      const found = () => {
        parts.slice(0, n + 1).forEach(reveal);
        show(n + 1);
      };
      for (const output of part.outputs) output.addEventListener("beforematch", found);
    });
    show(0);
    return () => {
      parts.forEach(reveal);
      parts.forEach(({ took }) => took.remove());
    };
  };

  const recorded = document.querySelectorAll(".sw-session:has(.sw-output)");
  if (recorded.length > 0 && !printed) {
    const step = button("sw-button sw-step", "Step through this page");
    let ends = null;
    step.setAttribute("aria-pressed", "false");
    step.addEventListener("click", () => {
      if (ends) ends.forEach((end) => end());
      ends = ends ? null : Array.from(recorded, wait);
      step.setAttribute("aria-pressed", String(ends !== null));
      status.textContent = ends ? "Output waits for Replay, one command after the other" : "All output is shown";
    });
    const place = document.createElement("p");
    place.className = "sw-stepping";
    place.append(step);
    const mark = main.querySelector(".sw-page-mark");
    if (mark) mark.after(place);
    else main.prepend(place);
  }

  // An archive lies where this page does, wherever that is.
  for (const archive of document.querySelectorAll(".sw-archive")) {
    const fetch = archive.querySelector(".sw-fetch");
    const { href } = archive.querySelector("a[download]") ?? {};
    if (!fetch || !href || !/^https?:/.test(href)) continue;
    fetch.querySelector(".sw-address").textContent = href;
    fetch.hidden = false;
    archive.querySelector(".sw-bar").append(copies(button("sw-button sw-copy", "Copy"), () => fetch.textContent));
  }

  for (const file of document.querySelectorAll(".sw-file:not(.sw-archive)")) {
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

  // A term is explained where it is used: under the pointer, under the focus, and at the first tap. Else it is a link.
  const explained = document.createElement("div");
  explained.className = "sw-explained";
  explained.setAttribute("role", "tooltip");
  explained.hidden = true;
  let shown = null;
  let leaves;
  const explain = (term) => {
    clearTimeout(leaves);
    shown = term;
    explained.hidden = !term;
    if (!term) return;
    const word = term.matches("button") ? `${term.textContent}. ` : "";
    explained.textContent = word + (term.dataset.words ?? term.getAttribute("aria-description"));
    const at = term.getBoundingClientRect();
    const room = document.documentElement.clientWidth - explained.offsetWidth - 8;
    const above = at.bottom + explained.offsetHeight + 8 > innerHeight;
    explained.style.left = `${Math.max(8, Math.min(at.left, room))}px`;
    explained.style.top = `${above ? at.top - explained.offsetHeight - 4 : at.bottom + 4}px`;
  };
  // Time to get from the term to its explanation, which may be read with a magnifier.
  const leave = () => (leaves = setTimeout(() => explain(null), 200));
  const terms = main.querySelectorAll("a.sw-term, button.sw-mark");
  if (terms.length > 0) document.body.append(explained);
  for (const term of terms) {
    if (term.title) term.setAttribute("aria-description", term.title);
    term.removeAttribute("title");
    if (term.matches("button")) {
      // A mark leads nowhere: a press shows its words, or puts them away.
      term.addEventListener("click", () => explain(shown === term && !explained.hidden ? null : term));
      term.addEventListener("blur", () => explain(null));
      term.addEventListener("pointerenter", ({ pointerType }) => pointerType === "touch" || explain(term));
      term.addEventListener("pointerleave", leave);
      continue;
    }
    let tapped = false;
    term.addEventListener("pointerdown", ({ pointerType }) => (tapped = pointerType === "touch" && shown !== term));
    term.addEventListener("click", (event) => {
      if (tapped) event.preventDefault();
      explain(tapped ? term : null);
      tapped = false;
    });
    term.addEventListener("pointerenter", ({ pointerType }) => pointerType === "touch" || explain(term));
    term.addEventListener("pointerleave", leave);
    term.addEventListener("focus", () => explain(term));
    term.addEventListener("blur", () => explain(null));
  }
  explained.addEventListener("pointerenter", () => clearTimeout(leaves));
  explained.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", ({ key }) => key === "Escape" && explain(null));
  document.addEventListener("scroll", () => shown && explain(shown), { passive: true });

  // mdBook turns the page by arrow keys; what scrolls sideways, and a choice, needs them itself.
  main.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    for (let box = event.target; box !== main; box = box.parentElement) {
      const scrolls = box.scrollWidth > box.clientWidth && /auto|scroll/.test(getComputedStyle(box).overflowX);
      if (scrolls || box.matches("input, textarea, select")) event.stopPropagation();
    }
  });

  // On paper, what is folded goes to the end: a hint, an answer or a solution isn't read by accident.
  let back = [];
  /** The heading that `element` stands below. */
  const heading = (element) => {
    const before = (one) => one.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    return Array.from(main.querySelectorAll(":is(h1, h2, h3, h4):not(.sw-appendix *)")).filter(before).pop()?.textContent;
  };
  const unpack = () => {
    back.reverse().forEach((put) => put());
    back = [];
  };
  const pack = () => {
    unpack();
    const isFolded = (details) => !details.closest(".network-diagram") && !details.parentElement.closest("details:not([open])");
    const folded = Array.from(main.querySelectorAll("details:not([open])")).filter(isFolded);
    if (folded.length === 0) return;
    const appendix = document.createElement("section");
    appendix.className = "sw-appendix";
    const title = document.createElement("h2");
    title.textContent = "What is folded on the page";
    appendix.append(title);
    folded.forEach((details, n) => {
      const summary = details.querySelector("summary");
      const asked = details.closest(".sw-ask")?.querySelector("legend, .sw-question");
      const caption = document.createElement("h3");
      caption.textContent = [`${n + 1}.`, heading(details), "–", (asked ?? summary).textContent].filter(Boolean).join(" ");
      const way = document.createElement("span");
      way.textContent = ` → ${n + 1} at the end`;
      const content = Array.from(details.childNodes);
      content.splice(0, content.indexOf(summary) + 1);
      const part = document.createElement("div");
      part.append(caption, ...content);
      summary.append(way);
      appendix.append(part);
      back.push(() => {
        details.append(...content);
        way.remove();
      });
    });
    main.append(appendix);
    back.unshift(() => appendix.remove());
  };
  addEventListener("beforeprint", pack);
  addEventListener("afterprint", unpack);

  // The page for printing begins with its contents.
  const chapters = printed ? Array.from(main.querySelectorAll("h1[id]")) : [];
  if (chapters.length > 1) {
    const contents = document.createElement("nav");
    contents.className = "sw-contents";
    contents.setAttribute("aria-label", "Contents");
    const items = chapters.map(({ id, textContent }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${id}`;
      link.textContent = textContent;
      item.append(link);
      return item;
    });
    const listed = document.createElement("ol");
    listed.append(...items);
    contents.append(listed);
    main.prepend(contents);
  }

  // What scrolls sideways must be reachable by keyboard: also what is narrower now, or was unfolded just now.
  const boxes = document.querySelectorAll("main .table-wrapper, main pre, main pre > code, .network-drawing");
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
