package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/reporters"
)

// maxRead bounds a module that is read for advice, in bytes.
const maxRead = 4 << 20

// adviseNode reads the project's own modules that a function is bundled from. A
// package that comes in whole is weighed, and the function built without it.
func adviseNode(ctx context.Context, q adviseQuestion) (advised, error) {
	out := advised{Function: q.id, Advice: []advice{}}
	var g imported
	err := q.build(ctx, q.function, func(r reporters.Report, f reporters.Function, _ *outdir.Dir) error {
		out.Before = weightOf(f)
		g = newImported(r, f)
		return nil
	})
	if err != nil || q.onlySafe { // no advice for Node is without consequence
		return out, err
	}
	order, _ := g.reach(func(edge) bool { return false })
	told := map[string]bool{}
	for _, i := range order {
		in := g.inputs[i]
		if in.Package != "" || !isScript(in.Path) {
			continue
		}
		text, err := readModule(q.project.Root, in.Path)
		if err != nil {
			continue // it was there when the function was built; nothing is known
		}
		handler := ""
		if i == g.entry {
			handler = exportOf(q.function.Handler)
		}
		for _, found := range lint.AdviseModule(js.File{Path: in.Path, Source: text}, handler) {
			a := advice{
				Code: found.Code, What: found.Message, Position: found.Position, Do: found.Hint,
				Changes: found.BehaviourChanges, Source: found.Source,
			}
			if found.Package != "" && !told[found.Package] {
				told[found.Package] = true
				if err := g.weighWhole(ctx, q, found.Package, out.Before, &a); err != nil {
					return out, err
				}
			} else if found.Package != "" {
				a.Unmeasured = "see the advice about " + found.Package + " above"
			}
			out.Advice = append(out.Advice, a)
		}
	}
	return out, nil
}

// weighWhole says what the artifact holds of a package, and what leaving the
// package out saves.
func (g imported) weighWhole(ctx context.Context, q adviseQuestion, pkg string, whole weight, a *advice) error {
	target := map[int]bool{}
	for i, in := range g.inputs {
		if in.Package == pkg {
			target[i] = true
		}
	}
	sum := g.sum(target)
	a.Holds = &sum
	if q.trials == 0 || sum.Unzipped == 0 {
		return nil
	}
	o := omission{name: pkg, cut: func(e edge) bool { return target[e.to] }}
	o.external, o.because = g.external(target)
	q.t.Step("featherpack: %s: building without %s", q.id, pkg)
	s, err := q.omit(ctx, g, o, whole)
	switch {
	case err != nil:
		return err
	case s.Method == measured:
		a.Saves, a.Most = &s.weight, true
	default:
		a.Unmeasured = s.Because
	}
	return nil
}

// readModule reads a module of the project.
func readModule(root, name string) ([]byte, error) {
	file := filepath.Join(root, filepath.FromSlash(name))
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) || !info.Mode().IsRegular() || info.Size() > maxRead {
		return nil, fmt.Errorf("%s is not read", name)
	}
	return os.ReadFile(file)
}

func isScript(name string) bool {
	return slices.Contains([]string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"}, path.Ext(name))
}

// exportOf is the export that a handler names: what follows the first dot of
// its last segment.
func exportOf(handler string) string {
	_, export, _ := strings.Cut(path.Base(handler), ".")
	return export
}
