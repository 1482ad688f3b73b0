// The flame chart: a tree of frames from the function down. It is a tree for screen readers too, in
// which arrow keys move.

const frameHeight = 24;
const leastWidth = 2; // pixels

// drawFlame draws the frame that is zoomed to, those above it, and those below it. It returns the
// frames that are too narrow.
function drawFlame(box, state, act) {
  const width = box.clientWidth;
  const zoom = state.zoom;
  const text = state.search.trim().toLowerCase();
  const left = { frames: 0, millis: 0 };
  const shown = [];
  const put = (frame, from, to, above) => shown.push({ frame, from, to, above });
  const above = [];
  for (let f = zoom.parent; f; f = f.parent) above.unshift(f);
  for (const f of above) put(f, 0, width, true);
  const below = (frame, from, to) => {
    put(frame, from, to, false);
    let at = from;
    for (const child of frame.children) {
      const end = at + (frame.total > 0 ? ((to - from) * child.total) / frame.total : 0);
      if (end - at < leastWidth) {
        left.frames++;
        left.millis += child.total;
      } else below(child, at, end);
      at = end;
    }
  };
  below(zoom, 0, width);
  const focus = shown.find((s) => s.frame === state.at) ? state.at : zoom;
  const focused = box.contains(document.activeElement);
  const nodes = shown.map(({ frame, from, to, above: faded }) => {
    const w = to - from;
    const dim = text && !frame.group.toLowerCase().includes(text) && !frame.name.toLowerCase().includes(text);
    const labelled = w >= 34 && !dim;
    const node = el("div", {
      role: "treeitem", "aria-level": frame.depth + 1, "aria-expanded": frame.children.length ? "true" : null, "aria-selected": String(frame === zoom),
      tabindex: frame === focus ? 0 : -1,
      class: ["frame", "f-" + lookOf(frame.group), frame.row && isNoise(frame.row.self) && "noise", w < 34 && "thin", faded && "above", dim && "dim"].filter(Boolean).join(" "),
    }, labelled && shortName(frame), el("span", { class: "unseen" }, (labelled ? ", " : frame.name + ", ") + frameText(frame)));
    node.style.left = from + "px";
    node.style.width = Math.max(leastWidth, w - 1) + "px";
    node.style.top = frame.depth * frameHeight + "px";
    node.of = frame;
    return node;
  });
  box.style.height = (Math.max(...shown.map((s) => s.frame.depth)) + 1) * frameHeight + "px";
  fill(box, el("div", { role: "tree", "aria-label": "Import tree by load time" }, nodes));
  if (focused || act.focus) nodes.find((n) => n.of === focus)?.focus({ preventScroll: true });
  act.focus = false;
  $("tip").hidden = true;
  return left;
}

// shortName leaves out of a module's path what the package says.
function shortName(frame) {
  const at = frame.name.lastIndexOf("node_modules/");
  return at < 0 ? frame.name : frame.name.slice(at + "node_modules/".length);
}

function frameText(frame) {
  const self = frame.children.length && frame.self > 0 ? ", itself " + millisOf(frame.self) : "";
  const noise = frame.row ? ", ±" + millisOf(spread(frame.row.self)) + (isNoise(frame.row.self) ? ", within the noise" : "") : "";
  return millisOf(frame.total) + ", " + share(frame.total, whole) + self + noise;
}

// listenToFlame adds the listeners of the chart's box, once.
function listenToFlame(box, state, act) {
  box.addEventListener("click", (event) => {
    const node = event.target.closest(".frame");
    if (node) act.zoom(node.of);
  });
  box.addEventListener("keydown", (event) => {
    const node = event.target.closest(".frame");
    if (!node) return;
    const frame = node.of;
    const drawn = new Set([...box.querySelectorAll(".frame")].map((n) => n.of));
    const beside = (by) => {
      const list = frame.parent ? frame.parent.children.filter((f) => drawn.has(f)) : [];
      return list[list.indexOf(frame) + by];
    };
    const keys = {
      ArrowUp: () => act.go(frame.parent), ArrowDown: () => act.go(frame.children.find((f) => drawn.has(f))),
      ArrowLeft: () => act.go(beside(-1)), ArrowRight: () => act.go(beside(1)), Home: () => act.go(state.zoom),
      Enter: () => act.zoom(frame), " ": () => act.zoom(frame), Escape: act.out, Backspace: act.out,
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  const tip = $("tip");
  box.addEventListener("pointermove", (event) => {
    const node = event.pointerType === "mouse" && event.target.closest(".frame");
    tip.hidden = !node;
    if (!node) return;
    fill(tip, el("b", null, node.of.name), frameText(node.of));
    tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = (event.clientY + 18 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 18) + "px";
  });
  box.addEventListener("pointerleave", () => (tip.hidden = true));
}

function drawLegend(list) {
  const seen = new Set(profile.packages.map((p) => lookOf(keyOf(p.name, p.version))));
  const entry = (look, name) => el("li", null, el("span", { class: "swatch f-" + look, "aria-hidden": "true" }), name);
  fill(list, [...colours].map(([name, i]) => name !== ownCode && entry(i, name)), seen.has("own") && entry("own", "own code"), seen.has("more") && entry("more", "other packages"),
    seen.has("row") && entry("row", "no module"), profile.packages.some((p) => isNoise(p.self)) && el("li", null, el("span", { class: "swatch f-more noise", "aria-hidden": "true" }), "within the noise"));
}
