// Lines: a function's zip and load over the recorded commits. Each line is described in words beside
// it, and as a table.

// drawn builds an SVG element.
function drawn(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, clean(String(value)));
  node.append(...children.filter(Boolean));
  return node;
}

// lineOf draws a figure from left to right, a commit a step. A size stays until a commit changes it,
// so its line has steps; a measured time has a straight line from one measurement to the next.
function lineOf(c, width, height, margin, stepped) {
  const { n: from } = c.first;
  const span = Math.max(1, c.last.n - from);
  const range = c.high - c.low;
  const x = (p) => (margin + ((width - 2 * margin) * (p.n - from)) / span).toFixed(1);
  const y = (p) => (range ? height - margin - ((height - 2 * margin) * (p.value - c.low)) / range : height / 2).toFixed(1);
  const path = c.points.map((p, i) => (i === 0 ? `M${x(p)} ${y(p)}` : stepped ? `H${x(p)}V${y(p)}` : `L${x(p)} ${y(p)}`)).join("");
  return { path, x, y };
}

// sparkline is the line in the table of all functions. The text beside it says its growth.
function sparkline(f) {
  const t = trendOf(f);
  if (!t) return el("span", { class: "muted" }, "-");
  const { path } = lineOf(t.zip, 72, 18, 2, true);
  const growth = growthOverTime(f);
  return [drawn("svg", { class: "spark", viewBox: "0 0 72 18", width: 72, height: 18, "aria-hidden": "true" }, drawn("path", { d: path })),
    el("span", { class: "percent " + direction(growth) }, t.zip.moved ? change(t.zip.first.value, t.zip.last.value) || "0.0%" : "same")];
}

function trendPanel(row) {
  const t = trendOf(row);
  if (!t) return null;
  return panel("Over " + plural(recorded.commits.length, "recorded commit"),
    chart("zip", t.zip, size, signed, true),
    t.load && chart("load", t.load, millis, signedMillis, false),
    el("details", null, el("summary", null, "Show as a table"), el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Sizes by commit" }, trendTable(t))));
}

// chart draws one figure. The largest change is marked, and named below.
function chart(name, c, show, signedBy, stepped) {
  const width = 320;
  const height = 72;
  const { path, x, y } = lineOf(c, width, height, 6, stepped);
  const words = courseText(c, show, signedBy);
  const most = c.moved && `${signedBy(c.moved.by)} by ${commitText(c.moved.n)}`;
  const mark = (p, style) => drawn("circle", { cx: x(p), cy: y(p), r: style ? 4 : 2, class: style }, drawn("title", {}, `${show(p.value)}, ${commitText(p.n)}`));
  return el("div", null,
    el("div", { class: "head" }, el("b", null, name), " ", el("span", null, words)),
    drawn("svg", { class: "line", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${name}: ${words}; between ${show(c.low)} and ${show(c.high)}` + (most ? `; most by ${most}` : "") },
      drawn("path", { d: path }), ...c.points.filter((p) => p !== c.moved).map((p) => mark(p, "")), c.moved && mark(c.moved, "moved")),
    el("p", { class: "muted" }, most ? ["changed most, ", el("b", { class: direction(c.moved.by) }, signedBy(c.moved.by)), ", by ", el("code", null, commitText(c.moved.n))] : "no commit changed it"));
}

// trendTable lists the steps, the last first.
function trendTable(t) {
  const head = (text, number) => el("th", { scope: "col", class: number ? "number" : "" }, el("span", { class: "cell" }, text));
  const by = (s, before) => (!before ? "" : s.zip === before.zip ? "same" : signed(s.zip - before.zip));
  return el("table", null,
    el("thead", null, el("tr", null, head("Date"), head("Zip", true), head("Change", true), t.load && head("Load", true), head("Unzipped", true), head("Commit"))),
    el("tbody", null, t.steps.map((s, i) => el("tr", null,
      el("th", { scope: "row" }, dayOf(s.n)), el("td", { class: "number" }, size(s.zip)),
      el("td", { class: "number " + direction(i ? s.zip - t.steps[i - 1].zip : 0) }, by(s, t.steps[i - 1])),
      t.load && el("td", { class: "number" }, s.load ? millis(s.load) : "-"), el("td", { class: "number" }, size(s.unzipped)), el("td", null, commitText(s.n)))).reverse()));
}
