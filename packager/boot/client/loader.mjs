// Finds the handler as the Node runtimes of AWS Lambda do. Up to nodejs22.x, the
// file is loaded with require if possible. From nodejs24.x on, it is always
// imported, the default export is searched too, and callback handlers are refused.
//
// Behaviour follows npm aws-lambda-ric 3.3.0 (up to 22) and 4.0.2 (from 24);
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const streaming = Symbol.for("aws.lambda.runtime.handler.streaming");
const highWaterMark = Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark");

// The name must be set on the prototype before an instance exists. Otherwise the
// first line of the stack would not contain it.
const runtimeError = (name) => {
  const type = class extends Error {};
  type.prototype.name = `Runtime.${name}`;
  return type;
};
const CallbackHandlerDeprecated = runtimeError("CallbackHandlerDeprecated");
const HandlerNotFound = runtimeError("HandlerNotFound");
const ImportModuleError = runtimeError("ImportModuleError");
const MalformedHandlerName = runtimeError("MalformedHandlerName");
const MalformedStreamingHandler = runtimeError("MalformedStreamingHandler");
const UserCodeSyntaxError = runtimeError("UserCodeSyntaxError");
export const InvalidStreamingOperation = runtimeError("InvalidStreamingOperation");
export const UnhandledPromiseRejection = runtimeError("UnhandledPromiseRejection");

// load returns {handler, streaming, highWaterMark}, or throws the error that Lambda
// reports as an init error. major is the runtime's major version, not the version
// of the Node that runs. entry is the handler's file in a source tree, where the
// runtime would not look for it.
export async function load(taskRoot, name, major, entry) {
  const [folder, module, keys] = parse(name);
  const loaded = await open(taskRoot, folder, module, major, entry);
  const handler = find(loaded, keys, major);
  if (!handler) throw new HandlerNotFound(`${name} is undefined or not exported`);
  if (typeof handler !== "function") throw new HandlerNotFound(`${name} is not a function`);
  const mark = handler[streaming];
  const streams = mark !== undefined && mark !== null && mark !== false;
  if (streams && mark !== "response") {
    throw new MalformedStreamingHandler("Only response streaming is supported.");
  }
  if (major >= 24 && handler.length >= 3 && !streams) {
    throw new CallbackHandlerDeprecated(
      `nodejs${major}.x does not support callback-based handlers: ${name} takes ${handler.length} arguments`,
    );
  }
  const bytes = Number.parseInt(handler[highWaterMark], 10);
  return { handler, streaming: streams, highWaterMark: Number.isNaN(bytes) ? undefined : bytes };
}

// streamifyResponse is awslambda.streamifyResponse: it only marks the function.
export function streamifyResponse(handler, options) {
  handler[streaming] = "response";
  if (typeof options?.highWaterMark === "number") {
    handler[highWaterMark] = Math.trunc(options.highWaterMark);
  }
  return handler;
}

// parse splits "a/b/index.orders.get" into the folder "a/b/", the module "index"
// and the nested export ["orders", "get"]. A module's name has no dot.
function parse(name) {
  if (name.includes("..")) {
    throw new MalformedHandlerName(`'${name}' is not a valid handler name: it must not contain '..'`);
  }
  const base = path.basename(name);
  const dot = base.indexOf(".");
  if (dot < 0) throw new MalformedHandlerName("Bad handler");
  return [name.slice(0, name.indexOf(base)), base.slice(0, dot), base.slice(dot + 1).split(".")];
}

async function open(taskRoot, folder, module, major, entry) {
  const file = path.resolve(taskRoot, folder, module);
  try {
    if (entry) return await (entry.module || major >= 24 ? import(entry.file) : require(entry.file));
    const loaded = await (major >= 24 ? importing : requiring)(file);
    if (loaded) return loaded;
    return require(require.resolve(module, { paths: [taskRoot, path.join(taskRoot, folder)] }));
  } catch (error) {
    if (error instanceof SyntaxError) {
      const wrapped = new UserCodeSyntaxError(String(error));
      wrapped.stack = error.stack;
      throw wrapped;
    }
    if (error?.code === "MODULE_NOT_FOUND") throw new ImportModuleError(String(error));
    throw error;
  }
}

async function importing(file) {
  for (const extension of ["", ".js", ".mjs", ".cjs"]) {
    if (existsSync(file + extension)) return await import(file + extension);
  }
}

async function requiring(file) {
  if (existsSync(file)) {
    const loaded = require(file);
    if (loaded) return loaded;
  }
  if (existsSync(file + ".js")) {
    const loaded = isModule(path.dirname(file)) ? await import(file + ".js") : require(file + ".js");
    if (loaded) return loaded;
  }
  if (existsSync(file + ".mjs")) return await import(file + ".mjs");
  if (existsSync(file + ".cjs")) return require(file + ".cjs");
}

// isModule reports whether the nearest package.json has "type": "module".
function isModule(folder) {
  for (; !folder.endsWith("/node_modules"); folder = path.dirname(folder)) {
    const manifest = path.join(folder, "package.json");
    if (existsSync(manifest)) {
      try {
        return JSON.parse(readFileSync(manifest, "utf8"))?.type === "module";
      } catch {
        return false;
      }
    }
    if (folder === path.dirname(folder)) break;
  }
  return false;
}

function find(loaded, keys, major) {
  if (major < 24) return keys.reduce((value, key) => value && value[key], loaded);
  const walk = (from) =>
    keys.reduce((value, key) => (value && typeof value === "object" ? value[key] : undefined), from);
  return walk(loaded) || (typeof loaded === "object" && "default" in loaded ? walk(loaded.default) : undefined);
}
