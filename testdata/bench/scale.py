#!/usr/bin/env python3
"""featherpack on a monorepo that grows: time, CPU and memory of a build of 10, 100,
500 and 2,000 Node functions, and of a second one in which nothing has changed.

Usage: testdata/bench/scale.py [--sizes 10,100,500,2000] [--write] [--keep DIR]

The monorepo is made by this script, always the same: services of a hundred functions,
40 packages of the workspace, 200 modules that they share, and six real dependencies.
--write puts the table and the plot into cmd/featherpack/docs. Needs Linux, go, node
and npm.
"""
import argparse, json, os, random, shutil, subprocess
import paired

PACKAGES, MODULES, SERVICE = 40, 200, 100
REAL = {
    "@aws-sdk/client-dynamodb": ('import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb"', "new GetItemCommand({ TableName: key, Key: {} }).input.TableName"),
    "zod": ('import { z } from "zod"', "z.string().parse(key)"),
    "lodash": ('import pick from "lodash/pick"', "pick({ key }, ['key']).key"),
    "uuid": ('import { v5 } from "uuid"', "v5(key, v5.URL)"),
    "date-fns": ('import { formatISO } from "date-fns"', "formatISO(key.length)"),
    "jose": ('import { decodeJwt } from "jose"', "typeof decodeJwt"),
}


def module(n, choose, imports):
    """A module of about 1 kB: what it imports, a table, a class and a function."""
    lines = [f'import {{ run as f{i} }} from "{name}";' for i, name in enumerate(imports)]
    lines.append("const table: Record<string, number> = {" + ", ".join(f"key{choose.randrange(1000)}_{i}: {choose.randrange(10**6)}" for i in range(24)) + "};")
    lines.append(f"export class Store{n} {{ private seen = new Map<string, number>();\n  add(key: string) {{ this.seen.set(key, (this.seen.get(key) ?? 0) + 1); return this.seen.get(key)!; }} }}")
    calls = " + ".join([f"f{i}(key)" for i in range(len(imports))] + [f"(table[key] ?? {n})"])
    lines.append(f"const store = new Store{n}();\nexport const run = (key: string): number => store.add(key) + {calls};\nexport const unused{n} = (key: string) => JSON.stringify(table) + key;")
    return "\n".join(lines) + "\n"


def monorepo(folder, functions):
    """Writes the monorepo with so many functions and installs its packages."""
    choose = random.Random(1)
    for n in range(MODULES):
        below = [f"./m{i}" for i in sorted(choose.sample(range(n), min(n, choose.randrange(3))))]
        put(f"{folder}/shared/m{n}.ts", module(n, choose, below))
    for n in range(PACKAGES):
        put(f"{folder}/packages/p{n}/package.json", json.dumps({"name": f"@mono/p{n}", "version": "1.0.0", "main": "src/index.ts", "sideEffects": False}))
        uses = [f"../../../shared/m{i}" for i in sorted(choose.sample(range(MODULES), 4))] + ([f"@mono/p{choose.randrange(n)}"] if n else [])
        put(f"{folder}/packages/p{n}/src/index.ts", module(n, choose, uses))
    for start in range(0, functions, SERVICE):
        numbers = range(start, min(start + SERVICE, functions))
        service = f"{folder}/services/s{start // SERVICE:02d}"
        put(f"{service}/serverless.yml", f"service: s{start // SERVICE:02d}\nprovider: {{name: aws, runtime: nodejs22.x, architecture: arm64}}\npackage: {{individually: true}}\nfunctions:\n"
            + "".join(f"  fn{n:04d}: {{handler: src/fn{n:04d}.handler}}\n" for n in numbers))
        for n in numbers:
            put(f"{service}/src/fn{n:04d}.ts", function(n, random.Random(n)))
    put(f"{folder}/package.json", json.dumps({"name": "mono", "private": True, "workspaces": ["packages/*"], "dependencies": paired.PACKAGES}))
    put(f"{folder}/tsconfig.json", '{"compilerOptions": {"strict": true, "target": "es2022", "module": "esnext", "moduleResolution": "bundler"}}\n')
    if not os.path.exists(f"{folder}/node_modules"):
        subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)


def function(n, choose):
    """A handler with two packages of the workspace, two modules and three dependencies."""
    own = [f"@mono/p{i}" for i in choose.sample(range(PACKAGES), 2)] + [f"../../../shared/m{i}" for i in choose.sample(range(MODULES), 2)]
    real = choose.sample(sorted(REAL), 3)
    lines = [f'import {{ run as r{i} }} from "{name}";' for i, name in enumerate(own)] + [REAL[name][0] + ";" for name in real]
    used = ", ".join([f"r{i}(key)" for i in range(len(own))] + [REAL[name][1] for name in real])
    return "\n".join(lines) + f'\nexport const handler = async (event: {{ key?: string }}) => {{\n  const key = event.key ?? "function-{n}";\n  return [{used}];\n}};\n'


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    paired.write(path, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10,100,500,2000")
    parser.add_argument("--write", action="store_true", help="write the table and the plot into the docs")
    parser.add_argument("--keep", help="folder to work in and keep")
    options = parser.parse_args()
    rows = []
    with paired.workplace(options.keep) as (work, binary):
        folder = f"{work}/mono"
        for size in map(int, options.sizes.split(",")):
            shutil.rmtree(f"{folder}/services", ignore_errors=True)
            monorepo(folder, size)
            shutil.rmtree(f"{folder}/.featherpack", ignore_errors=True)
            shutil.rmtree(f"{work}/cache", ignore_errors=True)
            build = [binary, "build", "--cache", f"{work}/cache", "--quiet", folder]
            cold = paired.run(build, folder)
            paired.run(build, folder)  # files must be some seconds old before their digests are remembered
            unchanged = paired.run(build, folder)
            report = f"{folder}/.featherpack/report.json"
            html = f"{work}/report.html"
            page = paired.run([binary, "report", report, "-o", f"html={html}"], folder)
            rows.append((size, cold, os.path.getsize(report), os.path.getsize(html), unchanged))
            print(f"{size:5} functions  wall {cold.wall:6.1f} s  CPU {cold.cpu:6.1f} s ({cold.cpu / size * 1000:.0f} ms each)  peak {cold.peak:5.0f} MiB"
                  f"  report {rows[-1][2] / 1e6:.1f} MB  page {rows[-1][3] / 1e6:.1f} MB, {page.cpu:.1f} s of CPU, {page.peak:.0f} MiB"
                  f"  unchanged: wall {unchanged.wall:.2f} s  CPU {unchanged.cpu:.2f} s ({unchanged.cpu / cold.cpu:.3f}x)  peak {unchanged.peak:.0f} MiB", flush=True)
    if options.write:
        docs = f"{paired.TOP}/cmd/featherpack/docs"
        text = open(f"{docs}/scale.md").read()
        start, end = "<!-- generated: scale -->\n", "<!-- end of generated -->"
        head, rest = text.split(start, 1)
        paired.write(f"{docs}/scale.md", head + start + table(rows) + end + rest.split(end, 1)[1])
        paired.write(f"{docs}/scale.svg", plot(rows))


def table(rows):
    lines = ["| functions | CPU | CPU a function | peak memory | unchanged: CPU | peak memory | report.json | HTML page |", "|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for size, cold, report, page, unchanged in rows:
        lines.append(f"| {size:,} | {cold.cpu:.1f} s | {cold.cpu / size * 1000:.0f} ms | {cold.peak:.0f} MiB | {unchanged.cpu:.2f} s | {unchanged.peak:.0f} MiB | {report / 1e6:.1f} MB | {page / 1e6:.1f} MB |")
    return "\n".join(lines) + "\n"


def plot(rows):
    """CPU and peak memory over the number of functions, each on an axis of its own from zero."""
    width, height, left, top, inner = 680, 300, 92, 24, 220
    sizes = [row[0] for row in rows]
    right = width - 64
    across = lambda n: left + (right - left) * n / max(sizes)
    def line(values, unit, style, at_left):
        most = max(values)
        points = [(across(n), top + inner - inner * v / most) for n, v in zip(sizes, values)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="{style} f"/>' for x, y in points)
        x, anchor = (left - 6, "end") if at_left else (right + 6, "start")
        return (f'<polyline points="{path}" class="{style}"/>{dots}'
                f'<text x="{x}" y="{top + 4}" text-anchor="{anchor}" class="{style} t">{most:.0f} {unit}</text>')
    ticks = "".join(f'<text x="{across(n):.1f}" y="{top + inner + 18}" text-anchor="middle">{n:,}</text>' for n in sizes if n >= max(sizes) / 25)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="CPU time and peak memory of a build over the number of functions">'
            "<style>text{font:12px system-ui,sans-serif;fill:#59636e}polyline{fill:none;stroke-width:2}.c{stroke:#0550ae}.m{stroke:#9a3412}.t{stroke:none}.c.f,.c.t{fill:#0550ae}.m.f,.m.t{fill:#9a3412}.a{stroke:#d1d9e0}"
            "@media(prefers-color-scheme:dark){text{fill:#9198a1}.c{stroke:#79c0ff}.m{stroke:#ffa657}.t{stroke:none}.c.f,.c.t{fill:#79c0ff}.m.f,.m.t{fill:#ffa657}.a{stroke:#3d444d}}</style>"
            f'<path d="M{left} {top}V{top + inner}H{right}V{top}" fill="none" class="a"/>'
            + line([row[1].cpu for row in rows], "s of CPU", "c", True) + line([row[1].peak for row in rows], "MiB", "m", False) + ticks
            + f'<text x="{(left + right) / 2}" y="{height - 14}" text-anchor="middle">functions</text></svg>\n')


if __name__ == "__main__":
    main()
