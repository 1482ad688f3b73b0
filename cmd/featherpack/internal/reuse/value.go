package reuse

import (
	"path/filepath"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/reporters"
)

// Names of a result's files. Those of the out-dir have a prefix.
const (
	valueName = "bundle"
	nodesName = "graph"
	outPrefix = "out/"
)

// value is a function's part of the report.
type value struct {
	// Positions is set if a diagnostic stands in the manifest: then it holds only while
	// nothing in it moves.
	Positions   string
	Entry       int   // an index of the nodes, -1 for none
	Reached     []int // likewise
	Copied      []int
	Waterfall   []packager.Step
	Kept        []packager.Kept
	Settings    []packager.Setting
	Diagnostics []analyzer.Diagnostic
	Artifact    packager.Artifact
	Shares      []share
	Warnings    []analyzer.Diagnostic // the artifact's
}

// share is a [packager.Share] whose input is an index of the nodes.
type share struct {
	Input    int
	Row      string
	Unzipped int64
	Zipped   int64
}

// nodes are inputs whose imports lead to paths, not indices: functions that share an input
// share a node if they see the same of it.
type nodes struct {
	Paths []string
	// Inputs have the indices of Paths in their imports. Input i has the path Of[i].
	Of     []int
	Inputs []analyzer.Input
}

// value decodes the parts of a result.
func (r *Run) value(result cache.Result) (v value, n nodes, ok bool) {
	graph, ok := result.File(nodesName)
	if !ok {
		return v, n, false
	}
	if n, ok = decode(r, r.decoded.graphs, r.earlier().graphs, graph, nodes.sound); !ok {
		return v, n, false
	}
	blob, ok := result.File(valueName)
	if !ok {
		return v, n, false
	}
	v, ok = decode(r, r.decoded.values, r.earlier().values, blob, func(value) bool { return true })
	return v, n, ok && v.sound(n)
}

func (n nodes) sound() bool {
	if len(n.Of) != len(n.Inputs) {
		return false
	}
	inside := func(i int) bool { return i >= 0 && i < len(n.Paths) }
	for i, in := range n.Inputs {
		if !inside(n.Of[i]) {
			return false
		}
		for _, im := range in.Imports {
			if !inside(im.To) {
				return false
			}
		}
	}
	return true
}

func (v value) sound(n nodes) bool {
	for _, i := range slices.Concat(v.Reached, v.Copied) {
		if i < 0 || i >= len(n.Inputs) {
			return false
		}
	}
	for _, s := range v.Shares {
		if s.Input < -1 || s.Input >= len(n.Paths) {
			return false
		}
	}
	return v.Entry >= -1 && v.Entry < len(n.Inputs)
}

// placed are indices in the graph of this run: of the paths and of the inputs of nodes, -1 for
// one that is not there yet. Functions that were built together share their nodes.
type placed struct{ paths, inputs []int }

func (r *Run) placedOf(blob cache.Digest, n nodes) placed {
	p, known := r.placed[blob]
	if !known {
		p = placed{slices.Repeat([]int{-1}, len(n.Paths)), slices.Repeat([]int{-1}, len(n.Inputs))}
		r.placed[blob] = p
	}
	return p
}

// path is the index of a path in a graph.
func (p placed) path(g *analyzer.Graph, n nodes, i int) int {
	if p.paths[i] < 0 {
		p.paths[i] = g.Intern(n.Paths[i])
	}
	return p.paths[i]
}

// input is the index of an input in a graph, to which it is added if it is not there.
func (p placed) input(g *analyzer.Graph, n nodes, i int) int {
	if p.inputs[i] >= 0 {
		return p.inputs[i]
	}
	in := n.Inputs[i]
	in.Path = n.Paths[n.Of[i]]
	imports := in.Imports
	in.Imports = make([]analyzer.Import, len(imports))
	for k, im := range imports {
		im.To = p.path(g, n, im.To)
		in.Imports[k] = im
	}
	p.inputs[i] = g.Add(in)
	return p.inputs[i]
}

// built is the function as a build would have made it, but for what [Run.AddSizes] adds.
func (r *Run) built(f analyzer.Function, v value, n nodes, p placed) reporters.Built {
	g := r.graph
	if f.CodeDir == "" {
		f.CodeDir = f.ServiceDir
	}
	b := packager.Bundle{
		Function: f, ID: f.ID, Graph: g, Entry: -1, Waterfall: v.Waterfall, Kept: slices.Clone(v.Kept), Settings: slices.Clone(v.Settings),
		Diagnostics: slices.Clone(v.Diagnostics),
	}
	for _, i := range v.Copied {
		in := n.Inputs[i]
		in.Path = n.Paths[n.Of[i]]
		g.Add(in)
	}
	for _, i := range v.Reached {
		at := p.input(g, n, i)
		b.Reached = append(b.Reached, at)
		if i == v.Entry {
			b.Entry = at
		}
	}
	if len(b.Waterfall) > 0 && b.Waterfall[0].Name == "unbundled" {
		b.Waterfall = b.Waterfall[1:]
	}
	a := v.Artifact
	a.Path, a.Diagnostics, a.Entries = filepath.Join(r.root.Name(), filepath.FromSlash(a.Name)), slices.Clone(v.Warnings), slices.Clone(a.Entries)
	for _, s := range v.Shares {
		input := -1
		if s.Input >= 0 {
			input = p.path(g, n, s.Input)
		}
		a.Shares = append(a.Shares, packager.Share{Input: input, Row: s.Row, Unzipped: s.Unzipped, Zipped: s.Zipped})
	}
	b.Function.Build.LDFlags = nil
	return reporters.Built{Bundle: b, Artifact: &a}
}
