package node

import (
	"bytes"
	"runtime"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/pass"
	"github.com/featherpack/featherpack/packager/node/prelude"
)

// mostPassed is how many codes are passed at a time, beside what is done for other functions
// of the batch, where there are processors for it. The trees of each take some 20 MiB for a
// bundle of 430 kB. On two processors, a build of 100 functions takes as long with one at a time,
// and collects memory 45 times instead of 57.
const mostPassed = 2

// passer passes codes. They need nothing but what is linked.
type passer struct {
	trees chan *js.Nodes // those that no code has
}

func newPasser() passer {
	passed := max(1, min(mostPassed, runtime.GOMAXPROCS(0)/2))
	p := passer{make(chan *js.Nodes, passed)}
	for range passed {
		p.trees <- new(js.Nodes)
	}
	return p
}

// free gives the memory of trees to others: a link needs it.
func (p passer) free() {
	var freed []*js.Nodes
	for {
		select {
		case trees := <-p.trees:
			trees.Free()
			freed = append(freed, trees)
		default:
			for _, trees := range freed {
				p.trees <- trees
			}
			return
		}
	}
}

// passing is a function's code while it is passed, and then as it is packed.
type passing struct {
	name     string        // in the zip
	done     chan struct{} // closed when the rest is there
	refused  *analyzer.Diagnostic
	content  []byte
	prelude  int // how many of these bytes are the prelude
	bySource map[string]int
	mappings func([]byte) []byte // those of the linked code, moved
	changes  []pass.Change
}

// wait returns when the code is there, at once where there is none.
func (p *passing) wait() {
	if p != nil {
		<-p.done
	}
}

// parsing is the code of a function while it is parsed, before its plan is settled.
type parsing struct {
	done     chan struct{} // closed when the rest is there
	trees    *js.Nodes     // those of the tree
	tree     *js.Tree      // nil where it must be parsed again
	declares func(name string) bool
}

// parse begins to parse linked code in builds that may use what earlier ones in the process
// have found out: the plan of one function is seldom wrong there, and settling it takes as long.
func (b *builder) parse(l *linked) *parsing {
	if b.build == 1 || len(l.Errors) > 0 || l.f.Build.Banner != "" || l.f.Build.Footer != "" {
		return nil
	}
	p, code := &parsing{done: make(chan struct{})}, linkedCode(l)
	go func() {
		defer close(p.done)
		p.trees = <-b.passer.trees
		p.trees.Reuse()
		p.tree, p.declares, _ = prelude.Parse(code, p.trees)
	}()
	return p
}

// drop gives up what was parsed.
func (b *builder) drop(p *parsing) {
	if p != nil {
		<-p.done
		b.passer.trees <- p.trees
	}
}

// pass begins to pass the linked code and to put its prelude in front. name is that in the
// zip. A code is refused where it cannot be loaded.
func (b *builder) pass(s *settled, name string) *passing {
	p := &passing{name: name, done: make(chan struct{})}
	readNames := b.readNames(s)
	go func() {
		defer close(p.done)
		var parsed *parsing
		if s.parsing != nil {
			<-s.parsing.done
			parsed = s.parsing
		} else {
			parsed = &parsing{trees: <-b.passer.trees}
		}
		defer func() { b.passer.trees <- parsed.trees }()
		p.run(s, parsed, readNames)
	}()
	return p
}

func (p *passing) run(s *settled, parsed *parsing, readNames func(*pass.Code)) {
	linked, trees := linkedCode(s.linked), parsed.trees
	linked.Name = p.name
	tree, declares := parsed.tree, parsed.declares
	var refused *analyzer.Diagnostic
	if tree == nil {
		trees.Reuse()
		tree, declares, refused = prelude.Parse(linked, trees)
	}
	if refused != nil {
		p.refused = refused
		return
	}
	o := prelude.Open(linked, declares)
	c := pass.Code{
		Passes: s.f.Build.Passes, Text: s.Code, Tree: tree, Strict: o.Strict, EntryWrapped: s.plan.esm && s.Inputs[s.f.Entry].Format == "cjs",
		Nodes: trees, ShortNames: !s.f.Build.NoMinify, OneByte: s.f.Build.CodeCache != "" && !s.plan.esm,
		ReadOrigins: func() *pass.Origins { return s.origins(tree) },
	}
	if tree != nil {
		readNames(&c)
	}
	passed := pass.Run(c, o.Edits...)
	p.content, p.prelude, p.bySource, p.changes = o.Before(passed.Code), len(o.Line), passed.BySource, passed.Changes
	p.mappings = func(mappings []byte) []byte {
		moved := passed.Mappings(mappings)
		if lines := strings.Count(o.Line, "\n"); lines > 0 {
			moved = slices.Concat(bytes.Repeat([]byte(";"), lines), moved)
		}
		return moved
	}
}
