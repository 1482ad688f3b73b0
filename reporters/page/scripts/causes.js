// Causes: why sizes changed, as far as it is above the noise.

const causes = ((saved.delta && saved.delta.causes) || []).filter(isNotable);

// isNotable: packages that came, went or moved, and of all else what weighs
// something.
function isNotable(c) {
  return !["grew", "shrank", "code"].includes(c.kind) || Math.abs(c.unzipped) >= 512;
}

// causeName is the package with its versions, or the file.
function causeName(c) {
  if (!c.package) return c.path || "";
  if (c.kind === "moved") return c.package + " " + (c.to || "unknown") + ", was " + (c.from || "unknown");
  return (c.package + " " + (c.to || c.from || "")).trim();
}

// causePlace is the line that asks for what came.
const causePlace = (c) => (c.kind === "code" ? "" : placeOf(c));

// zippedToo is the change of the zip, as far as it tells something: what is
// apportioned moves with the neighbours, and may even go the other way.
function zippedToo(c) {
  return c.zipped > 0 === c.unzipped > 0 && Math.abs(c.zipped) <= Math.abs(c.unzipped) ? c.zipped : 0;
}

// causeChain is the import chain as steps for chainList, null where there is none.
function causeChain(c) {
  if (c.kind === "code" || !c.chain || c.chain.length < 2) return null;
  return c.chain.map((link) => ({
    name: link.package ? keyOf(link.package, link.version) : "",
    path: (!link.package && placeOf(link)) || link.path,
    ask: link.specifier ? { specifier: link.specifier } : null,
  }));
}
