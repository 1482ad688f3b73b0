// The treemap has one tile for each package, with the package's files inside. In an open package it
// has one tile for each file. The tiles are a list box, so that arrow keys move between them and
// screen readers read each one. The files inside a tile can only be seen and clicked.

const minPixels = 4; // the smallest width and height of a tile
const maxInner = 1500;

// drawTreemap draws the state and returns the tiles and bytes that were too small to draw.
function drawTreemap(box, model, state, act) {
  const width = box.clientWidth;
  const height = box.clientHeight;
  const open = state.open && model.byKey.get(state.open);
  const value = (x) => Math.max(0, bytesOf(x, state.size, state.show));
  const data = open
    ? { children: open.leaves.map((l) => ({ of: l, value: value(l) })) }
    : { children: model.groups.map((g) => ({ of: g, children: g.leaves.map((l) => ({ of: l, value: value(l) })) })) };
  const root = d3.hierarchy(data).sum((d) => d.value || 0).sort((a, b) => b.value - a.value);
  d3.treemap()
    .size([width, height])
    .round(true)
    .paddingInner((n) => (n.depth === 0 ? 3 : 1))
    .paddingTop((n) => (n.depth === 1 ? (roomy(n) ? 20 : 2) : 0))
    .paddingLeft((n) => (n.depth === 1 ? 2 : 0))
    .paddingRight((n) => (n.depth === 1 ? 2 : 0))
    .paddingBottom((n) => (n.depth === 1 ? 2 : 0))(root);

  const total = root.value;
  const match = matcher(state.search);
  const tiles = [];
  const inner = [];
  const left = { tiles: 0, bytes: 0 };
  for (const n of root.children || []) {
    if (n.value <= 0) continue;
    if (n.x1 - n.x0 < minPixels || n.y1 - n.y0 < minPixels) {
      left.tiles++;
      left.bytes += n.value;
      continue;
    }
    tiles.push(tile(n, total, model, state, match));
    if (!open && roomy(n) && n.data.of.leaves.length > 1) {
      for (const leaf of n.children) if (leaf.value > 0 && inner.length < maxInner) inner.push(innerTile(leaf, state, match));
    }
  }
  const focused = box.contains(document.activeElement);
  const chosen = tiles.find((t) => t.of.key === state.tile) || tiles[0];
  for (const t of tiles) t.tabIndex = t === chosen ? 0 : -1;
  fill(box, el("div", { role: "listbox", "aria-label": (open ? "Files of " + open.key : "Packages") + " by size" }, tiles), el("div", { "aria-hidden": "true" }, inner.filter(Boolean)));
  if (!tiles.length) fill(box, el("p", { class: "none" }, "There is nothing to draw: this side has no bytes."));
  if ((focused || act.focus) && chosen) chosen.focus({ preventScroll: true });
  act.focus = false;
  $("tip").hidden = true;
  return left;
}

const roomy = (n) => n.x1 - n.x0 > 44 && n.y1 - n.y0 > 40;

function tile(n, total, model, state, match) {
  const x = n.data.of;
  const w = n.x1 - n.x0;
  const h = n.y1 - n.y0;
  const group = Boolean(x.leaves);
  const drawsInner = group && roomy(n) && x.leaves.length > 1;
  const by = state.show === "diff" ? growthOf(x, state.size) : 0;
  const figure = state.show === "diff" && x.look !== "same" ? signed(by) : size(n.value);
  const name = x.name.length * 7.5 > w ? baseName(x.name) : x.name;
  const oneLine = h < 36 || drawsInner;
  const dim = match && !matches(x, match);
  const shows = w >= 34 && h >= 18 && !dim;
  const figures = shows && w > 14 + 7.2 * figure.length + (oneLine ? 7.5 * Math.min(name.length, 8) : 0);
  const t = el("div", {
    role: "option", "aria-selected": String(x.key === state.tile), "data-key": x.key,
    class: ["tile", "k-" + (state.show === "diff" ? x.look : x.kind), drawsInner && "group", oneLine && "flat", (w < 34 || h < 18) && "tiny",
      dim && "dim"].filter(Boolean).join(" "),
  });
  // Text that does not fit is still read by screen readers.
  const unseen = [
    shows && name === x.name ? x.version : group ? x.key : x.path,
    (!figures || figure !== size(n.value)) && size(n.value), share(n.value, total) + (group ? " of the function" : " of the tiles shown"),
    state.show === "diff" && (x.status === "same" ? "the same" : x.look === "same" ? "nearly the same, " + signed(by) : x.status + (figures ? "" : ", " + figure)),
    group && x.leaves.length > 1 && files(x.leaves.length, x),
  ].filter(Boolean).join(", ");
  fill(t, shows && el("b", null, name), figures && el("span", null, (oneLine ? "  " : "") + figure), el("span", { class: "unseen" }, shows ? ", " + unseen : unseen));
  place(t, n);
  t.of = x;
  t.figure = figure;
  t.ofAll = share(n.value, total);
  return t;
}

function innerTile(n, state, match) {
  const w = n.x1 - n.x0;
  const h = n.y1 - n.y0;
  if (w < 2 || h < 2) return null;
  const x = n.data.of;
  const dim = match && !matches(x, match);
  const t = el("div", { class: "inner k-" + (state.show === "diff" ? x.look : x.kind) + (dim ? " dim" : "") });
  if (w > 40 && h > 15 && !dim) fill(t, baseName(x.name));
  place(t, n);
  t.of = x;
  t.figure = size(n.value);
  return t;
}

// baseName is the most informative part of a path or package, for narrow tiles.
const baseName = (name) => {
  const bare = name.replace(/\/v\d+$/, "");
  return bare.slice(bare.lastIndexOf("/") + 1);
};

function place(node, n) {
  node.style.left = n.x0 + "px";
  node.style.top = n.y0 + "px";
  node.style.width = n.x1 - n.x0 + "px";
  node.style.height = n.y1 - n.y0 + "px";
}

const matcher = (text) => text.trim().toLowerCase();

// matches reports whether a package or file has the text in its name. A package also matches if one
// of its files does.
function matches(x, text) {
  if (x.leaves) return x.key.toLowerCase().includes(text) || x.leaves.some((l) => l.path.toLowerCase().includes(text));
  return x.path.toLowerCase().includes(text) || x.group.key.toLowerCase().includes(text);
}

// listenToTreemap adds the listeners of a treemap's box, once.
function listenToTreemap(box, act) {
  box.addEventListener("click", (event) => {
    const t = event.target.closest(".tile, .inner");
    if (t) (t.of.leaves ? act.open : act.choose)(t.of);
  });
  box.addEventListener("keydown", (event) => {
    const t = event.target.closest(".tile");
    if (!t) return;
    const keys = { Enter: () => (t.of.leaves ? act.open : act.choose)(t.of), Escape: act.up, Backspace: act.up };
    keys[" "] = keys.Enter;
    const next = nextTile([...box.querySelectorAll(".tile")], t, event.key);
    if (next) act.choose(next.of, true);
    else if (keys[event.key]) {
      act.focus = true;
      keys[event.key]();
    } else if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
  });
  const tip = $("tip");
  box.addEventListener("pointermove", (event) => {
    const t = event.pointerType === "mouse" && event.target.closest(".tile, .inner");
    tip.hidden = !t;
    if (!t) return;
    const x = t.of;
    fill(tip, el("b", null, x.leaves ? x.key : x.path), t.figure + (t.ofAll ? " · " + t.ofAll : "") + (x.leaves && x.leaves.length > 1 ? " · " + files(x.leaves.length, x) : ""));
    tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = (event.clientY + 18 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 18) + "px";
  });
  box.addEventListener("pointerleave", () => (tip.hidden = true));
}

// nextTile is the tile that an arrow key moves to: the nearest of those that begin where this one
// ends. The sideways distance counts double.
function nextTile(tiles, from, key) {
  if (key === "Home") return tiles[0];
  if (key === "End") return tiles[tiles.length - 1];
  const box = (t) => ({ ArrowLeft: -t.offsetLeft - t.offsetWidth, ArrowRight: t.offsetLeft, ArrowUp: -t.offsetTop - t.offsetHeight, ArrowDown: t.offsetTop })[key];
  const end = { ArrowLeft: -from.offsetLeft, ArrowRight: from.offsetLeft + from.offsetWidth, ArrowUp: -from.offsetTop, ArrowDown: from.offsetTop + from.offsetHeight }[key];
  if (end === undefined) return null;
  const upright = key === "ArrowUp" || key === "ArrowDown";
  const middle = (t) => (upright ? t.offsetLeft + t.offsetWidth / 2 : t.offsetTop + t.offsetHeight / 2);
  let best = null;
  let least = Infinity;
  for (const t of tiles) {
    const gap = box(t) - end;
    const far = gap + 2 * Math.abs(middle(t) - middle(from));
    if (t !== from && gap >= 0 && far < least) {
      least = far;
      best = t;
    }
  }
  return best;
}

const kindNames = {
  own: "own code", esm: "ES modules", cjs: "CommonJS", files: "files and data", go: "Go modules", std: "Go standard library", row: "no package",
  same: "the same, or within 512 B and 2%", new: "new", grew: "grew", shrank: "shrank", removed: "removed",
};

// drawLegend lists the colours that are visible.
function drawLegend(list, model, state) {
  const open = state.open && model.byKey.get(state.open);
  const seen = new Set((open ? [open] : model.groups).flatMap((g) => g.leaves).map((l) => (state.show === "diff" ? l.look : l.kind)));
  fill(list, Object.keys(kindNames).filter((k) => seen.has(k)).map((k) => el("li", null, el("span", { class: "swatch k-" + k, "aria-hidden": "true" }), kindNames[k])));
}
