#!/usr/bin/env python3
"""featherpack against its peers on 100 small Node functions that share six
real dependencies: wall time, CPU time, peak memory and zip bytes, as ratios of
paired runs.

Usage: testdata/bench/node.py [--functions N] [--pairs N] [--keep DIR]

Needs Linux, go, node, npm, zip and python3. Packages come from npm by exact version.
"""
import glob, os
import paired

TOOLS = {"esbuild": "0.28.2", "osls": "4.3.1", "serverless-esbuild": "1.57.2"}
PLUGIN = "plugins: [serverless-esbuild]\ncustom: {esbuild: {bundle: true, minify: true, exclude: [], concurrency: 4, zipConcurrency: 2}}\n"
# The CLI gets the settings featherpack uses, module-first included, so that
# bytes are compared at equal settings; both make no source maps here.
CLI = """set -e
rm -rf cli && mkdir -p cli
for n in %s; do
  node_modules/@esbuild/*/bin/esbuild src/$n.ts --bundle --minify --platform=node --target=node20 --charset=utf8 \\
    --legal-comments=none --main-fields=module,main --define:process.env.NODE_ENV='"production"' \\
    --log-level=error --outfile=cli/$n/src/$n.js
  (cd cli/$n && zip -9 -q -X -r ../$n.zip src)
done"""


def zips(pattern):
    return {os.path.basename(p): os.path.getsize(p) for p in glob.glob(pattern)}


def main():
    options = paired.arguments(__doc__)
    with paired.workplace(options.keep) as (work, binary):
        folder = f"{work}/service"
        names = paired.sources(folder, options.functions, TOOLS)
        paired.write(f"{folder}/serverless.yml", paired.serverless(names))
        paired.write(f"{folder}/peer.yml", paired.serverless(names) + PLUGIN)
        samples = paired.sample({
            "featherpack": lambda: paired.run([binary, "build", "--sourcemap=none", "--quiet", "--config", "serverless.yml"], folder),
            "esbuild CLI + zip -9": lambda: paired.run(["bash", "-c", CLI % " ".join(names)], folder),
            "serverless-esbuild": lambda: paired.run(["npx", "--no-install", "osls", "package", "--config", "peer.yml"], folder,
                                                     {"SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off", "CI": "1"}),
        }, options.pairs)
        ours = zips(f"{folder}/.featherpack/*.zip")
        print(f"\nfeatherpack as a ratio of its peers, {len(ours)} functions, median of {options.pairs} pairs")
        for name, left in (("esbuild CLI + zip -9", "cli"), ("serverless-esbuild", ".serverless")):
            theirs = zips(f"{folder}/{left}/*.zip")
            common = sorted(set(ours) & set(theirs))
            size = sum(ours[z] for z in common) / sum(theirs[z] for z in common)
            print(f"  to {name:22} {paired.ratios(samples['featherpack'], samples[name])}  zip bytes {size:.4f} ({len(common)} zips)")
        print(f"  peak memory of featherpack: {max(cost.peak for cost in samples['featherpack']):.0f} MiB")


main()
