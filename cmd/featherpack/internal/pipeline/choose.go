package pipeline

import (
	"fmt"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/featherpack/featherpack/analyzer"
)

// Choose gives the functions that the globs of --only match, all without any.
func Choose(p analyzer.Project, only []string) ([]analyzer.Function, error) {
	if len(only) == 0 {
		return slices.Clone(p.Functions), nil
	}
	used := make([]bool, len(only))
	var functions []analyzer.Function
	for _, f := range p.Functions {
		wanted := false
		for i, glob := range only {
			for _, name := range []string{f.Name, p.ID(f)} {
				if ok, err := doublestar.Match(glob, name); err != nil {
					return nil, analyzer.Usage(fmt.Sprintf("--only %q is not a glob", glob), `globs are such as "orders-*"`)
				} else if ok {
					wanted, used[i] = true, true
				}
			}
		}
		if wanted {
			functions = append(functions, f)
		}
	}
	if i := slices.Index(used, false); i >= 0 && len(p.Functions) > 0 {
		names := make([]string, len(p.Functions))
		for i, f := range p.Functions {
			names[i] = p.ID(f)
		}
		hint := "featherpack discover lists the functions"
		if near := analyzer.Nearest(only[i], names); near != "" {
			hint = fmt.Sprintf("did you mean %q? %s", near, hint)
		}
		return nil, analyzer.Usage(fmt.Sprintf("--only %q matches no function", only[i]), hint)
	}
	return functions, nil
}
