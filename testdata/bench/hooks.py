#!/usr/bin/env python3
"""`osls package` with featherpack's hook against serverless-esbuild, on one
service of Node functions: wall and CPU time as ratios of paired runs.

Usage: testdata/bench/hooks.py [--functions N] [--pairs N] [--keep DIR]

Needs Linux, go, node, npm and python3. Packages come from npm by exact version. Both
minify for the same target and write no source map; both deflate at their own
level. Every run starts from a clean folder.
"""
import glob, os, shutil, subprocess, sys
import paired

TOOLS = {"esbuild": "0.28.2", "osls": "4.3.1", "serverless-esbuild": "1.57.2"}
PLUGINS = {
    "featherpack": "plugins: [./serverless-featherpack.cjs]\ncustom: {featherpack: {sourcemap: none}}\n",
    "serverless-esbuild": "plugins: [serverless-esbuild]\n"
                          "custom: {esbuild: {bundle: true, minify: true, target: node20, exclude: [], concurrency: 4, zipConcurrency: 2}}\n",
}


def main():
    options = paired.arguments(__doc__)
    with paired.workplace(options.keep) as (work, binary):
        folder = f"{work}/service"
        names = paired.sources(folder, options.functions, TOOLS)
        subprocess.run([binary, "hook", "serverless", "--write", "--force"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        sizes = {}

        def package(name):
            for left in [".serverless", ".featherpack", ".esbuild"]:
                shutil.rmtree(f"{folder}/{left}", ignore_errors=True)
            cost = paired.run(["node", "node_modules/osls/bin/serverless.js", "package", "--config", f"bench-{name}.yml"], folder,
                              {"FEATHERPACK_BINARY": binary, "SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off"})
            zips = glob.glob(f"{folder}/.serverless/*.zip")
            if len(zips) != options.functions:
                sys.exit(f"{name} left {len(zips)} zips, not {options.functions}")
            sizes[name] = sum(map(os.path.getsize, zips))
            return cost

        for name, plugin in PLUGINS.items():
            paired.write(f"{folder}/bench-{name}.yml", paired.serverless(names) + plugin)
        samples = paired.sample({name: lambda name=name: package(name) for name in PLUGINS}, options.pairs)
        print(f"\nosls package with featherpack as a ratio of serverless-esbuild, {options.functions} functions, median of {options.pairs} pairs")
        print(f"  {paired.ratios(*samples.values())}  zip bytes {sizes['featherpack'] / sizes['serverless-esbuild']:.4f}  (aim 0.5)")


main()
