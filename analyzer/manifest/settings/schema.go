package settings

import (
	_ "embed"
	"slices"
)

//go:embed featherpack.schema.json
var schema []byte

// Schema is the JSON schema (draft 2020-12) of featherpack.yaml, for editors and
// checks in CI. Discovery checks what depends on the project, such as whether an
// entry exists.
func Schema() []byte { return slices.Clone(schema) }
