const { validate: metaValidate, getSchema: metaGetSchema } = core_1.default.prototype;
const metaKeywords = ["$schema", "$id", "$ref", "title", "definitions", "type", "properties", "default", "format", "items", "minItems", "uniqueItems", "enum", "allOf", "anyOf", "minimum", "exclusiveMinimum", "additionalProperties", "propertyNames"];
const metaRules = new WeakMap();
const isText = (v) => typeof v == "string";
const isFlag = (v) => typeof v == "boolean";
const isCount = (v) => Number.isInteger(v) && v >= 0;
const isObject = (v) => typeof v == "object" && v !== null && !Array.isArray(v);
const isPlain = (v) => v === null || isText(v) || isFlag(v) || Number.isFinite(v);
const isType = (v) => ["array", "boolean", "integer", "null", "number", "object", "string"].includes(v);
const isList = (is, least, unique) => (v) => {
  if (!Array.isArray(v) || v.length < least || (unique && new Set(v).size < v.length)) return false;
  for (let i = 0; i < v.length; i++) if (!is(v[i])) return false;
  return true;
};
const isMap = (is) => (v) => {
  if (!isObject(v)) return false;
  for (const key in v) if (!is(v[key])) return false;
  return true;
};
const isSchema = (v) => isFlag(v) || (isObject(v) && metaChecks.every(([key, is]) => v[key] === undefined || is(v[key])));
const isSchemas = isList(isSchema, 1);
const isTexts = isList(isText, 0, true);
const isEither = (a, b) => (v) => a(v) || b(v);
const metaChecks = Object.entries({
  $id: isText, $schema: isText, $ref: isText, $comment: isText, title: isText, description: isText, readOnly: isFlag, examples: Array.isArray,
  multipleOf: (v) => Number.isFinite(v) && v > 0, maximum: Number.isFinite, exclusiveMaximum: Number.isFinite, minimum: Number.isFinite, exclusiveMinimum: Number.isFinite,
  maxLength: isCount, minLength: isCount, pattern: isText, additionalItems: isSchema, items: isEither(isSchema, isSchemas), maxItems: isCount, minItems: isCount, uniqueItems: isFlag,
  contains: isSchema, maxProperties: isCount, minProperties: isCount, required: isTexts, additionalProperties: isSchema, definitions: isMap(isSchema), properties: isMap(isSchema),
  patternProperties: isMap(isSchema), dependencies: isMap(isEither(isSchema, isTexts)), propertyNames: isSchema, enum: isList(isPlain, 1, true), type: isEither(isType, isList(isType, 1, true)),
  format: isText, contentMediaType: isText, contentEncoding: isText, if: isSchema, then: isSchema, else: isSchema, allOf: isSchemas, anyOf: isSchemas, oneOf: isSchemas, not: isSchema,
});
const isPlainly = (ajv, schema) => {
  const { opts, RULES } = ajv, meta = ajv.schemas[META_SCHEMA_ID], rules = metaRules.get(ajv), { $schema } = schema;
  return rules !== undefined && meta !== undefined && meta.schema === draft7MetaSchema && !meta.validate && opts.meta === true && (opts.schemaId === undefined || opts.schemaId === "$id") && !opts.code.process && !opts.code.source &&
    ($schema === META_SCHEMA_ID || $schema === META_SCHEMA_ID + "#" || ($schema === undefined && (opts.defaultMeta === undefined || opts.defaultMeta === META_SCHEMA_ID))) &&
    Object.getPrototypeOf(ajv) === Ajv.prototype && ajv.validate === metaValidate && ajv.getSchema === metaGetSchema && ajv.defaultMeta === Ajv.prototype.defaultMeta &&
    metaKeywords.every((keyword, i) => RULES.keywords[keyword] && RULES.all[keyword] === rules[i]) && isSchema(schema);
};
