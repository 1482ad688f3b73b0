// Repeats: packages with several copies in a function. The same copies in many functions are listed
// once, new ones first.

const repeats = listRepeats();

function listRepeats() {
  const keyOfOne = (d) => JSON.stringify([d.function, d.package]);
  const fresh = new Set(compared ? (saved.delta.newDuplicates || []).map(keyOfOne) : []);
  const groups = groupsOf(saved.duplicates, (d) => JSON.stringify([d.package, ...d.copies.map((c) => c.path).sort(byText)]));
  return [...groups.values()].map((all) => ({
    name: all[0].package, copies: all[0].copies.toSorted((a, b) => byText(a.path, b.path)),
    bytes: all.reduce((sum, d) => sum + d.bytes, 0), isNew: all.some((d) => fresh.has(keyOfOne(d))), functions: numbersOf(all.map((d) => d.function)),
  })).sort((a, b) => b.isNew - a.isNew || b.bytes - a.bytes);
}
