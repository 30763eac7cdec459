// What changes while a page is read: results that no longer count, and tabs. Without it, marks say their day, and the contents of
// all tabs stand one below the other.
(() => {
  "use strict";

  const main = document.querySelector("main");

  // Results count to the end of a day, in the time by which they were dated.
  const today = new Date().toISOString().slice(0, 10);
  for (const mark of document.querySelectorAll(".sw-verified[data-until]")) {
    const { until } = mark.dataset;
    if (today <= until) continue;
    const said = `Unverified: what was found counted until ${until}`;
    mark.classList.replace("sw-verified", "sw-unverified");
    const place = mark.querySelector(".sw-state") ?? mark;
    place.textContent = said;
    const why = "Nothing was edited since, but images and engines change.";
    if (mark.matches("button")) {
      mark.setAttribute("aria-description", why);
      mark.dataset.words = why;
    } else mark.title = why;
  }

  // Tabs: `<details>` in a `<div class="sw-tabs">`, one of which is shown. The choice holds for all tabs of the same names, on
  // this page and the next.
  const KEY = "seaworthy-tabs";
  const chosen = () => {
    try {
      const names = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
    } catch {
      return [];
    }
  };
  /** Keeps the choice of `name` before those of earlier. */
  const keep = (name) => {
    try {
      localStorage.setItem(KEY, JSON.stringify([name, ...chosen().filter((other) => other !== name)].slice(0, 20)));
    } catch {
      // The browser keeps nothing for this site: the choice holds for this page.
    }
  };
  /** The names of the system that the page is read on, as tabs may call it. */
  const own = () => {
    const system = `${navigator.userAgentData?.platform ?? ""} ${navigator.platform ?? ""}`.toLowerCase();
    if (system.includes("win")) return ["windows"];
    if (system.includes("mac")) return ["macos", "mac"];
    return system.includes("linux") ? ["linux"] : [];
  };

  const groups = [];
  for (const [nth, group] of [...main.querySelectorAll(".sw-tabs")].entries()) {
    const parts = [...group.children].filter((part) => part.matches("details") && part.querySelector(":scope > summary"));
    if (parts.length < 2) continue;
    const list = document.createElement("div");
    list.className = "sw-tab-list";
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", group.getAttribute("aria-label") ?? "Choose one");
    const tabs = parts.map((part, n) => {
      const summary = part.querySelector(":scope > summary");
      const tab = document.createElement("button");
      tab.type = "button";
      tab.className = "sw-tab";
      tab.id = `sw-tab-${nth}-${n}`;
      tab.textContent = summary.textContent.trim();
      tab.setAttribute("role", "tab");
      const panel = document.createElement("div");
      panel.className = "sw-panel";
      panel.id = `sw-panel-${nth}-${n}`;
      panel.dataset.name = tab.textContent;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      tab.setAttribute("aria-controls", panel.id);
      panel.append(...[...part.childNodes].filter((node) => node !== summary));
      part.replaceWith(panel);
      list.append(tab);
      return { tab, panel, name: tab.textContent };
    });
    group.prepend(list);
    group.classList.add("sw-tabbed");
    const show = (name) => {
      if (!tabs.some((one) => one.name === name)) return false;
      for (const one of tabs) {
        const now = one.name === name;
        one.tab.setAttribute("aria-selected", String(now));
        one.tab.tabIndex = now ? 0 : -1;
        // What is hidden is found by the browser's own search.
        if (now) one.panel.removeAttribute("hidden");
        else one.panel.setAttribute("hidden", "until-found");
      }
      return true;
    };
    groups.push(show);
    const choose = (name) => {
      keep(name);
      groups.forEach((show) => show(name));
    };
    tabs.forEach(({ tab, panel, name }, n) => {
      tab.addEventListener("click", () => choose(name));
      panel.addEventListener("beforematch", () => choose(name));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key] * (document.dir === "rtl" ? -1 : 1);
        const to = { Home: 0, End: tabs.length - 1 }[event.key] ?? (n + step + tabs.length) % tabs.length;
        if (!tabs[to]) return;
        event.preventDefault();
        // mdBook turns the page by these keys.
        event.stopPropagation();
        tabs[to].tab.focus();
        choose(tabs[to].name);
      });
    });
    const wanted = [...chosen(), ...tabs.map(({ name }) => name).filter((name) => own().includes(name.toLowerCase())), tabs[0].name];
    wanted.some(show);
    // A link may lead into a tab that isn't shown.
    const reveal = () => {
      const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const holds = target && tabs.find(({ panel }) => panel.contains(target));
      if (!holds) return;
      show(holds.name);
      target.scrollIntoView();
    };
    addEventListener("hashchange", reveal);
    reveal();
  }
})();
