// The way to the lab: one WebSocket, which comes back by itself. The token is the browser's, not the page's address: it
// comes once, behind the `#`, which no server sees, and stays where only pages of this very address find it.

const KEY = "seaworthy-lab";
/** The lab's own code for: don't come again. */
const REFUSED = 4403;

let token = "";
const given = location.hash.match(/^#lab=([\w-]+)$/)?.[1];
if (given) history.replaceState(history.state, "", location.pathname + location.search);
try {
  if (given) localStorage.setItem(KEY, given);
  token = localStorage.getItem(KEY) ?? "";
} catch {
  // A browser that stores nothing: the token is good for this page alone.
  token = given ?? "";
}

/** Connects, and tells `hears`: `tell(message)`, `bytes(machine, bytes)`, `lost(why)`. Returns what sends. */
export function connect(sessions, hears) {
  let socket;
  let pause = 500;
  const open = () => {
    socket = new WebSocket(`ws://${location.host}/-seaworthy/lab/socket`);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => socket.send(JSON.stringify({ ask: "hello", token, sessions })));
    socket.addEventListener("message", ({ data }) => {
      pause = 500;
      if (typeof data === "string") return hears.tell(JSON.parse(data));
      const bytes = new Uint8Array(data);
      hears.bytes(bytes[0], bytes.subarray(1));
    });
    socket.addEventListener("close", ({ code, reason }) => {
      if (code === REFUSED) return hears.lost(`The lab lets nobody in from here: ${reason}.`);
      hears.lost("No connection to the lab. It is tried again.");
      setTimeout(open, pause);
      pause = Math.min(pause * 2, 8000);
    });
  };
  open();
  const send = (data) => socket.readyState === WebSocket.OPEN && socket.send(data);
  const coded = new TextEncoder();
  return {
    ask: (ask) => send(JSON.stringify(ask)),
    keys(machine, text) {
      const keys = coded.encode(text);
      const bytes = new Uint8Array(keys.length + 1);
      bytes[0] = machine;
      bytes.set(keys, 1);
      send(bytes);
    },
  };
}
