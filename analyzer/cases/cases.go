package cases

import (
	"os"
	"strings"
	"testing"
)

// Case is one row of a table.
type Case struct {
	Name  string
	lines []string
}

// Read reads the cases of a file.
func Read(t testing.TB, file string) (all []Case) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range strings.Split(string(text), "\n") {
		name, isName := strings.CutPrefix(l, "# ")
		switch {
		case l == "" || strings.HasPrefix(l, "//"):
		case isName:
			all = append(all, Case{Name: name})
		case len(all) == 0 || len(l) > 1 && l[1] != ' ':
			t.Fatalf("%s:%d: neither a case nor a line of one: %s", file, i+1, l)
		default:
			c := &all[len(all)-1]
			c.lines = append(c.lines, l)
		}
	}
	return all
}

// Lines are the lines behind a mark.
func (c Case) Lines(mark string) (out []string) {
	for _, l := range c.lines {
		if strings.HasPrefix(l, mark) {
			out = append(out, strings.TrimPrefix(l[1:], " "))
		}
	}
	return out
}

// Text is the lines behind a mark as one text.
func (c Case) Text(mark string) string { return strings.Join(c.Lines(mark), "\n") }
