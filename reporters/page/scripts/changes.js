// What changed since the baseline.

const compared = Boolean(saved.delta && !saved.delta.baseline.missing);

const deltas = new Map((saved.delta ? saved.delta.functions : []).map((d) => [d.id, d]));

// isCompared reports whether both the baseline and the head have the function's size.
const isCompared = (d) => ["same", "changed", "renamed"].includes(d.status);

// negligible reports whether a change is below 512 B and 0.2%. Reordering equal code can change a
// zip by that much.
function negligible(c) {
  const by = Math.abs(c.after - c.before);
  return by === 0 || (by < 512 && by * 500 < c.before);
}

// isQuiet reports whether a function's sizes did not really change.
const isQuiet = (d) => d.status === "same" || (isCompared(d) && negligible(d.zip) && negligible(d.unzipped));

function againstText() {
  if (!saved.delta) return "";
  const { missing, ref, method } = saved.delta.baseline;
  if (missing) return "no baseline: " + missing;
  return "base " + (ref || "unnamed") + (method ? " (" + method + ")" : "");
}

function warningsText() {
  const differs = (saved.delta && saved.delta.baseline.differs) || [];
  return differs.length ? ["the baseline was built differently: " + differs.join("; ")] : [];
}
