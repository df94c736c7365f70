// Temporal's UI lets its server make a page of Markdown, and sends it the text in
// the address of a frame: "/render?content=...". What was decoded must not stand in
// an address, which servers log and browsers keep. Here the text goes to the page's
// own server in a body, and what comes back is the frame's content.
(() => {
  const asked = new WeakMap();
  const take = (frame, address) => {
    const at = String(address).indexOf("/render?");
    if (at < 0) return false;
    const query = new URLSearchParams(String(address).slice(at + "/render?".length));
    const turn = (asked.get(frame) || 0) + 1;
    asked.set(frame, turn);
    const theme = query.get("theme") === "dark" ? "dark" : "light";
    fetch("/duenotice/render?theme=" + theme, {method: "POST", headers: {"Content-Type": "text/plain"}, body: query.get("content") || ""})
      .then((answer) => answer.text())
      .then((page) => {
        if (asked.get(frame) !== turn) return; // a newer text was set meanwhile
        frame.setAttribute("sandbox", "allow-same-origin");
        frame.srcdoc = page;
      }, () => {});
    return true;
  };
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (this instanceof HTMLIFrameElement && String(name).toLowerCase() === "src" && take(this, value)) return;
    set.call(this, name, value);
  };
  const src = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "src");
  Object.defineProperty(HTMLIFrameElement.prototype, "src", {
    ...src,
    set(value) {
      if (!take(this, value)) src.set.call(this, value);
    },
  });
})();
