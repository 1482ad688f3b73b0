// The lists for the whole report: causes, findings, duplicates and skipped functions.

const causeWords = { new: "new", removed: "removed", moved: "new version", duplicate: "additional version", grew: "grew", shrank: "shrank", code: "own code" };

function drawReview(act) {
  if (!causes.length) return;
  $("review").hidden = false;
  fill($("causes"), entries("", causes, 6, (c) => [
    el("span", { class: "lead " + direction(c.unzipped) }, signed(c.unzipped)),
    el("div", { class: "what" },
      el("span", null, el("b", null, causeName(c)), " ", el("span", { class: "tag" }, causeWords[c.kind] || c.kind), el("span", { class: "muted" }, causePrice(c))),
      el("div", { class: "where" }, causePlace(c) && el("code", null, causePlace(c)), functionLinks(numbersOf(c.functions), act)),
      c.with && el("span", { class: "muted" }, "with " + causeCompany(c.with)),
      causeChain(c) && el("details", null, el("summary", null, "import chain"), chainList(causeChain(c)))),
  ]));
}

// causePrice describes the unzipped bytes shown before it, which are the sum over all functions.
function causePrice(c) {
  const unzipped = c.functions.length > 1 ? " unzipped in total, " + signed(c.most) + " in one function" : " unzipped";
  return unzipped + (zippedToo(c) ? ",  about " + signed(zippedToo(c)) + " zipped" : "");
}

function causeCompany(list) {
  const names = list.slice(0, 4).map((w) => (w.name + " " + (w.version || "")).trim());
  return names.join(", ") + (list.length > 4 ? " and " + count(list.length - 4) + " more" : "");
}

const levels = [["error", "errors"], ["refused", "refused"], ["warning", "warnings"], ["note", "notes"]];

function drawFindings(act) {
  const box = $("findings-list");
  if (!findings.length) {
    fill(box, el("p", { class: "card none" }, "There are no findings."));
    return;
  }
  let only = "";
  const of = (level) => findings.filter((x) => !level || x.severity === level);
  const buttons = [["", "all"], ...levels].filter(([level]) => of(level).length).map(([level, name]) =>
    el("button", { type: "button", "data-level": level, onclick: () => draw(level) }, name + " " + count(of(level).length)));
  fill($("findings-filter"), buttons.length > 2 ? buttons : []);
  function draw(level) {
    only = level;
    for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.level === only));
    fill(box, entries("found-list", of(only), 12, (x) => [
      el("div", null, el("span", { class: "tag " + severityClass(x.severity) }, x.severity)),
      el("div", { class: "what" }, el("span", null, x.message), x.hint && el("span", { class: "muted" }, x.hint),
        el("div", { class: "where" }, x.at && el("code", null, x.at), functionLinks(x.functions, act), el("span", { class: "muted" }, x.code))),
    ]));
  }
  draw("");
}

function copyItem(c) {
  const importers = c.askedBy && el("span", { class: "asks muted" }, " for " + c.askedBy.join(", "));
  return el("li", null, el("span", null, el("code", null, c.path), importers), el("span", { class: "muted" }, size(c.bytes)));
}

function drawRepeats(act) {
  if (repeats.length) {
    $("repeats").hidden = false;
    fill($("repeats-list"), entries("", repeats, 8, (r) => [
      el("span", { class: "lead" }, size(r.bytes)),
      el("div", { class: "what" }, el("span", null, el("b", null, r.name), " ", r.isNew && el("span", { class: "tag warn" }, "new")), el("div", { class: "where" }, functionLinks(r.functions, act)),
        el("details", null, el("summary", null, plural(r.copies.length, "copy", "copies") + ": " + [...new Set(r.copies.map((c) => c.version || "unknown"))].join(", ")),
          el("ul", { class: "list" }, r.copies.map(copyItem)))),
    ]));
  }
  if (saved.skipped.length) {
    $("skipped").hidden = false;
    fill($("skipped-list"), entries("found-list", saved.skipped, 8, (s) => [
      el("b", null, s.name || s.file), el("div", { class: "what" }, s.reason, placeOf(s) && el("code", null, placeOf(s))),
    ]));
  }
}
