// The learner's values in the place of the author's: in what was printed, and in what is typed.

/** What an element was like, as its author has it. */
const authors = new Map();

/** The pieces of text in `element`, without what stands for something that is left out. */
function* texts(element) {
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (!walk.currentNode.parentElement.closest(".sw-left-out")) yield walk.currentNode;
}

/** Puts `real` in the place of what stands `from`–`to` in the text of `element`. */
function put(element, { from, to, real }) {
  let at = 0;
  let mark;
  for (const text of [...texts(element)]) {
    const [start, end] = [Math.max(from - at, 0), Math.min(to - at, text.length)];
    at += text.length;
    if (start >= end) continue;
    const author = text.data.slice(start, end);
    const rest = text.splitText(start);
    rest.deleteData(0, end - start);
    if (mark) {
      mark.title = `${mark.title.slice(0, -" in the book".length)}${author} in the book`;
      continue;
    }
    mark = document.createElement("span");
    mark.className = "sw-yours";
    mark.textContent = real;
    mark.title = `${author} in the book`;
    rest.before(mark);
  }
}

/** Puts `pieces`, from the last to the first, into `element`; none of them, and it is its author's again. */
export function putValues(element, pieces) {
  const before = authors.get(element) ?? [...element.childNodes].map((node) => node.cloneNode(true));
  if (pieces.length === 0 && !authors.has(element)) return;
  authors.set(element, before);
  element.replaceChildren(...before.map((node) => node.cloneNode(true)));
  const last = (a, b) => b.from - a.from;
  for (const piece of [...pieces].sort(last)) put(element, piece);
}

/** The same pieces, counted from the beginning of a text of several lines. */
export function inWhole(text, pieces) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return pieces.map(({ line, from, to, real }) => ({ from: starts[line] + from, to: starts[line] + to, real }));
}

/** The text of an element as its author has it, without what stands for something that is left out. */
export const authorsText = (element) => {
  const clone = document.createElement("div");
  clone.append(...(authors.get(element) ?? [...element.childNodes]).map((node) => node.cloneNode(true)));
  return [...texts(clone)].map((text) => text.data).join("");
};
