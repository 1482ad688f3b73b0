package pipeline

import (
	"fmt"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// Choose returns the functions that the globs of --only match, or all functions if
// there are no globs.
func Choose(p analyzer.Project, only []string) ([]analyzer.Function, error) {
	if len(only) == 0 {
		return slices.Clone(p.Functions), nil
	}
	used := make([]bool, len(only))
	var functions []analyzer.Function
	for _, f := range p.Functions {
		wanted := false
		for i, glob := range only {
			if !doublestar.ValidatePattern(glob) {
				return nil, analyzer.Usage(fmt.Sprintf("--only %q is not a glob", glob), `for example --only "orders-*"`)
			}
			if slices.ContainsFunc(f.Globbed(), func(name string) bool { return doublestar.MatchUnvalidated(glob, name) }) {
				wanted, used[i] = true, true
			}
		}
		if wanted {
			functions = append(functions, f)
		}
	}
	if i := slices.Index(used, false); i >= 0 && len(p.Functions) > 0 {
		hint := "featherpack discover lists the functions"
		if near := analyzer.NearestFunction(slices.Values(p.Functions), only[i]); near != "" {
			hint = fmt.Sprintf("did you mean %q? %s", near, hint)
		}
		return nil, analyzer.Usage(fmt.Sprintf("--only %q matches no function", only[i]), hint)
	}
	return functions, nil
}

// part returns the functions of one shard, and what the report says of it.
func part(all []analyzer.Function, index, of int) (*reporters.Shard, []analyzer.Function) {
	shard := reporters.NewShard(index, of, slices.Values(sortedIDs(all)))
	return shard, slices.DeleteFunc(slices.Clone(all), func(f analyzer.Function) bool { return !shard.Holds(f.ID) })
}

func sortedIDs(functions []analyzer.Function) []string {
	ids := make([]string, len(functions))
	for i, f := range functions {
		ids[i] = f.ID
	}
	slices.Sort(ids)
	return ids
}
