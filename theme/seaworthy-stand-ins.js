// What mdBook's own script calls, where a page doesn't load it: the highlighter, and a library that copies.
window.hljs ??= { configure() {}, highlightBlock() {} };
window.ClipboardJS ??= class {
  says = {};
  constructor(selector, { text }) {
    document.addEventListener("click", async ({ target }) => {
      const trigger = target.closest(selector);
      if (!trigger) return;
      const copied = await this.copy(text(trigger));
      this.says[copied ? "success" : "error"]?.({ trigger, clearSelection() {} });
    });
  }
  on(what, say) {
    this.says[what] = say;
  }
  /** Pages that come without TLS have only the old way. */
  async copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
};
