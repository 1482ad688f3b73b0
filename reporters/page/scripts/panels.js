// The panels below the treemap: the sizes from source to zip and over commits, the limits, the start-up, the comparison
// with the source, the results on other runtimes, the settings, the findings and the advice of the function.

function drawPanels(node, model) {
  const { row, f } = model;
  fill(node, waterfallPanel(row), trendPanel(row), limitsPanel(row), coldPanel(row.coldStart), startPanel(row), sourcePanel(row), runtimesPanel(row), settingsPanel(row), findingsPanel(f), advicePanel(f));
}

const panel = (title, ...children) => el("div", { class: "card panel" }, el("h3", null, title), ...children);

// waterfallPanel draws a size for each step of the build. If the unbundled size is so large that the
// other steps would look alike, its bar is cut.
function waterfallPanel(row) {
  const steps = row.waterfall || [];
  if (steps.length < 2) return null;
  const rest = Math.max(...steps.slice(1).map((s) => s.bytes), 1);
  const cut = steps.length > 1 && steps[0].bytes > 3 * rest;
  const scale = cut ? rest / 0.72 : Math.max(...steps.map((s) => s.bytes), 1);
  const u = row.unbundled;
  const rows = steps.map((s, i) => el("li", null,
    el("div", { class: "head" }, el("b", null, s.name), el("span", null, size(s.bytes), " ", el("span", { class: "percent" }, i ? change(steps[i - 1].bytes, s.bytes) : ""))),
    track([0, cut && i === 0 ? 1 : s.bytes / scale, i === 0 && cut ? "before cut" : i === 0 ? "before" : ""])));
  return panel("From source to zip", el("ol", { class: "steps" }, rows),
    u && el("p", { class: "muted" }, "unbundled: " + plural(u.files, "file") + ", " + unbundledZip(u) + "; source plus production dependencies"),
    cut && el("p", { class: "muted" }, "The first bar is cut short."));
}

function unbundledZip(u) {
  if (u.zipExact) return size(u.zipBytes) + " zipped";
  if (u.zipHigh) return size(u.zipLow || 0) + " to " + size(u.zipHigh) + " zipped, projected";
  return size(u.zipBytes) + " zipped, projected";
}

function limitsPanel(row) {
  const line = (name, bytes, most, more) => el("li", null,
    el("div", { class: "head" }, el("b", null, name), el("span", null, size(bytes) + " of " + size(most), " ", el("span", { class: "percent" }, share(bytes, most) + (more || "")))),
    track([0, bytes / most, grade(bytes / most)]));
  return panel("Room under Lambda's limits", el("ul", { class: "steps" },
    line("unzipped, with layers", row.unzipped, maxUnzipped), line("zipped, direct upload", row.zip, maxZip)),
    row.layers?.length > 0 && el("p", { class: "muted" }, "The function has layers of unknown size, which count towards the first limit."),
    row.budget && el("p", null, "Budget: ", el("span", { class: "tag " + outcomeClass(row.outcome) }, row.budget)));
}

const grade = (part) => (part > 1 ? "over" : part > 0.8 ? "high" : "");
const outcomeClass = (outcome) => ({ fail: "bad", failed: "bad", warn: "warn", unmeasured: "warn", pass: "good", accepted: "good" })[outcome] || "";

// startPanel shows the measured times with their ranges.
function startPanel(row) {
  const boot = row.boot;
  if (!boot) return null;
  const spans = [["load", spanOf(boot.loadMillis)], ["CPU", spanOf(boot.cpuMillis)]].filter(([, s]) => s).map(([name, s]) => ({ name, ...s }));
  const was = row.delta && isCompared(row.delta) ? row.delta.load : null;
  const most = Math.max(...spans.map((s) => s.high), was ? was.before / 1000 : 0, 1e-6);
  const rows = spans.map((s) => el("li", null,
    el("div", { class: "head" }, el("b", null, s.name), el("span", null, millis(s.central), " ", s.high > s.low && el("span", { class: "muted" }, millis(s.low) + " to " + millis(s.high)))),
    track(...(s.high > s.low ? [[s.low / most, s.high / most, "span"]] : []), [s.central / most, s.central / most, "point"]),
    el("span", { class: "muted small" }, "measured, " + plural(s.n, "fresh process", "fresh processes"))));
  return panel("Start-up on this machine", bootState(boot),
    rows.length > 0 && el("ul", { class: "steps" }, rows),
    was && el("p", null, "load at the baseline: " + millis(was.before / 1000) + ", now " + millis(was.after / 1000)),
    boot.node && el("p", { class: "muted" }, "Node " + boot.node + (boot.stoodIn ? " instead of the runtime's version" : "") +
      (boot.peakMemoryBytes ? ", at most " + size(boot.peakMemoryBytes) + " of memory" : "")),
    boot.uncontained?.length > 0 && el("p", { class: "muted" }, "not contained: " + boot.uncontained.join(", ")),
    boot.placeholders?.length > 0 && el("p", { class: "muted" }, "environment variables with placeholder values: " + boot.placeholders.join(", ")));
}

function bootState(boot) {
  const good = boot.status === "loads" || boot.status === "answers";
  return el("p", null, el("span", { class: "tag " + (good ? "good" : boot.status === "not-run" ? "" : "bad") }, boot.status), " ", boot.reason || "");
}

// sourcePanel shows whether the zip runs as its source. It has JSON paths and names, and no value of
// an answer, as the report.
function sourcePanel({ boot }) {
  const source = boot?.source;
  if (!source) return null;
  const names = (title, list, cell) => list?.length > 0 && el("div", null, el("p", null, title), el("ul", null, list.map((x) => el("li", null, cell(x)))));
  const code = (text) => el("code", null, text);
  return panel("Compared with its source",
    el("p", null, el("span", { class: "tag " + verdictClass(source.verdict) }, source.verdict), " ", source.reason || ""),
    el("p", { class: "muted" }, source.event ? ["the event: ", code(source.event)] : "no event was sent"),
    names("The answers differ at", source.differences, code),
    names("Left out, since it differs from run to run", source.varying, code),
    names("Only the source opened", source.files, (file) => [code(file.file), el("p", { class: "muted" },
      file.by?.file && ["by ", code(file.by.file + ":" + file.by.line), ", "], file.include ? ["include: ", code(file.include)] : file.reason || "")]),
    names("Only the source loaded", source.modules, code),
    names("Only the source read the variable", source.variables, code),
    names("Only the source started", source.programs, code));
}

// runtimesPanel shows the results on other runtimes.
function runtimesPanel(row) {
  const list = runtimesOf(row);
  const measured = list.find((o) => o.load);
  return list.length > 0 && panel("On other runtimes", el("ul", { class: "steps" }, list.map((o) => el("li", null,
    el("div", { class: "head" }, el("b", null, o.runtime), o.node && el("span", { class: "muted" }, "Node " + o.node)),
    el("p", { class: o.breaks ? "bad" : "" }, o.result),
    o.load && el("p", { class: "muted" }, "loads in " + o.load),
    o.built && el("p", { class: "muted" }, "built for it: " + o.built + (o.why ? ": " + o.why : ""))))),
    measured && el("p", { class: "muted" }, "Loads are processor time, the median of " + plural(measured.starts, "start") + " each."));
}

function settingsPanel({ settings, kept }) {
  if (!settings?.length && !kept?.length) return null;
  return panel("How it was built",
    settings?.length > 0 && el("dl", { class: "pairs" }, settings.map((s) => [el("dt", null, s.name), el("dd", null, s.value)])),
    kept?.length > 0 && [...groupsOf(kept, (k) => k.reason)].map(([reason, list]) => el("div", null,
      el("p", null, "Shipped as files: " + reason),
      el("ul", { class: "list" }, list.map((k) => el("li", null, el("span", null, k.package), el("span", { class: "muted" }, plural(k.files, "file") + ", " + size(k.bytes))))))));
}

function findingsPanel(f) {
  const found = findingsOf(f);
  if (!found.length) return null;
  return panel("Findings in this function", el("ul", { class: "steps" }, found.slice(0, 12).map((x) => el("li", null,
    el("span", { class: "tag " + severityClass(x.severity) }, x.severity), " ", x.message,
    x.hint && el("p", { class: "muted" }, x.hint), x.at && el("p", { class: "muted mono" }, x.at)))),
    found.length > 12 && el("p", { class: "muted" }, "and " + count(found.length - 12) + " more below"));
}

function advicePanel(f) {
  const all = saved.advice.filter((a) => a.functions.includes(functions[f].id));
  if (!all.length) return null;
  return panel("Advice about this function", el("ul", { class: "steps" }, all.slice(0, 6).map((a) => el("li", null,
    a.message, el("p", { class: "muted" }, a.hint), placeOf(a) && el("p", { class: "muted mono" }, placeOf(a))))),
    all.length > 6 && el("p", { class: "muted" }, "and " + count(all.length - 6) + " more below"));
}

const severityClass = (severity) => ({ error: "bad", refused: "bad", warning: "warn" })[severity] || "";
