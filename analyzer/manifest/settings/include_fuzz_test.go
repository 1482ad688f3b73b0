package settings

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// Patterns that were added to a file are there, and are added once.
func FuzzAddIncludes(f *testing.F) {
	f.Add([]byte("# a\noverride:\n  f: {include: [a]} # b\n  \"g\":\n    include:\n      - 'b'\n"), "f", "x/**")
	f.Add([]byte("{\"override\": {\n  \"f\": {\"minify\": true}\n}}\n"), "f", "\"")
	f.Add([]byte("override: &a\n  f: *a\n"), "", "\n")
	f.Fuzz(func(t *testing.T, text []byte, glob, include string) {
		defer inputtest.Bound(t)()
		for _, file := range []string{"featherpack.yaml", "featherpack.json"} {
			includes := []Include{{Glob: include, Reason: "read at a.js:1"}}
			updated, _, err := AddIncludes(file, text, glob, includes)
			if err != nil {
				continue
			}
			if _, again, err := AddIncludes(file, updated, glob, includes); err != nil || len(again) > 0 {
				t.Errorf("%q became %q, and then %q, %v", text, updated, again, err)
			}
		}
	})
}
