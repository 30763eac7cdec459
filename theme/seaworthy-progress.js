// What a learner has done: the boxes of task lists and exercises, kept in this browser and nowhere else.
// Without it the boxes are shown and can't be ticked.
(() => {
  "use strict";

  const KEY = "seaworthy-progress";
  const main = document.querySelector("main");
  const book = new URL(path_to_root || "./", location.href).pathname;
  const page = location.pathname.slice(book.length).replace(/(^|\/)index\.html$/, "$1") || "index.html";

  // The page for printing holds all pages at once.
  if (page === "print.html") return;

  /** All that is done: for each book, for each page, the names of what is ticked. */
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
    } catch {
      return {};
    }
  };
  const done = () => read()[book] ?? {};
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
  for (const check of main.querySelectorAll(".sw-check[data-check]")) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    label.className = "sw-task sw-solved";
    label.append(box, " Solved: my check passes");
    check.append(label);
    add(box, `exercise ${check.dataset.check}`);
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
    const where = kept ? "This is kept in your browser only." : "Your browser keeps nothing for this site: it lasts until you leave the page.";
    said.textContent = `${ticked().length} of ${boxes.size} done on this page. ${where}`;
  };
  const show = () => {
    const names = new Set(done()[page]);
    boxes.forEach((box, name) => (box.checked = names.has(name)));
    tell(true);
  };

  for (const box of boxes.values()) {
    box.addEventListener("change", () => {
      const pages = { ...done(), [page]: ticked() };
      if (pages[page].length === 0) delete pages[page];
      tell(write(pages));
    });
  }

  const exported = button("Export", () => {
    const text = JSON.stringify({ book: document.querySelector(".menu-title")?.textContent ?? "", pages: done() }, null, 2);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "application/json" }));
    link.download = "progress.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
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
  buttons.append(exported, " ", clear);
  section.append(said, buttons);
  main.append(section);
  show();
  // Another tab of the same book.
  addEventListener("storage", ({ key }) => key === KEY && show());
})();
