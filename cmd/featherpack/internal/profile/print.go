package profile

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"
)

// few is the number of rows that are printed unless all are asked for.
const few = 20

// widest is the length of the longest line, in characters, that a chain continues on.
const widest = 100

// Print writes the profile as a table, the slowest first. It calls line for each line. With
// all it also writes modules, and every row.
func Print(line func(format string, args ...any), p Profile, all bool) {
	what := "processor time of this machine"
	if p.Node != "" {
		what += ", Node " + p.Node
		if p.StoodIn {
			what += " in place of the runtime's"
		}
	}
	line("%s loads in %s ms (%d starts; %s)", p.Function, p.Load, p.Runs, what)
	if p.Instrumented != nil {
		line("  the rows add up to %s ms, %s (95%% interval %+.1f%% to %+.1f%%)", p.Sum, offText(p.Off), 100*p.OffLow, 100*p.OffHigh)
		line("  they were measured in the same code with clocks, which loads in %s ms", *p.Instrumented)
	}
	line("")
	whole := cmp.Or(p.Sum.Millis, p.Load.Millis)
	printRows(line, "PACKAGE", p.Packages, whole, all)
	if all && len(p.Modules) > 0 {
		line("")
		printRows(line, "MODULE", p.Modules, whole, all)
	}
	for _, note := range p.Notes {
		line("note: %s", note)
	}
}

func printRows(line func(string, ...any), what string, rows []Row, load float64, all bool) {
	line("%16s %6s %9s  %s", "SELF ms", "", "TOTAL ms", what)
	for i, r := range rows {
		if i == few && !all {
			rest := 0.0
			for _, more := range rows[i:] {
				rest += more.Self.Millis
			}
			line("%16.2f %6s %9s  %d more; --verbose shows them, and modules", rest, share(rest, load), "", len(rows)-i)
			break
		}
		name := r.Name
		if r.Version != "" && what == "PACKAGE" {
			name += "@" + r.Version
		}
		text := fmt.Sprintf("%16s %6s %9.2f  ", r.Self, share(r.Self.Millis, load), r.Total)
		under := strings.Repeat(" ", len(text)+2)
		text += name
		if len(r.Chain) > 1 {
			for i, step := range shortened(r.Chain) {
				step = [...]string{"  by ", " > "}[min(i, 1)] + step
				if utf8.RuneCountInString(text+step) > widest {
					line("%s", text)
					text, step = under, strings.TrimSpace(step)
				}
				text += step
			}
		}
		line("%s", text)
	}
}

func share(part, whole float64) string {
	if whole <= 0 {
		return ""
	}
	return fmt.Sprintf("%.1f%%", 100*part/whole)
}

// offText says how much more or less a share is.
func offText(off float64) string {
	if off < 0 {
		return fmt.Sprintf("%.1f%% less", -100*off)
	}
	return fmt.Sprintf("%.1f%% more", 100*off)
}

// shortened is a chain without its middle.
func shortened(chain []string) []string {
	if len(chain) > 4 {
		return []string{chain[0], chain[1], "...", chain[len(chain)-1]}
	}
	return chain
}

// String is the mean with half the width of its interval.
func (f Figure) String() string { return fmt.Sprintf("%.2f +-%.2f", f.Millis, (f.High-f.Low)/2) }
