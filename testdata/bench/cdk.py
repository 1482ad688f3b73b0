#!/usr/bin/env python3
"""Synthesis of a CDK app of 100 Node functions: featherpack's bundle against
NodejsFunction with esbuild installed beside it, so that no Docker is used. Wall
and CPU time as ratios of paired runs; the aim is 0.25.

Usage: testdata/bench/cdk.py [--functions N] [--pairs N] [--keep DIR]

Needs go, node, npm and python3. Packages come from npm by exact version. Both
apps hold the same functions at the same settings (minified, no source maps, the
SDK bundled, module before main) and start from an empty cdk.out. NodejsFunction
leaves folders that are zipped when the app is deployed; the bundle's assets are
zipped already, so it does more in the time that is measured.
"""
import argparse, json, os, shutil, statistics, subprocess, sys, tempfile, time

PACKAGES = {
    "@aws-sdk/client-dynamodb": "3.1000.0", "zod": "4.1.12", "lodash": "4.17.21",
    "uuid": "11.1.0", "date-fns": "4.1.0", "jose": "6.1.0",
}
TOOLS = {"aws-cdk-lib": "2.276.0", "constructs": "10.8.1", "esbuild": "0.28.2"}
SOURCE = """import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import pick from "lodash/pick";
import { v5 } from "uuid";
import { formatISO } from "date-fns";
import { decodeJwt } from "jose";

const client = new DynamoDBClient({});
const Event = z.object({ id: z.string(), token: z.string().optional() });

export const handler = async (raw: unknown) => {
  const event = Event.parse(raw);
  const subject = event.token ? decodeJwt(event.token).sub : v5("function-%(n)d", v5.URL);
  const found = await client.send(new GetItemCommand({ TableName: "table-%(n)d", Key: { id: { S: event.id } } }));
  return { ...pick(found.Item ?? {}, ["id", "total"]), subject, at: formatISO(0) };
};
"""
HEAD = """const { App, Stack } = require("aws-cdk-lib");
const { Runtime } = require("aws-cdk-lib/aws-lambda");
const names = require("fs").readdirSync("src").map((file) => file.replace(".ts", ""));
const app = new App();
const stack = new Stack(app, "Bench");
"""
APPS = {
    "featherpack": HEAD + """const { FeatherpackBundle } = require("./featherpack-cdk.cjs");
const bundle = new FeatherpackBundle(stack, {
  runtime: Runtime.NODEJS_22_X,
  build: { sourcemap: "none" },
  entries: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
});
for (const name of names) bundle.function(stack, name);
app.synth();
""",
    "NodejsFunction": HEAD + """const { NodejsFunction } = require("aws-cdk-lib/aws-lambda-nodejs");
for (const name of names) {
  new NodejsFunction(stack, name, {
    entry: `src/${name}.ts`,
    runtime: Runtime.NODEJS_22_X,
    bundling: { minify: true, bundleAwsSDK: true, mainFields: ["module", "main"], charset: "utf8" },
  });
}
app.synth();
""",
}


def project(folder, functions):
    os.makedirs(f"{folder}/src")
    for n in range(functions):
        with open(f"{folder}/src/fn{n:03d}.ts", "w") as f:
            f.write(SOURCE % {"n": n})
    with open(f"{folder}/package.json", "w") as f:
        json.dump({"name": "bench", "private": True, "dependencies": PACKAGES, "devDependencies": TOOLS}, f)
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)


def synth(folder, name, binary):
    """Synthesizes one app; returns wall s, CPU s with children, and its assets."""
    out = f"{folder}/{name}.out"
    shutil.rmtree(out, ignore_errors=True)
    start = time.monotonic()
    child = subprocess.Popen(["node", f"{name}.js"], cwd=folder, env={**os.environ, "CDK_OUTDIR": out, "FEATHERPACK_BINARY": binary},
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"{name} failed:\n{errors.decode()[-3000:]}")
    return wall, usage.ru_utime + usage.ru_stime, len([f for f in os.listdir(out) if f.startswith("asset.")])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--keep", help="folder to work in and keep")
    options = parser.parse_args()
    top = subprocess.run(["git", "rev-parse", "--show-toplevel"], check=True, capture_output=True, text=True, cwd=os.path.dirname(os.path.abspath(__file__))).stdout.strip()
    work = options.keep or tempfile.mkdtemp(prefix="featherpack-bench-")
    os.makedirs(work, exist_ok=True)
    folder = f"{work}/app"
    if not os.path.exists(folder):
        project(folder, options.functions)
    binary = f"{work}/featherpack"
    subprocess.run(["go", "build", "-o", binary, "./cmd/featherpack"], cwd=top, check=True)
    subprocess.run([binary, "hook", "cdk", "--write", "--force", folder], check=True, stdout=subprocess.DEVNULL)
    for name, source in APPS.items():
        with open(f"{folder}/{name}.js", "w") as f:
            f.write(source)

    samples = {name: [] for name in APPS}
    for pair in range(options.pairs):
        for name in APPS:
            samples[name].append(synth(folder, name, binary))
            wall, cpu, assets = samples[name][-1]
            print(f"pair {pair + 1}  {name:15} wall {wall:6.1f} s  CPU {cpu:6.1f} s  {assets} assets", flush=True)
            if assets != options.functions:
                sys.exit(f"{name} made {assets} assets of {options.functions} functions")

    ratio = lambda column: statistics.median(a[column] / b[column] for a, b in zip(*samples.values()))
    print(f"\nsynthesis with featherpack as a ratio of NodejsFunction, {options.functions} functions, median of {options.pairs} pairs")
    print(f"  wall {ratio(0):.2f}  CPU {ratio(1):.2f}  (aim 0.25)")
    if not options.keep:
        shutil.rmtree(work)


main()
