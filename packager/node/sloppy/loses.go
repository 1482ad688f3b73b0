package sloppy

import (
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Reading is what a CommonJS module would lose in a bundle. It is empty for a module that
// would lose nothing, that is in strict mode by itself, or that our parser cannot read.
type Reading struct {
	// First is the first code that only a text can keep; nil where there is none.
	First *Reason
	// Edits give the rest its meaning.
	Edits []js.Edit
	// Callers is the first code that asks which function has called one that other modules
	// may call. Their code is in strict mode in the bundle, which tells nobody.
	Callers *Reason
	// Changes are the properties of objects of other modules that the module changes.
	Changes []Change
	// ChangesThis is set where it changes properties of this, Arguments where it gives the
	// arguments of a function to other code.
	ChangesThis, Arguments bool
}

// Reason is code that would mean something else.
type Reason struct {
	Line, Column int // from 1, the column in bytes
	// What is the code, in words.
	What string
}

// Read reads a CommonJS module for a bundle in strict mode or not.
func Read(text []byte, strict bool) Reading {
	if strictFrom.Match(text) || !strict && !inBlocks.Match(text) && !awaits.Match(text) {
		return Reading{}
	}
	tree, err := js.Parse(text)
	if err != nil || tree.Module || tree.Top.DeclaresStrict() {
		return Reading{}
	}
	tree.Bind()
	m := module{
		Tree: tree, strict: strict, locked: map[*js.Binding]bool{}, lockedAs: map[string]bool{}, fixed: map[string]bool{}, computed: map[element]bool{},
		boxed: map[*js.Node]bool{},
	}
	m.look(tree.Top, nil)
	var changes []Change
	if strict {
		m.properties()
		changes = m.foreign()
	}
	if m.callee != nil && m.bare {
		m.lost(m.callee, "callee")
	}
	return Reading{First: m.first, Edits: m.boxes(), Callers: m.callers, Changes: changes, ChangesThis: m.changesThis(), Arguments: m.bare}
}

var (
	// strictFrom matches modules that begin with "use strict", for speed alone.
	strictFrom = regexp.MustCompile(`^\s*(?:"use strict"|'use strict')\s*[;\n]`)
	// inBlocks matches functions that may be declared in a case, or in a block with the
	// name of a parameter.
	inBlocks = regexp.MustCompile(`[:;{})]\s*function\s+[\w$]`)
	awaits   = regexp.MustCompile(`\bawait\b`)
)

// module is one whose code is read.
type module struct {
	*js.Tree
	strict bool
	first  *Reason
	// written are members that something assigns to, counts or deletes.
	written []*js.Node
	// locked are variables whose objects cannot be changed, lockedAs are names of members that
	// hold such objects. lockedAny means that any object may be one.
	locked    map[*js.Binding]bool
	lockedAs  map[string]bool
	lockedAny bool
	// fixed are properties that cannot be assigned, at least of some object. computed are
	// those with names that are computed, as written.
	fixed    map[string]bool
	computed map[element]bool
	callers  *Reason
	callee   *js.Node // the callee of something else than arguments
	bare     bool     // arguments is given to other code
	boxed    map[*js.Node]bool
	these    []*js.Node // this, where it may be no object
}

// lost notes code that would mean something else.
func (m *module) lost(n *js.Node, what string) {
	if m.first == nil {
		m.first = m.reason(n, what)
	}
}

func (m *module) reason(n *js.Node, what string) *Reason {
	before := m.Source[:n.Start]
	return &Reason{Line: strings.Count(before, "\n") + 1, Column: int(n.Start) - strings.LastIndexByte(before, '\n'), What: what}
}

// look reads a node and what is below it. f is the function around it, without arrow
// functions.
func (m *module) look(n, f *js.Node) {
	switch n.Kind {
	case js.Class:
		return // always strict
	case js.Function:
		if n.X.DeclaresStrict() {
			return
		}
		f = n
		m.blocks(n)
		if m.strict {
			m.function(n)
		}
	case js.Arrow:
		if n.X.DeclaresStrict() {
			return
		}
		m.blocks(n)
	case js.Switch:
		m.cases(n)
	}
	if n.Name == "await" && (n.Kind == js.Function || n.Kind == js.Name && n.Scope != nil && n.Scope.Find("await") != nil) {
		m.lost(n, "await as a name")
	}
	if m.strict {
		m.expression(n, f)
	}
	n.Each(func(child *js.Node) { m.look(child, f) })
}

// expression reads what strict mode forbids, or gives another value.
func (m *module) expression(n, f *js.Node) {
	switch n.Kind {
	case js.Name:
		if ofTheFuture[n.Name] {
			m.lost(n, n.Name+" as a name")
		}
		if n.IsGlobal("arguments") && n.Parent.Kind != js.Member && n.Parent.Kind != js.Index && !handedOn(n) {
			m.bare = true
		}
	case js.Function:
		if ofTheFuture[n.Name] || n.Name == "eval" || n.Name == "arguments" {
			m.lost(n, n.Name+" as a name")
		}
		for _, p := range n.List {
			m.declared(p)
		}
	case js.Arrow:
		for _, p := range n.List {
			m.declared(p)
		}
	case js.Declare:
		m.declared(n.X)
	case js.Try:
		for _, p := range n.List {
			m.declared(p)
		}
	case js.While:
		if n.Start+4 < n.End && m.Source[n.Start:n.Start+4] == "with" {
			m.lost(n, "with")
		}
	case js.Unary:
		if n.Name == "delete" {
			if n.X.Kind == js.Name {
				m.lost(n, "delete of a name")
			}
			m.target(n.X)
		}
	case js.Assign, js.Update:
		m.target(n.X)
	case js.ForIn:
		if n.X.Kind != js.Var {
			m.target(n.X)
		}
	case js.Call:
		if n.X.IsGlobal("eval") && n.X.Flags&js.Parenthesised == 0 && n.Flags&js.Optional == 0 {
			m.lost(n, "eval")
		}
		m.receiver(n)
		m.definitions(n)
	case js.New:
		m.given(n)
	case js.Member, js.Index:
		m.member(n, f)
	case js.Property:
		m.accessor(n)
		if n.Name == "callee" && m.callee == nil {
			m.callee = n
		}
	}
}

// ofTheFuture are reserved in strict mode alone.
var ofTheFuture = map[string]bool{
	"implements": true, "interface": true, "let": true, "package": true, "private": true, "protected": true, "public": true,
	"static": true, "yield": true,
}

// declared reads the names that a pattern declares.
func (m *module) declared(pattern *js.Node) {
	js.BoundNames(pattern, func(b *js.Binding) {
		if b != nil && (b.Name == "eval" || b.Name == "arguments") {
			m.lost(pattern, b.Name+" as a name")
		}
	})
}

// target reads what is assigned to.
func (m *module) target(n *js.Node) {
	switch n.Kind {
	case js.Name:
		switch {
		case n.Name == "eval" || n.Name == "arguments":
			m.lost(n, "assignment to "+n.Name)
		case fixedGlobals[n.Name] && n.IsGlobal(n.Name):
			m.lost(n, "a property of Node's own that cannot be changed")
		case n.IsGlobal("undefined") || n.IsGlobal("NaN") || n.IsGlobal("Infinity"):
			m.lost(n, "assignment to "+n.Name)
		}
	case js.Member, js.Index:
		m.written = append(m.written, n)
	case js.Assign, js.Spread:
		m.target(n.X)
	case js.Property:
		m.target(n.Y)
	case js.Array, js.Object:
		for _, child := range n.List {
			m.target(child)
		}
	}
}

// eachOwn visits what belongs to a function itself.
func eachOwn(f *js.Node, visit func(*js.Node)) {
	for _, p := range f.List {
		p.EachOwn(visit)
	}
	f.X.EachOwn(visit)
}
