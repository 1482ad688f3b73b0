package node

import (
	"strings"
	"testing"
)

// Modules are traced as what the build reads them.
func TestTracingGoesByTheLoader(t *testing.T) {
	for _, e := range examples(t, "loader") {
		t.Run(e.name, func(t *testing.T) {
			b := e.bundle(t)
			if got := strings.Join(fileNames(b.Files), " "); got != e.want["files"] {
				t.Errorf("files %s, want %s", got, e.want["files"])
			}
			if got := ask(t, b); got != e.want["answer"] {
				t.Errorf("answered %s, want %s", got, e.want["answer"])
			}
		})
	}
}
