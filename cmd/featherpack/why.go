package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
)

var whyCommand = command{
	name: "why", operands: "FUNCTION PACKAGE|SYMBOL [DIR]", summary: "show why a package is in a zip, and what removing it saves",
	help: `Builds FUNCTION in a temporary folder and prints each import chain that leads to
PACKAGE: the file and line of every import, the size of the package, and what
removing it would save. The saving is measured by building again without the
package. Where that is not possible it is computed from the import graph, and
marked as such.

PACKAGE is one of:
  lodash, lodash@4.17.21    an npm package, or one version of it
  src/legacy.ts             a source file of the project
  service/dynamodb          a Go import path, or the end of one
  net/http.(*Client).Do     a Go symbol

For a Go symbol, the answer is a path of calls. If no call leads to the symbol,
it is the chain of references that the linker followed. The answer says which.
This can take tens of seconds for a large program.

Examples:
  featherpack why orders lodash
  featherpack why report src/legacy.ts services/reports
  featherpack why ingest service/dynamodb
  featherpack why ingest 'net/http.(*Client).Do' --by linker`,
	flags: func(set *pflag.FlagSet) func(context.Context, *terminal, []string) int {
		var typed whyFlags
		discoverFlags(set, &typed.buildFlags)
		set.IntVar(&typed.most, "chains", 10, "`N`: number of import chains to print; 0 for all")
		set.StringVar(&typed.by, "by", "", "`METHOD`: what explains a Go function: imports, calls or linker")
		set.BoolVar(&typed.json, "json", false, "print the answer as JSON")
		set.BoolVarP(&typed.verbose, "verbose", "v", false, "print every step of long chains")
		return func(ctx context.Context, t *terminal, args []string) int { return whyCommandRun(ctx, t, typed, args) }
	},
}

type whyFlags struct {
	buildFlags
	most int
	by   string
}

// whyQuestion is a question about one function's package or symbol.
type whyQuestion struct {
	question
	target string
	by     string
	// most is how many chains are told, 0 for all.
	most int
}

// whyAnswer is what is printed, and the JSON of it.
type whyAnswer struct {
	Function string   `json:"function"`
	Target   string   `json:"target"`
	Versions []string `json:"versions,omitempty"`
	// By is imports, calls or linker; Because says why that source answers.
	By      string `json:"by"`
	Because string `json:"because"`
	// Artifact is the function's; Weighs what it holds of the target: unzipped
	// exact, zipped apportioned. Weighs is nil where that is not known.
	Artifact weight  `json:"artifact"`
	Weighs   *weight `json:"weighs,omitempty"`
	// Of names what Weighs is about where it is not the target itself.
	Of string `json:"of,omitempty"`
	// Chains are the ways to the target, the shortest first; More are not told.
	Chains []whyChain `json:"chains"`
	More   int        `json:"more,omitempty"`
	// Savings are what the artifact would lose without packages on the way.
	Savings []saving `json:"savings,omitempty"`
	Notes   []string `json:"notes,omitempty"`
}

// whyChain is one way to the target.
type whyChain struct {
	Steps []whyStep `json:"steps"`
	// Cut is the step (an index) whose import the project itself makes and could
	// do without, and Saves what only that import brings in; from the import
	// graph. It is nil where the project makes none.
	Cut   int     `json:"cut,omitempty"`
	Saves *weight `json:"saves,omitempty"`
}

// whyStep is one node of a chain. Relation says what the one before does with it.
type whyStep struct {
	Name      string `json:"name"`
	Relation  string `json:"relation,omitempty"`
	Specifier string `json:"specifier,omitempty"`
	analyzer.Position
}

// How a saving became known.
const (
	measured  = "measured" // built, or linked, and zipped again; the difference
	fromGraph = "graph"    // what only the cut imports lead to
)

// saving is what the artifact would lose without something.
type saving struct {
	Without string `json:"without"`
	weight
	Method string `json:"method"`
	// Because says why it was not measured.
	Because string `json:"because,omitempty"`
}

func whyCommandRun(ctx context.Context, t *terminal, typed whyFlags, args []string) int {
	t.verbose = typed.verbose
	settings, err := typed.settings(t)
	if err != nil {
		return t.fail(err)
	}
	if len(args) < 2 || len(args) > 3 {
		return t.fail(analyzer.Usage("why takes a function and a package", "for example: featherpack why orders lodash"))
	}
	if typed.most < 0 {
		return t.fail(analyzer.Usage(fmt.Sprintf("--chains %d is negative", typed.most), "0 prints all"))
	}
	if typed.by != "" {
		if err := oneOf("--by", typed.by, "imports", "calls", "linker"); err != nil {
			return t.fail(err)
		}
	}
	dir, err := operandDir(args[2:])
	if err != nil {
		return t.fail(err)
	}
	q, err := ask(t, dir, args[0], "the folder comes last: featherpack why FUNCTION PACKAGE "+args[0], settings)
	if err != nil {
		return t.fail(err)
	}
	if q.function.Entry == "" {
		return q.unbuildable()
	}
	family, ok := runtimes[q.function.Family]
	if !ok {
		return t.fail(analyzer.Usage(fmt.Sprintf("the runtime %s is not supported yet", q.function.Runtime), ""))
	}
	answer, err := family.why(ctx, whyQuestion{question: q, target: args[1], by: typed.by, most: typed.most})
	t.Clear()
	if err != nil {
		return t.failAll(err)
	}
	if typed.json {
		return t.printJSON(answer)
	}
	printWhy(t, answer)
	return exitGood
}

// unbuildable tells what discovery said about a function that has no entry.
func (q question) unbuildable() int {
	var said []analyzer.Diagnostic
	for _, d := range q.project.Diagnostics {
		if d.Function == q.id {
			said = append(said, d)
		}
	}
	q.t.tellAll(said)
	return max(exitFailed, analyzer.ExitStatus(said))
}

func (t *terminal) printJSON(value any) int {
	encoder := json.NewEncoder(t.stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return t.fail(fmt.Errorf("writing the answer: %w", err))
	}
	return exitGood
}

// longChain is up to how many steps a chain is told whole.
const longChain = 9

func printWhy(t *terminal, a whyAnswer) {
	line := t.line
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
			exactly(a.Weighs.Unzipped), exactly(a.Artifact.Unzipped), exactly(a.Weighs.Zipped), exactly(a.Artifact.Zipped))
	}
	for _, s := range a.Savings {
		printSaving(line, a, s)
	}
	for _, note := range a.Notes {
		line("  %s", note)
	}
	for i, c := range a.Chains {
		line("")
		printChain(line, i+1, c, t.verbose)
	}
	if a.More > 0 {
		line("")
		line("%d more import chains; --chains 0 prints all", a.More)
	}
}

func printSaving(line func(string, ...any), a whyAnswer, s saving) {
	if s.Method == measured {
		line("  without %s the zip is %s smaller: %s -> %s (measured: built again with it left out; what takes its place adds its own)",
			s.Without, exactly(s.Zipped), exactly(a.Artifact.Zipped), exactly(a.Artifact.Zipped-s.Zipped))
		return
	}
	because := ""
	if s.Because != "" {
		because = "; not measured: " + s.Because
	}
	line("  without %s, %s unzipped and about %s zipped go (it and what only it leads to, from the import graph%s)",
		s.Without, exactly(s.Unzipped), exactly(s.Zipped), because)
}

func printChain(line func(string, ...any), number int, c whyChain, whole bool) {
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
			line("       without the import at %s nothing goes: other imports lead to the same", at)
		} else {
			line("       without the import at %s, %s unzipped and about %s zipped go (from the import graph)", at, exactly(c.Saves.Unzipped), exactly(c.Saves.Zipped))
		}
	}
}
