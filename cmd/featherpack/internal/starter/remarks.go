package starter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/migrate"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
)

// notes say what else there is to know, a line each: to the user as it is, in
// the file as comments.
func notes(m migrate.Migration) []string {
	var lines []string
	add := func(title string, lost bool) {
		first := true
		var said []string
		for _, r := range m.Remarks {
			line := fmt.Sprintf("  %s (%s): %s", remarked(r.Option), r.Position, remarked(r.Why))
			if r.Lost != lost || slices.Contains(said, line) {
				continue
			}
			if first {
				lines = append(lines, title)
				first = false
			}
			said = append(said, line)
			lines = append(lines, line)
		}
	}
	add("without an equivalent:", true)
	add("not needed:", false)
	for i, tool := range m.Tools {
		if i == 0 {
			lines = append(lines, "no longer needed in the manifest, once featherpack packages these functions:")
		}
		for _, what := range tool.Remove {
			lines = append(lines, fmt.Sprintf("  %s (%s)", remarked(what), tool.Position))
		}
	}
	return lines
}

// remarked makes a text of the manifest safe in a comment and on a terminal:
// one line, without control characters.
func remarked(s string) string {
	return strings.NewReplacer("\n", " ", "\t", " ", "\u2028", " ", "\u2029", " ").Replace(output.Printable(s))
}
