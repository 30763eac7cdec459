// Added to each page that `seaworthy serve` shows: reloads it after a build, and shows what is wrong.
(() => {
  "use strict";

  const mine = new URL(document.currentScript.src).searchParams.get("build");

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    #seaworthy-fault { position: fixed; inset: auto 0 0 0; z-index: 1000; max-height: 60vh; overflow: auto;
      padding: 12px 16px; border-top: 4px solid #ff9a92; background: #14171c; color: #f3f5f7; font-size: 16px; }
    #seaworthy-fault p { margin: 0 0 8px; font-family: sans-serif; font-weight: 600; }
    #seaworthy-fault pre { margin: 0; font: 14px/1.5 monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    #seaworthy-fault button { float: right; font: inherit; }`);
  document.adoptedStyleSheets.push(sheet);

  let panel;
  const close = () => {
    panel?.remove();
    panel = undefined;
  };
  const show = (fault) => {
    close();
    panel = document.createElement("div");
    panel.id = "seaworthy-fault";
    panel.setAttribute("role", "alert");
    panel.tabIndex = 0;
    const button = document.createElement("button");
    button.textContent = "Close";
    button.addEventListener("click", close);
    const title = document.createElement("p");
    title.textContent = "The book can’t be built. This is how it was before.";
    const text = document.createElement("pre");
    text.textContent = fault;
    panel.append(button, title, text);
    document.body.append(panel);
  };
  addEventListener("keydown", ({ key }) => key === "Escape" && close());

  const source = new EventSource("/-seaworthy/events");
  source.addEventListener("message", ({ data }) => {
    const { build, fault } = JSON.parse(data);
    if (build !== mine) {
      source.close();
      location.reload();
    } else if (fault) {
      show(fault);
    } else {
      close();
    }
  });
})();
