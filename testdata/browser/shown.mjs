// Prints what a page derives from its report, as JSON: the words and the order
// of its lists.
//
//   node shown.mjs REPORT.html
import fs from "node:fs";
import { scriptsOf } from "./scripts.mjs";

const page = scriptsOf(fs.readFileSync(process.argv[2], "utf8"),
  "functions, firstFunction, isQuiet, causes, causeName, causePlace, causeChain, zippedToo, findings, repeats, againstText, bootText, warningsText, changeText, localText, trendOf, courseText, commitText, runtimesOf, size, signed, millis, signedMillis");
const over = (c, show, signedBy) => c && { words: page.courseText(c, show, signedBy), moved: c.moved && signedBy(c.moved.by) + " by " + page.commitText(c.moved.n) };
const trendIn = (f) => {
  const t = page.trendOf(f);
  return t ? { zip: over(t.zip, page.size, page.signed), load: over(t.load, page.millis, page.signedMillis) } : undefined;
};
const name = (i) => page.functions[i].id;
const named = (list) => list.map((x) => ({ ...x, functions: x.functions.map(name) }));

console.log(JSON.stringify({
  against: page.againstText(),
  warnings: page.warningsText(),
  booted: page.bootText(),
  first: page.functions.length ? name(page.firstFunction()) : "",
  functions: page.functions.map((f) => ({
    id: f.id, status: f.status, zip: f.zip, unzipped: f.unzipped, files: f.files, outcome: f.outcome, budget: f.budget,
    quiet: f.delta && page.isQuiet(f.delta), load: f.load, start: f.start,
    change: f.coldStart?.change && page.changeText(f.coldStart.change), local: f.coldStart?.change?.local && page.localText(f.coldStart.change.local),
    trend: trendIn(f), runtimes: f.runtimes && page.runtimesOf(f),
  })),
  causes: page.causes.map((c) => ({ name: page.causeName(c), at: page.causePlace(c), zipped: page.zippedToo(c), chain: page.causeChain(c) })),
  findings: named(page.findings),
  repeats: named(page.repeats),
}, null, 1));
