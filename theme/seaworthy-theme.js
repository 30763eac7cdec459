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
})();
