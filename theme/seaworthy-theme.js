// mdBook's menu bar, for the keyboard and for screen readers: its switch of the sidebar is a label, which
// neither reaches, and the bar is no landmark.
(() => {
  "use strict";

  const bar = document.getElementById("mdbook-menu-bar");
  const label = document.getElementById("mdbook-sidebar-toggle");
  const box = document.getElementById("mdbook-sidebar-toggle-anchor");
  bar?.setAttribute("role", "banner");
  if (!label || !box) return;

  const button = document.createElement("button");
  button.type = "button";
  button.className = label.className;
  button.title = label.title;
  button.setAttribute("aria-label", "Table of contents");
  button.setAttribute("aria-controls", "mdbook-sidebar");
  button.append(...[...label.childNodes].map((node) => node.cloneNode(true)));
  const tell = () => button.setAttribute("aria-expanded", String(box.checked));
  button.addEventListener("click", () => label.click());
  box.addEventListener("change", tell);
  tell();
  label.hidden = true;
  label.classList.add("hidden");
  label.after(button);

  // Over a phone's page it goes as it came: by a tap beside it, by Escape, and by its links.
  const sidebar = document.getElementById("mdbook-sidebar");
  const small = matchMedia("(max-width: 620px)");
  const close = () => {
    if (box.checked && small.matches) label.click();
  };
  document.addEventListener("pointerdown", ({ target }) => sidebar.contains(target) || button.contains(target) || close());
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !box.checked || !small.matches) return;
    close();
    button.focus();
  });
})();
