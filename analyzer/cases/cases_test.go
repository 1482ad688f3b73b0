package cases

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cases.txt")
	text := "// A table.\n# a\n> b\n>\n>  c\n= d\n\n# e\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	all := Read(t, file)
	if len(all) != 2 || all[0].Name != "a" || all[0].Text(">") != "b\n\n c" ||
		all[0].Text("=") != "d" || all[1].Name != "e" {
		t.Errorf("got %+v", all)
	}
}
