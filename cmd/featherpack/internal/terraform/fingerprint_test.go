package terraform

import (
	"os"
	"path/filepath"
	"testing"
)

// A module outside the root makes the fingerprint unreliable.
func TestModulesOutside(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		reliable   bool
	}{
		{"go.mod", "module a\n", true},
		{"go.mod", "module a // see /etc ../../x\n", true},
		{"go.mod", "module a\nreplace b => ./b\n", true},
		{"go.mod", "module a\nreplace b => c v1.2.0\n", true},
		{"go.mod", "module a\nreplace b => ../outside\n", false},
		{"go.mod", "module a\nreplace (\n\tb => \"/opt/b\"\n)\n", false},
		{"go.mod", "module a\nreplace (\n\tb v1.0.0 => \"/opt/b\"\n)\n", false},
		{"go.mod", "module a\nreplace b =>\n", false}, // the go command does not read it either
		{"go.work", "use ../outside\n", false},
		{"go.work", "use (\n\t./a\n\t..\n)\n", false},
		{"go.work", "use (\n\t.\n\t./a/b\n)\n", true},
		{"go.work", "use .\nreplace b => ../outside\n", false},
	} {
		at := filepath.Join(t.TempDir(), test.name)
		if err := os.WriteFile(at, []byte(test.text), 0o644); err != nil {
			t.Fatal(err)
		}
		s := &stamping{root: filepath.Dir(at), reliable: true}
		if s.modules(at); s.reliable != test.reliable {
			t.Errorf("%q: reliable = %v", test.text, s.reliable)
		}
	}
}
