#!/usr/bin/env python3
"""featherpack against its peers on 100 small Node functions that share six
real dependencies: wall time, CPU time, peak memory and zip bytes, as ratios of
paired runs.

Usage: testdata/bench/node.py [--functions N] [--pairs N] [--keep DIR]

Needs go, node, npm, zip and python3. Packages come from npm by exact version.
Every pair runs each contender once, in turn, so that a busy machine weighs on
both alike; the ratio printed is the median over the pairs.
"""
import argparse, glob, json, os, shutil, statistics, subprocess, sys, tempfile, time

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


def project(folder, functions):
    os.makedirs(f"{folder}/src")
    for n in range(functions):
        with open(f"{folder}/src/fn{n:03d}.ts", "w") as f:
            f.write(SOURCE % {"n": n})
    with open(f"{folder}/package.json", "w") as f:
        json.dump({"name": "bench", "private": True, "dependencies": PACKAGES, "devDependencies": TOOLS}, f)
    lines = ["service: bench", "frameworkVersion: '*'", "provider: {name: aws, runtime: nodejs20.x}",
             "package: {individually: true}", "functions:"]
    lines += [f"  fn{n:03d}: {{handler: src/fn{n:03d}.handler}}" for n in range(functions)]
    plain = "\n".join(lines) + "\n"
    with open(f"{folder}/serverless.yml", "w") as f:
        f.write(plain)
    plugin = "plugins: [serverless-esbuild]\ncustom: {esbuild: {bundle: true, minify: true, exclude: [], concurrency: 4, zipConcurrency: 2}}\n"
    with open(f"{folder}/peer.yml", "w") as f:
        f.write(plain + plugin)
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)


def run(command, cwd, env=None):
    """Runs a command; returns wall s, CPU s with children, peak MiB of its largest process."""
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{command} failed:\n{errors.decode()[-3000:]}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def zips(pattern):
    return {os.path.basename(p): os.path.getsize(p) for p in glob.glob(pattern)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--keep", help="folder to work in and keep")
    options = parser.parse_args()
    top = subprocess.run(["git", "rev-parse", "--show-toplevel"], check=True, capture_output=True, text=True, cwd=os.path.dirname(os.path.abspath(__file__))).stdout.strip()
    work = options.keep or tempfile.mkdtemp(prefix="featherpack-bench-")
    os.makedirs(work, exist_ok=True)
    folder = f"{work}/service"
    if not os.path.exists(folder):
        project(folder, options.functions)
    binary = f"{work}/featherpack"
    subprocess.run(["go", "build", "-o", binary, "./cmd/featherpack"], cwd=top, check=True)

    # The CLI gets the settings featherpack uses, module-first included, so that
    # bytes are compared at equal settings; both make no source maps here.
    script = f"""set -e
rm -rf cli && mkdir -p cli
for n in $(seq -f %03g 0 {options.functions - 1}); do
  node_modules/@esbuild/*/bin/esbuild src/fn$n.ts --bundle --minify --platform=node --target=node20 --charset=utf8 \\
    --legal-comments=none --main-fields=module,main --define:process.env.NODE_ENV='"production"' \\
    --log-level=error --outfile=cli/$n/src/fn$n.js
  (cd cli/$n && zip -9 -q -X -r ../fn$n.zip src)
done"""
    contenders = {
        "featherpack": lambda: run([binary, "build", "--sourcemap=none", "--quiet", "--config", "serverless.yml"], folder),
        "esbuild CLI + zip -9": lambda: run(["bash", "-c", script], folder),
        "serverless-esbuild": lambda: run(["npx", "--no-install", "osls", "package", "--config", "peer.yml"], folder,
                                          {"SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off", "AWS_REGION": "eu-west-1", "CI": "1"}),
    }
    samples = {name: [] for name in contenders}
    for pair in range(options.pairs):
        for name, act in contenders.items():
            samples[name].append(act())
            print(f"pair {pair + 1}  {name:22} wall {samples[name][-1][0]:6.1f} s  CPU {samples[name][-1][1]:6.1f} s  peak {samples[name][-1][2]:6.0f} MiB", flush=True)

    ours = zips(f"{folder}/.featherpack/*.zip")
    print(f"\nfeatherpack as a ratio of its peers, {len(ours)} functions, median of {options.pairs} pairs")
    for name in list(contenders)[1:]:
        ratio = lambda column: statistics.median(a[column] / b[column] for a, b in zip(samples["featherpack"], samples[name]))
        theirs = zips(f"{folder}/cli/*.zip") if "CLI" in name else zips(f"{folder}/.serverless/*.zip")
        common = sorted(set(ours) & set(theirs))
        size = sum(ours[z] for z in common) / sum(theirs[z] for z in common) if common else float("nan")
        print(f"  to {name:22} wall {ratio(0):.2f}  CPU {ratio(1):.2f}  peak memory {ratio(2):.2f}  zip bytes {size:.4f} ({len(common)} zips)")
    print(f"  peak memory of featherpack: {max(s[2] for s in samples['featherpack']):.0f} MiB")
    if not options.keep:
        shutil.rmtree(work)


main()
