// The page of a profile: it has one state, and draws everything from it.

const levels = profile.modules.length ? [["packages", "packages"], ["modules", "modules"]] : [["packages", "packages"]];
const state = { level: "packages", zoom: trees.packages, at: null, search: "" };

const act = {
  focus: false,
  zoom(frame) {
    state.zoom = frame === state.zoom && frame.parent ? frame.parent : frame;
    state.at = frame;
    draw();
  },
  out() {
    if (!state.zoom.parent) return;
    state.at = state.zoom;
    state.zoom = state.zoom.parent;
    act.focus = true;
    draw();
  },
  go(frame) {
    if (!frame) return;
    state.at = frame;
    act.focus = true;
    drawChart();
  },
  // find zooms to the frame of a row of the table.
  find(row) {
    const search = (f) => (f.row === row ? f : f.children.map(search).find(Boolean));
    const frame = search(trees[state.level]);
    if (!frame) return;
    state.zoom = state.at = frame;
    act.focus = true;
    draw();
    $("flame-title").scrollIntoView({ block: "start" });
  },
};

function draw() {
  for (const input of $("level-switch").querySelectorAll("input")) input.checked = input.value === state.level;
  drawChart();
  drawTimes($("times"), $("times-count"), state, act);
}

function drawChart() {
  const chain = [];
  for (let f = state.zoom; f; f = f.parent) chain.unshift(f);
  fill($("crumbs"), el("ol", null, chain.map((f) => el("li", f === state.zoom ? { "aria-current": "location" } : null,
    f === state.zoom ? [f.name, " ", el("span", { class: "muted" }, frameText(f))] : el("button", { type: "button", class: "link", onclick: () => act.zoom(f) }, f.name)))));
  const left = drawFlame($("flame"), state, act);
  $("small").textContent = left.frames ? plural(left.frames, "bar") + " too narrow to draw, " + millisOf(left.millis) + " together" : "";
}

function conditions() {
  return [plural(profile.runs, "start"), "processor time of the machine that made the profile", profile.node && "Node " + profile.node + (profile.stoodIn ? " in place of the runtime's" : "")].filter(Boolean).join(", ");
}

function sumText() {
  if (!profile.sum) return "";
  const off = profile.off || 0;
  return `The bars add up to ${timeText(profile.sum)}. They were measured in the same code with clocks. The artifact as it ships loads in ${timeText(profile.load)}: the bars are ${Math.abs(100 * off).toFixed(1)}% ${off < 0 ? "less" : "more"}.`;
}

function start() {
  startTheme();
  $("against").textContent = "profile of " + clean(profile.function);
  fill($("notes"), profile.notes.map((n) => el("li", null, n)));
  fill($("sum"), sumText());
  fill($("level-switch"), levels.map(([value, name]) => el("label", null, el("input", { type: "radio", name: "level", value, onchange: () => {
    Object.assign(state, { level: value, zoom: trees[value], at: null });
    draw();
  } }), name)));
  $("level-switch").hidden = levels.length < 2;
  $("search").addEventListener("input", (event) => {
    state.search = event.target.value;
    draw();
  });
  listenToFlame($("flame"), state, act);
  drawLegend($("legend"));
  fill($("foot"), conditions());
  draw();
  let width = $("flame").clientWidth;
  new ResizeObserver(() => {
    if ($("flame").clientWidth === width) return;
    width = $("flame").clientWidth;
    requestAnimationFrame(drawChart);
  }).observe($("flame"));
}

start();
