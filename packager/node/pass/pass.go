package pass

import (
	"cmp"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// Code is the finished code of a bundle.
type Code struct {
	Text []byte
	// Tree is the parsed text, nil where it could not be parsed: no pass runs then.
	Tree *js.Tree
	// Strict means that all of the code runs in strict mode: it is an ES module, or
	// it begins with "use strict".
	Strict bool
	// EntryWrapped means that the last wrapper holds the entry. esbuild does not keep
	// its "use strict" there.
	EntryWrapped bool
	// Origins are read where Keep or Parameters is set.
	Origins *Origins
	// Keep says what the functions and classes of a source keep of their names, by its
	// path in the source map. nil leaves everything as it is.
	Keep func(source string) Keep
	// KeepNamed are names that code compares with: what has one keeps it, whatever Keep
	// says of its source.
	KeepNamed map[string]bool
	// Parameters says whether the functions of a source keep their parameters' names.
	Parameters func(source string) bool
	// Passes says which passes are off.
	Passes analyzer.Switches
}

// passes are those of [analyzer.Passes] that edit the finished bundle, in that order.
// Their edits do not overlap.
var passes = []struct {
	name  string
	edits func(c Code, wrappers []wrapper) []js.Edit
}{
	{"wrappers as functions", asFunctions},
	{"sloppy code", sloppyInStrict},
	{"kept names", keepNames},
	{"parameter names", keepParameters},
}

// Result is the code after all passes.
type Result struct {
	Code []byte
	// Changes are the passes that changed the code, in order.
	Changes []Change
	// BySource is how many bytes were added to the code of each source, by its path in
	// the source map. It is nil where no origins were given.
	BySource map[string]int
	source   []byte
	edits    []js.Edit // of source, sorted
}

// Change is the number of bytes that a pass added.
type Change struct {
	Name  string
	Bytes int
}

// Run applies all passes. more are edits of the caller, which must not overlap
// theirs.
func Run(c Code, more ...js.Edit) Result {
	r := Result{Code: c.Text, source: c.Text, edits: slices.Clone(more)}
	var wrappers []wrapper
	if c.Tree != nil {
		wrappers = findWrappers(c.Tree)
		if c.Keep != nil || c.Parameters != nil {
			c.Tree.Bind()
		}
	} else {
		c.Keep, c.Parameters = nil, nil
	}
	for _, p := range passes {
		if !c.Passes.On(p.name) {
			continue
		}
		edits := p.edits(c, wrappers)
		if len(edits) == 0 {
			continue
		}
		change := Change{Name: p.name}
		for _, e := range edits {
			change.Bytes += len(e.Text) - (e.End - e.Start)
			if c.Origins != nil {
				if r.BySource == nil {
					r.BySource = map[string]int{}
				}
				r.BySource[c.Origins.Source(e.Start)] += len(e.Text) - (e.End - e.Start)
			}
		}
		r.Changes = append(r.Changes, change)
		r.edits = append(r.edits, edits...)
	}
	slices.SortStableFunc(r.edits, func(a, b js.Edit) int { return cmp.Compare(a.Start, b.Start) })
	if len(r.edits) > 0 {
		r.Code = []byte(js.Apply(c.Text, r.edits))
	}
	return r
}
