package why

import (
	"fmt"
	"strings"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
)

// longChain is the largest number of steps of a chain that is printed in full.
const longChain = 9

// Print writes an answer. It calls line for each line. With verbose it prints every
// step of long chains.
func Print(line func(format string, args ...any), a Answer, verbose bool) {
	title := a.Target
	if len(a.Versions) > 0 {
		title += " " + strings.Join(a.Versions, " and ")
	}
	line("%s: %s", a.Function, title)
	line("  answered by %s: %s", a.By, a.Because)
	if a.Weighs != nil {
		of := ""
		if a.Of != "" {
			of = a.Of + " "
		}
		line("  %sweighs %s of %s unzipped (exact), %s of %s zipped (apportioned)", of,
			chains.Exactly(a.Weighs.Unzipped), chains.Exactly(a.Artifact.Unzipped), chains.Exactly(a.Weighs.Zipped), chains.Exactly(a.Artifact.Zipped))
	}
	for _, s := range a.Savings {
		printSaving(line, a, s)
	}
	for _, note := range a.Notes {
		line("  %s", note)
	}
	for i, c := range a.Chains {
		line("")
		printChain(line, i+1, c, verbose)
	}
	if a.More > 0 {
		line("")
		line("%d more import chains; --chains 0 prints all", a.More)
	}
}

func printSaving(line func(string, ...any), a Answer, s trial.Saving) {
	if s.Method == trial.Measured {
		line("  without %s the zip is %s smaller: %s -> %s (measured by building without it; a replacement adds its own size)",
			s.Without, chains.Exactly(s.Zipped), chains.Exactly(a.Artifact.Zipped), chains.Exactly(a.Artifact.Zipped-s.Zipped))
		return
	}
	because := ""
	if s.Because != "" {
		because = "; not measured: " + s.Because
	}
	line("  without %s, the artifact loses %s unzipped and about %s zipped (it and what only it imports, from the import graph%s)",
		s.Without, chains.Exactly(s.Unzipped), chains.Exactly(s.Zipped), because)
}

func printChain(line func(string, ...any), number int, c Chain, whole bool) {
	from, to := len(c.Steps), len(c.Steps)
	if !whole && len(c.Steps) > longChain {
		from, to = longChain/2, len(c.Steps)-longChain/2
	}
	for i, s := range c.Steps {
		switch {
		case i == 0:
			line("%3d  %s", number, s.Name)
			continue
		case i == from:
			line("       ... %d steps; --verbose prints them", to-from)
		}
		if i >= from && i < to {
			continue
		}
		name := s.Name
		if at := strings.LastIndex(name, "node_modules/"); at >= 0 {
			name = name[at+len("node_modules/"):]
		}
		if s.Specifier != "" && s.Specifier != s.Name {
			name = fmt.Sprintf("%q: %s", s.Specifier, name)
		}
		at := ""
		if s.File != "" {
			at = "  at " + s.Position.String()
		}
		line("       %s %s%s", s.Relation, name, at)
	}
	if c.Saves != nil {
		s := c.Steps[c.Cut]
		at := s.Position.String()
		if at == "" {
			at = s.Name
		}
		if c.Saves.Unzipped == 0 {
			line("       removing the import at %s saves nothing: other imports lead to the same code", at)
		} else {
			line("       removing the import at %s saves %s unzipped and about %s zipped (from the import graph)", at, chains.Exactly(c.Saves.Unzipped), chains.Exactly(c.Saves.Zipped))
		}
	}
}
