package fieldtest

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/packager/boot"
)

// The table in the documentation has every function, with the outcome that TestField
// expects.
func TestTable(t *testing.T) {
	const begin, end = "<!-- generated: field -->\n", "<!-- end of generated -->\n"
	files, err := filepath.Glob(clitest.Testdata(t, "apps", "field", "*", "case.json"))
	if err != nil || len(files) < 90 {
		t.Fatalf("%d functions, %v", len(files), err)
	}
	table := "| function | kind | reports | at first | now |\n|---|---|---|---|---|\n"
	counts := map[string]int{}
	for _, file := range files {
		name, c := filepath.Base(filepath.Dir(file)), readCase(t, filepath.Dir(file))
		if c.About == "" || c.Reports == "" || !slices.Contains([]string{"ran", "broke", "refused"}, c.First) {
			t.Errorf("%s: about, reports and first have to be set", name)
		}
		counts[c.First]++
		counts[c.verdict()]++
		table += fmt.Sprintf("| %s | %s | %s | %s | %s |\n", name, c.About, c.Reports, c.First, c.outcome())
	}
	summary := fmt.Sprintf("%d functions. At first %d broke, %d were refused and %d ran. "+
		"Now %d run as their source, %d answer as expected while their source needs its bundler, and %d is refused.\n\n",
		len(files), counts["broke"], counts["refused"], counts["ran"],
		counts[boot.RunsAsSource], counts[boot.Undecided], counts["refused now"])
	page, err := filepath.Abs("../../docs/field.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(clitest.Read(t, page))
	before, _, ok := strings.Cut(text, begin)
	_, after, closed := strings.Cut(text, end)
	if !ok || !closed {
		t.Fatal("the page has no table")
	}
	clitest.Golden(t, page, before+begin+summary+table+end+after)
}

func (c fieldCase) verdict() string {
	if c.Refused != nil {
		return "refused now"
	}
	return cmp.Or(c.Source, boot.RunsAsSource)
}

// outcome is what TestField expects, in words.
func (c fieldCase) outcome() string {
	said := c.verdict()
	if c.Refused != nil {
		said = fmt.Sprintf("refused: `%s` at %s:%d", c.Refused.Code, c.Refused.File, c.Refused.Line)
	}
	for _, d := range c.Told {
		said += fmt.Sprintf(", says `%s` at %s:%d", d.Code, d.File, d.Line)
	}
	return said
}
