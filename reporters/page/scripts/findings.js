// Findings: verdicts that do not pass, loosened budgets and diagnostics, worst first. A finding
// that many functions share is listed once.

const severities = ["refused", "error", "warning", "note"];

const findings = listFindings();

function listFindings() {
  const list = [...verdictFindings(), ...saved.loosened.map(loosenedFinding), ...diagnosticFindings()];
  const rank = (x) => (severities.includes(x.severity) ? severities.indexOf(x.severity) : severities.length);
  return list.sort((a, b) => rank(a) - rank(b));
}

// verdictFindings lists each budget once, for all its functions.
function verdictFindings() {
  const groups = groupsOf(saved.verdicts.filter((v) => v.outcome !== "pass"), (v) =>
    JSON.stringify([v.outcome, v.level, v.metric, v.kind, v.match, v.group, v.limit, v.rule]));
  return [...groups.values()].map((all) => {
    const v = all[0];
    const more = all.length > 1 ? "; the same holds for " + plural(all.length - 1, "more function", "more functions") : "";
    return {
      severity: verdictSeverity(v), code: v.outcome === "unmeasured" ? "budget-unmeasured" : "budget-" + metricName(v.metric), message: v.message + more,
      hint: v.outcome === "accepted" ? "accepted until " + v.until + ": " + v.reason : v.hint, at: placeOf(v), functions: numbersOf(all.flatMap((one) => one.functions || [])),
    };
  });
}

function verdictSeverity(v) {
  if (v.outcome === "fail") return "error";
  if (v.outcome === "unmeasured") return v.level === "warn" ? "warning" : "error";
  return v.outcome === "accepted" ? "note" : "warning";
}

function metricName(metric) {
  if (["forbid", "duplicates", "zip", "unzipped", "load"].includes(metric)) return metric;
  return metric.startsWith("package:") ? "package" : "rule";
}

function loosenedFinding(l) {
  const message = l.after ? `this change loosens the budget ${l.budget}: ${l.after}, was ${l.before}` : `this change removes the budget ${l.budget}: ${l.before}`;
  return { severity: "warning", code: "budget-loosened", message, hint: "ask a reviewer to approve it", at: placeOf(l), functions: [] };
}

function diagnosticFindings() {
  const all = [...saved.diagnostics, ...saved.functions.flatMap((f) => f.diagnostics || [])];
  const groups = groupsOf(all, (d) => JSON.stringify([d.code, d.message, d.file, d.line, d.column]));
  return [...groups.values()].map((same) => ({
    severity: same[0].severity, code: same[0].code || "problem", message: same[0].message, hint: same[0].hint, at: placeOf(same[0]),
    functions: numbersOf(same.map((d) => d.function)),
  }));
}

// findingsOf lists the findings about one function.
const findingsOf = (f) => findings.filter((x) => x.functions.includes(f));
