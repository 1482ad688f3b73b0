// The inspector: the selection, its bytes in the baseline and the head, and why it is included.

const rowNotes = {
  "(own code)": "The project's own files.",
  "(included files)": "Files that the manifest's patterns or the configuration include.",
  "(zip overhead)": "Names, headers and the directory of the zip.",
  "(bundler runtime)": "Code that the bundler adds to connect modules.",
  "(featherpack prelude)": "Code that gives bundled modules their file names in the zip.",
  "(unattributed)": "Bytes that belong to no package or file of the report.",
};

function drawInspector(node, model, state, act) {
  const open = state.open && model.byKey.get(state.open);
  const among = open ? open.leaves : model.groups;
  const x = among.find((one) => one.key === state.tile) || open;
  if (x) fill(node, selection(model, state, x, act));
  else fill(node, overviewOf(model, state, act));
}

// overviewOf shows the largest packages while nothing is selected.
function overviewOf(model, state, act) {
  const { row } = model;
  const side = state.show === "base" ? "base" : "head";
  const total = totalOf(model, state.size, side);
  return [
    el("div", null, el("h3", null, "function"), el("p", { class: "name" }, row.id)),
    figures(model.compared ? row.delta : null, row.zip, row.unzipped, null),
    el("div", null, el("h3", null, "largest"), largest(model.groups, state, side, total, (g) => act.open(g), (g) => g.key)),
    el("p", { class: "muted" }, "Choose a tile to see why it is included."),
  ];
}

function largest(list, state, side, total, act, name) {
  const top = list.filter((x) => bytesOf(x, state.size, side) > 0).sort((a, b) => bytesOf(b, state.size, side) - bytesOf(a, state.size, side));
  return el("ul", { class: "list" }, top.slice(0, 8).map((x) => el("li", null,
    el("button", { type: "button", class: "link", onclick: () => act(x) }, name(x)),
    el("span", { class: "muted" }, size(bytesOf(x, state.size, side)) + " · " + share(bytesOf(x, state.size, side), total)))));
}

function selection(model, state, x, act) {
  const group = Boolean(x.leaves);
  const kind = isRow(x.key) ? "" : group ? (isGo(x) ? "module" : "package") : isGo(x) ? "package" : "file";
  const total = { zip: totalOf(model, "zip", "head"), unzipped: totalOf(model, "unzipped", "head") };
  const change = (now, which) => ({ before: now - growthOf(x, which), after: now });
  const delta = model.compared ? { zip: change(x.z1, "zip"), unzipped: change(x.u1, "unzipped"), status: x.status } : null;
  const parts = [
    el("div", null, kind && el("h3", null, kind), el("p", { class: group ? "name" : "name mono" }, x.name),
      el("p", { class: "muted" }, group ? [x.version, x.note].filter(Boolean).join(", ") : x.group.key)),
    figures(delta, x.z1, x.u1, total),
  ];
  if (rowNotes[x.key]) parts.push(el("p", { class: "muted" }, rowNotes[x.key]));
  const opened = state.open === x.key;
  if (group && x.leaves.length > 1 && !opened) parts.push(el("button", { type: "button", class: "primary", onclick: () => act.open(x) }, "Open " + files(x.leaves.length, x)));
  parts.push(...why(model, x));
  if (opened && x.leaves.length > 1) {
    const side = state.show === "base" ? "base" : "head";
    parts.push(el("div", null, el("h3", null, "largest of " + files(x.leaves.length, x)),
      largest(x.leaves, state, side, bytesOf(x, state.size, side), (l) => act.choose(l), (l) => l.name)));
  }
  return parts;
}

// figures shows both sizes, with their share of the function and their change.
function figures(delta, zip, unzipped, total) {
  const figure = (title, bytes, change, whole) => el("div", null, el("dt", null, title), el("dd", null, size(bytes),
    whole ? el("small", null, share(bytes, whole) + " of the function") : null,
    change ? el("small", { class: direction(change.after - change.before) }, changeInWords(change)) : null));
  const same = delta && delta.status === "same";
  return el("dl", { class: "figures" },
    figure("zipped", zip, delta && !same && delta.zip, total && total.zip),
    figure("unzipped", unzipped, delta && !same && delta.unzipped, total && total.unzipped));
}

function changeInWords(c) {
  if (c.before === 0) return "new";
  if (c.after === 0) return "was " + size(c.before);
  if (c.after === c.before) return "as before";
  return signed(c.after - c.before) + " (" + change(c.before, c.after) + ")";
}

// why is the import chain to a file, or to the first file of a package.
function why(model, x) {
  if (x.removed || x.status === "removed" && x.leaves) return causeOf(x.leaves ? x.name : x.group.name);
  const entry = model.row.entryInput;
  const target = x.leaves ? firstOf(entry, x) : x.input;
  if (target < 0 && !(x.leaves || []).some((l) => l.input >= 0)) return [];
  const steps = chainTo(entry, target);
  if (!steps.length) return [el("p", { class: "muted" }, "No import chain leads here from the entry point.")];
  if (steps.length === 1) return [el("p", { class: "muted" }, "This is the entry point.")];
  const targets = x.leaves ? x.leaves.map((l) => l.input) : [x.input];
  const importers = importersOf(entry, targets);
  return [
    el("div", null, el("h3", null, "why it is included"), chainList(steps)),
    importers.length > 1 && el("details", null, el("summary", null, "imported by " + files(importers.length, x)),
      el("ul", { class: "list" }, importers.slice(0, 20).map((i) => el("li", null, el("code", null, saved.inputs[i].path))),
        importers.length > 20 && el("li", { class: "muted" }, "and " + count(importers.length - 20) + " more"))),
  ];
}

// causeOf is the former import chain of a removed file or package, taken from the comparison.
function causeOf(name) {
  const named = (c) => causeName(c) === name || causeName(c).startsWith(name + " ");
  const cause = causes.find((c) => c.kind === "removed" && causeChain(c) && named(c));
  if (!cause) return [];
  return [el("div", null, el("h3", null, "why it was included"), chainList(causeChain(cause)))];
}
