// Compiles a program as the loader of package compiled does, and prints V8's compiled
// code of it. Flags that make the code the same in every run were given to this process;
// V8 would refuse the code under other flags, so they are set back before it is written.
"use strict";
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const { pathToFileURL } = require("node:url");
const vm = require("node:vm");

const { file, program, encoding, imports, load, mark } = JSON.parse(fs.readFileSync(path.join(__dirname, "request.json"), "utf8"));
const script = new vm.Script(fs.readFileSync(program, encoding), {
  filename: file,
  lineOffset: -1,
});
if (load) {
  const module = new Module(file);
  Object.assign(module, { filename: file, paths: Module._nodeModulePaths(path.dirname(file)) });
  Module._cache[file] = module;
  const require = Module.createRequire(file);
  const importFrom = (name) => import(/^(?:node|file|data):/.test(name) ? name : pathToFileURL(require.resolve(name)));
  const made = script.runInThisContext();
  const given = [module.exports, require, module, file, path.dirname(file)];
  Reflect.apply(imports ? made(importFrom) : made, module.exports, given);
}
for (const flag of process.execArgv) {
  v8.setFlagsFromString(flag.startsWith("--no-") ? `--${flag.slice(5)}` : flag.replace(/=.*/, "=0"));
}
const printed = Buffer.from(`\n${mark}${script.createCachedData().toString("base64")}${mark}\n`);
for (let at = 0; at < printed.length; ) {
  try {
    at += fs.writeSync(1, printed, at);
  } catch (error) {
    if (error.code !== "EAGAIN") throw error;
  }
}
process.reallyExit(0);
