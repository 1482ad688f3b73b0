package projection

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// Text returns the result as a table. fitted is true if a report was given.
func (c Calibrated) Text(fitted bool) string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "function\tversion\truntime\tmemory\tcold starts\tmedian init (95%)\tsmallest visible change")
	for _, g := range c.Groups {
		memory := "?"
		if g.MemoryMB > 0 {
			memory = fmt.Sprintf("%d MB", g.MemoryMB)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t", cell(g.Function), cell(g.Version), cell(g.RuntimeVersion), memory, g.Colds)
		if g.Refused != "" {
			fmt.Fprintf(table, "refused: %s\n", g.Refused)
			continue
		}
		fmt.Fprintf(table, "%.1f ms (%.1f..%.1f)\t%.0f ms\n", g.Median.Central, g.Median.Low, g.Median.High, g.ResolutionMs)
	}
	table.Flush()
	notes := []string{}
	for _, g := range c.Groups {
		for _, note := range g.Notes {
			if !slices.Contains(notes, note) {
				notes = append(notes, note)
			}
		}
		if share, ok := g.ColdShare(); ok && g.Refused == "" {
			notes = append(notes, fmt.Sprintf("%s (version %s, %d MB): %.2g%% of %d invocations were cold", cell(g.Function), cell(g.Version), g.MemoryMB, share*100, g.Colds+g.Warm))
		}
	}
	for _, note := range notes {
		fmt.Fprintf(&text, "note: %s\n", note)
	}
	if len(c.Calibrations) > 0 {
		text.WriteString("\n")
	}
	for _, k := range c.Calibrations {
		fmt.Fprintf(&text, "%s %s %d MB: 1 ms here is %.2f ms of init on Lambda (%.2f..%.2f); %s, artifacts: %d, cold starts: %d\n",
			k.Runtime, k.Architecture, k.MemoryMB, k.Factor.Central, k.Factor.Low, k.Factor.High, k.Method, k.Artifacts, k.Colds)
	}
	if !fitted {
		text.WriteString("\nnext: add --report with the report.json of a build with --boot --runs 15 to fit the model to these starts\n")
	}
	return text.String()
}

// cell makes a name from the logs fit in one cell of the table.
func cell(name string) string {
	if name == "" {
		return "?"
	}
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\v' || r == '\f' {
			return ' '
		}
		return r
	}, name)
}
