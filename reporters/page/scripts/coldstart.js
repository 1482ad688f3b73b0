// The cold start of a function: each phase with its range, for the head and for what it is compared
// with. Each bar repeats the text beside it.

function coldPanel(c) {
  if (!c) return null;
  if (c.refused) return panel("Cold start", el("p", null, el("span", { class: "tag" }, "not projected"), " ", c.refused), coldNotes(c));
  const was = c.against === "unbundled" ? "unbundled" : "base";
  const phases = ["download", "extract", "load", "total"].map((name) => ({ name, head: c.head[name], base: c.base && c.base[name] }));
  const most = Math.max(...phases.flatMap((p) => [p.head.high, p.base ? p.base.high : 0]), 1);
  return panel("Cold start", c.measured && el("p", null, el("b", null, measuredText(c.measured)), " (" + conditionsOf(c.measured) + ")"), coldChange(c),
    el("ul", { class: "steps" }, phases.map((p) => el("li", null,
      el("div", { class: "head" }, el("b", null, p.name), el("span", { class: "muted" }, p.name === "load" || p.name === "total" ? "" : "not billed, not in REPORT lines")),
      p.base && coldBar(was, p.base, most, "was"), coldBar(p.base ? "head" : "", p.head, most, "")))),
    el("p", { class: "muted" }, (c.head.atLeast ? "At least this" : "This") + " is added to the start of an empty function" +
      (c.empty ? ", whose init takes " + timeOf(c.empty) : "") + ". " + (c.measured ? "The load is scaled from the measured one (" + c.measured.scale + "); the rest is projected. The" : "This is projected; the") + " range is an estimate."),
    c.change?.local && coldLocal(c.change.local), coldNotes(c), generalNotes());
}

// coldChange is the comparison as text, with the source of its load.
function coldChange(c) {
  if (c.changeRefused) return el("p", null, el("span", { class: "tag" }, "change not projected"), " ", c.changeRefused);
  const change = c.change;
  if (!change) return null;
  const to = c.against === "unbundled" ? " against unbundled" : " against the baseline";
  return el("p", null, el("b", { class: change.noMeasurableChange ? "muted" : direction(change.total.central) }, changeText(change)), to + "; ",
    el("span", { class: "tag" }, "load " + (change.loadSource || "")), " ", el("span", { class: "muted" }, change.label));
}

function coldBar(side, m, most, style) {
  return el("div", { class: "cold" },
    el("span", { class: "small" }, (side ? side + " " : "") + timeOf(m)),
    track([m.low / most, m.high / most, "span " + style], [m.central / most, m.central / most, "point", style]));
}

// coldLocal shows the load measured on the machine that made the report.
function coldLocal(l) {
  const none = { low: 0, central: 0, high: 0 };
  const [before, after] = [spanOf(l.before) || none, spanOf(l.after) || none];
  const most = Math.max(before.high, after.high, 1e-6);
  return el("div", null, el("h3", null, "Measured on the machine that made this report"), el("p", null, localText(l)),
    coldBar(l.what + " of base", before, most, "was"), coldBar(l.what + " of head", after, most, ""));
}

function coldNotes(c) {
  return [c.money && el("p", null, c.money.line), (c.notes || []).map(mutedLine)];
}

// generalNotes are the notes that apply to every projection of the report.
const generalNotes = () => ((saved.coldStart && saved.coldStart.notes) || []).map(mutedLine);

const mutedLine = (text) => el("p", { class: "muted" }, text);
