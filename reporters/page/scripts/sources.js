// Sources: whether zips run as the source trees that they were built from.

// sourceVerdicts are the verdicts, the worst first, with how they are counted.
const sourceVerdicts = [
  { verdict: "does not run as its source", style: "bad", one: "does not run as its source", many: "do not run as their source" },
  { verdict: "not decided", style: "warn", one: "is not decided", many: "are not decided" },
  { verdict: "behaves as its source", style: "good", one: "reports the same error as its source", many: "report the same error as their source" },
  { verdict: "loads as its source", style: "good", one: "loads as its source", many: "load as their source" },
  { verdict: "runs as its source", style: "good", one: "runs as its source", many: "run as their source" },
];

const verdictOf = (f) => f.boot?.source?.verdict || "";
const verdictRank = (f) => (verdictOf(f) ? 10 - sourceVerdicts.findIndex((v) => v.verdict === verdictOf(f)) : 0);
const verdictClass = (verdict) => sourceVerdicts.find((v) => v.verdict === verdict)?.style || "";

// bootText says how many functions run as their source, "" if none was compared.
function bootText() {
  const parts = sourceVerdicts.map(({ verdict, one, many }) => {
    const n = saved.functions.filter((f) => verdictOf(f) === verdict).length;
    return n && count(n) + " " + (n === 1 ? one : many);
  });
  const said = parts.filter(Boolean).join(", ");
  return said && "boot check: " + said;
}
