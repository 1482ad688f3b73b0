package sample

import (
	"testing"

	"github.com/featherpack/featherpack/reporters"
)

// Find returns the function with an ID.
func Find(t *testing.T, r reporters.Report, id string) reporters.Function {
	t.Helper()
	for _, f := range r.Functions {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("there is no function %q", id)
	return reporters.Function{}
}
