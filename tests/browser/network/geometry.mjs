// Runs inside the page: what is wrong with the drawing in it. Only what can be seen counts.

/** Returns a list of sentences; an empty one means that all is well. */
export function problems() {
  // (The function is sent to the page by its text: what it needs is inside.)
  const svg = document.querySelector("svg.nd");
  const found = [];
  const view = svg.viewBox.baseVal;
  const scale = svg.getBoundingClientRect().width / view.width;

  // A box in the drawing's own units.
  const toView = svg.getScreenCTM().inverse();
  const box = (element) => {
    const r = element.getBoundingClientRect();
    const a = new DOMPoint(r.left, r.top).matrixTransform(toView);
    const b = new DOMPoint(r.right, r.bottom).matrixTransform(toView);
    return { l: a.x, t: a.y, r: b.x, b: b.y };
  };

  // Letters, without the room that a font keeps above and below them.
  const texts = [...svg.querySelectorAll("text")].flatMap((element) => {
    const parts = element.querySelector("tspan") ? [...element.childNodes] : [element];
    return parts.flatMap((part) => {
      const range = document.createRange();
      range.selectNodeContents(part);
      return [...range.getClientRects()].filter((r) => r.width > 0.5).map((r) => {
        const a = new DOMPoint(r.left, r.top).matrixTransform(toView);
        const b = new DOMPoint(r.right, r.bottom).matrixTransform(toView);
        const height = b.y - a.y;
        return { element, l: a.x, r: b.x, t: a.y + height * 0.2, b: b.y - height * 0.17, words: part.textContent };
      });
    });
  });
  const apart = (a, b) => a.r <= b.l || b.r <= a.l || a.b <= b.t || b.b <= a.t;
  const inside = (a, b, slack) => a.l >= b.l - slack && a.r <= b.r + slack && a.t >= b.t - slack && a.b <= b.b + slack;

  // 1. Nothing outside the frame.
  const frame = { l: view.x, t: view.y, r: view.x + view.width, b: view.y + view.height };
  for (const element of svg.querySelectorAll("text, rect, circle, path")) {
    const b = box(element);
    if (b.r > b.l && !inside(b, frame, 0.75)) {
      found.push(`<${element.tagName}> "${element.textContent.slice(0, 30)}" is outside the frame`);
    }
  }

  // 2. No text over text.
  for (let i = 0; i < texts.length; i++) {
    for (let j = i + 1; j < texts.length; j++) {
      if (texts[i].element !== texts[j].element && !apart(texts[i], texts[j])) {
        found.push(`text "${texts[i].words}" over text "${texts[j].words}"`);
      }
    }
  }

  // 3. No text half inside a box.
  const boxes = [...svg.querySelectorAll("rect, circle")].filter((r) => !r.classList.contains("n-page"));
  const filled = boxes.map((element) => ({ element, ...box(element) }));
  for (const text of texts) {
    for (const b of filled) {
      if (!apart(text, b) && !inside(text, b, 0.5)) {
        const covered = filled.some((c) => later(c.element, b.element) && later(text.element, c.element) && inside(text, c, 0.5));
        if (!covered) found.push(`text "${text.words}" over the edge of a box`);
      }
    }
  }

  // 4. No text under a line, nor over one: unless a box lies between the two and hides the line.
  function later(a, b) {
    return (b.compareDocumentPosition(a) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  }
  for (const path of svg.querySelectorAll("path")) {
    const style = getComputedStyle(path);
    const drawn = style.stroke !== "none" && !path.hasAttribute("transform");
    const shadow = Number(style.strokeOpacity) < 0.5;
    if (!drawn || shadow || path.classList.contains("n-halo")) continue;
    const half = parseFloat(style.strokeWidth) / 2;
    const hit = new Set();
    for (const piece of pieces(path.getAttribute("d"))) {
      // Without caps, a line ends where it ends, and is wide only across.
      const along = style.strokeLinecap === "butt" ? 0 : half;
      const [h, v] = piece.t === piece.b ? [along, half] : piece.l === piece.r ? [half, along] : [half, half];
      const line = { l: piece.l - h, r: piece.r + h, t: piece.t - v, b: piece.b + v };
      for (const text of texts) {
        if (apart(text, line) || hit.has(text)) continue;
        const hidden =
          later(text.element, path) &&
          filled.some((b) => later(b.element, path) && later(text.element, b.element) && inside(text, b, 0.5) && opaque(b.element));
        if (!hidden) {
          hit.add(text);
          found.push(`text "${text.words}" and a line (${path.getAttribute("class") ?? path.parentNode.getAttribute("class")})`);
        }
      }
    }
  }
  function opaque(element) {
    return getComputedStyle(element).fill !== "none";
  }

  // The boxes around the pieces of a path. The drawings use these commands only.
  function pieces(d) {
    const found = [];
    let [x, y] = [0, 0];
    let start = [0, 0];
    for (const [, command, rest] of d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
      const numbers = [...rest.matchAll(/-?(?:\d+\.?\d*|\.\d+)/g)].map(Number);
      const relative = command === command.toLowerCase();
      const to = (nx, ny, drawn) => {
        if (drawn) found.push({ l: Math.min(x, nx), r: Math.max(x, nx), t: Math.min(y, ny), b: Math.max(y, ny) });
        [x, y] = [nx, ny];
      };
      const size = { M: 2, L: 2, H: 1, V: 1, Q: 4, C: 6, A: 7, Z: 0 }[command.toUpperCase()];
      if (size === undefined) throw new Error(`a path has the command ${command}: ${d}`);
      for (let at = 0; at < numbers.length; at += size) {
        const [a, b] = numbers.slice(at + size - 2 < at ? at : at + size - 2, at + size);
        const [dx, dy] = relative ? [x, y] : [0, 0];
        if (command.toUpperCase() === "H") to(a + dx, y, true);
        else if (command.toUpperCase() === "V") to(x, a + dy, true);
        // After the first pair of a move, further pairs are lines.
        else to(a + dx, b + dy, command.toUpperCase() !== "M" || at > 0);
      }
      if (command.toUpperCase() === "M") start = [x, y];
      if (command.toUpperCase() === "Z") to(...start, true);
    }
    return found;
  }

  // 5. Text is large enough.
  for (const text of texts) {
    const pixels = parseFloat(getComputedStyle(text.element).fontSize) * scale;
    if (pixels < 10.49) found.push(`text "${text.words}" is ${pixels.toFixed(2)} px`);
  }
  return [...new Set(found)];
}
