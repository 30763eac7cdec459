// Where the site begins is known by a file that mdBook puts there: the nearest folder above this address that has it.
(async () => {
  const parts = location.pathname.split("/");
  for (let length = parts.length - 1; length > 0; length--) {
    const root = `${location.origin}${parts.slice(0, length).join("/")}/`;
    const found = await fetch(`${root}toc.html`).then((response) => response.ok && response.text()).catch(() => "");
    // A server may answer with a page of its own to whatever it is asked for.
    if (!found || !found.includes("sidebar-iframe-inner")) continue;
    const base = document.querySelector("base") ?? document.createElement("base");
    base.href = root;
    document.head.prepend(base);
    return;
  }
})();
