// A copy button for each session: it copies what is typed, never prompts or output.
// Pages are complete without it.
(() => {
  "use strict";

  const commands = (session) =>
    Array.from(session.querySelectorAll(".sw-command"), (command) =>
      Array.from(command.querySelectorAll("kbd"), (line) => line.textContent).join("\n"),
    ).join("\n");

  for (const session of document.querySelectorAll(".sw-session")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sw-copy";
    button.textContent = "Copy commands";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(commands(session));
        button.textContent = "Copied";
      } catch {
        button.textContent = "Can't copy here";
      }
      setTimeout(() => { button.textContent = "Copy commands"; }, 2000);
    });
    (session.querySelector(".sw-bar") ?? session).append(button);
  }
})();
