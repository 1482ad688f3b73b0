// Runs the page's own scripts over reports, outside of a browser: the tiles sum
// to the artifact on both sides.
//
//   node model.test.mjs REPORT.html...
import fs from "node:fs";
import { scriptsOf } from "./scripts.mjs";

for (const name of process.argv.slice(2)) {
  const { functions, isCompared, modelOf, totalOf } = scriptsOf(fs.readFileSync(name, "utf8"), "functions, isCompared, modelOf, totalOf");
  const near = (a, b) => Math.abs(a - b) < 1;
  let error = "";
  functions.forEach((f, i) => {
    if (!f.artifact) return;
    const m = modelOf(i);
    if (m.compared !== Boolean(f.delta && isCompared(f.delta))) error += `${f.id}: it is ${m.compared ? "" : "not "}compared\n`;
    const d = m.compared ? f.delta : { zip: { before: f.zip, after: f.zip }, unzipped: { before: f.unzipped, after: f.unzipped } };
    for (const which of ["zip", "unzipped"]) {
      const [base, head, diff] = ["base", "head", "diff"].map((side) => totalOf(m, which, side));
      if (head !== d[which].after) error += `${f.id}: the tiles have ${head} bytes (${which}), the artifact ${d[which].after}\n`;
      if (!near(base, d[which].before)) error += `${f.id}: the tiles at the baseline have ${base} bytes (${which}), the artifact had ${d[which].before}\n`;
      if (diff < head) error += `${f.id}: the difference has ${diff} bytes (${which}), less than the ${head} of now\n`;
      for (const g of m.groups) for (const l of g.leaves) if (!(l.u0 >= 0 && l.u1 >= 0 && l.z0 >= 0 && l.z1 >= 0)) error += `${f.id}: ${l.key} has sizes that are none\n`;
    }
  });
  console.log(JSON.stringify({ name: "the tiles of " + name.replace(/.*\//, "").replace(/\.html$/, "") + " sum to the artifacts", error }));
}
