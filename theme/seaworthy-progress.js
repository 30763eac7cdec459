// What a learner has done: the boxes of task lists, exercises and answers, kept in this browser and nowhere
// else. Without it the boxes of task lists are shown and can't be ticked, and the others aren't there.
(() => {
  "use strict";

  const KEY = "seaworthy-progress";
  const main = document.querySelector("main");
  const book = new URL(path_to_root || "./", location.href).pathname;
  const page = location.pathname.slice(book.length).replace(/(^|\/)index\.html$/, "$1") || "index.html";

  // The page for printing holds all pages at once.
  if (page === "print.html") return;

  /** Whether `pages` is what this script keeps and exports: for each page, the names of what is ticked. */
  const arePages = (pages) =>
    typeof pages === "object" &&
    pages !== null &&
    !Array.isArray(pages) &&
    Object.values(pages).every((names) => Array.isArray(names) && names.every((name) => typeof name === "string"));

  /** What is kept, for each book. */
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
    } catch {
      return {};
    }
  };
  /** What is ticked in this book. */
  const done = () => {
    const pages = read()[book];
    return arePages(pages) ? pages : {};
  };
  /** Keeps `pages` for this book; false if the browser refuses. */
  const write = (pages) => {
    const all = { ...read(), [book]: pages };
    if (Object.keys(pages).length === 0) delete all[book];
    try {
      localStorage.setItem(KEY, JSON.stringify(all));
      return true;
    } catch {
      return false;
    }
  };

  // What is done in the whole book, on its first page.
  const overview = main.querySelector(".sw-overview");
  const sum = () => {
    if (!overview) return;
    const pages = done();
    let [all, ticked] = [0, 0];
    for (const item of overview.querySelectorAll("[data-page]")) {
      const boxes = Number(item.dataset.boxes);
      const name = item.dataset.page.replace(/(^|\/)index\.html$/, "$1") || "index.html";
      // What was ticked on a page that has fewer boxes now.
      const here = Math.min(boxes, new Set(pages[name]).size);
      item.querySelector(".sw-overview-done").textContent = `${here} of ${boxes}`;
      item.classList.toggle("sw-overview-whole", here === boxes);
      [all, ticked] = [all + boxes, ticked + here];
    }
    overview.querySelector(".sw-overview-sum").textContent = `Your progress in this book: ${ticked} of ${all} done`;
    overview.hidden = false;
  };
  sum();
  addEventListener("storage", ({ key }) => key === KEY && sum());
  // A page that the browser kept while another was read.
  addEventListener("pageshow", sum);

  /** The boxes of the page by name: what they stand before, or the id of their exercise. */
  const boxes = new Map();
  const add = (box, wanted) => {
    let name = wanted;
    for (let n = 2; boxes.has(name); n++) name = `${wanted} (${n})`;
    boxes.set(name, box);
  };

  for (const box of main.querySelectorAll("li > input[type=checkbox], li > p:first-child > input[type=checkbox]")) {
    const item = box.parentElement;
    const label = document.createElement("label");
    const parts = [];
    for (let node = box.nextSibling; node && !/^(UL|OL|PRE|FIGURE|DETAILS|P|DIV)$/.test(node.nodeName); node = node.nextSibling) {
      parts.push(node);
    }
    item.insertBefore(label, box);
    label.append(box, ...parts);
    label.className = "sw-task";
    box.disabled = false;
    add(box, label.textContent.trim());
  }
  /** Puts a box that says `text` at the end of `place`. */
  const append = (place, text, name) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    label.className = "sw-task sw-solved";
    label.append(box, ` ${text}`);
    place.append(label);
    add(box, name);
  };
  for (const check of main.querySelectorAll(".sw-check[data-check]")) {
    append(check, "Solved: my check passes", `exercise ${check.dataset.check}`);
  }
  // A question may be moved, so its number isn't part of its name.
  for (const answer of main.querySelectorAll("details.sw-answer")) {
    // Where there are several answers to choose from, the question is before all of them.
    const asked = answer.closest(".sw-choices") ?? answer;
    const question = asked.previousElementSibling?.textContent ?? "question";
    append(answer, "I knew it", question.trim().replace(/^\d+\.\s*/, ""));
  }
  if (boxes.size === 0) return;

  const section = document.createElement("section");
  section.className = "sw-progress";
  section.setAttribute("aria-label", "Your progress");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const button = (text, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "sw-button";
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  };

  const ticked = () => [...boxes].filter(([, box]) => box.checked).map(([name]) => name);
  const tell = (kept) => {
    sum();
    const where = kept ? "This is kept in your browser only." : "Your browser keeps nothing for this site: it lasts until you leave the page.";
    said.textContent = `${ticked().length} of ${boxes.size} done on this page. ${where}`;
  };
  const show = (pages, kept = true) => {
    const names = new Set(pages[page]);
    boxes.forEach((box, name) => (box.checked = names.has(name)));
    tell(kept);
  };

  for (const box of boxes.values()) {
    box.addEventListener("change", () => {
      const pages = { ...done(), [page]: ticked() };
      if (pages[page].length === 0) delete pages[page];
      tell(write(pages));
    });
  }

  const title = document.querySelector(".menu-title")?.textContent.trim() ?? "";
  const exported = button("Export", () => {
    const text = JSON.stringify({ book: title, pages: done() }, null, 2);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "application/json" }));
    link.download = "progress.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
  /** The pages in the text of an export; an error that says why they can't be taken. */
  const parsed = (text) => {
    let content;
    try {
      content = JSON.parse(text);
    } catch {
      content = null;
    }
    if (typeof content?.book !== "string" || !arePages(content.pages)) throw new Error("This file is no export of progress.");
    if (content.book !== title) throw new Error(`This is the progress of another book: ${content.book}.`);
    return content.pages;
  };
  const chosen = document.createElement("input");
  chosen.type = "file";
  chosen.accept = ".json";
  chosen.hidden = true;
  chosen.addEventListener("change", async () => {
    const [file] = chosen.files;
    // Choosing the same file once more is a change, too.
    chosen.value = "";
    if (!file) return;
    try {
      const there = parsed(await file.text());
      // What is ticked here or there is ticked.
      const all = new Map(Object.entries(done()));
      for (const [at, names] of Object.entries(there)) all.set(at, [...new Set([...(all.get(at) ?? []), ...names])]);
      const pages = Object.fromEntries(all);
      show(pages, write(pages));
    } catch (error) {
      said.textContent = error.message;
    }
  });
  const imported = button("Import", () => chosen.click());

  // Clearing can't be undone, so it takes two presses.
  const clear = button("Clear", () => {
    if (clear.textContent === "Clear") {
      clear.textContent = "Clear all pages of this book?";
      return;
    }
    clear.textContent = "Clear";
    boxes.forEach((box) => (box.checked = false));
    tell(write({}));
  });
  clear.addEventListener("blur", () => (clear.textContent = "Clear"));

  const buttons = document.createElement("p");
  buttons.append(exported, " ", imported, chosen, " ", clear);
  section.append(said, buttons);
  main.append(section);
  show(done());
  // Another tab of the same book.
  addEventListener("storage", ({ key }) => key === KEY && show(done()));
})();
