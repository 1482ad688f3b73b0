#!/usr/bin/env python3
"""`osls package` with featherpack's hook against serverless-esbuild, on one
service of Node functions: wall and CPU time as ratios of paired runs.

Usage: testdata/bench/hooks.py [--functions N] [--pairs N] [--keep DIR]

Needs Linux, go, node, npm and python3. Packages come from npm by exact version. Both
minify for the same target and write no source map; both deflate at their own
level. Every pair runs each contender once, in turn and from a clean folder, so
that a busy machine weighs on both alike; the ratio is the median over the pairs.
"""
import argparse, ctypes, glob, json, os, shutil, statistics, subprocess, sys, tempfile, time

PACKAGES = {
    "@aws-sdk/client-dynamodb": "3.1000.0", "zod": "4.1.12", "lodash": "4.17.21",
    "uuid": "11.1.0", "date-fns": "4.1.0", "jose": "6.1.0",
}
TOOLS = {"esbuild": "0.28.2", "osls": "4.3.1", "serverless-esbuild": "1.57.2"}
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
PLUGINS = {
    "featherpack": "plugins: [./serverless-featherpack.cjs]\ncustom: {featherpack: {sourcemap: none}}\n",
    "serverless-esbuild": "plugins: [serverless-esbuild]\n"
                          "custom: {esbuild: {bundle: true, minify: true, target: node20, exclude: [], concurrency: 4, zipConcurrency: 2}}\n",
}


def project(folder, functions, binary):
    os.makedirs(f"{folder}/src")
    for n in range(functions):
        with open(f"{folder}/src/fn{n:03d}.ts", "w") as f:
            f.write(SOURCE % {"n": n})
    with open(f"{folder}/package.json", "w") as f:
        json.dump({"name": "bench", "private": True, "dependencies": PACKAGES, "devDependencies": TOOLS}, f)
    lines = ["service: bench", "frameworkVersion: '*'", "provider: {name: aws, runtime: nodejs20.x, region: eu-west-1}",
             "package: {individually: true}", "functions:"]
    lines += [f"  fn{n:03d}: {{handler: src/fn{n:03d}.handler}}" for n in range(functions)]
    for name, plugin in PLUGINS.items():
        with open(f"{folder}/bench-{name}.yml", "w") as f:
            f.write("\n".join(lines) + "\n" + plugin)
    subprocess.run([binary, "hook", "serverless", "--write"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)


def package(name, folder, binary):
    """Packages with one contender; returns wall s and CPU s of all its processes."""
    for left in [".serverless", ".featherpack", ".esbuild"]:
        shutil.rmtree(f"{folder}/{left}", ignore_errors=True)
    env = {**os.environ, "FEATHERPACK_BINARY": binary, "SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off"}
    start = time.monotonic()
    child = subprocess.Popen(["node", "node_modules/osls/bin/serverless.js", "package", "--config", f"bench-{name}.yml"], cwd=folder, env=env,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    errors = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall, cpu = time.monotonic() - start, usage.ru_utime + usage.ru_stime
    if status != 0:
        sys.exit(f"packaging with {name} failed:\n{errors.decode()[-3000:]}")
    while True:  # esbuild's service, which outlives its parent for a moment
        try:
            _, _, usage = os.wait4(-1, 0)
            cpu += usage.ru_utime + usage.ru_stime
        except ChildProcessError:
            return wall, cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--keep", help="folder to work in and keep")
    options = parser.parse_args()
    # Orphans are ours to wait for, so that their CPU time counts (Linux).
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    top = subprocess.run(["git", "rev-parse", "--show-toplevel"], check=True, capture_output=True, text=True, cwd=os.path.dirname(os.path.abspath(__file__))).stdout.strip()
    work = os.path.abspath(options.keep) if options.keep else tempfile.mkdtemp(prefix="featherpack-bench-")
    os.makedirs(work, exist_ok=True)
    folder, binary = f"{work}/service", f"{work}/featherpack"
    subprocess.run(["go", "build", "-o", binary, "./cmd/featherpack"], cwd=top, check=True)
    if not os.path.exists(folder):
        project(folder, options.functions, binary)

    samples, sizes = {name: [] for name in PLUGINS}, {}
    for pair in range(options.pairs):
        for name in PLUGINS:
            samples[name].append(package(name, folder, binary))
            zips = glob.glob(f"{folder}/.serverless/*.zip")
            if len(zips) != options.functions:
                sys.exit(f"{name} left {len(zips)} zips, not {options.functions}")
            sizes[name] = sum(map(os.path.getsize, zips))
            print(f"pair {pair + 1}  {name:20} wall {samples[name][-1][0]:6.1f} s  CPU {samples[name][-1][1]:6.1f} s", flush=True)
    ours, theirs = samples.values()
    ratio = lambda column: statistics.median(a[column] / b[column] for a, b in zip(ours, theirs))
    print(f"\nosls package with featherpack as a ratio of serverless-esbuild, {options.functions} functions, median of {options.pairs} pairs")
    print(f"  wall {ratio(0):.2f}  CPU {ratio(1):.2f}  zip bytes {sizes['featherpack'] / sizes['serverless-esbuild']:.4f}")
    if not options.keep:
        shutil.rmtree(work)


main()
