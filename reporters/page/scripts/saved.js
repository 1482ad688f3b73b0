// The report, as in report.json, and lookups in it.

const saved = JSON.parse($("report").textContent);
for (const list of ["functions", "inputs", "skipped", "settings", "duplicates", "diagnostics", "verdicts", "loosened", "advice"]) saved[list] ||= [];

// Lambda's limits in bytes. The first includes layers; the second is for a direct upload.
const maxUnzipped = 262_144_000;
const maxZip = 52_428_800;

const ownCode = "(own code)";
const isRow = (name) => name.startsWith("(") && name.endsWith(")");
const keyOf = (name, version) => (version ? name + "@" + version : name);

// groupsOf groups the elements of a list by a key, in the order in which the keys first occur.
function groupsOf(list, key) {
  const groups = new Map();
  for (const one of list) {
    const k = key(one);
    if (!groups.has(k)) groups.set(k, []);
    groups.get(k).push(one);
  }
  return groups;
}

// placeOf is "file:line:column", as far as it is known.
const placeOf = (p) => [p.file, p.line, p.line && p.column].filter(Boolean).join(":");

// inputAt is the index of the input with a path, -1 if there is none.
let inputsByPath = null;
function inputAt(path) {
  inputsByPath ||= new Map(saved.inputs.map((input, i) => [input.path, i]));
  return inputsByPath.get(path) ?? -1;
}
