// Advice: what would make functions more reliable, faster, smaller or cheaper, worst first.

const kindWords = { failures: "failures", latency: "time of each invocation", load: "time of each cold start", size: "size", price: "price", support: "support", licence: "licence" };

function drawAdvice(act) {
  if (!saved.advice.length) return;
  $("advice").hidden = false;
  const all = groupedAdvice();
  const brought = all.filter((a) => a.new);
  const known = saved.delta && saved.delta.adviceCompared;
  $("advice-count").textContent = known ? plural(brought.length, "finding", "findings") + " new in this change" : "";
  const list = known ? [...brought, ...all.filter((a) => !a.new)] : all;
  fill($("advice-list"), entries("found-list", list, 6, (a) => adviceEntry(a, act)));
}

// groupedAdvice has advice with the same text at several places once, at the first of them.
function groupedAdvice() {
  const groups = groupsOf(saved.advice, (a) => JSON.stringify([a.code, a.message, Boolean(a.new)]));
  return [...groups.values()].map((same) => ({ ...same[0], places: same.length, functions: [...new Set(same.flatMap((a) => a.functions))].sort() }));
}

function adviceEntry(a, act) {
  return [
    el("div", null, el("span", { class: "tag " + (a.kind === "failures" ? "warn" : "") }, kindWords[a.kind] || a.kind)),
    el("div", { class: "what" },
      el("span", null, a.message, " ", a.new && el("span", { class: "tag warn" }, "new")),
      el("span", { class: "muted" }, a.hint),
      adviceCost(a) && el("span", { class: "muted" }, "Cost: ", adviceCost(a)),
      el("span", { class: "muted" }, a.behaviour ? "Changes behaviour: " + a.behaviour : "Safe: nothing behaves differently"),
      a.change && el("details", null, el("summary", null, "the change"), el("pre", { class: "change" }, a.change.trimEnd().split("\n").map(changeLine))),
      el("div", { class: "where" }, placeOf(a) && el("code", null, placeOf(a)), a.places > 1 && el("span", { class: "muted" }, "and " + plural(a.places - 1, "more place")), functionLinks(numbersOf(a.functions), act), el("span", { class: "muted" }, a.code),
        safeLink(a.link) && el("a", { href: a.link, rel: "noreferrer" }, "background"))),
  ];
}

function adviceCost(a) {
  const held = a.holds && "holds " + size(a.holds.unzipped) + " unzipped" + (a.holds.zipped ? ", about " + size(a.holds.zipped) + " zipped" : "") + (a.functions.length > 1 ? ", in one function" : "");
  return [held, a.projected].filter(Boolean).join("; ");
}

function changeLine(line) {
  const style = line.startsWith("+") ? "plus" : line.startsWith("-") ? "minus" : "";
  return el("span", { class: style }, line.replaceAll("\t", "  ") || " ");
}

// safeLink reports whether a link is one of https. A saved report may hold any text.
const safeLink = (link) => /^https:\/\/[!-~]+$/.test(link || "");
