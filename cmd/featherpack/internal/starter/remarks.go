package starter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/migrate"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
)

// notes returns lines about options without an equivalent, options that are not
// needed, and entries that can be removed from the manifest.
func notes(m migrate.Migration) []string {
	var lines []string
	add := func(title string, lost bool) {
		first := true
		var added []string
		for _, r := range m.Remarks {
			line := fmt.Sprintf("  %s (%s): %s", oneLine(r.Option), r.Position, oneLine(r.Why))
			if r.Lost != lost || slices.Contains(added, line) {
				continue
			}
			if first {
				lines = append(lines, title)
				first = false
			}
			added = append(added, line)
			lines = append(lines, line)
		}
	}
	add("without an equivalent:", true)
	add("not needed:", false)
	for i, tool := range m.Tools {
		if i == 0 {
			lines = append(lines, "can be removed from the manifest when featherpack packages these functions:")
		}
		for _, what := range tool.Remove {
			lines = append(lines, fmt.Sprintf("  %s (%s)", oneLine(what), tool.Position))
		}
	}
	return lines
}

// oneLine makes a text from the manifest safe in a comment and on a terminal. It
// removes line breaks and control characters.
func oneLine(s string) string {
	return strings.NewReplacer("\n", " ", "\t", " ", "\u2028", " ", "\u2029", " ").Replace(output.Printable(s))
}
