package analyzer

import (
	"path/filepath"
	"testing"
)

func TestWithin(t *testing.T) {
	root, err := filepath.Abs("root")
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"": ".", "a": "a", "a/b": "a/b", "..": "", "../root2/a": "", "..a": "..a"} {
		rel, ok := Within(root, filepath.Join(root, filepath.FromSlash(file)))
		if rel != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", file, rel, ok, want)
		}
	}
}
