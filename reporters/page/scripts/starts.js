// Starts: the measured and projected times of a function's start.

// spanOf is the minimum, median and maximum of samples, null if there are none.
function spanOf(samples) {
  const sane = (samples || []).filter((v) => v >= 0 && v < 1e9).sort((a, b) => a - b);
  const n = sane.length;
  return n ? { n, low: sane[0], central: (sane[(n - 1) >> 1] + sane[n >> 1]) / 2, high: sane[n - 1] } : null;
}

// loadOf is the measured median of the load time in ms, 0 if it was not measured.
function loadOf(f) {
  const load = spanOf(f.boot && f.boot.loadMillis);
  return load ? load.central : 0;
}

// whole rounds half a millisecond away from zero, and never gives "-0".
const whole = (ms) => String(Math.sign(ms) * Math.round(Math.abs(ms)) || 0);
const changeOf = (m) => `${Math.round(m.central) > 0 ? "+" : ""}${whole(m.central)} ms (${whole(m.low)}..${whole(m.high)})`;
const timeOf = (m) => `${whole(m.central)} ms (${whole(m.low)} to ${whole(m.high)})`;

// changeText is the change of a start as a short text.
function changeText(change) {
  if (change.noMeasurableChange) return "no measurable change";
  return (change.atLeast ? "at least " : "") + changeOf(change.total);
}

// startOf is the cold start in the table of all functions: the change if there is a baseline, else
// what the artifact adds. The table sorts by value.
function startOf(f) {
  const c = f.coldStart;
  if (!c) return null;
  if (c.refused || (compared && c.changeRefused)) return { value: -1e15, text: "not projected" };
  if (compared && c.against === "baseline" && c.change) {
    if (c.change.noMeasurableChange) return { value: 0, text: "~" };
    return { value: c.change.total.central, text: changeText(c.change) + ", " + (c.change.loadSource || "") };
  }
  // A new function changes nothing that existed.
  if (c.measured) return { value: compared ? 0 : c.measured.millis, text: `${whole(c.measured.millis)} ms${c.measured.what === "CPU" ? " of CPU" : ""}, measured` };
  const { central, low, high } = c.head.total;
  return { value: compared ? 0 : central, text: `adds ${whole(low)} to ${whole(high)} ms, projected` };
}

// measuredText and conditionsOf are the load that was measured of one artifact, and of which process.
const measuredText = (m) => `load ${whole(m.millis)} ms ${m.what === "CPU" ? "of CPU" : "to the first poll"}, measured`;
const conditionsOf = (m) => [m.node && "Node " + m.node + (m.stoodIn ? " in place of the runtime's" : ""), m.memoryMB + " MB",
  (m.runs > 1 ? "median of " : "") + plural(m.runs, "run")].filter(Boolean).join(", ");

// localText is the change of the load measured on the machine that made the report.
function localText(l) {
  const before = spanOf(l.before)?.central || 0;
  const after = spanOf(l.after)?.central || 0;
  const times = `${l.what} ${before.toFixed(1)} ms, now ${after.toFixed(1)} ms on this machine`;
  const pairs = plural(l.before.length, "pair");
  if ((l.change.low <= 0 && l.change.high >= 0) || before <= 0) return `load unchanged within the noise, measured in ${pairs} (${times})`;
  const percent = (l.change.central / before) * 100;
  if (percent >= 1000) return `load +${whole(l.change.central)} ms, measured in ${pairs} (${times})`;
  return `load ${percent > 0 ? "+" : ""}${percent.toFixed(0)}%, measured in ${pairs} (${times})`;
}
