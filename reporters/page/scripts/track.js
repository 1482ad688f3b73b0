// Bars on a scale.

// track draws bars on a scale from 0 to 1.
function track(...bars) {
  return el("div", { class: "track", "aria-hidden": "true" }, bars.map(([from, to, style, more]) => {
    const bar = el("i", { class: (style || "") + (more ? " " + more : "") });
    bar.style.left = style === "point" ? `calc(${100 * from}% - ${3 * from}px)` : 100 * Math.min(1, from) + "%";
    if (to > from) bar.style.width = 100 * Math.min(1 - from, to - from) + "%";
    return bar;
  }));
}
