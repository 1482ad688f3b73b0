#!/usr/bin/env python3
"""featherpack's zips against nft's traces of the same functions: every function
of testdata/apps/packages, native addons first.

Usage: testdata/bench/nft.py [--work DIR]

Needs go, node, npm and python3. Both are zipped at deflate level 9; a trace of
nft is what @vercel/nft lists for the function, nothing else. Ratios below 1
mean that featherpack's zip is smaller.
"""
import argparse, json, os, statistics, subprocess, tempfile, zipfile

NFT = "1.11.5"
TRACER = """
const { nodeFileTrace } = require('@vercel/nft');
const [base, ...entries] = process.argv.slice(2);
(async () => {
  const out = {};
  for (const entry of entries) {
    try {
      const { fileList } = await nodeFileTrace([entry], { base, processCwd: base });
      out[entry] = [...fileList];
    } catch (e) { out[entry] = []; }
  }
  console.log(JSON.stringify(out));
})();
"""


def zipped(base, files, target):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name in files:
            full = os.path.join(base, name)
            if os.path.isfile(full):
                z.write(full, name)
    return os.path.getsize(target)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", help="folder to work in and keep")
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    top = os.path.dirname(os.path.dirname(here))
    app = f"{top}/testdata/apps/packages"
    work = options.work or tempfile.mkdtemp(prefix="featherpack-nft-")
    os.makedirs(work, exist_ok=True)
    subprocess.run(["npm", "install", "--prefix", work, "--no-audit", "--no-fund", "--silent", f"@vercel/nft@{NFT}"], check=True)
    with open(f"{work}/trace.js", "w") as f:
        f.write(TRACER)
    out = f"{work}/out"
    subprocess.run(["go", "run", "./cmd/featherpack", "build", "--install", "--quiet", "--sourcemap=none", "--out", out, app], cwd=top, check=True)
    with open(f"{out}/report.json") as f:
        report = json.load(f)
    functions = [f for f in report["functions"] if f.get("artifact")]
    prefix = os.path.relpath(app, top) + "/"
    entries = [os.path.join(app, f["entry"].removeprefix(prefix)) for f in functions]
    traced = json.loads(subprocess.run(["node", f"{work}/trace.js", app, *entries], check=True, capture_output=True, text=True).stdout)
    rows = []
    for f, entry in zip(functions, entries):
        native = any(e["name"].endswith(".node") for e in f["artifact"]["entries"])
        theirs = zipped(app, traced[entry], f"{work}/nft.zip")
        rows.append((not native, f["id"], f["artifact"]["zipBytes"], theirs, len(traced[entry])))
    rows.sort()
    print(f"{'function':28} {'featherpack':>12} {'nft':>12} {'ratio':>6}")
    for other, name, ours, theirs, _ in rows:
        print(f"{name:28} {ours:12} {theirs:12} {ours / theirs:6.2f}{'' if other else '  native addon'}")
    for label, chosen in (("native addons", [r for r in rows if not r[0]]), ("all", rows)):
        if chosen:
            ratios = [r[2] / r[3] for r in chosen]
            print(f"{label}: {len(chosen)} functions, median ratio {statistics.median(ratios):.3f}, largest {max(ratios):.3f}, sum {sum(r[2] for r in chosen) / sum(r[3] for r in chosen):.3f}")


main()
