// What the report says about the whole: the summary, why sizes changed, what
// was found, what is there more than once, what was not looked at.

const marks = { good: ["✓", "good"], warn: ["!", "warnings"], bad: ["✕", "problems"] };

// stateOf is the worst that was found.
function stateOf() {
  const said = saved.verdicts.map((v) => v.outcome);
  if (saved.totals.failed > 0 || said.includes("fail")) return "bad";
  return said.includes("warn") || said.includes("unmeasured") ? "warn" : "good";
}

function drawSummary() {
  const state = stateOf();
  const [sign, word] = marks[state];
  fill($("headline"), el("span", { class: "mark " + state, role: "img", "aria-label": word }, sign), el("span", null, $("headline").textContent));
  fill($("against"), againstText());
  $("against").title = $("against").textContent;
  fill($("warnings"), warningsText().map((w) => el("li", null, w)));
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
      : t.unbundledZipBytes && card("Than unbundled", change(t.unbundledZipBytes, t.zipBytes), quiet("was " + size(t.unbundledZipBytes) + (t.unbundledZipExact ? " zipped" : " zipped, projected"))),
    card("Largest function", share(worst, maxUnzipped), quiet("of 250 MiB unzipped")),
  ]);
  fill($("foot"), [(saved.tool.name + " " + saved.tool.version).trim(), ...saved.settings.map((s) => s.name + "=" + s.value), "zipped bytes of packages and files are apportioned, all others exact"].join(" · "));
}

const causeWords = { new: "new", removed: "gone", moved: "moved", duplicate: "one more version", grew: "grew", shrank: "shrank", code: "own code" };

function drawReview(act) {
  if (!causes.length) return;
  $("review").hidden = false;
  fill($("causes"), entries("", causes, 6, (c) => [
    el("span", { class: "lead " + direction(c.unzipped) }, signed(c.unzipped)),
    el("div", { class: "what" },
      el("span", null, el("b", null, causeName(c)), " ", el("span", { class: "tag" }, causeWords[c.kind] || c.kind), el("span", { class: "muted" }, [c.functions.length > 1 ? " unzipped in all, " + signed(c.most) + " in one" : " unzipped", zippedToo(c) && " about " + signed(zippedToo(c)) + " zipped"].filter(Boolean).join(", "))),
      el("div", { class: "where" }, causePlace(c) && el("code", null, causePlace(c)), functionLinks(numbersOf(c.functions), act)),
      c.with && el("span", { class: "muted" }, "with " + c.with.slice(0, 4).map((w) => (w.name + " " + (w.version || "")).trim()).join(", ") + (c.with.length > 4 ? " and " + count(c.with.length - 4) + " more" : "")),
      causeChain(c) && el("details", null, el("summary", null, "import chain"), chainList(causeChain(c)))),
  ]));
}

// entries is a list of which the first are shown and the others when asked for.
function entries(style, list, few, draw) {
  const items = el("ul", { class: "entries " + style });
  const box = el("div", { class: "card" }, items);
  const show = (from, to) => items.append(...list.slice(from, to).map((x) => el("li", null, draw(x))));
  show(0, few);
  if (list.length > few) {
    let shown = few;
    const button = el("button", { type: "button", class: "more", onclick: () => {
      const at = items.children.length;
      show(shown, shown + 200);
      shown += 200;
      if (shown >= list.length) button.remove();
      else button.textContent = label();
      const next = items.children[at];
      next.tabIndex = -1;
      next.focus();
    } });
    const label = () => "Show " + count(Math.min(200, list.length - shown)) + " more";
    button.textContent = label();
    box.append(button);
  }
  return box;
}

function functionLinks(list, act) {
  if (!list || !list.length) return null;
  const link = (f) => functions[f].status === "removed" ? el("span", null, functions[f].id)
    : el("button", { type: "button", class: "link", onclick: () => act.pick(f, true) }, functions[f].id);
  const more = list.length - 3;
  return [list.slice(0, 3).map(link), more > 0 && el("details", null, el("summary", null, "and " + count(more) + " more"), el("div", { class: "where" }, list.slice(3, 103).map(link), list.length > 103 && "and more"))];
}

const levels = [["error", "errors"], ["refused", "refused"], ["warning", "warnings"], ["note", "notes"]];

function drawFindings(act) {
  const box = $("findings-list");
  if (!findings.length) {
    fill(box, el("p", { class: "card none" }, "Nothing was found that is worth telling."));
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

function drawRepeats(act) {
  if (repeats.length) {
    $("repeats").hidden = false;
    fill($("repeats-list"), entries("", repeats, 8, (r) => [
      el("span", { class: "lead" }, size(r.bytes)),
      el("div", { class: "what" }, el("span", null, el("b", null, r.name), " ", r.isNew && el("span", { class: "tag warn" }, "new")), el("div", { class: "where" }, functionLinks(r.functions, act)),
        el("details", null, el("summary", null, plural(r.copies.length, "copy", "copies") + ": " + [...new Set(r.copies.map((c) => c.version || "unknown"))].join(", ")),
          el("ul", { class: "list" }, r.copies.map((c) => el("li", null, el("span", null, el("code", null, c.path), c.askedBy ? el("span", { class: "asks muted" }, " for " + c.askedBy.join(", ")) : ""), el("span", { class: "muted" }, size(c.bytes))))))),
    ]));
  }
  if (saved.skipped.length) {
    $("skipped").hidden = false;
    fill($("skipped-list"), entries("found-list", saved.skipped, 8, (s) => [
      el("b", null, s.name || s.file), el("div", { class: "what" }, s.reason, placeOf(s) && el("code", null, placeOf(s))),
    ]));
  }
}
