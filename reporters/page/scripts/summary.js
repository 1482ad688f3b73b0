// The summary: the headline with its mark, the totals, and the foot.

const marks = { good: ["✓", "good"], warn: ["!", "warnings"], bad: ["✕", "problems"] };

// stateOf is the worst outcome.
function stateOf() {
  const outcomes = saved.verdicts.map((v) => v.outcome);
  if (saved.totals.failed > 0 || outcomes.includes("fail")) return "bad";
  return outcomes.includes("warn") || outcomes.includes("unmeasured") ? "warn" : "good";
}

function drawSummary() {
  const state = stateOf();
  const [sign, word] = marks[state];
  fill($("headline"), el("span", { class: "mark " + state, role: "img", "aria-label": word }, sign), el("span", null, $("headline").textContent));
  fill($("against"), againstText());
  $("against").title = $("against").textContent;
  fill($("warnings"), warningsText().map((w) => el("li", null, w)));
  fill($("booted"), bootText());
  const t = saved.totals;
  const by = (c) => (compared ? el("span", { class: direction(c.after - c.before) }, c.after === c.before ? "as before" : signed(c.after - c.before) + " " + change(c.before, c.after)) : null);
  const card = (title, figure, ...more) => el("li", { class: "card" }, el("span", { class: "muted" }, title), el("strong", null, figure), ...more);
  const quiet = (text) => el("span", { class: "muted" }, text);
  const worst = functions.reduce((most, f) => Math.max(most, f.unzipped), 0);
  fill($("cards"), [
    card("Functions", count(t.functions), t.failed ? el("span", { class: "bad" }, count(t.failed) + " not built") : quiet("all built")),
    card("Zipped", size(t.zipBytes), (compared && by(saved.delta.zip)) || quiet("all functions")),
    card("Unzipped", size(t.unzippedBytes), (compared && by(saved.delta.unzipped)) || quiet("all functions")),
    compared
      ? card("To redeploy", count((saved.delta.redeploy || []).length), quiet("of " + plural(t.functions, "function") + ", by their bytes"))
      : t.unbundledZipBytes && card("Compared to unbundled", change(t.unbundledZipBytes, t.zipBytes), quiet("was " + size(t.unbundledZipBytes) + (t.unbundledZipExact ? " zipped" : " zipped, projected"))),
    card("Largest function", share(worst, maxUnzipped), quiet("of 250 MiB unzipped")),
  ]);
  fill($("foot"), [(saved.tool.name + " " + saved.tool.version).trim(), ...saved.settings.map((s) => s.name + "=" + s.value), "zipped bytes of packages and files are apportioned; all other sizes are exact"].join(" · "));
}
