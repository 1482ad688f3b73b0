package advise

import (
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
)

// Print writes the advice about one function. It calls line for each line. With
// verbose it also prints import chains, and the changes that saved nothing.
func Print(line func(format string, args ...any), a Advised, verbose bool) {
	if a.Before.Zipped > 0 {
		line("%s: %s zipped, %s unzipped", a.Function, chains.Exactly(a.Before.Zipped), chains.Exactly(a.Before.Unzipped))
	} else {
		line("%s: not built", a.Function)
	}
	if a.InitCost != "" {
		line("  init: %s", a.InitCost)
	}
	for i, one := range a.Advice {
		printAdvice(line, i+1, one, verbose)
	}
	if len(a.Advice) == 0 {
		line("  no advice")
	}
	if a.After != nil {
		line("  with all measured changes: %s zipped, %s unzipped", chains.Exactly(a.After.Zipped), chains.Exactly(a.After.Unzipped))
	}
	if a.Init != nil {
		a.Init.Print(line, verbose)
	}
	switch {
	case len(a.InVain) > 0 && verbose:
		for _, what := range a.InVain {
			line("  tried without effect: %s", what)
		}
	case len(a.InVain) > 0:
		line("  tried without effect: %d more; --verbose lists them", len(a.InVain))
	}
	if a.Ignored > 0 {
		line("  ignored by featherpack.yaml or comments: %d", a.Ignored)
	}
	for _, note := range a.Notes {
		line("  note: %s", note)
	}
}

// replaced are the rules that advise to use something else, which has a size of its own.
var replaced = map[string]bool{"whole-package": true, "meta-package": true, "aws-sdk-v2": true, "replaceable-package": true}

func printAdvice(line func(string, ...any), number int, a Advice, verbose bool) {
	line("%3d  %s  [%s]", number, a.What, a.Code)
	if at := a.Position.String(); at != "" {
		line("       at     %s", at)
	}
	if len(a.Chain) > 1 && (verbose || a.File == "" || !strings.Contains(a.Code, "-work")) {
		var names []string
		for _, s := range a.Chain {
			names = append(names, s.Name)
		}
		if len(names) > 5 && !verbose {
			names = slices.Concat(names[:2], []string{"..."}, names[len(names)-2:])
		}
		line("       by     %s", strings.Join(names, " > "))
	}
	switch {
	case a.Saves != nil && a.Most:
		how := "measured by a build without it"
		if a.Calls != nil {
			how = "measured by a build with an empty package in its place"
		}
		if len(a.With) > 0 {
			how += ", on top of " + strings.Join(a.With, ", ")
		}
		line("       holds  %s zipped, %s unzipped (%s; what takes its place adds its own size)", chains.Exactly(a.Saves.Zipped), chains.Exactly(a.Saves.Unzipped), how)
	case a.Saves != nil:
		how := "measured"
		if a.Cut {
			how = "measured in a temporary copy without the lookup"
		}
		with := how
		if len(a.Parts) > 0 {
			with += " with " + strings.Join(a.Parts, ", ") + " instead"
		}
		if a.PartsHold != nil {
			with += ": " + chains.Exactly(a.PartsHold.Zipped) + " zipped, " + chains.Exactly(a.PartsHold.Unzipped) + " unzipped"
		}
		if len(a.With) > 0 {
			with += ", on top of " + strings.Join(a.With, ", ")
		}
		line("       saves  %s zipped, %s unzipped (%s)", chains.Exactly(a.Saves.Zipped), chains.Exactly(a.Saves.Unzipped), with)
	case a.Holds != nil && a.Calls != nil: // printed below, with the calls
	case a.Holds != nil && a.later:
		line("       loads  %s of modules at start that nothing else loads", chains.Exactly(a.Holds.Unzipped))
	case a.Holds != nil && a.Holds.Zipped > 0 && replaced[a.Code]:
		line("       holds  %s unzipped, about %s zipped; what takes its place adds its own size", chains.Exactly(a.Holds.Unzipped), chains.Exactly(a.Holds.Zipped))
	case a.Holds != nil && a.Holds.Zipped > 0:
		line("       holds  %s unzipped, about %s zipped: about what it could save", chains.Exactly(a.Holds.Unzipped), chains.Exactly(a.Holds.Zipped))
	case a.Holds != nil:
		line("       holds  %s unzipped: about what it could save", chains.Exactly(a.Holds.Unzipped))
	}
	if a.Calls != nil && a.Holds != nil {
		line("       keeps  %s for %s", chains.Exactly(a.Holds.Unzipped), callsOf(a.Calls))
	}
	printLoad(line, a)
	if a.Unmeasured != "" {
		line("       not measured: %s", a.Unmeasured)
	}
	if a.InitMillis != nil {
		line("       takes  %.2f ms with the rest of its package's initialisers (measured)", *a.InitMillis)
	}
	if a.Costs != "" {
		line("       costs  %s", a.Costs)
	}
	if a.Projected != "" {
		line("       costs  %s", a.Projected)
	}
	line("       do     %s", a.Do)
	if a.Change != "" {
		line("       set    %s", a.Change)
	}
	if a.Fixable {
		line("       fix    featherpack advise --fix %s", a.Code)
	}
	if a.Changes == "" {
		line("       safe   nothing behaves differently")
	} else {
		line("       but    %s", a.Changes)
	}
	if a.Source != "" {
		line("       see    %s", a.Source)
	}
}

// printLoad prints the measured saving of load time with its noise, and what it is worth.
func printLoad(line func(string, ...any), a Advice) {
	l := a.Load
	switch {
	case l == nil && a.LoadUnmeasured != "":
		line("       loads  not measured: %s", a.LoadUnmeasured)
	case l == nil:
	case !l.Measurable():
		line("       loads  as fast, within the noise: %.1f to %.1f ms of %.1f ms sooner (measured in %d pairs of starts)", l.Low, l.High, l.Before, l.Pairs)
	default:
		line("       loads  %.1f ms of %.1f ms sooner, %.1f to %.1f (measured in %d pairs of starts, processor time of this machine)", l.Millis, l.Before, l.Low, l.High, l.Pairs)
	}
}

// callsOf describes which functions of a dependency are called.
func callsOf(calls []string) string {
	switch len(calls) {
	case 0:
		return "no function called"
	case 1:
		return "1 function called: " + calls[0]
	}
	return fmt.Sprintf("%d functions called: %s", len(calls), strings.Join(calls, ", "))
}
