package reporters

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// A Part is the report of one shard, and where it was read from.
type Part struct {
	Name   string
	Report Report
}

// Merge joins the reports of all shards of a build. The result is the report that one
// build of all functions makes. Merge does not modify its arguments. It returns an
// [analyzer.Diagnostic] if a part is missing, given twice, or of another build.
func Merge(parts []Part) (Report, error) {
	if len(parts) == 0 {
		return Report{}, unmergeable("there is nothing to merge", "give the report of each shard")
	}
	parts = slices.Clone(parts)
	for _, p := range parts {
		if err := mergeable(parts[0], p); err != nil {
			return Report{}, err
		}
	}
	slices.SortStableFunc(parts, func(a, b Part) int { return cmp.Compare(a.Report.Shard.Index, b.Report.Shard.Index) })
	if err := complete(parts); err != nil {
		return Report{}, err
	}
	merged := Report{
		Schema: SchemaVersion, Tool: parts[0].Report.Tool, Settings: parts[0].Report.Settings,
		Skipped: parts[0].Report.Skipped, Functions: []Function{},
	}
	for _, p := range parts { // a shard without projections has no model
		switch model := p.Report.ColdStart; {
		case merged.ColdStart == nil:
			merged.ColdStart = model
		case model != nil && !sameJSON(model, merged.ColdStart):
			return Report{}, inFile(p, "the report has projections of another model than those before it", sameBuild)
		}
	}
	inputs, renumbered := mergeInputs(parts)
	merged.Inputs = inputs
	var advice []Advice
	for i, p := range parts {
		for _, f := range p.Report.Functions {
			merged.Functions = append(merged.Functions, renumber(f, renumbered[i]))
		}
		merged.Duplicates = append(merged.Duplicates, p.Report.Duplicates...)
		advice = append(advice, p.Report.Advice...)
		merged.Diagnostics = append(merged.Diagnostics, p.Report.Diagnostics...)
	}
	if !slices.ContainsFunc(parts, func(p Part) bool { return p.Report.Advice == nil }) {
		merged.Advice = MergeAdvice(advice)
	}
	sortFunctions(merged.Functions)
	sortDuplicates(merged.Duplicates)
	merged.Diagnostics = analyzer.SortDiagnostics(merged.Diagnostics)
	merged.Totals = Total(merged.Functions)
	return merged, nil
}

const sameBuild = "build all shards from the same commit, with the same featherpack and flags"

// mergeable checks one part by itself, and against the first.
func mergeable(first, p Part) error {
	r, s, want := p.Report, p.Report.Shard, first.Report.Shard
	switch {
	case s == nil:
		return inFile(p, "the report is of a whole build, not of a shard", "give reports that featherpack build --shard wrote")
	case r.Delta != nil || len(r.Verdicts) > 0:
		return inFile(p, "the report has been compared with a baseline already", "merge the reports of builds, and compare the result")
	case want == nil:
		return nil // the first part is reported when its turn comes
	case s.Of != want.Of:
		return inFile(p, fmt.Sprintf("the report is of shard %d/%d, but %s of %d/%d", s.Index, s.Of, first.Name, want.Index, want.Of), sameBuild)
	case r.Tool != first.Report.Tool:
		return inFile(p, fmt.Sprintf("the report is of featherpack %s, but %s of %s", r.Tool.Version, first.Name, first.Report.Tool.Version), sameBuild)
	case !sameJSON(r.Settings, first.Report.Settings):
		return inFile(p, "the report was built with other settings than "+first.Name, sameBuild)
	case s.Functions != want.Functions || s.Digest != want.Digest:
		return inFile(p, "the report is of a project with other functions than "+first.Name, sameBuild)
	case !sameJSON(r.Skipped, first.Report.Skipped):
		return inFile(p, "the report is of another state of the project than "+first.Name, sameBuild)
	}
	for _, f := range r.Functions {
		if !s.Holds(f.ID) {
			return inFile(p, fmt.Sprintf("function %q does not belong to shard %d/%d", f.ID, s.Index, s.Of), "build the shard again")
		}
	}
	return nil
}

// complete checks that the parts, sorted by index, are all there, once each, with all
// functions.
func complete(parts []Part) error {
	of, functions := parts[0].Report.Shard.Of, 0
	var missing []string
	next := 1
	for i, p := range parts {
		index := p.Report.Shard.Index
		if i > 0 && index == parts[i-1].Report.Shard.Index {
			return inFile(p, fmt.Sprintf("shard %d/%d is given twice, here and in %s", index, of, parts[i-1].Name), "give each shard once")
		}
		for ; next < index; next++ {
			missing = append(missing, fmt.Sprintf("%d/%d", next, of))
		}
		next = index + 1
		functions += len(p.Report.Functions)
	}
	for ; next <= of; next++ {
		missing = append(missing, fmt.Sprintf("%d/%d", next, of))
	}
	if n := len(missing); n > 0 {
		if n > 10 {
			missing = append(missing[:10], fmt.Sprintf("%d more", n-10))
		}
		return unmergeable("no report is of shard "+strings.Join(missing, ", "), "did its build fail? give the reports of all shards")
	}
	if want := parts[0].Report.Shard.Functions; functions != want {
		return unmergeable(fmt.Sprintf("the shards hold %d functions together, but the project has %d", functions, want), "build all shards again")
	}
	return nil
}

// mergeInputs joins the import graphs. It returns the new index of each part's inputs.
func mergeInputs(parts []Part) (inputs []analyzer.Input, renumbered [][]int) {
	at := map[string]int{}
	for _, p := range parts {
		for _, in := range p.Report.Inputs {
			i, known := at[in.Path]
			if !known {
				i = len(inputs)
				at[in.Path] = i
				inputs = append(inputs, in)
				inputs[i].Imports = nil
			}
			if inputs[i].Format == "" { // only a bundle tells more than the name of a file
				inputs[i].Format = in.Format
			}
		}
	}
	slices.SortFunc(inputs, func(a, b analyzer.Input) int { return cmp.Compare(a.Path, b.Path) })
	for i, in := range inputs {
		at[in.Path] = i
	}
	for _, p := range parts {
		numbers := make([]int, len(p.Report.Inputs))
		for i, in := range p.Report.Inputs {
			numbers[i] = at[in.Path]
		}
		for _, in := range p.Report.Inputs {
			for _, im := range in.Imports {
				im.To = numbers[im.To]
				to := &inputs[at[in.Path]].Imports
				*to = append(*to, im)
			}
		}
		renumbered = append(renumbered, numbers)
	}
	if inputs == nil {
		inputs = []analyzer.Input{}
	}
	for i := range inputs {
		inputs[i].Imports = sortedImports(inputs[i].Imports)
	}
	return inputs, renumbered
}

func renumber(f Function, numbers []int) Function {
	if f.EntryInput >= 0 {
		f.EntryInput = numbers[f.EntryInput]
	}
	f.Inputs = slices.Clone(f.Inputs)
	for i := range f.Inputs {
		f.Inputs[i].Input = numbers[f.Inputs[i].Input]
	}
	slices.SortFunc(f.Inputs, byInput)
	return f
}

func sameJSON(a, b any) bool {
	x, err := json.Marshal(a)
	y, failed := json.Marshal(b)
	return err == nil && failed == nil && bytes.Equal(x, y)
}

func unmergeable(message, hint string) analyzer.Diagnostic {
	return analyzer.Diagnostic{Code: "unmergeable", Severity: analyzer.Error, Message: message, Hint: hint}
}

func inFile(p Part, message, hint string) analyzer.Diagnostic {
	d := unmergeable(message, hint)
	d.File = p.Name
	return d
}
