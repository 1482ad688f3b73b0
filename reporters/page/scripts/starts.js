// Starts: what was measured and what is projected of a function's start.

// spanOf is the median of what was measured, between the least and the most;
// null without samples.
function spanOf(samples) {
  const sane = (samples || []).filter((v) => v >= 0 && v < 1e9).sort((a, b) => a - b);
  const n = sane.length;
  return n ? { n, low: sane[0], central: (sane[(n - 1) >> 1] + sane[n >> 1]) / 2, high: sane[n - 1] } : null;
}

// loadOf is the measured median of the time to load in ms, 0 where there is none.
function loadOf(f) {
  const load = spanOf(f.boot && f.boot.loadMillis);
  return load ? load.central : 0;
}

// whole rounds half a millisecond away from zero, and never gives "-0".
const whole = (ms) => String(Math.sign(ms) * Math.round(Math.abs(ms)) || 0);
const changeOf = (m) => `${Math.round(m.central) > 0 ? "+" : ""}${whole(m.central)} ms (${whole(m.low)}..${whole(m.high)})`;
const timeOf = (m) => `${whole(m.central)} ms (${whole(m.low)} to ${whole(m.high)})`;

// changeText is a change of a start in a few words.
function changeText(change) {
  if (change.noMeasurableChange) return "no measurable change";
  return (change.atLeast ? "at least " : "") + changeOf(change.total);
}

// startOf is a start in the table of all functions: the change where something
// is compared, else what the artifact adds. value sorts.
function startOf(f) {
  const c = f.coldStart;
  if (!c) return null;
  if (c.refused || (compared && c.changeRefused)) return { value: -1e15, text: "not projected" };
  if (compared && c.against === "baseline" && c.change) {
    if (c.change.noMeasurableChange) return { value: 0, text: "~" };
    return { value: c.change.total.central, text: changeText(c.change) + ", " + (c.change.loadSource || "") };
  }
  const { central, low, high } = c.head.total;
  // What is new is no change of what was there.
  return { value: compared ? 0 : central, text: `adds ${whole(central)} ms (${whole(low)}..${whole(high)})` };
}

// localText is what the measured load did on the measuring machine.
function localText(l) {
  const before = spanOf(l.before)?.central || 0;
  const after = spanOf(l.after)?.central || 0;
  const times = `${l.what} ${before.toFixed(1)} ms, now ${after.toFixed(1)} ms on this machine`;
  const pairs = plural(l.before.length, "pair");
  if ((l.change.low <= 0 && l.change.high >= 0) || before <= 0) return `load unchanged within the noise, measured in ${pairs} (${times})`;
  const percent = (l.change.central / before) * 100;
  return `load ${percent > 0 ? "+" : ""}${percent.toFixed(0)}%, measured in ${pairs} (${times})`;
}
