package baseline

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// An event of GitHub is read, or is none.
func FuzzReadEvent(f *testing.F) {
	name := filepath.Join(f.TempDir(), "event.json")
	f.Add([]byte(`{"pull_request":{"base":{"ref":"main"},"head":{"sha":"0123"}},"merge_group":{"base_sha":"4567"}}`))
	f.Add([]byte(`{"pull_request":[],"merge_group":{"base_sha":7}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		readEvent(name)
	})
}
