// Causes: why sizes changed, without negligible changes.

const causes = ((saved.delta && saved.delta.causes) || []).filter(isNotable);

// isNotable: added, removed and updated packages, and any other change that is not negligible.
function isNotable(c) {
  return !["grew", "shrank", "code"].includes(c.kind) || Math.abs(c.unzipped) >= 512;
}

// causeName is the package with its versions, or the file.
function causeName(c) {
  if (!c.package) return c.path || "";
  if (c.kind === "moved") return c.package + " " + (c.to || "unknown") + ", was " + (c.from || "unknown");
  return (c.package + " " + (c.to || c.from || "")).trim();
}

// causePlace is the line of the import that caused the change.
const causePlace = (c) => (c.kind === "code" ? "" : placeOf(c));

// zippedToo is the change of the zip, if it is meaningful. Apportioned bytes change with their
// neighbours and can even change in the opposite direction.
function zippedToo(c) {
  return c.zipped > 0 === c.unzipped > 0 && Math.abs(c.zipped) <= Math.abs(c.unzipped) ? c.zipped : 0;
}

// causeChain is the import chain as steps for chainList, null if there is none.
function causeChain(c) {
  if (c.kind === "code" || !c.chain || c.chain.length < 2) return null;
  return c.chain.map((link) => ({
    name: link.package ? keyOf(link.package, link.version) : "",
    path: (!link.package && placeOf(link)) || link.path,
    ask: link.specifier ? { specifier: link.specifier } : null,
  }));
}
