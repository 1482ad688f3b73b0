// Frames: the modules of a profile as a tree, each below the one that imports it on the shortest chain.

const profile = JSON.parse($("profile").textContent);
for (const list of ["packages", "modules", "notes"]) profile[list] ||= [];

const ownCode = "(own code)";
const isRow = (name) => name.startsWith("(") && name.endsWith(")");
const keyOf = (name, version) => (version ? name + "@" + version : name);
const whole = (profile.sum && profile.sum.millis) || profile.load.millis;

// isNoise reports whether a time cannot be told from none.
const isNoise = (figure) => figure.low <= 0;
const spread = (figure) => (figure.high - figure.low) / 2;
const timeText = (figure) => millisOf(figure.millis) + " ±" + millisOf(spread(figure));
const millisOf = (ms) => (ms < 9.95 ? ms.toFixed(2) : ms.toFixed(1)) + " ms";

// packageOf is the package of a row: that of a module, its own name for Go, or own code.
function packageOf(row) {
  if (isRow(row.name)) return row.name;
  if (profile.modules.length) return row.package ? keyOf(row.package, row.version) : ownCode;
  return row.name;
}

const newFrame = (name, group, parent) => ({ name, group, parent, depth: parent ? parent.depth + 1 : 0, row: null, self: 0, total: 0, children: [] });

// treeOf makes the tree of some rows. A chain leads through modules that have no row of their own if
// they took no time.
function treeOf(rows) {
  const root = newFrame(profile.function, "", null);
  const byName = new Map(rows.map((r) => [r.name, r]));
  const made = new Map();
  const frameOf = (chain) => {
    const name = chain[chain.length - 1];
    if (made.has(name)) return made.get(name);
    const parent = chain.length > 1 ? frameOf(chain.slice(0, -1)) : root;
    const row = byName.get(name);
    const frame = newFrame(name, row ? packageOf(row) : packageAt(name), parent);
    made.set(name, frame);
    parent.children.push(frame);
    return frame;
  };
  for (const row of rows) {
    const chain = row.chain && row.chain[row.chain.length - 1] === row.name ? row.chain : [row.name];
    const frame = frameOf(chain);
    frame.row = row;
    frame.self = Math.max(0, row.self.millis);
  }
  return totalled(root);
}

// packageAt is the package of a path without a row.
function packageAt(path) {
  const at = path.lastIndexOf("node_modules/");
  if (at < 0) return profile.modules.length ? ownCode : path;
  const parts = path.slice(at + "node_modules/".length).split("/");
  const name = parts.slice(0, parts[0].startsWith("@") ? 2 : 1).join("/");
  const known = profile.packages.find((p) => p.name === name);
  return known ? keyOf(known.name, known.version) : name;
}

function totalled(frame) {
  frame.total = frame.self + frame.children.reduce((sum, child) => sum + totalled(child).total, 0);
  frame.children.sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
  return frame;
}

// byPackage joins the modules of a package that lie below each other, or below the same package.
function byPackage(root) {
  const join = (from, into) => {
    for (const child of from.children) {
      let frame = into;
      if (child.group !== into.group) {
        frame = into.children.find((f) => f.group === child.group);
        if (!frame) {
          frame = newFrame(child.group, child.group, into);
          into.children.push(frame);
        }
      }
      frame.self += child.self;
      frame.row ||= profile.packages.find((p) => keyOf(p.name, p.version) === child.group) || null;
      join(child, frame);
    }
    return into;
  };
  return totalled(join(root, newFrame(root.name, "", null)));
}

const trees = { modules: treeOf(profile.modules.length ? profile.modules : profile.packages) };
trees.packages = profile.modules.length ? byPackage(trees.modules) : trees.modules;

// colours has a colour for each of the packages that take longest, by name.
const colours = new Map(profile.packages.filter((p) => !isRow(p.name)).slice(0, 7).map((p, i) => [keyOf(p.name, p.version), i]));
const lookOf = (group) => (group === ownCode ? "own" : isRow(group) ? "row" : colours.has(group) ? String(colours.get(group)) : "more");
