// The page has one state, which is kept in the address, and draws everything from it.

const sizes = [["zip", "zipped"], ["unzipped", "unzipped"]];
const sides = [["head", "head"], ["base", "base"], ["diff", "changes"]];
const state = { f: firstFunction(), open: "", tile: "", size: "zip", show: compared ? "diff" : "head", search: "" };
let model = null;
let table = null;

// act has what the reader can do.
const act = {
  focus: false,
  pick(f, go) {
    go = go || f !== state.f;
    set({ f, open: "", tile: "" }, true);
    if (go) $("function").scrollIntoView({ block: "start" });
  },
  open(group) {
    if (group.leaves.length === 1) act.choose(group);
    else set({ open: group.key, tile: "" }, true);
  },
  // choose selects a tile. Choosing a file inside a package's tile opens the package.
  choose(x, focus) {
    act.focus = act.focus || Boolean(focus);
    const opens = !x.leaves && state.open !== x.group.key && x.group.leaves.length > 1;
    set(opens ? { open: x.group.key, tile: x.key } : { tile: x.leaves || state.open ? x.key : x.group.key }, opens);
  },
  up() {
    if (state.open) set({ open: "", tile: state.open }, true);
    else set({ tile: "" });
  },
};

// set changes the state and the address. With remember, the change becomes a step in the browser's
// history.
function set(changes, remember) {
  Object.assign(state, changes);
  const address = "#" + addressOf(state);
  if (address !== location.hash) history[remember ? "pushState" : "replaceState"](null, "", address);
  draw();
}

function addressOf(s) {
  const p = new URLSearchParams({ f: functions[s.f] ? functions[s.f].id : "" });
  if (s.open) p.set("open", s.open);
  if (s.tile) p.set("tile", s.tile);
  p.set("size", s.size);
  if (compared) p.set("show", s.show);
  return p.toString();
}

function readAddress() {
  const p = new URLSearchParams(location.hash.slice(1));
  const f = functions.findIndex((one) => one.id === p.get("f") && one.status !== "removed");
  if (f >= 0) state.f = f;
  state.open = p.get("open") || "";
  state.tile = p.get("tile") || "";
  if (sizes.some(([v]) => v === p.get("size"))) state.size = p.get("size");
  if (compared && sides.some(([v]) => v === p.get("show"))) state.show = p.get("show");
}

function draw() {
  const row = functions[state.f];
  $("function").hidden = !row;
  if (!row) return;
  $("function-pick").value = String(state.f);
  table.choose(state.f);
  const built = Boolean(row.artifact);
  for (const id of ["explorer", "panels", "size-switch", "search"]) $(id).hidden = !built;
  drawFacts(row);
  fill($("not-built"), built ? null : notBuilt(state.f));
  if (!built) {
    $("show-switch").hidden = true;
    return;
  }
  const again = !model || model.f !== state.f;
  model = modelOf(state.f);
  $("show-switch").hidden = !model.compared;
  drawMap();
  if (again) drawPanels($("panels"), model);
}

// validState is the state without the parts that the current function does not have.
function validState() {
  const s = { ...state };
  if (!model.compared) s.show = "head";
  if (!model.byKey.has(s.open)) s.open = "";
  return s;
}

function drawMap() {
  const s = validState();
  check("size-switch", s.size);
  check("show-switch", s.show);
  drawCrumbs(s);
  const left = drawTreemap($("treemap"), model, s, act);
  $("small").textContent = left.tiles ? plural(left.tiles, "tile") + " too small to draw, " + size(left.bytes) + " together" : "";
  drawLegend($("legend"), model, s);
  drawInspector($("inspector"), model, s, act);
  drawFound(s);
  if ($("as-table").open) tilesTable($("as-table-rows"), model, s, act);
}

function drawFacts(row) {
  const d = row.delta;
  const facts = [row.runtime, row.architecture, row.memoryMB && row.memoryMB + " MB of memory", row.entry && el("code", null, row.entry)];
  if (d) facts.push(d.status === "renamed" && "was " + d.from, ...(d.differs || []));
  fill($("facts"), facts.filter(Boolean).map((fact) => el("span", null, fact)));
}

function notBuilt(f) {
  const found = findingsOf(f);
  return el("div", { class: "card panel" }, el("p", { class: "bad" }, "This function was not built."),
    el("ul", { class: "steps" }, found.map((x) => el("li", null, x.message, x.hint && el("p", { class: "muted" }, x.hint), x.at && el("p", { class: "mono muted" }, x.at)))));
}

function drawCrumbs(s) {
  const all = functions[s.f].id;
  const total = size(totalOf(model, s.size, s.show === "base" ? "base" : "head"));
  fill($("crumbs"), el("ol", null,
    s.open ? el("li", null, el("button", { type: "button", class: "link", onclick: act.up }, all)) : el("li", { "aria-current": "location" }, all, " ", el("span", { class: "muted" }, total)),
    s.open && el("li", { "aria-current": "location" }, s.open)));
}

// drawFound shows how much of the function the search has found.
function drawFound(s) {
  const text = matcher(s.search);
  if (!text) return fill($("found"));
  const found = model.groups.flatMap((g) => g.leaves).filter((l) => matches(l, text));
  const side = s.show === "base" ? "base" : "head";
  const bytes = found.reduce((sum, l) => sum + bytesOf(l, s.size, side), 0);
  fill($("found"), found.length
    ? files(found.length, found[0]) + " found, " + size(bytes) + ", " + share(bytes, totalOf(model, s.size, side)) + " of the function"
    : "No file or package of this function has this text in its name.");
}

// goToFound selects the largest tile that the search has found. Tiles whose name matches come
// before tiles whose path matches.
function goToFound() {
  const s = validState();
  const text = matcher(s.search);
  const among = s.open ? model.byKey.get(s.open).leaves : model.groups;
  const named = (x) => Number((x.leaves ? x.key : x.name).toLowerCase().includes(text));
  const best = among.filter((x) => text && matches(x, text))
    .sort((a, b) => named(b) - named(a) || bytesOf(b, s.size, s.show) - bytesOf(a, s.size, s.show))[0];
  if (best) act.choose(best, true);
}

function drawSwitch(id, choices, pick) {
  fill($(id), choices.map(([value, name]) => el("label", null, el("input", { type: "radio", name: id, value, onchange: () => pick(value) }), name)));
}

function check(id, value) {
  for (const input of $(id).querySelectorAll("input")) input.checked = input.value === value;
}

function start() {
  startTheme();
  drawSummary();
  drawReview(act);
  readAddress();
  fill($("function-pick"), functions.map((f, i) => f.status !== "removed" && el("option", { value: i }, f.id)));
  $("function-pick").addEventListener("change", (event) => set({ f: Number(event.target.value), open: "", tile: "" }, true));
  drawSwitch("size-switch", sizes, (value) => set({ size: value }));
  drawSwitch("show-switch", sides, (value) => set({ show: value }));
  table = functionsTable($("functions-scroll"), $("functions-filter"), $("functions-count"), act);
  listenToTreemap($("treemap"), act);
  $("search").addEventListener("input", (event) => {
    state.search = event.target.value;
    drawMap();
  });
  $("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") goToFound();
  });
  $("as-table").addEventListener("toggle", drawMap);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT)$/.test(event.target.tagName)) return;
    event.preventDefault();
    $("search").focus();
  });
  $("skip").addEventListener("click", () => $("function-title").focus());
  const parts = [["review", "Why it changed"], ["functions", "Functions"], ["function", "What is in it"], ["findings", "Findings"], ["advice", "Advice"]];
  addEventListener("hashchange", again);
  addEventListener("popstate", again);
  draw();
  drawFindings(act);
  drawRepeats(act);
  drawAdvice(act);
  fill($("nav"), parts.filter(([id]) => !$(id).hidden).map(([id, name]) => el("button", { type: "button", onclick: () => $(id).scrollIntoView() }, name)));
  let width = $("treemap").clientWidth;
  new ResizeObserver(() => {
    if (!model || $("treemap").clientWidth === width) return;
    width = $("treemap").clientWidth;
    requestAnimationFrame(drawMap);
  }).observe($("treemap"));
}

function again() {
  readAddress();
  draw();
}

start();
