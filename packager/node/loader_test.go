package node

import (
	"testing"
)

// Modules are traced as what the build reads them.
func TestTracingGoesByTheLoader(t *testing.T) {
	for _, e := range examples(t, "loader") {
		t.Run(e.name, func(t *testing.T) {
			e.ships(t, e.bundle(t))
		})
	}
}
