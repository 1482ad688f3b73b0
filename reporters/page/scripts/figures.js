// Figures as text: sizes, changes, shares, counts and times.

const units = ["KiB", "MiB", "GiB", "TiB"];

// size shows three significant digits: "812 B", "9.80 MiB", "412 KiB".
function size(bytes) {
  if (bytes < 0) return "-" + size(-bytes);
  if (bytes < 1024) return Math.round(bytes) + " B";
  let unit = -1;
  do {
    bytes /= 1024;
    unit++;
  } while (bytes >= 1023.5 && unit < units.length - 1);
  return bytes.toFixed(bytes < 9.995 ? 2 : bytes < 99.95 ? 1 : 0) + " " + units[unit];
}

const signed = (bytes) => (bytes > 0 ? "+" : "") + size(bytes);

// change is the change between two sizes in percent, empty if the first is 0. It shows -100% only
// if nothing is left.
function change(before, after) {
  if (before <= 0) return "";
  const percent = ((after - before) / before) * 100;
  if (after > 0 && percent < -99.9) return Math.max(percent, -99.99).toFixed(2) + "%";
  return (percent > 0 ? "+" : "") + percent.toFixed(Math.abs(percent) >= 1000 ? 0 : 1) + "%";
}

// share is a part of a whole in percent.
function share(part, whole) {
  if (whole <= 0) return "";
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.1) return "<0.1%";
  return percent.toFixed(percent < 9.95 ? 1 : 0) + "%";
}

const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
const plural = (n, one, many) => count(n) + " " + (n === 1 ? one : many || one + "s");
// files counts the parts of a package. The parts of a Go module are packages.
const isGo = (x) => x.kind === "go" || x.kind === "std";
const files = (n, of) => plural(n, of && isGo(of) ? "package" : "file");
const millis = (ms) => (ms < 9.95 ? ms.toFixed(1) : ms.toFixed(0)) + " ms";

// direction is the CSS class of a change.
const direction = (by) => (by > 0 ? "bad" : by < 0 ? "good" : "muted");
