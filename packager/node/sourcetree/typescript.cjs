"use strict";
// Compiles files with the project's own TypeScript, each to an ES module of the
// newest syntax. Its arguments are in the file beside it; each line it prints is one
// compiled file.
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

const root = process.env.LAMBDA_TASK_ROOT;
const { files, whole, tsconfig } = JSON.parse(fs.readFileSync(path.join(__dirname, "request.json"), "utf8"));
const ts = createRequire(path.join(root, files[0]))("typescript");
const configs = new Map();

// optionsFor are the options of the nearest tsconfig.json, with the output's form set.
function optionsFor(file) {
  const config = tsconfig ? path.join(root, tsconfig) : ts.findConfigFile(path.dirname(file), ts.sys.fileExists);
  if (!configs.has(config)) configs.set(config, config ? read(config) : {});
  return configs.get(config);
}

function read(config) {
  const { config: json } = ts.readConfigFile(config, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(json ?? {}, ts.sys, path.dirname(config), undefined, config);
  const newest = ts.ScriptTarget.ES2022;
  const { useDefineForClassFields = (options.target ?? 0) >= newest, experimentalDecorators } = options;
  return {
    ...options, useDefineForClassFields, experimentalDecorators,
    target: newest, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Node10 ?? 2,
    sourceMap: false, inlineSourceMap: true, inlineSources: false, declaration: false, declarationMap: false, composite: false,
    incremental: false, tsBuildInfoFile: undefined, importHelpers: false, noEmitHelpers: false, noEmit: false, emitDeclarationOnly: false,
    noEmitOnError: false, outDir: undefined, outFile: undefined, rootDir: undefined, removeComments: false, preserveConstEnums: true,
    skipLibCheck: true, ignoreDeprecations: options.ignoreDeprecations,
  };
}

const print = (file, code) => process.stdout.write(`${JSON.stringify({ File: file, Code: code })}\n`);
const absolute = files.map((file) => path.join(root, file));

if (whole) {
  const program = ts.createProgram(absolute.concat(declarations(root)), optionsFor(absolute[0]));
  absolute.forEach((file, i) => {
    program.emit(program.getSourceFile(file), (name, text) => {
      if (/\.[cm]?js$/.test(name)) print(files[i], text);
    });
  });
} else {
  absolute.forEach((file, i) => {
    const text = fs.readFileSync(file, "utf8");
    print(files[i], ts.transpileModule(text, { fileName: file, compilerOptions: optionsFor(file) }).outputText);
  });
}

// declarations are the .d.ts files of the project itself.
function declarations(dir) {
  return fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(dir, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" || entry.name.startsWith(".") ? [] : declarations(name);
    return name.endsWith(".d.ts") ? [name] : [];
  });
}
