#!/usr/bin/env python3
"""Synthesis of a CDK app of 100 Node functions: featherpack's bundle against
NodejsFunction with esbuild installed beside it, so that no Docker is used. Wall
and CPU time as ratios of paired runs; the aim is 0.25.

Usage: testdata/bench/cdk.py [--functions N] [--pairs N] [--keep DIR]

Needs Linux, go, node, npm and python3. Packages come from npm by exact version. Both
apps hold the same functions at the same settings (minified, no source maps, the
SDK bundled, module before main) and start from an empty cdk.out. NodejsFunction
leaves folders that are zipped when the app is deployed; the bundle's assets are
zipped already, so it does more in the time that is measured.
"""
import os, shutil, subprocess, sys
import paired

TOOLS = {"aws-cdk-lib": "2.276.0", "constructs": "10.8.1", "esbuild": "0.28.2"}
HEAD = """const { App, Stack } = require("aws-cdk-lib");
const { Runtime } = require("aws-cdk-lib/aws-lambda");
const names = require("fs").readdirSync("src").map((file) => file.replace(".ts", ""));
const app = new App();
const stack = new Stack(app, "Bench");
"""
APPS = {
    "featherpack": HEAD + """const { FeatherpackBundle } = require("./featherpack-cdk.cjs");
const bundle = new FeatherpackBundle(stack, {
  runtime: Runtime.NODEJS_22_X,
  build: { sourcemap: "none" },
  entries: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
});
for (const name of names) bundle.function(stack, name);
app.synth();
""",
    "NodejsFunction": HEAD + """const { NodejsFunction } = require("aws-cdk-lib/aws-lambda-nodejs");
for (const name of names) {
  new NodejsFunction(stack, name, {
    entry: `src/${name}.ts`,
    runtime: Runtime.NODEJS_22_X,
    bundling: { minify: true, bundleAwsSDK: true, mainFields: ["module", "main"], charset: "utf8" },
  });
}
app.synth();
""",
}


def main():
    options = paired.arguments(__doc__)
    with paired.workplace(options.keep) as (work, binary):
        folder = f"{work}/app"
        paired.sources(folder, options.functions, TOOLS)
        subprocess.run([binary, "hook", "cdk", "--write", "--force", folder], check=True, stdout=subprocess.DEVNULL)
        for name, source in APPS.items():
            paired.write(f"{folder}/{name}.js", source)

        def synth(name):
            out = f"{folder}/{name}.out"
            shutil.rmtree(out, ignore_errors=True)
            cost = paired.run(["node", f"{name}.js"], folder, {"CDK_OUTDIR": out, "FEATHERPACK_BINARY": binary})
            assets = len([f for f in os.listdir(out) if f.startswith("asset.")])
            if assets != options.functions:
                sys.exit(f"{name} made {assets} assets of {options.functions} functions")
            return cost

        samples = paired.sample({name: lambda name=name: synth(name) for name in APPS}, options.pairs)
        print(f"\nsynthesis with featherpack as a ratio of NodejsFunction, {options.functions} functions, median of {options.pairs} pairs")
        print(f"  {paired.ratios(*samples.values())}  (aim 0.25)")


main()
