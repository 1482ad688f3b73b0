package settings

import (
	_ "embed"
	"slices"
)

//go:embed featherpack.schema.json
var schema []byte

// Schema is the JSON schema (draft 2020-12) of featherpack.yaml, for editors and
// for checks in CI. What only the project can tell, such as whether an entry
// exists, [Discover] says.
func Schema() []byte { return slices.Clone(schema) }
