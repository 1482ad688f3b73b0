"use strict";
// Compiles files with the project's own TypeScript, each to an ES module of the
// newest syntax. Its arguments are in the file beside it; each line it prints is one
// compiled file.
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

const root = process.env.LAMBDA_TASK_ROOT;
const { files, tsconfig } = JSON.parse(fs.readFileSync(path.join(__dirname, "request.json"), "utf8"));
const ts = createRequire(path.join(root, files[0]))("typescript");
const parsed = new Map();

function parse(config) {
  if (!parsed.has(config)) {
    const { config: json } = ts.readConfigFile(config, ts.sys.readFile);
    parsed.set(config, ts.parseJsonConfigFileContent(json ?? {}, ts.sys, path.dirname(config), undefined, config));
  }
  return parsed.get(config);
}

// configOf is the tsconfig of a file: the nearest, or the one among its references that
// includes the file, or what the apps of a monorepo extend. It is undefined if there is none.
function configOf(file) {
  if (tsconfig) return path.join(root, tsconfig);
  const nearest = ts.findConfigFile(path.dirname(file), ts.sys.fileExists);
  if (!nearest) return ts.findConfigFile(path.dirname(file), ts.sys.fileExists, "tsconfig.base.json");
  const references = (parse(nearest).projectReferences ?? []).map((one) => ts.resolveProjectReferencePath(one));
  return references.find((one) => ts.sys.fileExists(one) && parse(one).fileNames.some((name) => path.resolve(name) === file)) ?? nearest;
}

// optionsOf are the options of a tsconfig, with the output's form set.
function optionsOf(config) {
  const options = config ? parse(config).options : {};
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
// What is recorded of a type may depend on other files, so they are read as well.
const groups = new Map();
for (const file of files) {
  const config = configOf(path.join(root, file));
  groups.set(config, [...(groups.get(config) ?? []), file]);
}
for (const [config, group] of groups) {
  const absolute = group.map((file) => path.join(root, file));
  const program = ts.createProgram(absolute.concat(declarations(root)), optionsOf(config));
  absolute.forEach((file, i) => {
    program.emit(program.getSourceFile(file), (name, text) => {
      if (/\.[cm]?js$/.test(name)) print(group[i], text);
    });
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
