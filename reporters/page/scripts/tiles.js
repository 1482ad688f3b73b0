// The treemap as a table.

function tilesTable(box, model, state, act) {
  const open = state.open && model.byKey.get(state.open);
  const list = (open ? open.leaves : model.groups).map((x) => ({ x, bytes: bytesOf(x, state.size, state.show) }));
  const total = list.reduce((sum, one) => sum + one.bytes, 0);
  list.sort((a, b) => b.bytes - a.bytes || byText(a.x.key, b.x.key));
  const match = matcher(state.search);
  const shown = list.filter(({ x }) => !match || matches(x, match));
  const diff = state.show === "diff";
  const head = (text, number) => el("th", { scope: "col", class: number ? "number" : "" }, el("span", { class: "cell" }, text));
  fill(box, el("table", null,
    el("thead", null, el("tr", null, head(open ? "File" : "Package"), head("Zipped", true), head("Unzipped", true), head("Share", true), diff && head("Change", true))),
    el("tbody", null, shown.slice(0, 1000).map(({ x, bytes }) => el("tr", null,
      el("th", { scope: "row", title: x.leaves ? x.key : x.path }, el("button", { type: "button", class: "link", onclick: () => (x.leaves ? act.open : act.choose)(x) }, x.leaves ? x.key : x.name)),
      el("td", { class: "number" }, size(bytesOf(x, "zip", state.show))), el("td", { class: "number" }, size(bytesOf(x, "unzipped", state.show))),
      el("td", { class: "number" }, share(bytes, total)),
      diff && el("td", { class: "number " + direction(growthOf(x, state.size)) }, x.status === "same" ? "same" : signed(growthOf(x, state.size)) + " " + (x.status === "new" || x.status === "removed" ? x.status : "")))))));
}
