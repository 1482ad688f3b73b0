package hook

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestWrite checks that nothing is written if one file exists and differs.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	texts := []Text{{"a.yml", "one\n"}, {"sub/b.yml", "two\n"}}
	all := []string{"a.yml", "sub/b.yml"}
	if got, err := Write(dir, texts, false); err != nil || !slices.Equal(got, all) {
		t.Fatalf("%v, %v", got, err)
	}
	if got, err := Write(dir, texts, false); err != nil || !slices.Equal(got, all) {
		t.Fatalf("once more: %v, %v", got, err)
	}
	b := filepath.Join(dir, "sub", "b.yml")
	if err := os.WriteFile(b, []byte("own\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	texts[0].Content = "newer\n"
	if err := os.Remove(filepath.Join(dir, "a.yml")); err != nil {
		t.Fatal(err)
	}
	if got, err := Write(dir, texts, false); err == nil || err.Error() != "sub/b.yml exists and differs" || got != nil {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "a.yml")); err == nil {
		t.Error("a part was written")
	}
	if got, err := Write(dir, texts, true); err != nil || !slices.Equal(got, all) {
		t.Errorf("by force: %v, %v", got, err)
	}
	if text, err := os.ReadFile(b); err != nil || string(text) != "two\n" {
		t.Errorf("%q, %v", text, err)
	}
}
