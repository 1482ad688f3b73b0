// Runtimes: the results of a function on other runtimes, in the words of the other formats.

const runtimeWords = {
  loads: "loads; there is no event to compare an answer", same: "answers as before", differs: "answers otherwise",
  varies: "answers, and its answers differ from run to run",
};

function runtimesOf(f) {
  return (f.runtimes || []).map((o) => ({
    runtime: o.runtime, node: o.node, starts: o.starts || 0, breaks: o.verdict === "fails" || o.verdict === "differs",
    result: runtimeClause(o) + runtimePlace(o),
    load: o.ownMillis > 0 && o.loadMillis > 0 ? `${o.loadMillis.toFixed(1)} ms, ${o.ownMillis.toFixed(1)} on its own runtime` : "",
    built: runtimeBuilt(o, f.zip || 0), why: o.notBuilt && !(o.reason || "").endsWith(o.notBuilt) ? o.notBuilt : "",
  }));
}

function runtimeClause(o) {
  if (o.verdict === "fails") return o.notBuilt && !o.node ? o.reason || "" : "does not run: it " + (o.reason || "");
  if (o.verdict === "unknown") return "was not judged: " + (o.reason || "");
  return runtimeWords[o.verdict] || o.verdict;
}

function runtimePlace(o) {
  if (o.source?.file) return ", at " + placeOf(o.source);
  if (!o.at?.file) return "";
  return ", at " + placeOf(o.at) + (o.at.file.endsWith(".go") ? "" : " of the zip");
}

function runtimeBuilt(o, now) {
  if (!o.builtBytes) return o.notBuilt ? "not possible" : "";
  if (o.builtBytes === now) return "the same size";
  const by = o.builtBytes - now;
  return `${size(o.builtBytes)} (${by > 0 ? "+" : ""}${count(by)} B)`;
}
