// Compiles a program as the loader of package compiled does, and prints V8's compiled
// code of it. Flags that make the code the same in every run were given to this process;
// V8 would refuse the code under other flags, so they are set back before it is written.
"use strict";
const fs = require("node:fs");
const { Session } = require("node:inspector");
const Module = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const { pathToFileURL } = require("node:url");
const vm = require("node:vm");

const { file, program, encoding, imports, load, least, mark } = JSON.parse(fs.readFileSync(path.join(__dirname, "request.json"), "utf8"));
const text = fs.readFileSync(program, encoding);
const options = { filename: file, lineOffset: -1 };
let script;
if (load && least > 0) {
  // V8 keeps what it compiles by text and place: from another column it is another script.
  const ran = whatRuns(() => run(new vm.Script(text, { ...options, columnOffset: 1 })));
  script = new vm.Script(text, options);
  compileFunctions(script.runInThisContext.bind(script), ran);
} else {
  script = new vm.Script(text, options);
  if (load) run(script);
}

function run(script) {
  const module = new Module(file);
  Object.assign(module, { filename: file, paths: Module._nodeModulePaths(path.dirname(file)) });
  Module._cache[file] = module;
  const require = Module.createRequire(file);
  const importFrom = (name) => import(/^(?:node|file|data):/.test(name) ? name : pathToFileURL(require.resolve(name)));
  const made = script.runInThisContext();
  const given = [module.exports, require, module, file, path.dirname(file)];
  Reflect.apply(imports ? made(importFrom) : made, module.exports, given);
}

// Calls a method of V8's inspector, which answers at once.
function ask(session, method, parameters) {
  let answer;
  session.post(method, parameters, (error, result) => {
    if (error) throw new Error(`${method}: ${error.message}`);
    answer = result;
  });
  return answer;
}

// The places of the functions that run, as V8 counts them.
function whatRuns(act) {
  const session = new Session();
  session.connect();
  ask(session, "Profiler.enable");
  ask(session, "Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  act();
  const { result } = ask(session, "Profiler.takePreciseCoverage");
  ask(session, "Profiler.disable");
  session.disconnect();
  return result
    .filter((script) => script.url.endsWith(file))
    .flatMap((script) => script.functions.map(({ ranges }) => ranges[0]))
    .filter((range) => range.count > 0 && range.endOffset - range.startOffset >= least)
    .map((range) => range.endOffset)
    .sort((a, b) => a - b);
}

// Compiles the functions that end at these places, without running them: V8 does that to
// say where in a function it could stop. evaluate evaluates the program's wrapper only,
// so that the inspector gets to know it.
function compileFunctions(evaluate, ends) {
  const session = new Session();
  let scriptId;
  session.on("Debugger.scriptParsed", ({ params }) => {
    if (params.url.endsWith(file)) scriptId = params.scriptId;
  });
  session.connect();
  ask(session, "Debugger.enable");
  evaluate();
  const lines = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines.push(at + 1);
  let line = 0;
  const position = (at) => {
    while (line + 1 < lines.length && lines[line + 1] <= at) line++;
    return { scriptId, lineNumber: line - 1, columnNumber: at - lines[line] };
  };
  for (const end of ends) {
    if (end >= lines.at(-1)) continue; // the wrapper is compiled already
    ask(session, "Debugger.getPossibleBreakpoints", { start: position(end - 1), end: position(end), restrictToFunction: true });
  }
  ask(session, "Debugger.disable");
  session.disconnect();
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
