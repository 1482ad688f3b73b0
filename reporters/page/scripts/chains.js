// Import chains: the shortest paths from a function's entry point through the shared graph.

const importsOf = (i) => saved.inputs[i].imports || [];

// reach walks the graph breadth first. order lists the inputs in the order they are reached. from
// has the first importer of each input: -1 for the entry, -2 for an input that is not reached.
let reached = { entry: -1 };
function reach(entry) {
  if (reached.entry === entry) return reached;
  const from = new Int32Array(saved.inputs.length).fill(-2);
  const order = [];
  if (entry >= 0) {
    from[entry] = -1;
    order.push(entry);
  }
  for (let n = 0; n < order.length; n++) {
    for (const { to } of importsOf(order[n])) {
      if (from[to] === -2) {
        from[to] = order[n];
        order.push(to);
      }
    }
  }
  return (reached = { entry, from, order });
}

// chainTo lists the steps from the entry to an input, empty if there is no chain. Each step has
// the import of the next one.
function chainTo(entry, target) {
  const { from } = reach(entry);
  if (target < 0 || !from || from[target] === -2 || from[target] === undefined) return [];
  const steps = [];
  for (let at = target, next = -1; at >= 0; next = at, at = from[at]) {
    const { path, package: name, version } = saved.inputs[at];
    steps.unshift({ name: name ? keyOf(name, version) : "", path, ask: next < 0 ? null : ask(at, next) });
  }
  return steps;
}

// ask is the import from one input to another. Imports within a package are not shown.
function ask(from, to) {
  const [a, b] = [saved.inputs[from], saved.inputs[to]];
  if (a.package && a.package === b.package && a.version === b.version) return null;
  return importsOf(from).find((one) => one.to === to) || null;
}

// firstOf is the input of a group that is reached first, -1 for none.
function firstOf(entry, group) {
  const own = new Set(group.leaves.map((l) => l.input));
  const found = reach(entry).order.find((i) => own.has(i));
  return found === undefined ? -1 : found;
}

// importersOf are the inputs outside of a group that import one of its inputs.
function importersOf(entry, targets) {
  const wanted = new Set(targets);
  return reach(entry).order.filter((from) => !wanted.has(from) && importsOf(from).some((one) => wanted.has(one.to)));
}

const kinds = { "dynamic-import": "import()", require: "require", "require-resolve": "require.resolve", asset: "reads", go: "import" };

// chainList draws steps. Steps within one package are shown as one.
function chainList(steps) {
  const list = [];
  steps.forEach((s, n) => {
    const last = list[list.length - 1];
    if (n > 0 && last && s.name && s.name === last.name) {
      last.within++;
      last.ask = s.ask;
      last.end = s.path;
    } else {
      list.push({ ...s, within: 0, end: "" });
    }
  });
  return el("ol", { class: "chain" }, list.map((s) => el("li", null,
    el("span", { class: s.name ? "" : "mono" }, s.name || s.path),
    s.name && el("span", { class: "asks mono" }, withoutFolder(s.path, s.name)),
    s.within > 1 && el("span", { class: "asks" }, "through " + plural(s.within - 1, "more file")),
    s.within > 0 && el("span", { class: "asks mono" }, withoutFolder(s.end, s.name)),
    s.ask && (s.ask.specifier || s.ask.line) && el("span", { class: "asks" },
      (s.ask.line ? "line " + s.ask.line + ": " : "") + (kinds[s.ask.kind] || "import") + " ", el("code", null, '"' + (s.ask.specifier || "") + '"')))));
}

// withoutFolder is a path within its package.
function withoutFolder(path, name) {
  const bare = name.lastIndexOf("@") > 0 ? name.slice(0, name.lastIndexOf("@")) : name;
  const at = path.lastIndexOf("node_modules/" + bare + "/");
  return at < 0 ? path : path.slice(at + 14 + bare.length);
}
