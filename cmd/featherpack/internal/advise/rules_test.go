package advise

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer/lint"
)

// fewest are the cases that each rule must have at least: those that deserve its advice, and
// those that only look as if they did.
const (
	fewestTrue       = 2
	fewestLookAlikes = 4
)

// TestEveryRuleHasCases counts the cases of each rule in the files that the tests of the rules
// read: lines of "=" and "!" in tables, and comments in sources. Those tests fail where a line
// is wrong.
func TestEveryRuleHasCases(t *testing.T) {
	const rules, programs = "../../../../analyzer/lint/testdata/", "../../../../testdata/programs/"
	deserved, alike := map[string]int{}, map[string]int{}
	table := regexp.MustCompile(`(?m)^([=!]) ([a-z0-9-]+)`)
	comment := regexp.MustCompile(`(?m)// (advice|silent): ([a-z0-9 -]+)$`)
	for _, glob := range []string{"testdata/*.txt", rules + "*.txt", rules + "styles/*/*", programs + "{faults,looks}/*.go", programs + "looks/*/*.go"} {
		files, err := doublestar.FilepathGlob(glob)
		if err != nil || len(files) == 0 {
			t.Fatal(glob, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range append(table.FindAllStringSubmatch(string(text), -1), comment.FindAllStringSubmatch(string(text), -1)...) {
				for _, code := range strings.Fields(match[2]) {
					if !slices.Contains(lint.Codes(), code) {
						t.Errorf("%s names %q, which is no rule", file, code)
					}
					if match[1] == "=" || match[1] == "advice" {
						deserved[code]++
					} else {
						alike[code]++
					}
				}
			}
		}
	}
	for _, code := range lint.Codes() {
		if deserved[code] < fewestTrue || alike[code] < fewestLookAlikes {
			t.Errorf("%s has %d cases and %d look-alikes, and needs %d and %d", code, deserved[code], alike[code], fewestTrue, fewestLookAlikes)
		}
	}
}
