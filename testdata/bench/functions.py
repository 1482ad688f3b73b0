#!/usr/bin/env python3
"""featherpack against esbuild, rolldown, rspack, webpack, bun and ncc on functions
of one common package each: does the zip answer, how large is it, what CPU does loading
it cost, and what does building it cost.

Usage: testdata/bench/functions.py [--only NAME]... [--again TOOL]... [--keep DIR] [--write]

Needs Linux x64, go, node, npm, zip, unzip and python3. The functions are those of
testdata/bench/functions, whose packages are not in the sample services, and JavaScript
functions of testdata/apps/packages. The tools come from npm by the lockfile of
testdata/bench/peers. peers.py compares the functions in TypeScript.

Every tool minifies and writes no source map. The output of all tools but featherpack is
zipped with zip -9; featherpack's zip is as it was built, by default and with
--compress=best, which hooks use. A zip answers if, unpacked into
an empty folder with the packages out of reach, it gives the same answer as the source.
Load CPU is the smaller of two runs of import() in a fresh Node. Build CPU is that of one
function alone, with the tool's start. Results are kept with --keep DIR, so that a run
that was cut short goes on. --write puts the table into cmd/featherpack/docs/peers.md.
"""
import argparse, datetime, glob, json, os, platform, re, shutil, subprocess, sys
import paired

PAGE = f"{paired.TOP}/cmd/featherpack/docs/peers.md"
COMMON = ["zod", "effect", "graphql-yoga", "apollo-server", "supabase", "lib-dynamodb", "powertools-logger", "fastify", "firebase-auth"]
SDK = ["aws-ec2", "aws-dynamodb", "aws-s3", "aws-sqs"]
KEPT = ["pino", "typescript", "firestore", "pug", "sentry", "bullmq", "vm2"]
OTHERS = ["ajv", "axios", "cheerio", "date-fns", "drizzle", "express", "got", "graphql", "handlebars", "hono", "ioredis", "jose", "jsonwebtoken",
          "koa", "kysely", "lodash", "luxon", "markdown-it", "middy", "moment", "mongodb", "mongoose", "mysql2", "nodemailer", "openai", "pdf-lib",
          "pg", "puppeteer-core", "rxjs", "slack", "stripe", "undici", "uuid", "winston", "yup"]
FUNCTIONS = COMMON + SDK + KEPT + OTHERS
OURS = {"featherpack": [], "featherpack best": ["--compress=best"]}
LIMIT = 120  # seconds until a build counts as one that never ends

ASK = """import fs from 'node:fs'
import { pathToFileURL } from 'node:url'
const [file, proof] = process.argv.slice(2)
const before = process.cpuUsage()
const loaded = await import(pathToFileURL(file))
const { user, system } = process.cpuUsage(before)
const handler = loaded.handler ?? loaded.default?.handler
const { event } = fs.existsSync(proof) ? JSON.parse(fs.readFileSync(proof)) : { event: {} }
const answer = await handler(event, { awsRequestId: '1', getRemainingTimeInMillis: () => 3000 })
fs.writeSync(3, JSON.stringify({ load: (user + system) / 1000, answer }))
process.exit(0)
"""
ENVIRONMENT = {
    "STAGE": "dev", "LOG_LEVEL": "silent", "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "ASIAPLACEHOLDER00000", "AWS_SECRET_ACCESS_KEY": "placeholder",
    "AWS_LAMBDA_FUNCTION_NAME": "bench", "NODE_ENV": "production", "PATH": os.environ["PATH"], "TZ": ":UTC",
}
WEBPACK = """const { %(name)s } = require('%(package)s')
const [entry, dir] = process.argv.slice(2)
%(name)s({ mode: 'production', target: 'node20', devtool: false, entry, output: { path: dir, filename: 'index.js', library: { type: 'commonjs2' } } }, (err, stats) => {
  if (err || stats.hasErrors()) { console.error(err ?? stats.toString('errors-only')); process.exit(1) }
})
"""
ROLLDOWN = """import { rolldown } from 'rolldown'
const [input, dir] = process.argv.slice(2)
const bundle = await rolldown({ input, platform: 'node', logLevel: 'silent', transform: { target: 'node20' } })
await bundle.write({ dir, format: 'cjs', minify: true, codeSplitting: false, entryFileNames: 'index.js' })
"""
ESBUILD = ["--bundle", "--minify", "--platform=node", "--target=node20", "--log-level=error"]


class Failed(Exception):
    pass


class Bench:
    """The two projects with their packages, and the tools."""

    def __init__(self, work, binary):
        self.work, self.binary = work, binary
        for name, source in (("functions", "testdata/bench/functions"), ("packages", "testdata/apps/packages"), ("peers", "testdata/bench/peers")):
            folder = f"{work}/{name}"
            if not os.path.exists(folder):
                shutil.copytree(f"{paired.TOP}/{source}", folder, ignore=shutil.ignore_patterns("node_modules", ".featherpack"))
            if not os.path.exists(f"{folder}/node_modules"):
                subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
        tools = f"{work}/peers"
        paired.write(f"{tools}/webpack.cjs", WEBPACK % {"name": "webpack", "package": "webpack"})
        paired.write(f"{tools}/rspack.cjs", WEBPACK % {"name": "rspack", "package": "@rspack/core"})
        paired.write(f"{tools}/rolldown.mjs", ROLLDOWN)
        paired.write(f"{work}/ask.mjs", ASK)
        bin = f"{tools}/node_modules"
        bun = glob.glob(f"{bin}/@oven/bun-linux-x64/bin/bun")[0]
        self.tools = {
            "esbuild": lambda i, o: [f"{bin}/@esbuild/linux-x64/bin/esbuild", i, *ESBUILD, f"--outfile={o}/index.js"],
            "esbuild tuned": lambda i, o: [f"{bin}/@esbuild/linux-x64/bin/esbuild", i, *ESBUILD, f"--outfile={o}/index.js", "--main-fields=module,main",
                                           "--legal-comments=none", "--define:process.env.NODE_ENV=\"production\""],
            "rolldown": lambda i, o: ["node", f"{tools}/rolldown.mjs", i, o],
            "rspack": lambda i, o: ["node", f"{tools}/rspack.cjs", i, o],
            "webpack": lambda i, o: ["node", f"{tools}/webpack.cjs", i, o],
            "bun": lambda i, o: [bun, "build", i, "--target=node", "--format=cjs", "--minify", "--outfile", f"{o}/index.js"],
            "ncc": lambda i, o: ["node", f"{bin}/@vercel/ncc/dist/ncc/cli.js", "build", i, "--minify", "--quiet", "--out", o],
        }

    def source(self, name):
        """The project of a function and its entry, which may be named after the function or after a package."""
        for project, folder in (("functions", f"{self.work}/functions"), ("packages", f"{self.work}/packages/functions")):
            found = sorted(glob.glob(f"{folder}/{name}.*js"))
            if found:
                return f"{self.work}/{project}", found[0]
        raise SystemExit(f"there is no function {name}")

    def measure(self, name, tool):
        project, entry = self.source(name)
        out, zip = f"{self.work}/out", f"{self.work}/out.zip"
        shutil.rmtree(out, ignore_errors=True)
        if os.path.exists(zip):
            os.remove(zip)
        relative = os.path.relpath(entry, project)
        if tool in OURS:
            paired.write(f"{project}/bench.yaml", f"functions: {{{name}: {{entry: {relative}, runtime: nodejs20.x}}}}\n")
            cost = self.run([self.binary, "build", "--quiet", "--sourcemap=none", *OURS[tool], "--config", "bench.yaml", "--out", ".featherpack"], project)
            os.replace(f"{project}/.featherpack/{name}.zip", zip)
        else:
            os.makedirs(out)
            cost = self.run(self.tools[tool](entry, out), project)
            subprocess.run(["zip", "-9", "-q", "-X", "-r", zip, "."], cwd=out, check=True)
        return {"bytes": os.path.getsize(zip), "build": round(cost.cpu, 2), **self.ask(name, project, zip, stem=relative if tool in OURS else "index.js")}

    def run(self, command, folder):
        try:
            return paired.run(["timeout", str(LIMIT)] + command, folder)
        except SystemExit as failed:
            raise Failed(str(failed)) from None

    def ask(self, name, project, zip, stem):
        """Unpacks a zip, moves the packages away, and loads and asks the function twice."""
        task = f"{self.work}/task"
        shutil.rmtree(task, ignore_errors=True)
        subprocess.run(["unzip", "-q", zip, "-d", task], check=True)
        stem = f"{task}/{os.path.splitext(stem)[0]}"
        found = [f"{stem}.{end}" for end in ("js", "cjs", "mjs") if os.path.exists(f"{stem}.{end}")] + glob.glob(f"{task}/index.*js")
        os.rename(f"{project}/node_modules", f"{project}/away")
        try:
            runs = [self.answer(found[0], name, task) for _ in range(2)]
        except IndexError:
            return {"why": "there is no handler"}
        except Failed as failed:
            return {"why": str(failed)}
        finally:
            os.rename(f"{project}/away", f"{project}/node_modules")
        return {"load": min(r["load"] for r in runs), "answer": runs[0]["answer"]}

    def answer(self, file, name, folder):
        proof = f"{self.work}/packages/proofs/{name}.json"
        read, write = os.pipe()
        try:
            ran = subprocess.run(["bash", "-c", f'exec node --no-warnings "$@" 3>&{write}', "node", f"{self.work}/ask.mjs", file, proof], cwd=folder, env=ENVIRONMENT,
                                 pass_fds=[write], capture_output=True, text=True, timeout=60)
        except subprocess.TimeoutExpired as late:
            raise Failed(str(late)) from None
        finally:
            os.close(write)
        with os.fdopen(read) as f:
            text = f.read()
        if ran.returncode or not text:
            raise Failed(ran.stderr or ran.stdout or "no answer")
        return json.loads(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", help="a function to measure; all without")
    parser.add_argument("--again", action="append", default=[], help="a tool whose kept results do not count")
    parser.add_argument("--keep", help="folder to work in and keep")
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    options = parser.parse_args()
    with paired.workplace(options.keep) as (work, binary):
        bench, kept, results = Bench(work, binary), f"{work}/results.json", {}
        if os.path.exists(kept):
            with open(kept) as f:
                results = {name: {tool: row for tool, row in rows.items() if tool not in options.again} for name, rows in json.load(f).items()}
        for name in options.only or FUNCTIONS:
            rows = results.setdefault(name, {})
            project, entry = bench.source(name)
            if "source" not in rows:
                rows["source"] = bench.answer(entry, name, project)
            for tool in [*OURS, *bench.tools]:
                if tool not in rows:
                    try:
                        rows[tool] = bench.measure(name, tool)
                    except Failed as failed:
                        rows[tool] = {"why": str(failed)[-400:]}
                    paired.write(kept, json.dumps(results))
                row = rows[tool]
                print(f"{name:20} {tool:16} {row.get('bytes', 0):9} load {row.get('load', 0):6.0f} ms  build {row.get('build', 0):6.1f} s  "
                      f"{'answers' if answers(rows, tool) else 'FAILS: ' + reason(row.get('why', 'another answer'))}", flush=True)
        text = table(list(bench.tools), results)
        print("\n" + text)
        if options.write:
            with open(PAGE) as f:
                page = f.read()
            paired.write(PAGE, re.sub(r"(<!-- generated: peerFunctions -->\n).*?(<!-- end of generated -->)", lambda m: m[1] + text + m[2], page, flags=re.S))


def reason(text):
    """The line of an output that says what went wrong, shortened."""
    lines = [line.strip() for line in text.split("\n") if line.strip() and len(line) < 300]
    return ([line for line in lines if re.search(r"error|cannot|not found", line, re.I)] or lines or ["no message"])[0][:120]


def answers(rows, tool):
    return "answer" in rows.get(tool, {}) and rows[tool]["answer"] == rows["source"].get("answer")


def table(tools, results):
    every = [*OURS, *tools]
    commit = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=paired.TOP, capture_output=True, text=True).stdout.strip()
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    with open(f"{paired.TOP}/testdata/bench/peers/package.json") as f:
        pinned = json.load(f)["dependencies"]
    out = [f"Measured {datetime.date.today():%d %B %Y} at commit {commit} on Linux {platform.machine()}, {os.cpu_count()} cores, Node {version}: "
           + ", ".join(f"{n} {v}" for n, v in sorted(pinned.items())) + ".", "", "Zip bytes, the smallest that answers in bold; a dash where none answers:", "",
           "| function | " + " | ".join(every) + " |", "|---|" + "---:|" * len(every)]
    names = [n for n in FUNCTIONS if n in results]
    for name in names:
        rows = results[name]
        sizes = {t: rows[t]["bytes"] for t in every if t in rows and answers(rows, t)}
        best = min(sizes.values(), default=0)
        out.append(f"| {name} | " + " | ".join("–" if t not in sizes else f"**{sizes[t]:,}**" if sizes[t] == best else f"{sizes[t]:,}" for t in every) + " |")
    out += ["", "Sums over the functions that both answer, as a share of esbuild's, and of the smallest peer of each:", "",
            "| functions | of esbuild | of the smallest peer | with best | of the smallest peer |", "|---|---:|---:|---:|---:|"]
    for title, group in (("the common kinds", COMMON), ("AWS SDK clients", SDK), ("others", OTHERS), ("kept files", KEPT)):
        out.append(f"| {title} | {share(results, group, ['esbuild'])} | {share(results, group, tools)} |"
                   f" {share(results, group, ['esbuild'], 'featherpack best')} | {share(results, group, tools, 'featherpack best')} |")
    out += ["", "Sums over the functions that every tool of the row and featherpack answer:", "",
            "| tool | answers | zip bytes | load CPU | build CPU |", "|---|---:|---:|---:|---:|"]
    for tool in every:
        both = [n for n in names if answers(results[n], tool) and answers(results[n], "featherpack")]
        ratio = lambda key: sum(results[n][tool][key] for n in both) / max(1e-9, sum(results[n]["featherpack"][key] for n in both))
        out.append(f"| {tool} | {sum(answers(results[n], tool) for n in names)} of {len(names)} | {ratio('bytes'):.2f}x | {ratio('load'):.2f}x | {ratio('build'):.2f}x |")
    return "\n".join(out) + "\n"


def share(results, group, tools, own="featherpack"):
    ours = theirs = count = 0
    for name in group:
        rows = results.get(name, {})
        sizes = [rows[t]["bytes"] for t in tools if t in rows and answers(rows, t)]
        if sizes and answers(rows, own):
            ours, theirs, count = ours + rows[own]["bytes"], theirs + min(sizes), count + 1
    return f"{ours / theirs:.2f}x ({count} of {len(group)})" if count else "–"


main()
