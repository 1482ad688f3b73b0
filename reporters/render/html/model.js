// The data: what the file holds, and from it one function's packages and files
// with their bytes on both sides.

const read = (id) => JSON.parse($(id).textContent);
const report = read("report");

const inputs = {
  path: (i) => report.inputs.dirs[report.inputs.dir[i]] + report.inputs.name[i],
  package: (i) => report.inputs.packages[report.inputs.package[i]],
  format: (i) => report.inputs.formats[report.inputs.format[i]],
};

const ownCode = "(own code)";
const isRow = (name) => name.startsWith("(") && name.endsWith(")");
const keyOf = (name, version) => (version ? name + "@" + version : name);

// details are parsed when a function is looked at for the first time.
const parsed = new Map();
function detailsOf(f) {
  if (!parsed.has(f) && $("f" + f)) parsed.set(f, read("f" + f));
  return parsed.get(f);
}

// modelOf is a function as groups (packages, the project's own code, named
// rows) of leaves (files). A leaf has unzipped [u0, u1] and zipped [z0, z1]
// bytes at the baseline and now.
const models = new Map();
function modelOf(f) {
  if (!models.has(f)) {
    if (models.size > 20) models.clear();
    models.set(f, build(f));
  }
  return models.get(f);
}

function build(f) {
  const row = report.functions[f];
  const d = detailsOf(f);
  const groups = new Map();
  const group = (name, version) => {
    const key = keyOf(name, version);
    if (!groups.has(key)) groups.set(key, { key, name, version, leaves: [], note: "" });
    return groups.get(key);
  };
  const leafOf = new Map();
  const add = (g, leaf) => {
    g.leaves.push(leaf);
    leaf.group = g;
    leaf.status = "same";
    if (leaf.input >= 0) leafOf.set(leaf.input, leaf);
    return leaf;
  };
  let at = 0;
  d.input.forEach((step, n) => {
    at += step;
    const [name, version] = inputs.package(at);
    const path = inputs.path(at);
    add(name ? group(name, version) : group(ownCode, ""), {
      key: path, path, input: at, kind: !name ? "own" : name === "std" && inputs.format(at) === "go" ? "std" : kindOf(inputs.format(at)),
      u0: d.unzipped[n], u1: d.unzipped[n], z0: d.zipped[n], z1: d.zipped[n],
    });
  });
  for (const r of d.rows) {
    const row = isRow(r.name) && r.name !== ownCode;
    const g = group(r.name, r.version);
    add(g, {
      key: row ? r.name : g.key + " (no file)", path: row ? r.name : "(of no single file)", input: -1, kind: "row",
      u0: r.unzipped, u1: r.unzipped, z0: r.zipped, z1: r.zipped,
    });
  }
  if (d.base) goBack(d.base, row, group, add, leafOf, groups);
  const list = [...groups.values()];
  for (const g of list) {
    g.kind = largestKind(g.leaves);
    nameLeaves(g);
    for (const side of ["u0", "u1", "z0", "z1"]) g[side] = g.leaves.reduce((sum, l) => sum + l[side], 0);
    g.status = statusOf(g.u0, g.u1, g.z0, g.z1, g.leaves.some((l) => l.status !== "same"));
    for (const x of [g, ...g.leaves]) x.look = nearlySame(x) ? "same" : x.status;
  }
  return { f, row, details: d, groups: list, byKey: groups, compared: Boolean(d.base) };
}

// goBack takes the leaves back to the baseline. What did not change unzipped is
// not in the comparison; its zipped bytes then are a share of what is left.
function goBack(base, row, group, add, leafOf, groups) {
  const moved = new Map();
  const grown = new Map();
  for (const p of base.packages) {
    const key = keyOf(p.name, p.to || p.from);
    grown.set(key, { zip: p.zipped.after - p.zipped.before, unzipped: p.unzipped.after - p.unzipped.before });
    if (p.from && !moved.has(p.name)) moved.set(p.name, key);
    if (isRow(p.name) && p.name !== ownCode) {
      const g = group(p.name, "");
      const leaf = g.leaves[0] || add(g, { key: p.name, path: p.name, input: -1, kind: "row", u1: 0, z1: 0 });
      setSides(leaf, p.unzipped, p.zipped);
    } else if (p.kind === "moved" && p.from !== p.to) {
      const g = groups.get(key);
      if (g) g.note = "was " + p.from;
    }
  }
  for (const c of base.inputs) {
    let leaf = leafOf.get(c.input);
    if (!leaf) {
      const key = moved.get(c.package) || c.package;
      const version = key && key.length > c.package.length ? key.slice(c.package.length + 1) : "";
      const g = c.package ? group(c.package, version) : group(ownCode, "");
      leaf = add(g, { key: c.path, path: c.path, input: -1, gone: true, kind: c.package ? kindOf("") : "own", u1: 0, z1: 0 });
    }
    setSides(leaf, c.unzipped, c.zipped);
  }
  for (const g of groups.values()) g.growth = grown.get(g.key);
  const all = [...groups.values()].flatMap((g) => g.leaves);
  const same = all.filter((l) => l.status === "same");
  const sum = (list, side) => list.reduce((total, l) => total + l[side], 0);
  for (const [before, side] of [[row.delta.unzipped.before, "u"], [row.delta.zip.before, "z"]]) {
    const rest = before - sum(all.filter((l) => l.status !== "same"), side + "0");
    const now = sum(same, side + "1");
    if (rest >= 0 && now > 0) for (const l of same) l[side + "0"] = (l[side + "1"] * rest) / now;
  }
}

function setSides(leaf, unzipped, zipped) {
  leaf.u0 = unzipped.before;
  leaf.z0 = zipped.before;
  leaf.status = statusOf(leaf.u0, leaf.u1, leaf.z0, leaf.z1, true);
}

function statusOf(u0, u1, z0, z1, touched) {
  if (!touched) return "same";
  if (u0 + z0 === 0) return "new";
  if (u1 + z1 === 0) return "removed";
  return u1 > u0 ? "grew" : u1 < u0 ? "shrank" : "same";
}

// nearlySame is what other code's short names do to a file: to colour it would
// hide the changes that somebody made.
function nearlySame(x) {
  const by = Math.abs(x.u1 - x.u0);
  return (x.status === "grew" || x.status === "shrank") && by < 512 && by * 50 < x.u0;
}

function kindOf(format) {
  if (format === "esm" || format === "cjs" || format === "go") return format;
  return "files";
}

function largestKind(leaves) {
  const sums = {};
  for (const l of leaves) sums[l.kind] = (sums[l.kind] || 0) + Math.max(l.u0, l.u1) + 1;
  return Object.keys(sums).sort((a, b) => sums[b] - sums[a])[0];
}

// nameLeaves shortens paths to what follows the folder they have in common.
function nameLeaves(g) {
  const dirs = g.leaves.filter((l) => l.input >= 0 || l.gone).map((l) => l.path.slice(0, l.path.lastIndexOf("/") + 1));
  let common = dirs.length ? dirs[0] : "";
  for (const dir of dirs) while (!dir.startsWith(common)) common = common.slice(0, common.lastIndexOf("/", common.length - 2) + 1);
  for (const l of g.leaves) {
    const file = l.input >= 0 || l.gone;
    l.name = file ? l.path.slice(common.length) || l.path : l.path;
  }
}

// bytesOf is a group's or leaf's size for a size ("zip" or "unzipped") and a
// side. The difference shows the larger of both sides, so that what is gone
// keeps its place.
function bytesOf(x, which, side) {
  const [before, now] = which === "zip" ? [x.z0, x.z1] : [x.u0, x.u1];
  if (side === "base") return before;
  if (side === "head") return now;
  if (x.leaves) return x.leaves.reduce((sum, l) => sum + bytesOf(l, which, side), 0);
  return x.status === "same" ? now : Math.max(before, now);
}

// growthOf is by how much it grew, as the comparison has it; what is the same
// unzipped did not change.
function growthOf(x, which) {
  if (x.leaves) return x.growth ? x.growth[which] : 0;
  if (x.status === "same") return 0;
  return which === "zip" ? x.z1 - x.z0 : x.u1 - x.u0;
}

const totalOf = (model, which, side) => model.groups.reduce((sum, g) => sum + bytesOf(g, which, side), 0);
