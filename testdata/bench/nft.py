#!/usr/bin/env python3
"""featherpack's artifacts against nft's traces of the same functions: every
function of testdata/apps/packages, native addons first.

Usage: testdata/bench/nft.py [--work DIR] [--only NAME ...]

Needs go, node, npm, unzip and python3. The files of both are zipped here, sorted and
at the same deflate level, so that only what is shipped is compared. A trace of
nft is what @vercel/nft lists for the function, nothing else, unpacked to a
folder of its own and asked the function's event: a trace that does not answer
as the function should (native code left behind, TypeScript that Node does not
read) is no rival, and is listed as such, like a trace that answers and cannot
do what else the package offers (PROBES). Ratios below 1 mean that featherpack's
is smaller. Exits with 1 when a native-addon function's artifact is larger than
nft's trace of it that runs.
"""
import argparse, json, os, shutil, statistics, subprocess, sys, tempfile, zipfile

NFT = "1.11.5"
# What a package also offers by its "exports", and the event does not ask for.
# Each must run from featherpack's zip, and is tried in nft's trace.
PROBES = {
    "playwright-core": {
        "encodes WebP": "require('playwright-core/lib/coreBundle').utils.encodeWebp({ data: Buffer.alloc(4), width: 1, height: 1 })",
        "serves its trace viewer": """
            require('playwright-core/lib/coreBundle').server.startTraceViewerServer({ allowedFileRoots: () => [] }).then(async s => {
              const page = await fetch(new URL('trace/index.html', s.urlPrefix('precise') + '/'))
              process.exit(page.ok ? 0 : 1)
            })""",
    },
}
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
ASKER = """
const { isDeepStrictEqual } = require('node:util');
const [entry, proof] = process.argv.slice(2);
(async () => {
  const { event, answer } = JSON.parse(require('node:fs').readFileSync(proof, 'utf8'));
  const m = await import(entry);
  const handler = m.handler ?? m.default.handler;
  const got = await new Promise((done, fail) => {
    const p = handler(event, { functionName: 'f', awsRequestId: 'a', getRemainingTimeInMillis: () => 60000 }, (e, v) => e ? fail(e) : done(v));
    if (p && p.then) p.then(done, fail);
  });
  process.exit(isDeepStrictEqual(JSON.parse(JSON.stringify(got)), answer) ? 0 : 1);
})().catch(() => process.exit(1));
"""


def zipped(files, target):
    """files are (name, content) or (name, path) pairs; returns the zip's bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name, content in sorted(files):
            z.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
    return os.path.getsize(target)


def content(path):
    with open(path, "rb") as f:
        return f.read()


def unpacked(app, files, folder):
    """puts the files of a trace into a folder of their own."""
    for name in files:
        os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
        if os.path.islink(f"{app}/{name}"):
            os.symlink(os.readlink(f"{app}/{name}"), f"{folder}/{name}")
        elif os.path.isfile(f"{app}/{name}"):
            shutil.copy2(f"{app}/{name}", f"{folder}/{name}")


def runs(folder, *command):
    """whether Node runs this in a folder away from the source tree."""
    try:
        asked = subprocess.run(["node", *command], cwd=folder, timeout=60, capture_output=True,
                               env={"PATH": os.environ["PATH"], "AWS_REGION": "eu-west-1", "LAMBDA_TASK_ROOT": folder, "NODE_ENV": "production"})
        return asked.returncode == 0
    except subprocess.TimeoutExpired:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", help="folder to work in and keep")
    parser.add_argument("--only", nargs="*", default=[], help="functions to compare")
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    top = os.path.dirname(os.path.dirname(here))
    app = f"{top}/testdata/apps/packages"
    work = options.work or tempfile.mkdtemp(prefix="featherpack-nft-")
    os.makedirs(work, exist_ok=True)
    subprocess.run(["npm", "install", "--prefix", work, "--no-audit", "--no-fund", "--silent", f"@vercel/nft@{NFT}"], check=True)
    for name, text in (("trace.js", TRACER), ("ask.js", ASKER)):
        with open(f"{work}/{name}", "w") as f:
            f.write(text)
    out = f"{work}/out"
    chosen = [word for name in options.only for word in ("--only", name)]
    subprocess.run(["go", "run", "./cmd/featherpack", "build", "--install", "--quiet", "--sourcemap=none", "--out", out, *chosen, app], cwd=top, check=True)
    with open(f"{out}/report.json") as f:
        report = json.load(f)
    functions = [f for f in report["functions"] if f.get("artifact")]
    prefix = os.path.relpath(app, top) + "/"
    entries = [f["entry"].removeprefix(prefix) for f in functions]
    traced = json.loads(subprocess.run(["node", f"{work}/trace.js", app, *(f"{app}/{e}" for e in entries)], check=True, capture_output=True, text=True).stdout)
    rows = []
    for f, entry in zip(functions, entries):
        native = any(e["name"].endswith(".node") for e in f["artifact"]["entries"])
        with zipfile.ZipFile(f"{out}/{f['id']}.zip") as z:
            ours = zipped([(name, z.read(name)) for name in z.namelist()], f"{work}/ours.zip")
        files = traced[f"{app}/{entry}"]
        theirs = zipped([(name, content(f"{app}/{name}")) for name in files if os.path.isfile(f"{app}/{name}") and not os.path.islink(f"{app}/{name}")], f"{work}/nft.zip")
        with tempfile.TemporaryDirectory(prefix="featherpack-nft-") as folder:
            unpacked(app, files, folder)
            why = "" if runs(folder, f"{work}/ask.js", f"{folder}/{entry}", f"{app}/proofs/{f['name']}.json") else "does not run"
            for what, code in PROBES.get(f["id"], {}).items():
                if not why and not runs(folder, "-e", code):
                    why = "runs, and no longer " + what
        for what, code in PROBES.get(f["id"], {}).items():
            with tempfile.TemporaryDirectory(prefix="featherpack-nft-") as folder:
                subprocess.run(["unzip", "-q", f"{out}/{f['id']}.zip", "-d", folder], check=True)
                if not runs(folder, "-e", code):
                    sys.exit(f"featherpack's zip of {f['id']} no longer {what}")
        rows.append((not native, f["id"], ours, theirs, why))
    rows.sort()
    print(f"{'function':28} {'featherpack':>12} {'nft':>12} {'ratio':>7}")
    for other, name, ours, theirs, why in rows:
        kind = "" if other else "  native addon"
        print(f"{name:28} {ours:12} {theirs:12} {ours / theirs:7.3f}{kind}" if not why else f"{name:28} {ours:12} {theirs:12}       -{kind}  nft's trace {why}")
    larger = []
    for label, all_of in (("native addons", [r for r in rows if not r[0]]), ("others", [r for r in rows if r[0]])):
        alive = [r for r in all_of if not r[4]]
        if alive:
            ratios = [r[2] / r[3] for r in alive]
            print(f"{label}: {len(all_of)} functions, nft's trace is whole for {len(alive)}; of these median ratio {statistics.median(ratios):.3f}, largest {max(ratios):.3f}, sum {sum(r[2] for r in alive) / sum(r[3] for r in alive):.3f}")
        if label == "native addons":
            larger = [r[1] for r in alive if r[2] > r[3]]
    print("native-addon functions larger than nft's trace: " + (", ".join(larger) or "none"))
    sys.exit(1 if larger else 0)


main()
