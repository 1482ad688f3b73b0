package reporters

import (
	"strings"
)

// BootSummary says how many functions run as their source, the worst first. It is ""
// if no function was compared with its source.
func BootSummary(r Report) string {
	counts := map[string]int{}
	for _, f := range r.Functions {
		if f.Boot != nil && f.Boot.Source != nil {
			counts[f.Boot.Source.Verdict]++
		}
	}
	var parts []string
	for _, v := range []struct{ verdict, one, many string }{
		{"does not run as its source", "does not run as its source", "do not run as their source"},
		{"not decided", "is not decided", "are not decided"},
		{"behaves as its source", "reports the same error as its source", "report the same error as their source"},
		{"loads as its source", "loads as its source", "load as their source"},
		{"runs as its source", "runs as its source", "run as their source"},
	} {
		switch n := counts[v.verdict]; {
		case n == 1:
			parts = append(parts, "1 "+v.one)
		case n > 1:
			parts = append(parts, Count(n)+" "+v.many)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "boot check: " + strings.Join(parts, ", ")
}
