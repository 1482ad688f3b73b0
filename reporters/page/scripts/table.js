// The table of all functions.

// columns of the table of functions. A column whose "when" is false is omitted. The values of a
// ranked one are numbers, the worst the largest.
// "about" says what a short name means.
const columns = [
  { name: "Function", value: (f) => f.id, cell: functionCell, text: true, head: true },
  { name: "Runtime", value: (f) => f.runtime, cell: (f) => f.runtime, text: true, optional: true },
  { name: "Arch", value: (f) => f.architecture, cell: (f) => f.architecture, text: true, optional: true },
  { name: "Zip", value: (f) => f.zip, cell: (f) => (f.status === "built" ? size(f.zip) : "-") },
  { name: "Change", value: (f) => changeValue(f), cell: changeCell, when: () => compared },
  { name: "Over time", about: "the zip over the recorded commits", value: growthOverTime, cell: sparkline, when: () => trends.size > 0, optional: true },
  { name: "Unzipped", value: (f) => f.unzipped, cell: (f) => (f.status === "built" ? size(f.unzipped) : "-") },
  { name: "Files", value: (f) => f.files, cell: (f) => (f.status === "built" ? count(f.files) : "-"), optional: true },
  { name: "Of 250 MiB", value: (f) => f.unzipped, cell: limitCell },
  { name: "Ready after", about: "to the first poll, measured here", value: (f) => f.load || 0, cell: (f) => (f.load ? millis(f.load) : "-"), when: () => functions.some((f) => f.load) },
  { name: "Cold start", about: "what the zip, or the change, adds on Lambda", value: (f) => (f.start ? f.start.value : -1e16), cell: (f) => (f.start ? f.start.text : "-"), when: () => functions.some((f) => f.start) },
  { name: "Source", value: verdictRank, cell: verdictCell, text: true, ranked: true, when: () => functions.some(verdictOf) },
  { name: "Budget", value: (f) => budgetRank(f), cell: (f) => budgetCell(f), text: true, ranked: true, when: () => functions.some((f) => f.budget) },
];

function functionCell(f) {
  if (f.status === "removed") return f.id;
  return el("button", { type: "button", class: "link" }, f.id);
}

const changeValue = (f) => (!f.delta || isQuiet(f.delta) ? 0 : f.delta.zip.after - f.delta.zip.before);

function changeCell(f) {
  const d = f.delta;
  if (!d) return "";
  if (isQuiet(d)) return el("span", { class: "muted" }, d.status === "same" ? "same" : "~");
  if (d.status === "renamed") return el("span", null, tag("renamed"), " ", growth(d));
  return isCompared(d) ? growth(d) : tag(d.status === "no-baseline" ? "no baseline" : d.status);
}

const tag = (text) => el("span", { class: "tag " + (text === "failed" ? "bad" : "") }, text);

function growth(d) {
  const by = d.zip.after - d.zip.before;
  return el("span", { class: direction(by) }, by ? signed(by) : "+0 B", " ", el("span", { class: "percent" }, change(d.zip.before, d.zip.after)));
}

function limitCell(f) {
  if (f.status !== "built") return f.status === "removed" ? tag("removed") : tag("not built");
  const part = f.unzipped / maxUnzipped;
  const bar = el("i");
  bar.style.width = 100 * Math.min(1, part) + "%";
  return [el("span", { class: "gauge " + grade(part), "aria-hidden": "true" }, bar), share(f.unzipped, maxUnzipped) + (f.layers?.length ? " + layers" : "")];
}

const outcomes = ["fail", "failed", "warn", "unmeasured", "accepted", "pass"];
const budgetRank = (f) => (f.budget ? 10 - outcomes.indexOf(f.outcome) : 0);
const budgetCell = (f) => f.budget && el("span", { class: "tag " + outcomeClass(f.outcome) }, f.budget);

function verdictCell(f) {
  return verdictOf(f) && el("span", { class: "tag " + verdictClass(verdictOf(f)) }, verdictOf(f));
}

// functionsTable draws the table and returns functions that update it.
function functionsTable(box, input, status, act) {
  const shown = columns.filter((c) => !c.when || c.when());
  const body = el("tbody");
  const heads = shown.map((c) => el("th", { scope: "col", title: c.about, class: (c.text ? "" : "number") + (c.optional ? " optional" : "") },
    el("button", { type: "button", onclick: () => sortBy(c) }, c.name, el("span", { class: "arrow", "aria-hidden": "true" }))));
  const whole = el("table", null, el("thead", null, el("tr", null, heads)), body);
  fill(box, whole);
  const rows = new Array(functions.length);
  const rowOf = (i) => rows[i] || (rows[i] = functionRow(i, shown));
  let sort = { column: compared ? "Change" : "Zip", down: true };
  let order = [];
  let chosen = -1;
  let drawn = 0;

  function sortBy(c) {
    sort = { column: c.name, down: sort.column === c.name ? !sort.down : c.ranked || !c.text };
    draw();
  }

  // draw starts with the first rows. The others follow as the reader scrolls to them, or prints.
  function draw() {
    const c = shown.find((one) => one.name === sort.column);
    const text = input.value.trim().toLowerCase();
    order = functions.map((f, i) => i).filter((i) => {
      const f = functions[i];
      return !text || [f.id, f.service, f.runtime, f.architecture, f.status, f.entry].some((s) => s && s.toLowerCase().includes(text));
    });
    const compare = (a, b) => (c.text && !c.ranked ? byText(c.value(a), c.value(b)) : c.value(a) - c.value(b));
    order.sort((i, j) => {
      const a = functions[i];
      const b = functions[j];
      return first((sort.down ? -1 : 1) * compare(a, b), b.zip - a.zip, byText(a.id, b.id));
    });
    shown.forEach((one, n) => {
      const is = one === c;
      if (is) heads[n].setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else heads[n].removeAttribute("aria-sort");
      heads[n].querySelector(".arrow").textContent = is ? (sort.down ? "↓" : "↑") : "";
    });
    status.textContent = text ? count(order.length) + " of " + count(functions.length) : count(order.length);
    body.replaceChildren();
    if (!order.length) body.append(el("tr", null, el("td", { colspan: shown.length, class: "muted" }, "No function matches the filter.")));
    whole.setAttribute("aria-rowcount", order.length + 1);
    drawn = 0;
    more(100);
  }

  function more(rows) {
    body.append(...order.slice(drawn, drawn + rows).map(rowOf));
    drawn = Math.min(drawn + rows, order.length);
  }

  box.addEventListener("scroll", () => {
    if (box.scrollTop + 3 * box.clientHeight > box.scrollHeight) more(100);
  });
  addEventListener("beforeprint", () => more(order.length));
  body.addEventListener("click", (event) => {
    const tr = event.target.closest("tr");
    if (tr && tr.at !== undefined && functions[tr.at].status !== "removed" && !getSelection().toString()) act.pick(tr.at);
  });
  input.addEventListener("input", draw);
  draw();
  return {
    choose(f) {
      if (rows[chosen]) rows[chosen].classList.remove("chosen"), rows[chosen].removeAttribute("aria-current");
      chosen = f;
      const tr = rowOf(f);
      tr.classList.add("chosen");
      tr.setAttribute("aria-current", "true");
    },
  };
}

function functionRow(i, shown) {
  const f = functions[i];
  const tr = el("tr", null, shown.map((c) => el(c.head ? "th" : "td", { scope: c.head && "row", class: (c.text ? "" : "number") + (c.optional ? " optional" : ""), title: c.head && f.id }, c.cell(f))));
  tr.at = i;
  return tr;
}
