#!/usr/bin/env python3
"""What loading the functions of the sample service costs: bundled by esbuild, by
featherpack, and by featherpack with compiled code, on several versions of Node.

Usage: testdata/bench/load.py [--pairs N] [--keep DIR] [--write]

Needs Linux, go, node, npm, unzip and python3. The copy of testdata/apps/orders runs
on this machine's architecture, and all its functions on one runtime at a time; the
runtimes' own Nodes are those that featherpack downloads. esbuild gets --bundle
--minify --platform=node, and --format=esm where the entry needs it.

A figure is the processor time (user and system) that importing the handler's file
takes in a fresh process, in which the modules of Lambda's own client are loaded
already: the least of all pairs, each of which starts every variant once, in turn.
--write puts the table into cmd/featherpack/docs/node.md.
"""
import argparse, datetime, glob, json, os, platform, re, shutil, subprocess
import paired

VARIANTS = ("esbuild", "featherpack", "compiled code")
PAGE = f"{paired.TOP}/cmd/featherpack/docs/node.md"
ESBUILD = "0.28.2"
RUNTIMES = ("20", "22", "24")
LOAD = """import 'node:http'
import 'node:path'
import 'node:util'
import { pathToFileURL } from 'node:url'
const before = process.cpuUsage()
await import(pathToFileURL(process.argv[2]))
const { user, system } = process.cpuUsage(before)
console.log((user + system) / 1000)
process.exit(0)
"""
ENVIRONMENT = {
    "STAGE": "dev", "LOG_LEVEL": "silent", "HOME_REGION": "eu-central-1", "ORDERS_TABLE": "orders-dev", "DATABASE_URL": "https://placeholder.invalid",
    "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "ASIAPLACEHOLDER00000", "AWS_SECRET_ACCESS_KEY": "placeholder",
    "AWS_LAMBDA_FUNCTION_NAME": "orders", "PATH": os.environ["PATH"], "TZ": ":UTC",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--keep", help="folder to work in and keep")
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    options = parser.parse_args()
    with paired.workplace(options.keep) as (work, binary):
        folder = service(work)
        paired.write(f"{work}/load.mjs", LOAD)
        rows = {}
        for runtime in RUNTIMES:
            files = build(work, folder, binary, runtime)
            for name, variants in files.items():
                least = {}
                for _ in range(options.pairs + 1):  # the first fills the machine's caches
                    for variant, file in variants.items():
                        least[variant] = min(least.get(variant, 1e9), load(work, runtime, file))
                rows.setdefault(name, {})[runtime] = least
                print(f"Node {runtime} {name:18} " + "  ".join(f"{v} {ms:.1f} ms" for v, ms in least.items()), flush=True)
        text = table(rows, options.pairs)
        print("\n" + text)
        if options.write:
            with open(PAGE) as f:
                page = f.read()
            page = re.sub(r"(<!-- generated: load -->\n).*?(<!-- end of generated -->)", lambda m: m[1] + text + m[2], page, flags=re.S)
            paired.write(PAGE, page)


def service(work):
    folder = f"{work}/orders"
    if not os.path.exists(folder):
        shutil.copytree(f"{paired.TOP}/testdata/apps/orders", folder, ignore=shutil.ignore_patterns("node_modules", ".featherpack"))
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    if not os.path.exists(f"{work}/peer/node_modules"):
        os.makedirs(f"{work}/peer", exist_ok=True)
        subprocess.run(["npm", "install", "--prefix", f"{work}/peer", "--no-audit", "--no-fund", "--silent", f"esbuild@{ESBUILD}"], check=True)
    return folder


def build(work, folder, binary, runtime):
    """The handler's file of each function and variant, for one runtime."""
    with open(f"{paired.TOP}/testdata/apps/orders/serverless.yml") as f:
        manifest = f.read()
    machine = "arm64" if platform.machine() == "aarch64" else "x86_64"
    manifest = re.sub(r"architecture: \w+", f"architecture: {machine}", re.sub(r"nodejs\d+\.x", f"nodejs{runtime}.x", manifest))
    paired.write(f"{folder}/serverless.yml", manifest)
    found = {}
    for variant in VARIANTS[1:]:
        out = f"{work}/{variant.replace(' ', '-')}-{runtime}"
        shutil.rmtree(out, ignore_errors=True)
        cache = "on" if variant == "compiled code" else "off"
        paired.write(f"{folder}/featherpack.yaml", f"build: {{codeCache: {cache}, sourcemap: none}}\n")
        # --boot-node=auto has the runtime's own Node downloaded, which is used below.
        subprocess.run([binary, "build", "--quiet", "--boot", "--boot-node=auto", "--out", out, folder], check=True, stdout=subprocess.DEVNULL)
        with open(f"{out}/report.json") as f:
            report = json.load(f)
        for function in report["functions"]:
            zip = f"{out}/{function['id']}.zip"
            subprocess.run(["unzip", "-q", zip, "-d", zip + ".d"], check=True)
            stem = function["handler"].rsplit(".", 1)[0]
            found.setdefault(function["id"], {})[variant] = next(p for end in ("mjs", "cjs", "js") for p in glob.glob(f"{zip}.d/{stem}.{end}"))
            entry, compiled = function["entry"], any(s["name"] == "codeCache" for s in function.get("settings", []))
            if cache == "on" and not compiled:
                found[function["id"]][variant] = found[function["id"]]["featherpack"]  # it ships without
            if cache == "off":
                module = found[function["id"]][variant].endswith(".mjs")
                file = f"{work}/esbuild-{runtime}/{function['id']}.{'mjs' if module else 'cjs'}"
                banner = "--banner:js=import{createRequire}from'module';import{fileURLToPath}from'url';const require=createRequire(import.meta.url),__filename=fileURLToPath(import.meta.url),__dirname=__filename;"
                command = [f"{work}/peer/node_modules/.bin/esbuild", entry, "--bundle", "--minify", "--platform=node", f"--target=node{runtime}", f"--outfile={file}",
                           "--log-level=error", "--loader:.node=copy", *(["--format=esm", banner] if module else [])]
                if subprocess.run(command, cwd=folder, stderr=subprocess.DEVNULL).returncode == 0 and load(work, runtime, file) >= 0:
                    found[function["id"]] = {"esbuild": file, **found[function["id"]]}
    return found


def node(runtime):
    mine = subprocess.run(["node", "-p", "process.versions.node + ' ' + process.execPath"], capture_output=True, text=True).stdout.split()
    if mine[0].split(".")[0] == runtime:
        return mine[1]
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    arch = "arm64" if platform.machine() == "aarch64" else "x64"
    return next(f for f in glob.glob(f"{cache}/featherpack/node/node-linux-{arch}-{runtime}.*") if not f.endswith(".lock"))


def load(work, runtime, file):
    """Milliseconds of processor time, -1 if the file does not load."""
    ran = subprocess.run([node(runtime), f"{work}/load.mjs", file], env=ENVIRONMENT, capture_output=True, text=True)
    return float(ran.stdout.split()[-1]) if ran.returncode == 0 and ran.stdout else -1


def table(rows, pairs):
    out = [f"Measured {datetime.date.today():%d %B %Y} on Linux {platform.machine()}, {os.cpu_count()} cores, the least of {pairs} pairs: ms of processor time "
           f"for the bundle of esbuild {ESBUILD}, featherpack's, and featherpack's with compiled code. A dash means that esbuild's bundle does not load.", "",
           "| function | " + " | ".join(f"Node {r}" for r in RUNTIMES) + " |", "|---|" + "---:|" * len(RUNTIMES)]
    for name, runtimes in rows.items():
        cells = [" / ".join(f"{least[v]:.0f}" if v in least else "–" for v in VARIANTS) for least in runtimes.values()]
        out.append(f"| {name} | " + " | ".join(cells) + " |")
    ratios = []
    for runtime in RUNTIMES:
        both = [r[runtime] for r in rows.values() if "esbuild" in r[runtime]]
        sums = [sum(least[v] for least in both) for v in VARIANTS]
        ratios.append(f"1 / {sums[1] / sums[0]:.2f} / {sums[2] / sums[0]:.2f} ({len(both)})")
    out.append("| all that esbuild's loads, as a share of it | " + " | ".join(ratios) + " |")
    return "\n".join(out) + "\n"


main()
