package onload

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// lateMetaSchema has the package ajv check schemas without compiling the schema of schemas
// first, which takes half of the time in which a function makes validators.
//
// What it inserts (meta_schema.js) accepts a schema only if every keyword in it has a value
// that the draft-07 meta-schema allows. Whatever it is not sure of, ajv checks as always:
// errors, logs and exceptions are ajv's own. So are all answers where anything that could
// change the check is not as ajv made it: options with another meta-schema or with a function
// that gets the compiled code, keywords of the meta-schema that were removed or replaced,
// methods that were overridden, and classes that are derived from ajv's.
//
// Compiled validators have lower numbers in their names then (validate10), which nothing but
// the stack of an exception in one shows.
//
// The change holds for the texts that it was written for: those of ajv 8.
// Source: validateSchema, getSchema and the constructor in dist/core.js of ajv 8.20.
func lateMetaSchema(m *Module, v View, _ analyzer.Switches) []Change {
	places := placesIn(m.Source, ajvTexts)
	if !strings.HasSuffix("/"+m.File, "/node_modules/ajv/dist/ajv.js") || places == nil {
		return nil
	}
	coreFile, schemaFile := v.Resolve(m.File, "./core"), v.Resolve(m.File, "./refs/json-schema-draft-07.json")
	core := v.Module(coreFile)
	if core == nil || placesIn(core.Source, ajvCoreTexts) == nil || fmt.Sprintf("%x", sha256.Sum256(v.JSON(schemaFile))) != draft07 {
		return nil
	}
	edits := []js.Edit{
		insert(places[0], oneLine(metaSchemaText)+" "),
		insert(places[1]+len(ajvTexts[1]), " metaRules.set(this, metaKeywords.map((keyword) => this.RULES.all[keyword]));"),
		insert(places[2]+len(ajvTexts[2]), " "+oneLine(metaSchemaMethod)),
	}
	return []Change{{Edits: edits, Past: []string{coreFile, schemaFile}}}
}

// hasMetaSchema is a quick search.
func hasMetaSchema(source []byte) bool { return bytes.Contains(source, []byte(ajvTexts[2])) }

//go:embed meta_schema.js
var metaSchemaText string

const metaSchemaMethod = `validateSchema(schema, throwOrLogError) {
  if (!isObject(schema) || !isPlainly(this, schema)) return super.validateSchema(schema, throwOrLogError);
  if (schema.$schema === undefined) this.opts.defaultMeta = META_SCHEMA_ID;
  this.errors = null;
  return true;
}`

// draft07 is the SHA-256 of dist/refs/json-schema-draft-07.json, which all versions of ajv 8
// have.
const draft07 = "f7e8b13cad4fecff9771f3626fef33e20e59027b90938a28fd9d2f6c17cd0773"

// ajvTexts and ajvCoreTexts are what the change relies on, in order.
var (
	ajvTexts = []string{
		"class Ajv extends core_1.default {\n",
		`    _addDefaultMetaSchema() {`,
		`    defaultMeta() {
        return (this.opts.defaultMeta =
            super.defaultMeta() || (this.getSchema(META_SCHEMA_ID) ? META_SCHEMA_ID : undefined));
    }`,
	}
	ajvCoreTexts = []string{
		`const META_IGNORE_OPTIONS = ["removeAdditional", "useDefaults", "coerceTypes"];`,
		"        opts.validateFormats = false;\n",
		"        this._metaOpts = getMetaSchemaOptions.call(this);\n",
		"        this._addVocabularies();\n        this._addDefaultMetaSchema();\n        if (opts.keywords)\n",
		"        opts.validateFormats = formatOpt;\n",
		`    validateSchema(schema, throwOrLogError) {
        if (typeof schema == "boolean")
            return true;
        let $schema;
        $schema = schema.$schema;
        if ($schema !== undefined && typeof $schema != "string") {
            throw new Error("$schema must be a string");
        }
        $schema = $schema || this.opts.defaultMeta || this.defaultMeta();
        if (!$schema) {
            this.logger.warn("meta-schema not available");
            this.errors = null;
            return true;
        }
        const valid = this.validate($schema, schema);
        if (!valid && throwOrLogError) {`,
		"        return valid;\n    }\n",
		"        delete RULES.keywords[keyword];\n        delete RULES.all[keyword];\n",
	}
)

// placesIn are where the texts stand in a source, each behind the one before, nil if one is
// missing.
func placesIn(source []byte, texts []string) (places []int) {
	at := 0
	for _, text := range texts {
		next := bytes.Index(source[at:], []byte(text))
		if next < 0 {
			return nil
		}
		places = append(places, at+next)
		at += next + len(text)
	}
	return places
}

func insert(at int, text string) js.Edit { return js.Edit{Start: at, End: at, Text: text} }

// oneLine puts a code, whose statements end with semicolons, onto one line: the lines behind
// it keep their numbers.
func oneLine(code string) string {
	lines := strings.Split(strings.TrimSpace(code), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.Join(lines, " ")
}
