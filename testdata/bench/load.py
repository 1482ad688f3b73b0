#!/usr/bin/env python3
"""What loading the functions of the sample service costs: unbundled, bundled by webpack,
ncc, esbuild and featherpack, and by featherpack with compiled code, on several versions
of Node.

Usage: testdata/bench/load.py [--pairs N] [--keep DIR] [--binary FILE] [--write] [--modes]
       testdata/bench/load.py --settings YAML [--app NAME] [--only GLOB]... [--code] [--nodes N,N]

Needs Linux, go, node, npm, unzip and python3. The copy of testdata/apps/orders runs
on this machine's architecture, and all its functions on one runtime at a time; the
runtimes' own Nodes are those that featherpack downloads. The other tools come from npm by
the lockfile of testdata/bench/peers. esbuild gets --bundle --minify --platform=node, and
--format=esm where the entry needs it. Unbundled means that the function's own TypeScript
is one JavaScript file, and its packages are loaded from node_modules; webpack and ncc
bundle such a file too. ncc runs with --minify and --v8-cache in the runtime's own Node.
With Lambda's flags, V8 would refuse that cache.

A figure is the processor time (user and system) that loading the handler's file as
Lambda does takes in a fresh process, in which the modules of Lambda's own client are loaded
already: the least of all pairs, each of which starts every variant once, in turn.
--modes measures the kinds of compiled code instead, on Node 22: zip bytes against time.
--settings measures what settings of a build do instead, such as 'passes: {json-tables: off}'
or 'format: esm', to time and to zips: the functions of a sample app built with and without
them, --code with compiled code.
--write puts the table into cmd/featherpack/docs/node.md.
"""
import argparse, datetime, glob, hashlib, json, os, platform, re, shutil, subprocess
import paired

VARIANTS = ("unbundled", "webpack", "ncc", "esbuild", "featherpack", "compiled code")
PAGE = f"{paired.TOP}/cmd/featherpack/docs/node.md"
RUNTIMES = ("20", "22", "24")
WEBPACK = """const { webpack } = require('webpack')
const [entry, path, filename, type] = process.argv.slice(2)
webpack({
  mode: 'production', target: 'node20', devtool: false, entry, experiments: { outputModule: type === 'module' },
  output: { path, filename, library: { type } },
}, (err, stats) => {
  if (err || stats.hasErrors()) { console.error(err ?? stats.toString('errors-only')); process.exit(1) }
})
"""
# As Lambda does: below nodejs24.x, it requires what is not an ES module. import() of such
# a file costs more, since Node then looks for the names of its exports.
LOAD = """import 'node:http'
import 'node:path'
import 'node:util'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
const file = process.argv[2], require = createRequire(file)
const before = process.cpuUsage()
if (file.endsWith('.mjs') || parseInt(process.versions.node) >= 24) await import(pathToFileURL(file))
else require(file)
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
    parser.add_argument("--binary", help="the featherpack that builds, instead of a new one")
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    parser.add_argument("--modes", action="store_true", help="compare the kinds of compiled code")
    parser.add_argument("--settings", help="compare builds with and without these settings")
    parser.add_argument("--app", default="orders", help="orders or packages, for --settings")
    parser.add_argument("--only", action="append", default=[], help="functions, for --settings")
    parser.add_argument("--code", action="store_true", help="with compiled code, for --settings")
    parser.add_argument("--nodes", default=",".join(RUNTIMES), help="runtimes, for --settings")
    options = parser.parse_args()
    with paired.workplace(options.keep, options.binary) as (work, binary):
        paired.write(f"{work}/load.mjs", LOAD)
        if options.settings:
            return settings(work, binary, options)
        folder = service(work)
        if options.modes:
            name, text = "loadModes", modes(work, folder, binary, options.pairs)
        else:
            rows = {}
            for runtime in RUNTIMES:
                for function, variants in build(work, folder, binary, runtime).items():
                    rows.setdefault(function, {})[runtime] = least = measure(work, runtime, variants, options.pairs)
                    print(f"Node {runtime} {function:18} " + "  ".join(f"{v} {ms:.1f} ms" for v, ms in least.items()), flush=True)
            name, text = "load", table(rows, options.pairs)
        print("\n" + text)
        if options.write:
            with open(PAGE) as f:
                page = f.read()
            page = re.sub(rf"(<!-- generated: {name} -->\n).*?(<!-- end of generated -->)", lambda m: m[1] + text + m[2], page, flags=re.S)
            paired.write(PAGE, page)


def measure(work, runtime, variants, pairs):
    """The least milliseconds of each file."""
    least = {}
    for _ in range(pairs + 1):  # the first fills the machine's caches
        for variant, file in variants.items():
            ms = load(work, runtime, file)
            if ms < 0:
                raise SystemExit(f"{file} does not load")
            least[variant] = min(least.get(variant, 1e9), ms)
    return least


def settings(work, binary, options):
    """Prints what settings do to the time that each function takes to load, where they change it."""
    folder = installed(work, options.app)
    cache, labels = ("on", "off")[not options.code], ("without", "with")
    for runtime in options.nodes.split(","):
        files, zips = {}, {}
        for label, more in zip(labels, ("", options.settings)):
            use(folder, runtime, options.app)
            for function, file in pack(folder, binary, f"{work}/settings-{runtime}-{label}", cache, more, options):
                files.setdefault(function["id"], {})[label] = file
                zips.setdefault(function["id"], {})[label] = os.path.getsize(f"{work}/settings-{runtime}-{label}/{function['id']}.zip")
        sums, bytes, loads = dict.fromkeys(labels, 0), dict.fromkeys(labels, 0), {}
        for name, both in sorted(files.items()):
            if len(both) < 2 or same(both.values()) or any(load(work, runtime, file) < 0 for file in both.values()):
                continue
            loads[name] = least = measure(work, runtime, both, options.pairs)
            sums = {label: sums[label] + least[label] for label in labels}
            bytes = {label: bytes[label] + zips[name][label] for label in labels}
            print(f"Node {runtime} {name:24} {least['without']:7.1f} -> {least['with']:7.1f} ms  {least['with'] / least['without']:.2f}  "
                  f"{zips[name]['without']:9,} -> {zips[name]['with']:9,} B", flush=True)
        if loads:
            print(f"Node {runtime} {options.settings}: {len(loads)} of {len(files)} functions differ, {sums['without']:.0f} -> {sums['with']:.0f} ms, "
                  f"{sums['with'] / sums['without']:.3f}, zips {bytes['without']:,} -> {bytes['with']:,} B", flush=True)


def same(files):
    contents = []
    for file in files:
        with open(file, "rb") as f:
            contents.append(f.read())
    return contents[0] == contents[1]


def installed(work, app):
    folder = f"{work}/{app}"
    if not os.path.exists(folder):
        shutil.copytree(f"{paired.TOP}/testdata/apps/{app}", folder, ignore=shutil.ignore_patterns("node_modules", ".featherpack"))
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    return folder


def service(work):
    folder = installed(work, "orders")
    if not os.path.exists(f"{work}/peers/node_modules"):
        shutil.copytree(f"{paired.TOP}/testdata/bench/peers", f"{work}/peers", dirs_exist_ok=True)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=f"{work}/peers", check=True)
    paired.write(f"{work}/peers/load-webpack.cjs", WEBPACK)
    return folder


def use(folder, runtime, app="orders"):
    """Sets the runtime and this machine's architecture."""
    name = "serverless.yml" if app == "orders" else "featherpack.yaml"
    with open(f"{paired.TOP}/testdata/apps/{app}/{name}") as f:
        manifest = f.read()
    machine = "arm64" if platform.machine() == "aarch64" else "x86_64"
    manifest = re.sub(r"arch(itecture)?: \w+", rf"arch\1: {machine}", re.sub(r"nodejs\d+\.x", f"nodejs{runtime}.x", manifest))
    paired.write(f"{folder}/{name}", manifest)


def pack(folder, binary, out, cache, settings="", options=None):
    """The functions of the report and their handlers' files, built with codeCache and settings."""
    shutil.rmtree(out, ignore_errors=True)
    build = f"build: {{{', '.join(filter(None, (f'codeCache: {cache}', 'sourcemap: none', settings)))}}}\n"
    manifest = f"{folder}/featherpack.yaml"
    functions = ""
    if options and options.app != "orders":
        with open(manifest) as f:
            functions = re.sub(r"(?m)^build: .*\n", "", f.read())
    os.path.exists(manifest) and os.remove(manifest)
    paired.write(manifest, functions + build)
    only = [f"--only={glob}" for glob in options.only] if options else []
    subprocess.run([binary, "build", "--quiet", "--out", out, *only, folder], check=True, stdout=subprocess.DEVNULL)
    with open(f"{out}/report.json") as f:
        report = json.load(f)
    for function in report["functions"]:
        zip = f"{out}/{function['id']}.zip"
        subprocess.run(["unzip", "-q", zip, "-d", zip + ".d"], check=True)
        stem = function["handler"].rsplit(".", 1)[0]
        yield function, next(p for end in ("mjs", "cjs", "js") for p in glob.glob(f"{zip}.d/{stem}.{end}"))


def compiled(function):
    return any(s["name"] == "codeCache" for s in function.get("settings", []))


def build(work, folder, binary, runtime):
    """The handler's file of each function and variant, for one runtime."""
    use(folder, runtime)
    found = {}
    # First, since compiling downloads the runtime's own Node, which loads all files.
    with_code = list(pack(folder, binary, f"{work}/compiled-code-{runtime}", "on"))
    for function, file in pack(folder, binary, f"{work}/featherpack-{runtime}", "off"):
        found[function["id"]] = peers(work, folder, runtime, function["id"], function["entry"], module=file.endswith(".mjs"))
        found[function["id"]]["featherpack"] = file
    for function, file in with_code:
        files = found[function["id"]]
        files["compiled code"] = file if compiled(function) else files["featherpack"]  # it ships without
    return {name: {v: files[v] for v in VARIANTS if v in files} for name, files in found.items()}


MODES = ("off", "compiled", "trimmed", "loaded")


def modes(work, folder, binary, pairs):
    """The table of zip bytes and time for each kind of compiled code."""
    runtime, decisions, files, bytes = "22", {}, {}, {}
    use(folder, runtime)
    for mode in MODES:
        for decision in decisions.values():
            decision["mode"] = mode
        paired.write(f"{folder}/featherpack.cache.json", json.dumps({"version": 1, "functions": decisions}))
        for function, file in pack(folder, binary, f"{work}/mode-{mode}", "off" if mode == "off" else "auto"):
            name = function["id"]
            if mode == "off":
                with open(file, "rb") as f:
                    digest = "sha256:" + hashlib.sha256(f.read()).hexdigest()
                decisions[function["name"]] = {"runtime": function["runtime"], "architecture": function["architecture"], "input": digest, "mode": mode, "reason": ""}
            elif not compiled(function):
                files.pop(name, None)
                continue
            if mode == "off" or name in files:
                files.setdefault(name, {})[mode] = file
                bytes.setdefault(name, {})[mode] = os.path.getsize(f"{work}/mode-{mode}/{name}.zip")
    os.remove(f"{folder}/featherpack.cache.json")
    out = [f"Measured {datetime.date.today():%d %B %Y} on Linux {platform.machine()}, {os.cpu_count()} cores, Node {runtime}, the least of {pairs} pairs: KiB of the zip, and ms of "
           "processor time to load it.", "", "| function | off | compiled | trimmed | loaded |", "|---|---:|---:|---:|---:|"]
    sums = {mode: [0, 0] for mode in MODES}
    for name, variants in files.items():
        least = measure(work, runtime, variants, pairs)
        for mode in MODES:
            sums[mode] = [sums[mode][0] + bytes[name][mode], sums[mode][1] + least[mode]]
        out.append(f"| {name} | " + " | ".join(f"{bytes[name][m] / 1024:,.0f} / {least[m]:.1f}" for m in MODES) + " |")
        print(out[-1], flush=True)
    out.append("| all | " + " | ".join(f"{b / 1024:,.0f} / {ms:.0f}" for b, ms in sums.values()) + " |")
    return "\n".join(out) + "\n"


def peers(work, folder, runtime, name, entry, module):
    """The files of a function by all other tools, without those that do not build or do not load."""
    end, format = ("mjs", "esm") if module else ("cjs", "cjs")
    bin, outs, plain = f"{work}/peers/node_modules", f"{work}/peers-{runtime}", f"{folder}/.bench/{name}"
    esbuild = [f"{bin}/.bin/esbuild", "--bundle", "--platform=node", f"--target=node{runtime}", "--log-level=error"]
    banner = "--banner:js=import{createRequire}from'module';import{fileURLToPath}from'url';const require=createRequire(import.meta.url),__filename=fileURLToPath(import.meta.url),__dirname=__filename;"
    command = lambda tool: [node(runtime), f"{bin}/{tool}"]
    builds = {
        "unbundled": (f"{plain}.{end}", [[*esbuild, entry, "--packages=external", f"--format={format}", f"--outfile={plain}.{end}"],
                                         [*esbuild, entry, "--packages=external", "--format=esm", f"--outfile={plain}.js"]]),
        "webpack": (f"{outs}/webpack/{name}.{end}", [[node(runtime), f"{work}/peers/load-webpack.cjs", f"{plain}.js", f"{outs}/webpack", f"{name}.{end}", "module" if module else "commonjs2"]]),
        "ncc": (f"{outs}/ncc/{name}/index.{end if module else 'js'}",
                [[*command("@vercel/ncc/dist/ncc/cli.js"), "build", f"{plain}.{'mjs' if module else 'js'}", "--minify", "--v8-cache", "--quiet", "--out", f"{outs}/ncc/{name}"]]),
        "esbuild": (f"{outs}/esbuild/{name}.{end}", [[*esbuild, entry, "--minify", f"--outfile={outs}/esbuild/{name}.{end}", "--loader:.node=copy",
                                                      *(["--format=esm", banner] if module else [])]]),
    }
    found = {}
    for variant, (file, commands) in builds.items():
        built = os.path.exists(file) or all(subprocess.run(c, cwd=folder, capture_output=True).returncode == 0 for c in commands)
        if built and load(work, runtime, file) >= 0:
            found[variant] = file
    return found


def node(runtime):
    mine = subprocess.run(["node", "-p", "process.versions.node + ' ' + process.execPath"], capture_output=True, text=True).stdout.split()
    if mine[0].split(".")[0] == runtime:
        return mine[1]
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    arch = "arm64" if platform.machine() == "aarch64" else "x64"
    known = [f for f in glob.glob(f"{cache}/featherpack/node/node-linux-{arch}-{runtime}.*") if not f.endswith(".lock")]
    return max(known, key=lambda f: [int(n) for n in f.rsplit("-", 1)[1].split(".")])  # compiled code is for the newest


def load(work, runtime, file):
    """Milliseconds of processor time, -1 if the file does not load."""
    ran = subprocess.run([node(runtime), f"{work}/load.mjs", file], env=ENVIRONMENT, capture_output=True, text=True)
    return float(ran.stdout.split()[-1]) if ran.returncode == 0 and ran.stdout else -1


def table(rows, pairs):
    with open(f"{paired.TOP}/testdata/bench/peers/package.json") as f:
        pinned = json.load(f)["dependencies"]
    out = [f"Measured {datetime.date.today():%d %B %Y} on Linux {platform.machine()}, {os.cpu_count()} cores, the least of {pairs} pairs: ms of processor time. "
           "Unbundled packages; bundles of " + ", ".join(f"{name} {pinned[name]}" for name in ("webpack", "@vercel/ncc", "esbuild"))
           + "; featherpack's; and featherpack's with compiled code. ncc makes compiled code too. A dash means that it does not build or does not load."]
    slower = []
    for runtime in RUNTIMES:
        out += ["", f"| Node {runtime} | " + " | ".join(VARIANTS) + " |", "|---|" + "---:|" * len(VARIANTS)]
        for name, runtimes in rows.items():
            least = runtimes[runtime]
            out.append(f"| {name} | " + " | ".join(f"{least[v]:.0f}" if v in least else "–" for v in VARIANTS) + " |")
            for other in ("unbundled", "esbuild"):
                for own in VARIANTS[-2:]:
                    if least[own] > max(1.05 * least.get(other, 1e9), least.get(other, 1e9) + 1):
                        slower.append(f"{name} on Node {runtime} ({own} {least[own]:.0f}, {other} {least[other]:.0f})")
        shares = []
        for variant in VARIANTS:
            both = [r[runtime] for r in rows.values() if "esbuild" in r[runtime] and variant in r[runtime]]
            shares.append(f"{sum(least[variant] for least in both) / sum(least['esbuild'] for least in both):.2f} ({len(both)})" if both else "–")
        out.append("| as a share of esbuild's, where both load | " + " | ".join(shares) + " |")
    out += ["", "Slower than unbundled or than esbuild's by more than 5% and 1 ms: " + (", ".join(slower) or "none") + "."]
    return "\n".join(out) + "\n"


main()
