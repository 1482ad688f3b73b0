#!/usr/bin/env python3
"""Measures what loading the functions of testdata/apps/packages costs, before and after
bundling, for the tests and the fit of the projection of cold starts.

Usage: testdata/bench/loads.py [--runs N] [--only NAME]... [--keep DIR] [--binary FILE]

Needs Linux x64, go, node 20, npm and python3. `build --boot` starts the source and the zip
of each function in turn, N pairs of fresh processes. What the projection is made from goes
with the times into reporters/coldstart/testdata/loads.json, ten functions at a time, so that
a run that was cut short can go on with --only. Functions that were not measured stay as they
are. Afterwards, `go test ./reporters/coldstart -run Loads -v` shows the residuals.
"""
import argparse, glob, json, os, shutil, subprocess
import paired

FILE = f"{paired.TOP}/reporters/coldstart/testdata/loads.json"
TOGETHER = 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--only", action="append", help="a function to measure; all without")
    parser.add_argument("--keep", help="folder to work in and keep")
    parser.add_argument("--binary", help="the featherpack that measures, instead of a new one")
    options = parser.parse_args()
    with paired.workplace(options.keep, options.binary) as (work, binary):
        folder = f"{work}/packages"
        if not os.path.exists(folder):
            shutil.copytree(f"{paired.TOP}/testdata/apps/packages", folder, ignore=shutil.ignore_patterns("node_modules", ".featherpack"))
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
        names = options.only or sorted(os.path.splitext(os.path.basename(f))[0] for f in glob.glob(f"{folder}/functions/*.*s"))
        for at in range(0, len(names), TOGETHER):
            record(measure(binary, folder, f"{work}/out", names[at:at + TOGETHER], options.runs))


def measure(binary, folder, out, names, runs):
    """A row for each function whose source and zip both load."""
    only = [f"--only={name}" for name in names]
    # Its status tells of functions that do not load: those have no times.
    subprocess.run([binary, "build", "--quiet", "--boot", f"--runs={runs}", "--sourcemap=none", "--out", out, *only, folder], stdout=subprocess.DEVNULL)
    with open(f"{out}/report.json") as f:
        report = json.load(f)
    for function in report["functions"]:
        boot, given = function.get("boot", {}), function.get("coldStart", {}).get("given", {})
        if not boot.get("sourceMillis") or "before" not in given:
            print(f"{function['id']:24} not measured: {boot.get('reason') or boot.get('status')}", flush=True)
            continue
        row = {"function": function["name"], **given, **{key: [round(ms, 1) for ms in boot[key]] for key in ("sourceMillis", "handlerMillis")}}
        print(f"{row['function']:24} {sorted(row['sourceMillis'])[runs // 2]:7.1f} -> {sorted(row['handlerMillis'])[runs // 2]:7.1f} ms  {boot.get('node')}", flush=True)
        yield row


def record(rows):
    with open(FILE) as f:
        known = {row["function"]: row for row in json.load(f)}
    known.update((row["function"], row) for row in rows)
    lines = [json.dumps(known[name], separators=(",", ":")) for name in sorted(known)]
    paired.write(FILE, "[\n  " + ",\n  ".join(lines) + "\n]\n")


main()
