package node

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/pass"
	"github.com/featherpack/featherpack/packager/node/prelude"
)

// mostPassed is how many codes are passed at a time, beside what is done for other functions
// of the batch. The trees of each take some 40 MiB for a bundle of 430 kB.
const mostPassed = 2

// passer passes codes. They need nothing but what is linked.
type passer struct {
	trees chan *js.Nodes // those that no code has
}

func newPasser() passer {
	p := passer{make(chan *js.Nodes, mostPassed)}
	for range mostPassed {
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
	mappings func(string) string // those of the linked code, moved
	changes  []pass.Change
}

// wait returns when the code is there, at once where there is none.
func (p *passing) wait() {
	if p != nil {
		<-p.done
	}
}

// pass begins to pass the linked code and to put its prelude in front. name is that in the
// zip. A code is refused where it cannot be loaded.
func (b *builder) pass(s *settled, name string) *passing {
	p := &passing{name: name, done: make(chan struct{})}
	readNames := b.readNames(s)
	go func() {
		defer close(p.done)
		trees := <-b.passer.trees
		defer func() { b.passer.trees <- trees }()
		trees.Reuse()
		p.run(s, trees, readNames)
	}()
	return p
}

func (p *passing) run(s *settled, trees *js.Nodes, readNames func(*pass.Code)) {
	linked := linkedCode(s.linked)
	linked.Name = p.name
	tree, declares, refused := prelude.Parse(linked, trees)
	if refused != nil {
		p.refused = refused
		return
	}
	o := prelude.Open(linked, declares)
	c := pass.Code{
		Passes: s.f.Build.Passes, Text: s.Code, Tree: tree, Strict: o.Strict, EntryWrapped: s.plan.esm && s.Inputs[s.f.Entry].Format == "cjs",
		Nodes: trees, ShortNames: !s.f.Build.NoMinify, OneByte: s.f.Build.CodeCache != "" && !s.plan.esm,
		ReadOrigins: func() *pass.Origins {
			origins, err := pass.NewOrigins(s.Code, s.SourceMap)
			if err != nil {
				return nil // no map was asked for
			}
			return origins
		},
	}
	if tree != nil {
		readNames(&c)
	}
	passed := pass.Run(c, o.Edits...)
	p.content, p.prelude, p.bySource, p.changes = o.Before(passed.Code), len(o.Line), passed.BySource, passed.Changes
	p.mappings = func(mappings string) string {
		return strings.Repeat(";", strings.Count(o.Line, "\n")) + passed.Mappings(mappings)
	}
}
