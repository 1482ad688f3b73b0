// Opens reports in a real browser, headless, and does what a reader does.
//
//   node report.test.mjs CHROMIUM FOLDER
//
// FOLDER has the reports, one file each; screenshots go there too. Every check
// is one line of JSON on standard output: {name, error, seconds} or {note}.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, folder] = process.argv.slice(2);
const axe = fs.readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const tell = (line) => console.log(JSON.stringify(line));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

// test opens a report and fails on any error in the console and any request.
async function test(name, report, { hash = "", unopened = false, ...options }, body) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light", ...options });
  const page = await context.newPage();
  const url = pathToFileURL(path.join(folder, report + ".html")).href;
  const problems = [];
  page.on("console", (m) => problems.push("the console says: " + m.text()));
  page.on("pageerror", (e) => problems.push("the script fails: " + e.message));
  page.on("dialog", (d) => (problems.push("a dialog opens: " + d.message()), d.dismiss()));
  page.on("request", (r) => r.url().split("#")[0] !== url && problems.push("a request leaves the file: " + r.url()));
  page.setDefaultTimeout(20000); // of a machine that does other things too
  const started = Date.now();
  try {
    if (!unopened) {
      await page.goto(url + hash);
      await page.waitForSelector(".tile, .frame, #not-built p");
    }
    await body(page, url);
  } catch (error) {
    problems.unshift(error.message);
  }
  await context.close();
  tell({ name, error: problems.join("\n"), seconds: (Date.now() - started) / 1000 });
}

function equal(got, want, what) {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

function holds(text, part, what) {
  if (!text.includes(part)) throw new Error(`${what} is ${JSON.stringify(text)}, and has to hold ${JSON.stringify(part)}`);
}

const tile = (page, name) => page.locator(`.tile[data-key^=${JSON.stringify(name)}]`);
const press = (page, name) => tile(page, name).first().click({ position: { x: 8, y: 8 } });
const inspector = (page) => page.locator("#inspector").innerText();
const chosen = (page) => page.locator('.tile[aria-selected="true"]').getAttribute("data-key");
// Screenshots are for people who ask for them.
const shoot = (page, name) => process.env.FEATHERPACK_SCREENSHOTS && page.screenshot({ path: path.join(folder, name + ".png"), fullPage: true });

async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const bad = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  if (bad.length) throw new Error(bad.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html + " " + n.failureSummary).join("; ")}`).join("\n"));
}

await test("opens at the largest function", "shop", {}, async (page) => {
  holds(await page.locator("h1").innerText(), "1 function was not built", "the headline");
  equal(await page.locator("#function-pick option:checked").innerText(), "orders", "the function");
  equal(await page.locator("#show-switch").isVisible(), false, "the choice of sides without a baseline");
  holds(await inspector(page), "@aws-sdk/client-s3@3.600.0", "the inspector");
});

await test("click opens a package, then selects a file and tells its import chain", "shop", {}, async (page) => {
  await page.selectOption("#function-pick", { label: "users" });
  await press(page, "sharp@0.33.4");
  holds(await inspector(page), "No import chain leads here", "the inspector of a file that nothing imports");
  await page.selectOption("#function-pick", { label: "twice" });
  await press(page, "tslib@2.6.2");
  equal(await page.locator("#crumbs [aria-current]").innerText(), "tslib@2.6.2", "the place");
  await press(page, "node_modules/tslib/modules/index.js");
  const text = await inspector(page);
  for (const part of ["src/twice.ts", '"tslib/tslib.es6.js"', "tslib@2.6.2", "modules/index.js"]) holds(text, part, "the chain");
  await page.locator("#crumbs button").click();
  holds(await chosen(page), "tslib@2.6.2", "what is selected on the way back");
});

await test("a click on a file within its package opens both", "shop", { hash: "#f=twice" }, async (page) => {
  await page.locator(".inner", { hasText: "index.js" }).first().click();
  equal(await page.locator("#crumbs [aria-current]").innerText(), "tslib@2.6.2", "the place");
  holds(await chosen(page), "node_modules/tslib/modules/index.js", "the selection");
});

await test("the keyboard alone does it all", "shop", { hash: "#f=twice" }, async (page) => {
  await page.locator("#search").focus();
  await page.keyboard.press("Tab");
  equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "option", "what Tab leads to");
  await page.keyboard.press("End");
  const last = await chosen(page);
  await page.keyboard.press("Home");
  const home = await chosen(page);
  if (home === last) throw new Error("Home and End lead to the same tile: " + home);
  holds(home, "tslib@2.6.2", "the largest tile");
  await page.keyboard.press("ArrowRight");
  if ((await chosen(page)) === home) throw new Error("the arrow leads nowhere");
  for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowLeft");
  equal(await chosen(page), home, "the tile on the left");
  await page.keyboard.press("Enter");
  equal(await page.locator("#crumbs [aria-current]").innerText(), "tslib@2.6.2", "the place");
  equal(await page.evaluate(() => document.activeElement.className.includes("tile")), true, "the focus stays in the map");
  await page.keyboard.press("Escape");
  holds(await chosen(page), "tslib@2.6.2", "what Escape leads back to");
  await page.keyboard.press("/");
  equal(await page.evaluate(() => document.activeElement.id), "search", "what / leads to");
  await page.keyboard.type("ulid");
  await page.keyboard.press("Enter");
  holds(await chosen(page), "ulid@", "what the search leads to");
  await page.locator("#skip").focus();
  await page.keyboard.press("Enter");
  equal(await page.evaluate(() => document.activeElement.id), "function-title", "what the skip button leads to");
});

await test("the search finds packages and files", "shop", {}, async (page) => {
  await page.fill("#search", "tslib");
  holds(await page.locator("#found").innerText(), "2 files found", "what is said");
  equal(await page.locator(".tile.dim").count(), (await page.locator(".tile").count()) - 2, "the tiles that fade");
  await page.fill("#search", "nowhere at all");
  holds(await page.locator("#found").innerText(), "No file or package", "the text if nothing is found");
});

await test("zipped and unzipped", "shop", {}, async (page) => {
  const before = await tile(page, "zod@").textContent();
  await page.locator("#size-switch").getByText("unzipped", { exact: true }).click();
  if ((await tile(page, "zod@").textContent()) === before) throw new Error("the sizes stay: " + before);
  holds(page.url(), "size=unzipped", "the address");
});

await test("the address keeps the selection, and the browser goes back", "shop", {}, async (page, url) => {
  await page.selectOption("#function-pick", { label: "users" });
  await press(page, "zod@");
  const address = page.url();
  await page.goto("about:blank");
  await page.goto(address);
  equal(await page.locator("#function-pick option:checked").innerText(), "users", "the function");
  holds(await chosen(page), "zod@3.23.8", "the selection");
  await page.selectOption("#function-pick", { label: "orders" });
  await page.goBack();
  equal(await page.locator("#function-pick option:checked").innerText(), "users", "the function before");
});

await test("the table sorts, filters and leads to a function", "shop", {}, async (page) => {
  const names = () => page.locator("#functions-scroll tbody th").allInnerTexts();
  equal((await names())[0], "orders", "the largest zip");
  await page.getByRole("button", { name: "Function", exact: true }).click();
  equal(await names(), ["orders", "ping", "refunds", "twice", "users"], "by name");
  equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "ascending", "what is told of the order");
  await page.getByRole("button", { name: "Function", exact: true }).click();
  equal((await names())[0], "users", "by name, the other way");
  await page.fill("#functions-filter", "ping");
  equal(await names(), ["ping"], "what the filter leaves");
  equal(await page.locator("#functions-count").innerText(), "1 of 5", "what is said");
  await page.getByRole("button", { name: "ping" }).first().click();
  equal(await page.locator("#function-pick option:checked").innerText(), "ping", "the function");
});

await test("a function that was not built says why", "shop", { hash: "#f=refunds" }, async (page) => {
  holds(await page.locator("#not-built").innerText(), 'cannot resolve "lodahs"', "the reason");
  equal(await page.locator("#explorer").isVisible(), false, "the map of nothing");
});

await test("the panels tell the waterfall, the limits and the start-up", "shop", {}, async (page) => {
  const text = await page.locator("#panels").innerText();
  for (const part of ["unbundled", "reachable modules", "minified", "zipped", "projected", "of 250 MiB", "210 ms", "190 ms to 260 ms", "measured, 5 fresh processes", "format"]) holds(text, part, "the panels");
  await page.selectOption("#function-pick", { label: "users" });
  holds(await page.locator("#panels").innerText(), "is a native addon", "what stays as files");
});

await test("the comparison with the source has its verdict, the paths and what only the source had", "shop", { hash: "#f=orders" }, async (page) => {
  equal(await page.locator("#booted").innerText(), "boot check: 1 does not run as its source, 1 is not decided, 1 runs as its source", "the summary");
  const panel = page.locator(".panel", { has: page.getByRole("heading", { name: "Compared with its source" }) });
  const text = await panel.innerText();
  for (const part of ["the answers differ at 2 places", "events/orders.json", "$.body.total", "$.items[3]['a name']", "$.requestId",
    "include: src/views/**", "src/orders.ts:12", "it may hold secrets", "src/rules/vat.ts", "RATES", "git"]) holds(text, part, "the panel");
  equal(await panel.locator(".tag").getAttribute("class"), "tag bad", "the verdict's style");
  await shoot(page, "source");
  await page.selectOption("#function-pick", { label: "twice" });
  holds(await panel.innerText(), "neither loads: Cannot find module 'aws-xray'", "the reason");
  holds(await panel.innerText(), "no event was sent", "the event");
  await page.selectOption("#function-pick", { label: "users" });
  equal(await panel.locator(".tag").getAttribute("class"), "tag good", "the verdict's style");
  await page.getByRole("button", { name: "Source", exact: true }).click();
  const rows = await page.locator("#functions-scroll tbody tr").allInnerTexts();
  for (const [i, verdict] of ["does not run as its source", "not decided", "runs as its source"].entries()) holds(rows[i], verdict, "the row");
});

await test("cold-start bars have their ranges in words", "cold-start", { hash: "#f=api-00" }, async (page) => {
  const panel = page.locator(".panel", { has: page.getByRole("heading", { name: "Cold start", exact: true }) });
  const text = await panel.innerText();
  for (const part of ["at least +24 ms (11..62)", "against the baseline", "load projected", "base 41 ms (20 to 86)", "head 65 ms (32 to 136)", "not billed, not in REPORT lines",
    "129 ms (128 to 130)", "0.10 MB more wait behind import()", "USD 0.02 a month more", "not visible in REPORT"]) holds(text, part, "the panel");
  // Each bar is beside the words that say it, and hidden from those who hear the page.
  equal(await panel.locator(".cold").count(), 8, "bars: four phases on two sides");
  equal(await panel.locator(".track:not([aria-hidden])").count(), 0, "bars without words");
  equal(await panel.locator(".cold").evaluateAll((all) => all.filter((c) => !/\d+ ms \(\d+ to \d+\)/.test(c.innerText)).length), 0, "bars without a range");
  const width = (n) => panel.locator(".cold .span").nth(n).evaluate((b) => b.getBoundingClientRect().width);
  if (!((await width(7)) > (await width(6)))) throw new Error("the head's range is not wider than the baseline's");
});

await test("a measured load says so, with what this machine took", "cold-start", { hash: "#f=api-01" }, async (page) => {
  const text = await page.locator("#panels").innerText();
  for (const part of ["-20 ms (-44..-9)", "load measured", "load measured locally (CPU) x2.0, not calibrated", "load -12%, measured in 3 pairs", "CPU of base 81 ms (80 to 82)", "CPU of head 71 ms (70 to 72)"]) holds(text, part, "the panel");
});

await test("what cannot be projected says why", "cold-start", { hash: "#f=api-03" }, async (page) => {
  holds(await page.locator("#panels").innerText(), "the function starts from a snapshot (SnapStart)", "the panel");
  await page.selectOption("#function-pick", { label: "api-04" });
  holds(await page.locator("#panels").innerText(), "change not projected one side loads the runtime's AWS SDK", "the panel");
  await page.selectOption("#function-pick", { label: "api-02" });
  holds(await page.locator("#panels").innerText(), "no measurable change", "the panel");
  const row = page.locator("#functions-scroll tbody tr", { hasText: "api-03" });
  holds(await row.innerText(), "not projected", "the table");
  await page.getByRole("button", { name: "Cold start", exact: true }).click();
  holds(await page.locator("#functions-scroll tbody tr").first().innerText(), "+24 ms", "the largest cost");
});

await test("the line over the commits names the commit that moved it", "recorded", { hash: "#f=orders" }, async (page) => {
  const panel = page.locator(".panel", { has: page.getByRole("heading", { name: "Over 30 recorded commits" }) });
  const lines = panel.getByRole("img");
  equal(await lines.count(), 2, "lines: the zip and the load");
  for (const part of [/^zip: \d.* on 2026-08-\d\d, now .*; between .*; most by \+.* change number \d+$/, /^load: .* ms on 2026-08-/]) {
    const found = await lines.evaluateAll((all) => all.map((x) => x.getAttribute("aria-label")));
    if (!found.some((text) => part.test(text))) throw new Error(`no line is called ${part}: ${found.join(" | ")}`);
  }
  holds(await panel.innerText(), "changed most, +", "the panel");
  await panel.locator("summary").focus();
  await page.keyboard.press("Enter");
  const rows = await panel.locator("tbody tr").allInnerTexts();
  holds(rows[0], "change number 29", "the newest commit");
  holds(rows[0], "210 ms", "its load");
  await accessible(page);
  await shoot(page, "history-open");
  await page.getByRole("button", { name: "Over time", exact: true }).click();
  equal(await page.locator("#functions-scroll .spark").count(), 4, "lines in the table");
});

await test("the map as a table has all rows", "shop", {}, async (page) => {
  await page.locator("#as-table summary").click();
  await page.locator("#as-table tbody th").first().waitFor();
  const rows = await page.locator("#as-table tbody th").allInnerTexts();
  for (const part of ["(own code)", "(zip overhead)", "zod@3.23.8"]) holds(rows.join("\n"), part, "the rows");
  await page.getByRole("button", { name: "zod@3.23.8" }).last().click();
  holds(await chosen(page), "zod@3.23.8", "the selection");
});

await test("a comparison opens at what changed most", "heavy-import", {}, async (page) => {
  holds(await page.locator("#against").innerText(), "base 1a2b3c4 (first parent of the merge commit)", "the baseline");
  holds(await page.locator("#causes").innerText(), "googleapis 173.0.0", "the causes");
  holds(await page.locator("#causes").innerText(), "src/lib/sheets.ts:7:1", "the line");
  holds(await page.locator("#causes").innerText(), "in total, +55.7 KiB in one function", "the price in one function");
  holds(await tile(page, "googleapis@").textContent(), "+7.96 KiB, 173.0.0, 7.96 KiB, 55% of the function, new", "the tile");
  holds(await tile(page, "zod@").textContent(), "the same", "the tile of what did not change");
  holds(await tile(page, "googleapis@").evaluate((t) => getComputedStyle(t).backgroundImage), "gradient", "the pattern");
  await press(page, "googleapis@");
  holds(await inspector(page), "new", "the inspector");
  await page.locator("#show-switch").getByText("base", { exact: true }).click();
  equal(await tile(page, "googleapis@").count(), 0, "tiles at the baseline of what is new");
  await page.locator("#causes summary", { hasText: "import chain" }).first().click();
  holds(await page.locator("#causes .chain").first().innerText(), "googleapis@173.0.0", "the chain");
});

await test("what was removed keeps its tile and its chain", "removed", {}, async (page) => {
  await press(page, "googleapis@173.0.0");
  const text = await inspector(page);
  for (const part of ["why it was included", "src/lib/sheets.ts", "was "]) holds(text, part, "the inspector");
  await page.locator("#show-switch").getByText("head", { exact: true }).click();
  equal(await tile(page, "googleapis@").count(), 0, "tiles now");
});

await test("a package that moved says from where", "version-move", { hash: "#f=api-00" }, async (page) => {
  await press(page, "zod@3.24.1");
  holds(await inspector(page), "3.24.1, was 3.23.8", "the inspector");
  holds(await page.locator("#repeats-list li").first().innerText(), "tslib new", "the duplicated package");
});

await test("no baseline is said, and shows no changes", "no-baseline", {}, async (page) => {
  holds(await page.locator("#against").innerText(), "no baseline: main has no commit that builds", "the baseline");
  equal(await page.locator("#show-switch").isVisible(), false, "the choice of sides");
  equal((await page.locator("body").innerText()).includes("+100"), false, "a growth by everything");
});

await test("hostile names are text", "hostile", {}, async (page) => {
  equal(await page.evaluate(() => [window.pwned, document.querySelectorAll("img, iframe, b[onclick], script:not([type])").length]), [null, 1].map((v) => v ?? undefined), "what ran");
  holds(await page.locator("#functions").innerText(), "<img src=x onerror=pwned=1>", "the function's name");
  await page.locator(".tile").first().click({ position: { x: 8, y: 8 } });
  holds(await inspector(page), "</script><script>pwned=1</script>", "the package's name");
  holds(await page.locator("#findings").innerText(), "{{script}}", "the message");
  holds(await page.locator("#findings").innerText(), "a\uFFFDb", "a character that reorders");
  await page.reload();
  holds(await inspector(page), "</script><script>pwned=1</script>", "the package's name, from the address");
});

// A page of its own: what the policy refuses shows in the console.
{
  const page = await browser.newPage();
  await page.goto(pathToFileURL(path.join(folder, "shop.html")).href);
  const refused = await page.evaluate(async () => {
    const list = [];
    document.addEventListener("securitypolicyviolation", (e) => list.push(e.effectiveDirective));
    await fetch("https://example.invalid/").catch(() => {});
    const image = document.createElement("img");
    image.src = "https://example.invalid/a.png";
    document.body.append(image);
    const style = document.createElement("style");
    style.textContent = "body { color: red }";
    document.body.append(style);
    try {
      document.body.innerHTML = "<i>markup</i>";
      list.push("markup was taken");
    } catch {
      list.push("markup was refused");
    }
    await new Promise((done) => setTimeout(done, 100));
    return list;
  });
  const missing = ["connect-src", "img-src", "style-src-elem", "markup was refused"].filter((d) => !refused.includes(d));
  tell({ name: "the policy refuses requests, styles and markup", error: missing.length ? `not refused: ${missing}; refused: ${refused}` : "" });
  await page.close();
}

// Half a minute of axe: by default, each kind of page is held to it in some of
// the looks, so that every look is there. FEATHERPACK_LONG=1 tries them all.
const looks = ["light 1280", "light 600", "dark 1280", "dark 600"];
const inShort = { comparison: ["light 1280", "dark 600"], history: ["dark 600"], "cold starts": ["dark 1280"], "no baseline": ["light 600"] };
const long = process.env.FEATHERPACK_LONG === "1";

async function eachLook(kind, name, report, options, body) {
  for (const look of looks.filter((l) => long || inShort[kind].includes(l))) {
    const [colorScheme, width] = look.split(" ");
    await test(`${name}, ${colorScheme}, ${width} pixels wide`, report, { colorScheme, viewport: { width: Number(width), height: 900 }, ...options }, async (page) => {
      await body(page, `${colorScheme}-${width}`);
      equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "the page scrolls sideways");
    });
  }
}

await eachLook("comparison", "accessible", "heavy-import", {}, async (page, look) => {
  await accessible(page);
  await shoot(page, "comparison-" + look);
  await press(page, "googleapis@");
  await page.fill("#search", "zod");
  await page.locator("#as-table summary").click();
  for (const summary of await page.locator("#causes summary").all()) await summary.click();
  await accessible(page);
});

await eachLook("cold starts", "accessible cold starts", "cold-start", { hash: "#f=api-00" }, async (page, look) => {
  await accessible(page);
  await shoot(page, "cold-start-" + look);
  await page.selectOption("#function-pick", { label: "api-01" });
  await accessible(page);
  await shoot(page, "cold-start-measured-" + look);
});

await eachLook("history", "accessible history", "recorded", { hash: "#f=orders" }, async (page, look) => {
  await page.locator(".panel summary").last().click();
  await accessible(page);
  await shoot(page, "history-" + look);
});

await test("the flame chart of a profile, by click and by keyboard", "profile/orders", {}, async (page) => {
  const names = () => page.locator(".frame").allTextContents();
  equal((await names()).map((n) => n.split(",")[0]), ["orders", "(own code)", "zod@4.0.0", "(finding"], "the bars");
  holds((await names())[2], "zod@4.0.0, 30.0 ms, 68%, itself 30.0 ms, ±1.00 ms", "what a bar says");
  holds(await page.locator("#sum").innerText(), "add up to 44.0 ms ±2.00 ms", "the sum");
  holds(await page.locator("#sum").innerText(), "loads in 40.0 ms ±1.00 ms: the bars are 10.0% more", "the difference");
  holds(await page.locator("#small").innerText(), "1 bar too narrow to draw", "what is not drawn");
  await page.locator(".frame").nth(2).click();
  equal(await page.locator("#crumbs [aria-current]").innerText().then((t) => t.split(" ")[0]), "zod@4.0.0", "the place");
  await page.locator(".frame").nth(2).focus();
  await page.keyboard.press("ArrowUp");
  holds(await page.evaluate(() => document.activeElement.textContent), "(own code)", "what is above");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  equal(await page.locator("#crumbs li").count(), 1, "the place after Escape");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  holds(await page.evaluate(() => document.activeElement.textContent), "(finding, reading", "what is beside");
  await page.locator("#level-switch").getByText("modules").click();
  holds((await names()).join("|"), "zod/parse.js", "the modules");
  equal(await page.locator("#times tbody tr").count(), 4, "rows of the table");
  holds(await page.locator("#times").innerText(), "noise", "the noise");
  await page.fill("#search", "parse");
  equal(await page.locator("#times tbody tr").count(), 1, "rows that the search finds");
  await page.getByRole("button", { name: "node_modules/zod/parse.js" }).click();
  holds(await page.locator("#crumbs").innerText(), "node_modules/zod/index.js", "the way to it");
  equal(await page.evaluate(() => window.pwned), undefined, "what ran");
  await accessible(page);
});

await eachLook("history", "accessible profile", "profile/orders", {}, async (page, look) => {
  await accessible(page);
  await shoot(page, "profile-" + look);
});

await eachLook("no baseline", "accessible without a baseline", "shop", {}, async (page, look) => {
  await accessible(page);
  await shoot(page, "functions-" + look);
  await page.selectOption("#function-pick", { label: "twice" });
  await press(page, "tslib@2.6.2");
  await accessible(page);
  await page.selectOption("#function-pick", { label: "refunds" });
  await accessible(page);
});

await test("without scripts the headline is there, and what is missing is said", "heavy-import", { unopened: true, javaScriptEnabled: false }, async (page, url) => {
  await page.goto(url);
  holds(await page.locator("h1").innerText(), "3 budgets are broken", "the headline");
  holds(await page.locator("noscript").innerText(), "scripts are turned off here", "the note");
});

await test("paper is white and has room for the table", "recorded", { colorScheme: "dark", viewport: { width: 720, height: 1000 } }, async (page) => {
  await page.getByRole("button", { name: "Use light colours" }).click();
  await page.getByRole("button", { name: "Use dark colours" }).click();
  await page.emulateMedia({ media: "print" });
  equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)", "the ground");
  equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "the page is wider than the paper");
  equal(await page.evaluate(() => getComputedStyle(document.querySelector(".tile")).printColorAdjust), "exact", "the colours of tiles");
});

await test("the flame chart prints with its whole table", "profile/orders", { colorScheme: "dark", viewport: { width: 720, height: 1000 } }, async (page) => {
  await page.emulateMedia({ media: "print" });
  equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)", "the ground");
  equal(await page.evaluate(() => getComputedStyle(document.getElementById("times")).maxHeight), "none", "the end of the table");
  equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "the page is wider than the paper");
});

await test("the theme button wins over the system", "shop", { colorScheme: "dark" }, async (page) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.getByRole("button", { name: "Use light colours" }).click();
  const light = await ground();
  if (dark === light) throw new Error("the colours stay: " + dark);
  await page.reload();
  equal(await ground(), light, "the colours after a reload");
});

// How much a page made the browser do. Times are told and never asserted: they are the
// machine's. The counts are the page's, and grow with whatever is drawn, or laid out again, for
// each function.
async function done(client) {
  const { metrics } = await client.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

await test("2,000 functions open without drawing each", "many", { unopened: true }, async (page, url) => {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  const from = Date.now();
  await page.goto(url);
  await page.waitForSelector(".tile");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const loaded = await page.evaluate(() => Math.round(performance.getEntriesByType("navigation")[0].loadEventEnd));
  const opened = Date.now() - from;
  const opening = await done(client);
  const elements = await page.evaluate(() => document.getElementsByTagName("*").length);
  const switching = Date.now();
  await page.selectOption("#function-pick", { label: "function-1234" });
  await page.waitForFunction(() => document.querySelector("#crumbs").innerText.includes("function-1234"));
  await press(page, "package-");
  holds(await inspector(page), "why it is included", "the inspector");
  const switched = Date.now() - switching;
  const rows = page.locator("#functions-scroll tbody tr");
  await rows.last().scrollIntoViewIfNeeded();
  await page.waitForFunction((n) => document.querySelectorAll("#functions-scroll tbody tr").length > n, await rows.count());
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  equal(await rows.count(), 2000, "the rows on paper");
  const filtering = Date.now();
  await page.fill("#functions-filter", "function-19");
  holds(await page.locator("#functions-count").innerText(), "100 of 2,000", "what the filter leaves");
  tell({ note: `2,000 functions: ${(fs.statSync(path.join(folder, "many.html")).size / 1048576).toFixed(1)} MiB, loaded and drawn by its script in ${loaded} ms, seen from outside in ${opened} ms, ${Math.round(1000 * opening.TaskDuration)} ms of a processor, ${elements} elements, ${opening.Nodes} nodes, ${opening.LayoutCount} layouts, ${opening.RecalcStyleCount} styles, ${(opening.JSHeapUsedSize / 1048576).toFixed(1)} MiB of heap, another function and its chain in ${switched} ms, filtered in ${Date.now() - filtering} ms` });
  if (elements > 10000) throw new Error(`${elements} elements are drawn to open it`);
});

await browser.close();
