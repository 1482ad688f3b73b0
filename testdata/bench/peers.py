#!/usr/bin/env python3
"""featherpack against serverless-esbuild, CDK's NodejsFunction, ncc and webpack
on the sample service testdata/apps/orders: does each zip answer, how large is
it, and what does building cost.

Usage: testdata/bench/peers.py [--pairs N] [--keep DIR] [--write]

Needs Linux, go, node, npm, zip and python3. Packages come from npm by exact
version. All tools minify, write no source map, put the AWS SDK into the zip and
compile for the function's own runtime where they can be told; everything else
is as each tool has it by default; so none but featherpack keeps names of classes. webpack gets the usual configuration for
TypeScript (ts-loader without type checking, path aliases, production mode), and
webpack and CDK are told which two functions need ES modules as output.

A zip answers if, unpacked into an empty folder with the service renamed away,
it gives the answer of testdata/apps/orders/proofs to the event there. A plain
Node script asks, not featherpack. What ncc, webpack and CDK leave is zipped
with zip -9. --write puts the tables into cmd/featherpack/docs/comparison.md.
"""
import argparse, datetime, glob, json, os, re, shutil, statistics, subprocess, sys
import paired

TOOLS = {
    "esbuild": "0.28.2", "osls": "4.3.1", "serverless-esbuild": "1.57.2", "aws-cdk-lib": "2.276.0", "constructs": "10.8.1",
    "@vercel/ncc": "0.45.0", "webpack": "5.113.0", "ts-loader": "9.6.2", "tsconfig-paths-webpack-plugin": "4.2.0",
}
PAGE = f"{paired.TOP}/cmd/featherpack/docs/comparison.md"
ESM = {"authorizer", "deliverySlots"}  # top-level await in the entry
LIMIT = 180  # seconds for each function until a build counts as one that never ends

ASK = """import fs from 'node:fs'
import { pathToFileURL } from 'node:url'
const [file, proof] = process.argv.slice(2)
const { event, answer } = JSON.parse(fs.readFileSync(proof))
const loaded = await import(pathToFileURL(file))
const handler = loaded.handler ?? loaded.default?.handler
const got = await handler(event, { awsRequestId: '1', getRemainingTimeInMillis: () => 3000 })
const sorted = (v) => Array.isArray(v) ? v.map(sorted) : v && typeof v === 'object' ? Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])])) : v
const text = (v) => JSON.stringify(sorted(JSON.parse(JSON.stringify(v ?? null))))
if (text(got) !== text(answer)) { console.error(`answered ${text(got).slice(0, 300)}`); process.exit(1) }
process.exit(0)
"""
ENVIRONMENT = {
    "STAGE": "dev", "LOG_LEVEL": "silent", "HOME_REGION": "eu-central-1", "ORDERS_TABLE": "orders-dev", "DATABASE_URL": "https://placeholder.invalid",
    "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "ASIAPLACEHOLDER00000", "AWS_SECRET_ACCESS_KEY": "placeholder", "AWS_SESSION_TOKEN": "placeholder",
    "AWS_LAMBDA_FUNCTION_NAME": "orders", "PATH": os.environ["PATH"], "TZ": ":UTC",
}

WEBPACK = """const webpack = require('webpack')
const Paths = require('tsconfig-paths-webpack-plugin')
const functions = JSON.parse(process.argv[2])
webpack(functions.map(({ name, source, node, esm }) => ({
  mode: 'production', target: `node${node}`, devtool: false, context: __dirname,
  entry: `./${source}`,
  experiments: { outputModule: esm },
  output: { path: `${__dirname}/webpack.out/${name}`, filename: esm ? 'index.mjs' : 'index.js', library: { type: esm ? 'module' : 'commonjs2' } },
  resolve: { extensions: ['.tsx', '.ts', '.mts', '.mjs', '.js', '.json'], plugins: [new Paths()] },
  module: { rules: [{ test: /\\.m?tsx?$/, loader: 'ts-loader', options: { transpileOnly: true, compilerOptions: { noEmit: false } } }] },
})), (err, stats) => {
  if (err || stats.hasErrors()) { console.error(err ?? stats.toString('errors-only')); process.exit(1) }
})
"""
CDK = """const { App, Stack } = require('aws-cdk-lib')
const { NodejsFunction, OutputFormat } = require('aws-cdk-lib/aws-lambda-nodejs')
const { Runtime } = require('aws-cdk-lib/aws-lambda')
const stack = new Stack(new App(), 'Orders')
for (const { name, source, node, esm } of JSON.parse(process.argv[2])) {
  new NodejsFunction(stack, name, {
    entry: source, handler: 'handler', runtime: new Runtime(`nodejs${node}.x`, 0, { supportsInlineCode: true }),
    bundling: { minify: true, bundleAwsSDK: true, format: esm ? OutputFormat.ESM : undefined },
  })
}
stack.node.root.synth()
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--keep", help="folder to work in and keep")
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    options = parser.parse_args()
    with paired.workplace(options.keep) as (work, binary):
        service = Service(work, binary)
        tools = {"featherpack": service.featherpack, "serverless-esbuild": service.serverless_esbuild, "CDK NodejsFunction": service.cdk,
                 "ncc": service.ncc, "webpack": service.webpack}
        results = {name: service.each(name, build) for name, build in tools.items()}
        built = {name: [f for f in service.functions if results[name][f["name"]]["built"]] for name in tools}
        samples = paired.sample({name: lambda name=name, build=build: build(built[name])[0] for name, build in tools.items()}, options.pairs)
        text = tables(service, results, samples)
        print("\n" + text)
        if options.write:
            with open(PAGE) as f:
                page = f.read()
            page = re.sub(r"(<!-- generated: peers -->\n).*?(<!-- end of generated -->)", lambda m: m[1] + text + m[2], page, flags=re.S)
            paired.write(PAGE, page)


class Service:
    """A copy of the sample service with every tool installed in it."""

    def __init__(self, work, binary):
        self.binary, self.work, self.folder = binary, work, f"{work}/orders"
        self.proofs = f"{paired.TOP}/testdata/apps/orders/proofs"
        if not os.path.exists(self.folder):
            shutil.copytree(f"{paired.TOP}/testdata/apps/orders", self.folder, ignore=shutil.ignore_patterns("node_modules", ".featherpack", "proofs"))
            with open(f"{self.folder}/package.json") as f:
                package = json.load(f)
            package["devDependencies"].update(TOOLS)
            paired.write(f"{self.folder}/package.json", json.dumps(package))
            subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=self.folder, check=True)
        paired.write(f"{self.folder}/webpack.js", WEBPACK)
        paired.write(f"{self.folder}/cdk.js", CDK)
        paired.write(f"{work}/ask.mjs", ASK)
        found = json.loads(subprocess.run([binary, "discover", "--json", self.folder], check=True, capture_output=True).stdout)
        self.functions = [{"name": f["name"], "source": f["entry"], "handler": f["handler"], "esm": f["name"] in ESM,
                           "node": re.search(r"\d+", f["runtime"])[0]} for f in found["functions"]]

    def run(self, functions, command, env=None):
        try:
            return paired.run(["timeout", str(LIMIT * len(functions))] + command, self.folder, {"SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off", "CI": "1", **(env or {})})
        except SystemExit as failed:
            raise Failed(str(failed)) from None

    # Each tool builds some functions and returns what that cost, and a function
    # that gives one function's zip and the handler's file in it.

    def featherpack(self, functions):
        out = self.fresh("featherpack.out")
        only = [word for f in functions for word in ("--only", f["name"])]
        cost = self.run(functions, [self.binary, "build", "--sourcemap=none", "--quiet", "--config", "serverless.yml", "--out", out] + only)
        return cost, lambda f: f"{out}/{f['name']}.zip"

    def serverless_esbuild(self, functions):
        for left in (".serverless", ".esbuild"):
            shutil.rmtree(f"{self.folder}/{left}", ignore_errors=True)
        listed = "".join(f"  {f['name']}: {{handler: {f['handler']}, runtime: nodejs{f['node']}.x}}\n" for f in functions)
        paired.write(f"{self.folder}/peer.yml", "service: orders\nframeworkVersion: '*'\nprovider: {name: aws, runtime: nodejs20.x, region: eu-central-1}\n"
                     "package: {individually: true}\nplugins: [serverless-esbuild]\ncustom: {esbuild: {bundle: true, minify: true, target: node20, exclude: []}}\n"
                     "functions:\n" + listed)
        cost = self.run(functions, ["node", "node_modules/osls/bin/serverless.js", "package", "--config", "peer.yml"])
        return cost, lambda f: f"{self.folder}/.serverless/{f['name']}.zip"

    def cdk(self, functions):
        out = self.fresh("cdk.out")
        cost = self.run(functions, ["node", "cdk.js", json.dumps(functions)], {"CDK_OUTDIR": out})

        def folder(f):
            with open(f"{out}/Orders.template.json") as t:
                resources = json.load(t)["Resources"]
            key = next(r for n, r in resources.items() if r["Type"] == "AWS::Lambda::Function" and n.startswith(f["name"]))["Properties"]["Code"]["S3Key"]
            return self.zipped(f"{out}/asset.{key.removesuffix('.zip')}", f"{out}/{f['name']}.zip")
        return cost, folder

    def ncc(self, functions):
        out = self.fresh("ncc.out")
        script = "\n".join(f"node_modules/.bin/ncc build {f['source']} --minify --transpile-only --quiet --target es2022 --out {out}/{f['name']}" for f in functions)
        cost = self.run(functions, ["bash", "-ec", script])
        return cost, lambda f: self.zipped(f"{out}/{f['name']}", f"{out}/{f['name']}.zip")

    def webpack(self, functions):
        out = self.fresh("webpack.out")
        cost = self.run(functions, ["node", "webpack.js", json.dumps(functions)])
        return cost, lambda f: self.zipped(f"{out}/{f['name']}", f"{out}/{f['name']}.zip")

    def fresh(self, name):
        shutil.rmtree(f"{self.folder}/{name}", ignore_errors=True)
        return f"{self.folder}/{name}"

    def zipped(self, folder, name):
        if not os.path.exists(name):
            subprocess.run(["zip", "-9", "-q", "-X", "-r", name, "."], cwd=folder, check=True)
        return name

    def each(self, tool, build):
        """Builds and asks function by function, so that none stands in another's way."""
        kept, results = f"{self.work}/{tool}.json", {}
        if os.path.exists(kept):  # of a run that was cut short, with --keep
            with open(kept) as f:
                results = json.load(f)
        for f in self.functions:
            if f["name"] in results:
                continue
            result = results[f["name"]] = {"built": False, "bytes": 0, "answers": False, "why": ""}
            try:
                zip = build([f])[1](f)
                result.update(built=True, bytes=os.path.getsize(zip))
                self.ask(f, zip)
                result["answers"] = True
            except (Failed, OSError, StopIteration) as failed:
                result["why"] = str(failed)
            paired.write(kept, json.dumps(results))
            print(f"{tool:20} {f['name']:18} {result['bytes']:9} {'answers' if result['answers'] else 'FAILS: ' + reason(result['why'])}", flush=True)
        return results

    def ask(self, f, zip):
        task, away = f"{self.work}/task", f"{self.work}/away"
        shutil.rmtree(task, ignore_errors=True)
        subprocess.run(["unzip", "-q", zip, "-d", task], check=True)
        stem = f["handler"].rsplit(".", 1)[0]
        files = [p for base in (stem, f"{stem}/index", "index") for end in ("mjs", "cjs", "js") for p in glob.glob(f"{task}/{base}.{end}")]
        os.rename(self.folder, away)
        try:
            ran = subprocess.run(["node", f"{self.work}/ask.mjs", files[0], f"{self.proofs}/{f['name']}.json"], cwd=task, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
        except (IndexError, subprocess.TimeoutExpired) as failed:
            raise Failed(str(failed)) from None
        finally:
            os.rename(away, self.folder)
        if ran.returncode:
            raise Failed(ran.stderr)


class Failed(Exception):
    pass


def reason(text):
    """The line of an output that says what went wrong, shortened."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    telling = [line for line in lines if re.search(r"error|cannot|not found|answered|could not", line, re.I)]
    return (telling or lines or ["no message"])[0][:160]


def tables(service, results, samples):
    ours = results["featherpack"]
    names = [f["name"] for f in service.functions]
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    out = [f"Measured {datetime.date.today():%d %B %Y} on Linux x64, {os.cpu_count()} cores, Node {version}: "
           + ", ".join(f"{name} {TOOLS[name]}" for name in ("serverless-esbuild", "osls", "aws-cdk-lib", "esbuild", "@vercel/ncc", "webpack", "ts-loader")) + ".", "",
           "| tool | builds | zip answers | zip bytes, where both answer | build CPU |", "|---|---:|---:|---:|---:|"]
    for name, result in results.items():
        both = [f for f in names if result[f]["answers"] and ours[f]["answers"]]
        size = sum(result[f]["bytes"] for f in both) / sum(ours[f]["bytes"] for f in both)
        built = sum(result[f]["built"] for f in names)
        cpu = statistics.median(cost.cpu for cost in samples[name])
        out.append(f"| {name} | {built} of {len(names)} | {sum(result[f]['answers'] for f in names)} of {len(names)} "
                   f"| {size:.2f}x ({len(both)} functions) | {cpu:.1f} s for {built} |")
    out += ["", "Zip bytes of each function; a dash where the zip does not answer or there is none:", "",
            "| function | " + " | ".join(results) + " |", "|---|" + "---:|" * len(results)]
    for f in names:
        out.append(f"| {f} | " + " | ".join(f"{r[f]['bytes']:,}" if r[f]["answers"] else "–" for r in results.values()) + " |")
    return "\n".join(out) + "\n"


main()
