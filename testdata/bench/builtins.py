#!/usr/bin/env python3
"""What loading Node's own modules costs, for the projection of cold starts.

Usage: testdata/bench/builtins.py [--runs N] NODE...

Each module is required in fresh processes of each Node, in which the modules of Lambda's
own client are loaded already: ms of processor time (user and system), the least of all
runs. What a module loads of the others is taken off, and so is a require that loads
nothing. Writes reporters/coldstart/builtins.json.
"""
import argparse, datetime, json, subprocess
import paired

LOAD = """import 'node:http'
import 'node:path'
import 'node:util'
import { createRequire, builtinModules } from 'node:module'
const require = createRequire(import.meta.url), name = process.argv[1]
if (!name) console.log(JSON.stringify(builtinModules.filter((m) => !/^_|^sys$|^trace_events$|^inspector|^node:/.test(m))))
else {
  const had = new Set(process.moduleLoadList)
  const before = process.cpuUsage()
  require('node:' + name)
  const { user, system } = process.cpuUsage(before)
  const loads = process.moduleLoadList.filter((m) => !had.has(m)).map((m) => m.replace('NativeModule ', ''))
  console.log(JSON.stringify({ ms: (user + system) / 1000, loads }))
}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("nodes", nargs="+")
    options = parser.parse_args()
    table = {"date": datetime.date.today().isoformat(), "nodes": {}}
    for node in options.nodes:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        major = version[1:].split(".")[0]
        table["nodes"][major] = {"version": version, "modules": own(measure(node, options.runs))}
    paired.write(f"{paired.TOP}/reporters/coldstart/builtins.json", shown(table))


def measure(node, runs):
    ask = lambda *name: json.loads(subprocess.run([node, "--input-type=module", "-e", LOAD, *name], capture_output=True, text=True, check=True).stdout)
    found = {}
    names = ask()
    for _ in range(runs):
        for name in names:
            got = ask(name)
            one = found.setdefault(name, got)
            one["ms"] = min(one["ms"], got["ms"])
    return found


def own(found):
    """The costs without those of what a module loads, of modules that cost something."""
    floor = sorted(one["ms"] for one in found.values())[len(found) // 4]
    costs = {}
    for name, one in sorted(found.items(), key=lambda item: (len(item[1]["loads"]), item[0])):
        loads = [m for m in one["loads"] if m in found and m != name]
        rest = one["ms"] - floor - sum(costs[m]["ms"] for m in loads if m in costs)
        costs[name] = {"ms": max(0.0, round(rest, 1)), "loads": loads}
    worth = {n for n, c in costs.items() if c["ms"] or any(costs.get(m, {"ms": 0})["ms"] for m in c["loads"])}
    for name in worth:
        costs[name]["loads"] = sorted(m for m in costs[name]["loads"] if m in worth)
    return {n: {k: v for k, v in costs[n].items() if v} for n in sorted(worth)}


def shown(table):
    lines = ['{', f'  "date": "{table["date"]}",', '  "nodes": {']
    for i, (major, node) in enumerate(table["nodes"].items()):
        rows = ",\n".join(f"      {json.dumps(name)}: {json.dumps(cost)}" for name, cost in node["modules"].items())
        lines.append(f'    "{major}": {{"version": "{node["version"]}", "modules": {{\n{rows}\n    }}}}' + ("," if i + 1 < len(table["nodes"]) else ""))
    return "\n".join(lines + ["  }", "}"]) + "\n"


if __name__ == "__main__":
    main()
