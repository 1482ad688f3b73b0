// The functions of the report, followed by the removed ones.

const first = (...values) => values.find((v) => v !== 0) || 0;
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// rowOf is a saved function with the values that the page uses most often.
function rowOf(f) {
  const { zipBytes = 0, unzippedBytes = 0, entries } = f.artifact || {};
  const verdict = verdicts.get(f.id);
  return {
    ...f, zip: zipBytes, unzipped: unzippedBytes, files: entries ? entries.length : 0, delta: deltas.get(f.id), load: loadOf(f),
    start: startOf(f), budget: budgetText(verdict), outcome: !f.artifact ? "failed" : verdict ? verdict.outcome : "",
  };
}

const removed = [...deltas.values()].filter((d) => d.status === "removed");

const functions = [
  ...saved.functions.map(rowOf),
  ...removed.map((d) => ({ id: d.id, status: "removed", zip: 0, unzipped: 0, files: 0, delta: d, budget: "", outcome: "" })),
];

const functionNumbers = new Map(functions.map((f, i) => [f.id, i]));

// numbersOf are the indexes of the functions with these IDs. Unknown IDs are omitted.
const numbersOf = (ids) => (ids || []).map((id) => functionNumbers.get(id)).filter((i) => i !== undefined);

// firstFunction is the worst function if the report is compared or judged, else the largest. It has
// an artifact unless no function has one.
function firstFunction() {
  const built = functions.map((f, i) => i).filter((i) => functions[i].artifact);
  const best = (list, order) => list.reduce((a, b) => (order(functions[b], functions[a]) < 0 ? b : a), list[0]);
  const largest = best(built, (a, b) => b.zip - a.zip) ?? 0;
  if (saved.delta ? !compared : !saved.verdicts.length) return largest;
  const grown = (f) => (f.delta ? f.delta.zip.after - f.delta.zip.before : 0);
  const urgency = (f) => (f.outcome && f.outcome !== "pass" ? 1 + verdictOrder.indexOf(f.outcome) : 10);
  const pressing = (f) => f.outcome && f.outcome !== "pass" && f.outcome !== "unmeasured";
  const quiet = (f) => f.delta && f.delta.status !== "renamed" && isQuiet(f.delta) && !pressing(f);
  const shown = built.filter((i) => !quiet(functions[i]));
  return best(shown, (a, b) => first(urgency(a) - urgency(b), grown(b) - grown(a), byText(a.id, b.id))) ?? largest;
}
