// Compares ajv with a changed dist/ajv.js of it: random schemas, options and changes of an
// instance must have the same answers, errors and logs.
//
//     node meta_schema.cjs AJV-FOLDER CHANGED-FILE SEED SCHEMAS
"use strict";
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { inspect } = require("node:util");

const [folder, changed, seed, schemas] = process.argv.slice(2);
const file = join(folder, "dist/ajv.js");
const Ajv = require(file);
const other = new Module(file);
Object.assign(other, { filename: file, paths: Module._nodeModulePaths(dirname(file)) });
other._compile(readFileSync(changed, "utf8"), file);
const Changed = other.exports;

let state = Number(seed);
const below = (n) => ((state = Math.imul(state, 1103515245) + 12345) >>> 8) % n;
const pick = (list) => list[below(list.length)];

const draft07 = "http://json-schema.org/draft-07/schema";
const values = {
  ...of(["$id", "$ref", "$comment", "title", "description", "format", "contentMediaType", "pattern", "default", "const", "writeOnly", "other"], () => pick(["a", "b"])),
  ...of(["maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"], () => pick([1, -1.5, 0])),
  ...of(["maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"], () => below(3)),
  ...of(["readOnly", "uniqueItems", "nullable"], () => pick([true, false])),
  ...of(["definitions", "properties", "patternProperties"], (depth) => ({ a: schema(depth), b: schema(depth) })),
  ...of(["allOf", "anyOf", "oneOf"], (depth) => [schema(depth), schema(depth)]),
  ...of(["additionalItems", "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not"], (depth) => schema(depth)),
  $schema: () => pick([draft07 + "#", draft07, "http://json-schema.org/schema"]),
  items: (depth) => pick([schema(depth), [schema(depth)]]),
  dependencies: (depth) => ({ a: schema(depth), b: ["x"] }),
  required: () => pick([[], ["a"], ["a", "b"]]),
  enum: () => pick([[1, 2], ["a", null, true], [{ a: 1 }], [NaN]]),
  type: () => pick(["string", "object", "integer", ["string", "null"]]),
  examples: () => [odd()],
  multipleOf: () => pick([1, 0.1]),
};

function of(keywords, value) {
  return Object.fromEntries(keywords.map((keyword) => [keyword, value]));
}

// What is mostly no value of a keyword.
function odd() {
  return pick([
    undefined, null, true, false, 0, -0, 1, -1, 1.5, NaN, Infinity, "", "a", "string", [], ["a"], ["a", "a"], ["string", "null"], ["string", "string"], [1, 1], [1, "1"],
    [0, -0], [undefined], [, 1], [{}], [{}, {}], [true], {}, { a: 1 }, { a: true }, { a: ["x"] }, { a: [] }, { a: undefined }, { a: null }, Object.create({ type: 5 }),
    Object.defineProperty({}, "type", { value: 5 }), new Date(0), () => 1, Symbol.iterator, 10n, new String("a"),
  ]);
}

function schema(depth) {
  if (depth === 0) return pick([true, false, {}, { type: "string" }, { type: "integer" }, odd()]);
  const made = {};
  for (let n = 1 + below(3); n > 0; n--) {
    const keyword = pick(Object.keys(values));
    made[keyword] = below(16) > 0 ? values[keyword](depth - 1) : odd();
  }
  return made;
}

const options = [
  {}, {}, {}, { allErrors: true }, { ownProperties: true }, { strict: false }, { strict: true }, { useDefaults: true, coerceTypes: true, removeAdditional: true }, { $data: true },
  { meta: false }, { meta: { $id: "own", type: "object" } }, { validateSchema: "log" }, { code: { es5: true, optimize: false } }, { inlineRefs: false, verbose: true },
  { strictNumbers: false }, { unevaluated: true, discriminator: true }, { code: { source: true } }, { strictTypes: true, strictTuples: true, strictRequired: true },
  { code: { lines: true } }, { messages: false }, { keywords: ["other"] }, { keywords: ["other", "title"] }, { validateFormats: false }, { defaultMeta: draft07 },
];
const acts = {
  check: (ajv, s) => ajv.validateSchema(s),
  checkOrThrow: (ajv, s) => ajv.validateSchema(s, true),
  add: (ajv, s) => ajv.addSchema(s, "key") === ajv,
  compile: (ajv, s) => {
    const validate = ajv.compile(s);
    return [1, "a", {}, { a: 1 }, [], null].map((value) => [validate(value), validate.errors]);
  },
  again: (ajv, s) => [ajv.validateSchema(s), ajv.validateSchema({ type: "x" }), ajv.errors, ajv.validateSchema(s)],
  afterMeta: (ajv, s) => [ajv.validate(draft07, { type: "x" }), ajv.errors, ajv.validateSchema(s), ajv.getSchema(draft07)(s)],
  otherKeyword: (ajv, s) => ajv.addKeyword({ keyword: "another", validate: () => false }).validateSchema({ ...s, another: 1 }),
  withoutTitle: (ajv, s) => ajv.removeKeyword("title").validateSchema(s),
  withoutType: (ajv, s) => ajv.removeKeyword("type").validateSchema(s),
  ownMinimum: (ajv, s) => ajv.removeKeyword("minimum").addKeyword({ keyword: "minimum", validate: () => false }).validateSchema(s),
  withoutMeta: (ajv, s) => ajv.removeSchema(draft07).validateSchema(s),
  ownMeta: (ajv, s) => ajv.removeSchema(draft07).addMetaSchema({ $id: draft07, not: {} }).validateSchema(s),
  ownValidate: (ajv, s) => Object.assign(ajv, { validate: () => 7 }).validateSchema(s),
  ownGetSchema: (ajv, s) => Object.assign(ajv, { getSchema: () => () => false }).validateSchema(s),
  derived: (ajv, s) => {
    class Derived extends ajv.constructor {
      validate(...given) {
        return [super.validate(...given)];
      }
    }
    return new Derived(ajv.opts).validateSchema(s);
  },
};

function run(Class, given, act, s) {
  const logs = [];
  const log = (...words) => logs.push(words.join(" "));
  let ajv, answer;
  try {
    ajv = new Class({ logger: { log, warn: log, error: log }, ...given });
    answer = act(ajv, s);
  } catch (error) {
    answer = `throws ${error.name}: ${error.message}`;
  }
  const { opts, errors, schemas: known } = ajv ?? {};
  return { seen: inspect({ answer, errors, logs, meta: opts?.defaultMeta }, { depth: 9 }), compiled: known?.[draft07]?.validate !== undefined };
}

let different = 0;
const late = {};
for (let i = 0; i < Number(schemas); i++) {
  const s = below(20) > 0 ? schema(3) : odd();
  const given = pick(options);
  const name = pick(Object.keys(acts));
  const before = run(Ajv, given, acts[name], s);
  const after = run(Changed, given, acts[name], s);
  if (before.seen !== after.seen && different++ < 5) console.log(name, given, inspect(s, { depth: 9 }), before.seen, after.seen);
  if (before.compiled && !after.compiled) late[name] = (late[name] ?? 0) + 1;
}
console.log(`${different} differ; not compiled:`, late);
if (Object.values(late).reduce((sum, n) => sum + n, 0) < schemas / 20) process.exitCode = 1; // it would prove little
for (const name of ["withoutTitle", "withoutType", "ownMinimum", "ownMeta", "derived"]) if (late[name]) process.exitCode = 1;
if (different > 0) process.exitCode = 1;
