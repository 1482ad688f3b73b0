package node

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// What is in strict mode in the source tree is in strict mode in the zip, and old
// packages that are not still work.
func TestStrictMode(t *testing.T) {
	for _, e := range examples(t, "strict") {
		for _, unminified := range []bool{false, true} {
			name := e.name
			if unminified {
				name += ", not minified"
			}
			t.Run(name, func(t *testing.T) {
				b := e.bundle(t, func(f *analyzer.Function) { f.Build.NoMinify = unminified })
				if got := ask(t, b); got != e.want["answer"] {
					t.Errorf("answered %s, want %s\n%.300s", got, e.want["answer"], b.Files[0].Content)
				}
			})
		}
	}
}
