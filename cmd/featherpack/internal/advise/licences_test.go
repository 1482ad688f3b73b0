package advise

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/cases"
)

// TestLicences checks what is said about packages by where they come from ("@"), their
// package.json (">") and another file ("%").
func TestLicences(t *testing.T) {
	for _, c := range cases.Read(t, "testdata/licences.txt") {
		files := map[string]string{
			"a/node_modules/p/package.json":     c.Text(">"),
			"a/node_modules/.package-lock.json": fmt.Sprintf(`{"packages": {"node_modules/p": {"resolved": %q}}}`, c.Text("@")),
		}
		for _, line := range c.Lines("%") {
			name, text, _ := strings.Cut(line, " ")
			files["a/node_modules/p/"+name] += text + "\n"
		}
		l := newLicences(func(name string) ([]byte, error) {
			if text, ok := files[name]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		})
		want := strings.TrimPrefix(c.Text("="), "licence-unclear ")
		if got := l.judge("a/node_modules/p"); got != want {
			t.Errorf("%s: %q, want %q", c.Name, got, want)
		}
	}
}
