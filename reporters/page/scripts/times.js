// The profile as a table: each row with its time, the range of it, and how it is reached.

const maxTimes = 1000;

function drawTimes(box, status, state, act) {
  const rows = state.level === "modules" ? profile.modules : profile.packages;
  const text = state.search.trim().toLowerCase();
  const nameOf = (r) => (state.level === "modules" ? r.name : keyOf(r.name, r.version));
  const found = rows.filter((r) => !text || nameOf(r).toLowerCase().includes(text) || (r.package || "").toLowerCase().includes(text));
  const most = Math.max(...rows.map((r) => r.self.high), 1e-6);
  const head = (name, number) => el("th", { scope: "col", class: number ? "number" : "" }, el("span", { class: "cell" }, name));
  const bar = (r) => {
    const at = (ms) => Math.max(0, Math.min(1, ms / most));
    return track([at(r.self.low), at(r.self.high), "span"], [at(r.self.millis), at(r.self.millis), "point"]);
  };
  status.textContent = text ? count(found.length) + " of " + count(rows.length) : count(rows.length);
  fill(box, el("table", null,
    el("thead", null, el("tr", null, head(state.level === "modules" ? "Module" : "Package"), head("Itself", true), head("95% interval"), head("Share", true), head("With what only it leads to", true), head("By"))),
    el("tbody", null, found.length === 0 && el("tr", null, el("td", { colspan: 6, class: "muted" }, "Nothing has this text in its name.")),
      found.slice(0, maxTimes).map((r) => el("tr", null,
        el("th", { scope: "row", title: nameOf(r) }, isRow(r.name) ? r.name : el("button", { type: "button", class: "link", onclick: () => act.find(r) }, nameOf(r))),
        el("td", { class: "number" }, millisOf(r.self.millis)), el("td", null, bar(r), " ±" + millisOf(spread(r.self)) + (isNoise(r.self) ? ", noise" : "")),
        el("td", { class: "number" }, share(r.self.millis, whole)), el("td", { class: "number" }, millisOf(r.total)),
        el("td", { class: "chain" }, (r.chain || []).slice(0, -1).join(" › ")))))));
  if (found.length > maxTimes) box.append(el("p", { class: "none" }, "and " + count(found.length - maxTimes) + " more"));
}
