// A function's start in a fresh environment: each phase with its range, now and
// before. The bars repeat what the words beside them say.

const whole = (ms) => String(Math.round(ms) || 0);
const timeOf = (m) => whole(m.central) + " ms (" + whole(m.low) + " to " + whole(m.high) + ")";

function coldPanel(c) {
  if (!c) return null;
  if (c.refused) return panel("Cold start", el("p", null, el("span", { class: "tag" }, "not projected"), " ", c.refused), coldNotes(c));
  const was = c.against === "unbundled" ? "unbundled" : "base";
  const most = Math.max(...c.phases.flatMap((p) => [p.head.high, p.base ? p.base.high : 0]), 1);
  return panel("Cold start", coldChange(c),
    el("ul", { class: "steps" }, c.phases.map((p) => el("li", null,
      el("div", { class: "head" }, el("b", null, p.name), el("span", { class: "muted" }, p.name === "load" || p.name === "total" ? "" : "not billed, in no REPORT line")),
      p.base && coldBar(was, p.base, most, "was"), coldBar(p.base ? "head" : "", p.head, most, "")))),
    el("p", { class: "muted" }, (c.atLeast ? "At least this" : "This") + " is added to the start of an empty function" + (c.empty ? ", whose init takes " + timeOf(c.empty) : "") + "; projected, and the range is a judgement."),
    c.local && coldLocal(c.local), coldNotes(c));
}

// coldChange is the comparison in words, and how it is known.
function coldChange(c) {
  if (c.changeRefused) return el("p", null, el("span", { class: "tag" }, "change not projected"), " ", c.changeRefused);
  if (!c.change) return null;
  const to = c.against === "unbundled" ? " against unbundled" : " against the baseline";
  return el("p", null, el("b", { class: c.noChange ? "muted" : direction(c.change.central) }, c.said), to + "; ",
    el("span", { class: "tag" }, "load " + c.source), " ", el("span", { class: "muted" }, c.label));
}

function coldBar(side, m, most, style) {
  return el("div", { class: "cold" },
    el("span", { class: "small" }, (side ? side + " " : "") + timeOf(m)),
    track([m.low / most, m.high / most, "span " + style], [m.central / most, m.central / most, "point", style]));
}

// coldLocal is what was measured on the machine that made the report.
function coldLocal(l) {
  const most = Math.max(l.before.high, l.after.high, 1e-6);
  return el("div", null, el("h3", null, "Measured on the machine that made this report"), el("p", null, l.said),
    coldBar(l.what + " of base", l.before, most, "was"), coldBar(l.what + " of head", l.after, most, ""));
}

function coldNotes(c) {
  return [c.money && el("p", null, c.money), ...(c.notes || []).map((n) => el("p", { class: "muted" }, n))];
}
