// The model: one function's packages and files with their bytes in the baseline and the head.

// modelOf is a function as groups of leaves. A group is a package, the project's own code or a
// named row; a leaf is a file. Each has its unzipped bytes u0 and zipped bytes z0 in the baseline,
// and u1 and z1 in the head.
const models = new Map();
function modelOf(f) {
  if (!models.has(f)) {
    if (models.size > 20) models.clear();
    models.set(f, build(f));
  }
  return models.get(f);
}

function build(f) {
  const row = functions[f];
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
  for (const { input, unzipped, zipped } of row.inputs || []) {
    const { path, package: name, version, format } = saved.inputs[input];
    add(name ? group(name, version) : group(ownCode, ""), {
      key: path, path, input, kind: !name ? "own" : name === "std" && format === "go" ? "std" : kindOf(format),
      u0: unzipped, u1: unzipped, z0: zipped, z1: zipped,
    });
  }
  for (const r of restOf(row)) {
    const named = isRow(r.name) && r.name !== ownCode;
    const g = group(r.name, r.version);
    add(g, {
      key: named ? r.name : g.key + " (no file)", path: named ? r.name : "(shared by several files)", input: -1, kind: "row",
      u0: r.unzipped, u1: r.unzipped, z0: r.zipped, z1: r.zipped,
    });
  }
  const compared = Boolean(row.delta && isCompared(row.delta));
  if (compared) addBaseline(row, group, add, leafOf, groups);
  const list = [...groups.values()];
  for (const g of list) {
    g.kind = largestKind(g.leaves);
    nameLeaves(g);
    for (const side of ["u0", "u1", "z0", "z1"]) g[side] = g.leaves.reduce((sum, l) => sum + l[side], 0);
    g.status = statusOf(g.u0, g.u1, g.z0, g.z1, g.leaves.some((l) => l.status !== "same"));
    for (const x of [g, ...g.leaves]) x.look = nearlySame(x) ? "same" : x.status;
  }
  return { f, row, groups: list, byKey: groups, compared };
}

// restOf lists the packages' bytes that belong to no input, and the artifact's bytes that belong to
// no package.
function restOf(row) {
  const owned = new Map();
  for (const { input, unzipped, zipped } of row.inputs || []) {
    const { package: name, version } = saved.inputs[input];
    const key = name ? keyOf(name, version) : ownCode;
    const sum = owned.get(key) || { unzipped: 0, zipped: 0 };
    owned.set(key, { unzipped: sum.unzipped + unzipped, zipped: sum.zipped + zipped });
  }
  const left = { name: "(unattributed)", unzipped: row.unzipped, zipped: row.zip };
  const rest = (row.packages || []).map(({ name, version, unzipped, zipped }) => {
    left.unzipped -= unzipped;
    left.zipped -= zipped;
    const has = owned.get(keyOf(name, version)) || { unzipped: 0, zipped: 0 };
    return { name, version, unzipped: Math.max(0, unzipped - has.unzipped), zipped: Math.max(0, zipped - has.zipped) };
  });
  return [...rest, left].filter((r) => r.unzipped > 0 || r.zipped > 0)
    .map((r) => ({ ...r, unzipped: Math.max(0, r.unzipped), zipped: Math.max(0, r.zipped) }));
}

// addBaseline computes the leaves' bytes in the baseline. A leaf whose unzipped bytes did not change
// is not in the comparison; its zipped bytes are a share of the rest.
function addBaseline(row, group, add, leafOf, groups) {
  const moved = new Map();
  const grown = new Map();
  for (const p of row.delta.packages || []) {
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
  for (const c of row.delta.inputs || []) {
    let leaf = c.unzipped.after > 0 ? leafOf.get(inputAt(c.path)) : null;
    if (!leaf) {
      const key = moved.get(c.package) || c.package;
      const version = key && key.length > c.package.length ? key.slice(c.package.length + 1) : "";
      const g = c.package ? group(c.package, version) : group(ownCode, "");
      leaf = add(g, { key: c.path, path: c.path, input: -1, removed: true, kind: c.package ? kindOf("") : "own", u1: 0, z1: 0 });
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

// nearlySame reports whether a change may only come from the minified names of other code.
// Colouring it would hide real changes.
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

// nameLeaves removes the common folder from paths.
function nameLeaves(g) {
  const dirs = g.leaves.filter((l) => l.input >= 0 || l.removed).map((l) => l.path.slice(0, l.path.lastIndexOf("/") + 1));
  let common = dirs.length ? dirs[0] : "";
  for (const dir of dirs) while (!dir.startsWith(common)) common = common.slice(0, common.lastIndexOf("/", common.length - 2) + 1);
  for (const l of g.leaves) {
    const file = l.input >= 0 || l.removed;
    l.name = file ? l.path.slice(common.length) || l.path : l.path;
  }
}

// bytesOf is a group's or leaf's bytes. which is "zip" or "unzipped"; side is "base", "head" or
// "diff". "diff" uses the larger of both sides, so that removed files keep a tile.
function bytesOf(x, which, side) {
  const [before, now] = which === "zip" ? [x.z0, x.z1] : [x.u0, x.u1];
  if (side === "base") return before;
  if (side === "head") return now;
  if (x.leaves) return x.leaves.reduce((sum, l) => sum + bytesOf(l, which, side), 0);
  return x.status === "same" ? now : Math.max(before, now);
}

// growthOf is the growth in bytes according to the comparison. It is 0 if the unzipped bytes are
// the same.
function growthOf(x, which) {
  if (x.leaves) return x.growth ? x.growth[which] : 0;
  if (x.status === "same") return 0;
  return which === "zip" ? x.z1 - x.z0 : x.u1 - x.u0;
}

const totalOf = (model, which, side) => model.groups.reduce((sum, g) => sum + bytesOf(g, which, side), 0);
