// Trends: the functions over the recorded commits.

const recorded = saved.history || { commits: [], current: -1, functions: [] };
const trends = new Map(recorded.functions.map((h) => [h.id, h]));

// trendOf is a function over the commits, oldest first, null if there are fewer than two steps. This
// build is the last step, even if it was not recorded. A load of 0 was not measured.
function trendOf(f) {
  const h = trends.get(f.id);
  if (!h || !f.artifact) return null;
  const steps = h.at.map((n, i) => ({ n, zip: h.zip[i], unzipped: h.unzipped[i], load: h.load ? h.load[i] / 1000 : 0 }));
  if (recorded.current < 0) steps.push({ n: recorded.commits.length, zip: f.zip, unzipped: f.unzipped, load: f.load });
  if (steps.length < 2) return null;
  return { steps, zip: courseOf(steps, (s) => s.zip), load: courseOf(steps.filter((s) => s.load > 0), (s) => s.load) };
}

// courseOf is one figure over the steps that have it, null if they are fewer than two. moved is the
// step that changed it most, null if it never changed.
function courseOf(steps, figure) {
  if (steps.length < 2) return null;
  const points = steps.map((s, i) => ({ n: s.n, value: figure(s), by: i ? figure(s) - figure(steps[i - 1]) : 0 }));
  const moved = points.reduce((most, p) => (Math.abs(p.by) > Math.abs(most.by) ? p : most));
  const values = points.map((p) => p.value);
  return { points, first: points[0], last: points[points.length - 1], low: Math.min(...values), high: Math.max(...values), moved: moved.by ? moved : null };
}

// commitText names the commit of a step.
function commitText(n) {
  const c = recorded.commits[n];
  return c ? [c.commit.slice(0, 10), c.subject].filter(Boolean).join(" ") : "this build, not recorded";
}

const dayOf = (n) => (recorded.commits[n] ? recorded.commits[n].time.slice(0, 10) : "now");

// courseText is a figure over the commits in words. show formats a value, and signedBy a change.
function courseText(c, show, signedBy) {
  const from = `${show(c.first.value)} on ${dayOf(c.first.n)}, now ${show(c.last.value)}`;
  return c.first.value === c.last.value ? from : `${from} (${change(c.first.value, c.last.value) || signedBy(c.last.value - c.first.value)})`;
}

const signedMillis = (ms) => (ms > 0 ? "+" : "-") + millis(Math.abs(ms));

// growthOverTime is the growth of the zip over the recorded commits in percent, 0 if it is unknown.
function growthOverTime(f) {
  const h = f.artifact && trends.get(f.id);
  return h && h.zip[0] > 0 ? (f.zip / h.zip[0] - 1) * 100 : 0;
}
