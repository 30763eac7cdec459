// Finds what people type: words, messages and commands, in the book's sections. It works in mdBook's search box, and loads the
// book's text when that is first opened. Without it, and without JavaScript, the pages are whole.
(() => {
  "use strict";

  const { index: address } = document.currentScript.dataset;
  const [wrapper, outer, bar, results, header, toggle, form] = [
    "mdbook-search-wrapper",
    "mdbook-searchresults-outer",
    "mdbook-searchbar",
    "mdbook-searchresults",
    "mdbook-searchresults-header",
    "mdbook-search-toggle",
    "mdbook-searchbar-outer",
  ].map((id) => document.getElementById(id));
  const main = document.querySelector("main");
  if (!wrapper || !bar || !toggle) return;
  const root = typeof path_to_root === "string" ? path_to_root : "";

  // mdBook asks this before it turns the page.
  window.search = { hasFocus: () => wrapper.contains(document.activeElement) };

  /** Small letters, and one blank between words, whatever the author typed. */
  const plain = (text) => text.toLowerCase().replace(/[’‘]/g, "'").replace(/[“”]/g, '"').replace(/\s+/g, " ").trim();

  /** What a word is worth where it stands: prose explains, a heading names, a quoted message is what was asked for. */
  const WORTH = { heading: 6, name: 3, quoted: 4, prose: 2, output: 1.5, command: 1.5 };
  /** The same for the words as they were typed, one after the other. */
  const WHOLE = { heading: 40, name: 12, quoted: 30, prose: 12, output: 8, command: 10 };

  /** The sections, each with its texts as they are compared. */
  const prepared = ({ pages }) =>
    pages.flatMap(([place, name, sections]) =>
      sections.map(([id, heading, prose, command, output]) => {
        const quoted = [...prose.matchAll(/`([^`]+)`/g)].map(([, text]) => text).join(" \n ");
        const texts = { heading, name, quoted, prose: prose.replaceAll("`", ""), output, command };
        const folded = Object.fromEntries(Object.entries(texts).map(([part, text]) => [part, part === "quoted" ? text.split("\n").map(plain).join("\n") : plain(text)]));
        return { link: `${place}${id && `#${id}`}`, name, heading, texts, folded, all: Object.values(folded).join("\n") };
      }),
    );

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  /** The beginnings of words: `conn` finds `connection` and `--connect`, but not `disconnect`. */
  const starts = (word) => new RegExp(`(?<![\\p{L}\\p{N}])${escaped(word)}`, "gu");

  /** The sections in which something of `query` stands, the best first. */
  const find = (sections, query) => {
    const whole = plain(query).replace(/^"|"$/g, "");
    const words = [...new Set(whole.split(" ").filter(Boolean))];
    if (words.length === 0) return [];
    const patterns = words.map(starts);
    const phrase = starts(whole);
    // Most sections are out at once: to look for letters is much quicker than to look for words.
    const having = words.map((word) => new Set(sections.filter(({ all }) => all.includes(word))));
    const rare = having.map(({ size }) => Math.log(1 + sections.length / (1 + size)));
    const scored = [...new Set(having.flatMap((some) => [...some]))].map((section) => {
      let [score, had] = [0, 0];
      patterns.forEach((pattern, n) => {
        if (!having[n].has(section)) return;
        let best = 0;
        for (const [part, text] of Object.entries(section.folded)) {
          const times = text.match(pattern)?.length ?? 0;
          if (times > 0) best = Math.max(best, WORTH[part] * (1 + Math.log(times) / 4));
        }
        if (best > 0) had += 1;
        score += best * rare[n];
      });
      if (words.length > 1 && section.all.includes(whole)) {
        for (const [part, text] of Object.entries(section.folded)) {
          if (text.search(phrase) >= 0) score += WHOLE[part];
        }
      }
      // What lacks a word is far behind.
      return { section, score: score * (had / words.length) ** 3, had };
    });
    const found = scored.filter(({ score }) => score > 0);
    const most = Math.max(...found.map(({ had }) => had));
    return found.filter(({ had }) => had === most || had > 1).sort((a, b) => b.score - a.score).map(({ section }) => section);
  };

  /** A piece of the section around what was found, as nodes. */
  const teaser = ({ texts, folded }, query, length) => {
    const words = plain(query).split(" ").filter(Boolean);
    const any = (words) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.map(escaped).join("|")})`, "iu");
    // What was typed as a whole, else any of its words.
    const parts = ["prose", "output", "command"];
    const wanted = [[plain(query)], words].map(any).find((wanted) => parts.some((part) => folded[part].search(wanted) >= 0)) ?? any(words);
    const text = texts[parts.find((part) => folded[part].search(wanted) >= 0) ?? "prose"];
    const at = Math.max(0, text.search(wanted));
    const before = text.slice(0, at).split(" ").slice(-8).join(" ");
    const after = text.slice(at).split(" ").slice(0, length).join(" ");
    const shown = `${before.length < at ? "… " : ""}${before}${after}${at + after.length < text.length ? " …" : ""}`;
    const pieces = shown.split(new RegExp(`((?<![\\p{L}\\p{N}])(?:${words.map(escaped).join("|")}))`, "giu"));
    return pieces.map((piece, n) => {
      if (n % 2 === 0) return piece;
      const mark = document.createElement("em");
      mark.textContent = piece;
      return mark;
    });
  };

  let sections = null;
  let settings = { results: 30, words: 30 };

  const show = () => {
    const query = bar.value.trim();
    results.replaceChildren();
    outer.classList.toggle("hidden", !query);
    if (!query || !sections) return;
    const found = find(sections, query).slice(0, settings.results);
    header.textContent = found.length === 0 ? `Nothing is found for '${query}'.` : `${found.length} found for '${query}':`;
    found.forEach((section, n) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const place = new URL(root + section.link, location.href);
      place.searchParams.set("highlight", query);
      link.href = place.href;
      link.textContent = section.heading && section.heading !== section.name ? `${section.name} » ${section.heading}` : section.name;
      const said = document.createElement("span");
      said.className = "teaser";
      said.id = `sw-teaser-${n}`;
      said.append(...teaser(section, query, settings.words));
      link.setAttribute("aria-describedby", said.id);
      item.append(link, said);
      results.append(item);
    });
  };

  window.seaworthyIndex = (index) => {
    settings = index;
    sections = prepared(index);
    form.classList.remove("searching");
    show();
  };

  let asked = false;
  const load = () => {
    if (asked) return;
    asked = true;
    form.classList.add("searching");
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("error", () => {
      form.classList.remove("searching");
      header.textContent = "The book's text can't be loaded.";
      outer.classList.remove("hidden");
      asked = false;
    });
    document.head.append(script);
  };

  const open = (yes) => {
    wrapper.classList.toggle("hidden", !yes);
    toggle.setAttribute("aria-expanded", String(yes));
    if (yes) load();
  };
  const start = () => {
    open(true);
    scrollTo(0, 0);
    bar.focus();
    bar.select();
  };
  const close = () => {
    const inside = wrapper.contains(document.activeElement);
    open(false);
    if (inside) toggle.focus();
  };

  toggle.addEventListener("click", () => (wrapper.classList.contains("hidden") ? start() : close()));
  form.addEventListener("submit", (event) => event.preventDefault());
  bar.addEventListener("input", show);

  /** Moves to the result before or after the one that has the focus; before the first is the search bar. */
  const move = (step) => {
    const links = [...results.querySelectorAll("a")];
    const to = links.indexOf(document.activeElement) + step;
    if (to < 0) bar.focus();
    else links[Math.min(to, links.length - 1)]?.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const inside = wrapper.contains(event.target);
    if (!inside) {
      const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
      if (typing || !["s", "/"].includes(event.key)) return;
      start();
    } else if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && event.target === bar) results.querySelector("a")?.click();
    else return;
    event.preventDefault();
  });

  // What led here is marked on the page, until it is clicked.
  const wanted = new URL(location.href).searchParams.get("highlight");
  const words = plain(wanted ?? "").split(" ").filter(Boolean);
  if (main && words.length > 0) {
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${[plain(wanted), ...words].map(escaped).join("|")})`, "giu");
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) {
      const { parentElement } = walker.currentNode;
      // A drawing's text isn't shown in an element of HTML.
      if (!parentElement.closest("svg, script, style, button")) nodes.push(walker.currentNode);
    }
    for (const node of nodes) {
      const parts = node.data.split(new RegExp(pattern.source, "iu")).length > 1 ? node.data.split(pattern) : [];
      if (parts.length < 2) continue;
      node.replaceWith(
        ...parts.map((part, n) => {
          if (n % 2 === 0) return part;
          const mark = document.createElement("mark");
          mark.textContent = part;
          return mark;
        }),
      );
    }
    const clear = () => {
      main.querySelectorAll("mark").forEach((mark) => mark.replaceWith(...mark.childNodes));
      main.normalize();
      const here = new URL(location.href);
      here.searchParams.delete("highlight");
      history.replaceState(null, "", here);
    };
    main.querySelectorAll("mark").forEach((mark) => mark.addEventListener("click", clear));
  }

  // An address may hold a search, as mdBook's did.
  const query = new URL(location.href).searchParams.get("search");
  if (query) {
    start();
    bar.value = query;
  }
})();
