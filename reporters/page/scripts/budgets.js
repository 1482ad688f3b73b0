// Budgets: the most important verdict of each function, as text.

const verdictOrder = ["fail", "unmeasured", "warn", "accepted", "pass"];
const severityOf = (verdict) => verdictOrder.indexOf(verdict.outcome);

// usedOf is the used share of a budget, -1 if unknown.
const usedOf = (v) => (v.kind !== "max" || v.most <= 0 ? -1 : v.value / v.most);

// isWorse compares verdicts of one function. Among passing ones, the one closest to its limit is
// worse.
function isWorse(a, b) {
  if (a.outcome !== "pass" || b.outcome !== "pass") return severityOf(a) < severityOf(b);
  return usedOf(a) > usedOf(b);
}

const verdicts = new Map();
for (const verdict of saved.verdicts) {
  if (verdict.group) continue; // judges the group, not its members
  for (const id of verdict.functions || []) {
    if (!verdicts.has(id) || isWorse(verdict, verdicts.get(id))) verdicts.set(id, verdict);
  }
}

// amount formats a size in bytes, or for a load budget a time in microseconds.
const amount = (v, n) => (v.metric === "load" ? Number((n / 1000).toPrecision(4)) + " ms" : size(n));

// budgetText is a budget's limit and how much of it is used.
function budgetText(v) {
  if (!v) return "";
  if (v.outcome === "unmeasured") return "unmeasured";
  if (v.metric === "forbid") return "forbids " + v.kind;
  if (v.metric === "duplicates") return v.outcome === "pass" ? "" : "duplicates " + v.kind;
  let text = v.limit || "";
  if (v.kind.startsWith("grow")) text = "+" + text;
  else if (text.includes("%")) text = amount(v, v.most); // of a limit
  if (v.metric !== "zip") text += " " + v.metric;
  if (v.outcome === "accepted") return text + ", accepted";
  if (v.outcome !== "pass") return text + " over";
  return v.kind === "max" && v.most > 0 ? share(v.value, v.most) + " of " + text : text;
}
