// What the report says about the whole: the summary, why sizes changed, what
// was found, what is there more than once, what was not looked at.

const marks = { good: ["✓", "good"], warn: ["!", "warnings"], bad: ["✕", "problems"] };

function drawSummary() {
  const [sign, word] = marks[report.state];
  fill($("headline"), el("span", { class: "mark " + report.state, role: "img", "aria-label": word }, sign), el("span", null, report.headline));
  $("against").textContent = report.against || "";
  $("against").title = report.against || "";
  fill($("warnings"), report.warnings.map((w) => el("li", null, w)));
  const t = report.totals;
  const by = (c) => (report.compared ? el("span", { class: direction(c.after - c.before) }, c.after === c.before ? "as before" : signed(c.after - c.before) + " " + change(c.before, c.after)) : null);
  const card = (title, figure, ...more) => el("li", { class: "card" }, el("span", { class: "muted" }, title), el("strong", null, figure), ...more);
  const quiet = (text) => el("span", { class: "muted" }, text);
  const worst = report.functions.reduce((most, f) => Math.max(most, f.unzipped), 0);
  fill($("cards"), [
    card("Functions", count(t.functions), t.failed ? el("span", { class: "bad" }, count(t.failed) + " not built") : quiet("all built")),
    card("Zipped", size(t.zipBytes), by(report.zip) || quiet("all functions")),
    card("Unzipped", size(t.unzippedBytes), by(report.unzipped) || quiet("all functions")),
    report.compared
      ? card("To redeploy", count(report.redeploy), quiet("of " + plural(t.functions, "function") + ", by their bytes"))
      : t.unbundledZipBytes && card("Than unbundled", change(t.unbundledZipBytes, t.zipBytes), quiet("was " + size(t.unbundledZipBytes) + (t.unbundledZipExact ? " zipped" : " zipped, projected"))),
    card("Largest function", share(worst, report.maxUnzipped), quiet("of 250 MiB unzipped")),
  ]);
  fill($("foot"), [report.tool, ...report.settings.map((s) => s.name + "=" + s.value), "zipped bytes of packages and files are apportioned, all others exact"].join(" · "));
}

const causeWords = { new: "new", removed: "gone", moved: "moved", duplicate: "one more version", grew: "grew", shrank: "shrank", code: "own code" };

function drawReview(act) {
  if (!report.causes.length) return;
  $("review").hidden = false;
  fill($("causes"), entries("", report.causes, 6, (c) => [
    el("span", { class: "lead " + direction(c.unzipped) }, signed(c.unzipped)),
    el("div", { class: "what" },
      el("span", null, el("b", null, c.name), " ", el("span", { class: "tag" }, causeWords[c.kind] || c.kind), el("span", { class: "muted" }, [c.functions.length > 1 ? " unzipped in all, " + signed(c.most) + " in one" : " unzipped", c.zipped && " about " + signed(c.zipped) + " zipped"].filter(Boolean).join(", "))),
      el("div", { class: "where" }, c.at && el("code", null, c.at), functionLinks(c.functions, act)),
      c.with && el("span", { class: "muted" }, "with " + c.with.slice(0, 4).join(", ") + (c.with.length > 4 ? " and " + count(c.with.length - 4) + " more" : "")),
      c.chain && el("details", null, el("summary", null, "import chain"), chainList(c.chain.map(stepOf)))),
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
  const link = (f) => report.functions[f].status === "removed" ? el("span", null, report.functions[f].id)
    : el("button", { type: "button", class: "link", onclick: () => act.pick(f, true) }, report.functions[f].id);
  const more = list.length - 3;
  return [list.slice(0, 3).map(link), more > 0 && el("details", null, el("summary", null, "and " + count(more) + " more"), el("div", { class: "where" }, list.slice(3, 103).map(link), list.length > 103 && "and more"))];
}

const levels = [["error", "errors"], ["refused", "refused"], ["warning", "warnings"], ["note", "notes"]];

function drawFindings(act) {
  const box = $("findings-list");
  if (!report.findings.length) {
    fill(box, el("p", { class: "card none" }, "Nothing was found that is worth telling."));
    return;
  }
  let only = "";
  const of = (level) => report.findings.filter((x) => !level || x.severity === level);
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
  if (report.repeats.length) {
    $("repeats").hidden = false;
    fill($("repeats-list"), entries("", report.repeats, 8, (r) => [
      el("span", { class: "lead" }, size(r.bytes)),
      el("div", { class: "what" }, el("span", null, el("b", null, r.name), " ", r.new && el("span", { class: "tag warn" }, "new")), el("div", { class: "where" }, functionLinks(r.functions, act)),
        el("details", null, el("summary", null, plural(r.copies.length, "copy", "copies") + ": " + [...new Set(r.copies.map((c) => c.version || "unknown"))].join(", ")),
          el("ul", { class: "list" }, r.copies.map((c) => el("li", null, el("span", null, el("code", null, c.path), c.askedBy ? el("span", { class: "asks muted" }, " for " + c.askedBy.join(", ")) : ""), el("span", { class: "muted" }, size(c.bytes))))))),
    ]));
  }
  if (report.skipped.length) {
    $("skipped").hidden = false;
    fill($("skipped-list"), entries("found-list", report.skipped, 8, (s) => [
      el("b", null, s.name), el("div", { class: "what" }, s.reason, s.at && el("code", null, s.at)),
    ]));
  }
}
