"use strict";
// Reports what a function does, one line of JSON for each thing: the files it opens or
// looks for, the modules it loads, the variables it reads, the programs it starts. It
// is loaded before the runtime client, in worker threads and child processes too.
const childProcess = require("node:child_process");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { fileURLToPath } = require("node:url");

const { openSync, readFileSync, statSync, writeSync } = fs;
const { root, task, production } = JSON.parse(readFileSync(path.join(__dirname, "watch.json"), "utf8"));
let pipe;
try {
  pipe = openSync(path.join(__dirname, "journal"), "w");
} catch {
  // Nobody wants to know.
}
const reported = new Set();
const finder = /^\.pnp\.(c?js|loader\.mjs)$/; // Yarn's Plug'n'Play, which finds packages
const longest = 4096; // a longer line could mix with another process's

function report(what, name, at) {
  const key = `${what} ${name}`;
  if (pipe === undefined || reported.has(key)) return;
  const { File, Line, Column } = at();
  if (what === "variable" && !File) return; // the runtime client reads it
  if (finder.test(path.basename(File ?? "")) || finder.test(path.basename(name))) return;
  reported.add(key);
  const line = Buffer.from(`${JSON.stringify({ What: what, Name: name, File, Line, Column })}\n`);
  if (line.length <= longest) writeSync(pipe, line);
}

// caller is the code outside of Node and of this folder that is running now.
function caller() {
  const { prepareStackTrace, stackTraceLimit } = Error;
  let sites;
  try {
    Error.stackTraceLimit = 40;
    Error.prepareStackTrace = (_, list) => list;
    sites = new Error().stack;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
  if (!Array.isArray(sites)) return {};
  for (const site of sites) {
    let file = site.getFileName();
    if (!file || file.startsWith("node:") || file.startsWith("internal/")) continue;
    if (file.startsWith("file:")) file = fileURLToPath(file);
    if (file === __filename) continue;
    if (path.dirname(file) === __dirname) return {};
    return { File: file, Line: site.getLineNumber() ?? 0, Column: site.getColumnNumber() ?? 0 };
  }
  return {};
}

const code = new Set([".js", ".mjs", ".cjs"]);
const loading = new Set();

// look reports a path that code is about to open, and seek one that it only asks about.
const look = (given) => note(given, true);
const seek = (given) => note(given, false);

function note(given, opens) {
  let file = given;
  try {
    if (file instanceof URL) file = fileURLToPath(file);
    else if (Buffer.isBuffer(file)) file = file.toString();
    if (typeof file !== "string") return;
    file = path.resolve(file);
    if (!file.startsWith(`${root}/`) && !file.startsWith(`${task}/`) || loading.has(file)) return;
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found) return report("wanted", file, caller);
    if (!opens || !found.isFile()) return;
    const at = caller();
    report(!at.File && code.has(path.extname(file)) ? "module" : "opened", file, () => at);
  } catch {
    // The call itself will say what is wrong with the path.
  }
}

// replace puts a function in front of a method. It keeps the method's own properties.
function replace(object, method, before) {
  const original = object[method];
  if (typeof original !== "function") return;
  const replaced = function (...args) {
    before.apply(this, args);
    return Reflect.apply(original, this, args);
  };
  Object.defineProperties(replaced, Object.getOwnPropertyDescriptors(original));
  object[method] = replaced;
}

for (const method of ["open", "openSync", "readFile", "readFileSync", "copyFile", "copyFileSync"]) replace(fs, method, look);
for (const method of ["open", "readFile", "copyFile"]) replace(fs.promises, method, look);
const asking = ["access", "exists", "lstat", "opendir", "readdir", "stat"];
for (const method of asking) {
  replace(fs, method, seek);
  replace(fs, `${method}Sync`, seek);
  replace(fs.promises, method, seek);
}

const { load } = Module.prototype;
Module.prototype.load = function (filename) {
  report("module", filename, caller);
  loading.add(filename);
  try {
    return Reflect.apply(load, this, [filename]);
  } finally {
    loading.delete(filename);
  }
};

const started = (file) => report("program", path.basename(String(file)), caller);
replace(childProcess.ChildProcess.prototype, "spawn", (options) => started(options?.file));
for (const method of ["spawnSync", "execFileSync"]) replace(childProcess, method, started);
replace(childProcess, "execSync", () => started("sh"));

let copying; // a variable whose descriptor was read: somebody copies all of them
process.env = new Proxy(process.env, {
  get(variables, name) {
    const value = variables[name];
    if (typeof name !== "string") return value;
    const copied = copying === name;
    copying = undefined;
    if (production && name === "NODE_ENV" && value === undefined) {
      if (caller().File?.includes("/node_modules/")) return "production";
    }
    if (!copied && name in variables) report("variable", name, caller);
    return value;
  },
  set(variables, name, value) {
    variables[name] = value; // by Reflect.set it would be defined on the proxy, which process.env refuses
    return true;
  },
  getOwnPropertyDescriptor(variables, name) {
    copying = name;
    return Reflect.getOwnPropertyDescriptor(variables, name);
  },
});

Module.syncBuiltinESMExports();
