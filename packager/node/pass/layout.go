package pass

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Layout is what the bundler says of how it has put a minified code together. It is enough to
// find where each module lies, without a source map: one for that alone took a sixth of the CPU time
// of a first build of 100 functions.
//
// The bundler writes modules in parts, which are whole statements of the top level:
//
//  1. its own helpers;
//  2. the modules that lie in wrappers, in one part each;
//  3. the others, each behind those that it imports. What its imports become, and the getters
//     of its exports, may come earlier, in parts between those of the imported modules;
//  4. what exports the entry's names.
//
// How many statements come earlier is not said, but the bytes of all parts of a module together
// are. Every way in which they fit is tried: where two fit that differ, the modules of the
// statements concerned are not known.
// Source: findImportedPartsInJSOrder and generateChunkJS in internal/linker of esbuild 0.28.2.
type Layout struct {
	// Modules are those in the code, in the order of their first parts.
	Modules []Module
	// Entry is the module that is loaded first.
	Entry string
	// Imports are the modules that the import statements of a module load, in order, be they
	// in the code or not, and "" for those that stay outside.
	Imports func(module string) []string
}

// Module is a module's path, and the bytes of all its parts.
type Module struct {
	Path  string
	Bytes int
}

// Unknown is the source of what is in a module, but it is not known in which.
const Unknown = "\x00"

// maxSteps bounds the search. Codes of the samples take a few steps for each module.
const maxSteps = 1_000_000

// Origins finds the modules of a code that the bundler wrote, by its tree.
func (l Layout) Origins(t *js.Tree) *Origins {
	p := placing{layout: l, tree: t, statements: t.Top.List, wrapper: map[*js.Node]bool{}}
	for _, w := range findWrappers(t) {
		p.wrapper[w.argument] = true
	}
	for _, s := range p.statements {
		p.starts = append(p.starts, s.Start)
	}
	p.starts = append(p.starts, int32(len(strings.TrimRight(t.Source, "\n"))))
	size := 0
	for _, m := range l.Modules {
		size += m.Bytes
	}
	for _, end := range p.ends() {
		if start, found := p.at(int(p.starts[end]) - size); found {
			p.place(start, end)
		}
	}
	if p.steps > maxSteps || p.found == nil {
		return &Origins{sources: []string{Unknown}, stretches: stretches{{}}}
	}
	o := &Origins{stretches: stretches{{0, nobody}}}
	for _, m := range l.Modules {
		o.sources = append(o.sources, m.Path)
	}
	o.sources = append(o.sources, Unknown)
	for i, owner := range p.found {
		if owner == unsure {
			owner = int32(len(l.Modules))
		}
		if owner != o.stretches[len(o.stretches)-1].source {
			o.stretches = append(o.stretches, stretch{p.starts[i], owner})
		}
	}
	return o
}

// Owners of statements that are no modules.
const (
	nobody = 1<<31 - 1 // the bundler
	unsure = -1
)

// placing finds the places of modules.
type placing struct {
	layout     Layout
	tree       *js.Tree
	statements []*js.Node
	starts     []int32 // of the statements, and the end of the last one
	wrapper    map[*js.Node]bool

	// Of one end of the modules.
	end    int
	events []event
	order  []int32 // the modules that are not in wrappers and have bytes, as they appear
	begun  []bool  // by module
	rest   []int   // bytes that are not placed yet, by module
	owner  []int32 // by statement
	left   uint64  // a hash of rest
	tried  map[state]bool

	steps int
	found []int32 // the owners that are certain, by statement; nil where nothing fits
}

// state is all that decides how the parts from an event on can be placed.
type state struct {
	event, statement, next int
	left                   uint64
}

// event is a part of a module that is not in a wrapper. All but the last one may be empty.
type event struct {
	module int32
	last   bool
	most   int // statements that may be in it, where it is not the last one
}

// at is the statement that begins at an offset.
func (p *placing) at(offset int) (statement int, found bool) {
	return slices.BinarySearchFunc(p.starts, offset, func(start int32, offset int) int { return int(start) - offset })
}

// ends are the statements before which the modules may end.
func (p *placing) ends() []int {
	i := len(p.statements)
	if i > 0 {
		switch s := p.statements[i-1]; {
		case s.Kind == js.Export && s.Z == nil: // export{a as b}, export default r()
			i--
		case s.Kind == js.Expr && s.X.Kind == js.Binary && s.X.X.Kind == js.Number: // 0&&(module.exports={a})
			i--
		}
	}
	ends := []int{i}
	for i > 0 && isCopy(p.statements[i-1]) { // var a=b.c, whose a is exported
		i--
		ends = append(ends, i)
	}
	if i > 0 && p.statements[i-1].Kind == js.Expr { // r(), await r(), module.exports=r()
		ends = append(ends, i-1)
	}
	return ends
}

func isCopy(s *js.Node) bool {
	return s.Kind == js.Var && len(s.List) == 1 && s.List[0].Y != nil && (s.List[0].Y.Kind == js.Member || s.List[0].Y.Kind == js.Index)
}

// place tries to place all modules between two statements.
func (p *placing) place(start, end int) {
	all := p.layout.Modules
	p.end, p.events, p.order = end, p.events[:0], p.order[:0]
	p.begun, p.rest = make([]bool, len(all)), make([]int, len(all))
	p.owner, p.left, p.tried = make([]int32, len(p.statements)), 0, map[state]bool{}
	for i := range p.owner {
		p.owner[i] = nobody
	}
	// Those in wrappers come first. They have one part each.
	wrapped, at, behind := 0, start, start
	for i, m := range all {
		to, found := p.at(int(p.starts[at]) + m.Bytes)
		if !found {
			break
		}
		p.own(at, to, int32(i))
		if at = to; m.Bytes > 0 && p.endsWithWrapper(at) {
			wrapped, behind = i+1, at
		}
	}
	placed := map[string]bool{} // those in wrappers, and then those whose events are known
	index := map[string]int32{}
	for i, m := range all {
		if p.rest[i] = m.Bytes; i < wrapped {
			placed[m.Path] = true
		} else if m.Bytes > 0 {
			p.order = append(p.order, int32(i))
			index[m.Path] = int32(i)
		}
	}
	if !placed[p.layout.Entry] {
		p.follow(p.layout.Entry, placed, index)
	}
	p.try(0, behind, 0)
}

// endsWithWrapper reports whether the statement before another one declares a wrapper.
func (p *placing) endsWithWrapper(behind int) bool {
	if behind == 0 {
		return false
	}
	s := p.statements[behind-1]
	if s.Kind != js.Var || len(s.List) == 0 {
		return false
	}
	value := s.List[len(s.List)-1].Y
	return value != nil && value.Kind == js.Call && len(value.List) == 1 && p.wrapper[value.List[0]]
}

// follow lists the parts of a module, and of those that it imports and that were not followed
// before.
func (p *placing) follow(module string, seen map[string]bool, index map[string]int32) {
	seen[module] = true
	i, written := index[module]
	most := 3 // var e={}; export(e,{...}); module.exports=toCommonJS(e)
	for _, imported := range p.layout.Imports(module) {
		most += 2 // r(); reExport(e,r())
		if imported == "" || seen[imported] {
			continue
		}
		before := len(p.events)
		if written {
			p.events = append(p.events, event{module: i, most: most + 1}) // var meta={}
		}
		inner := len(p.events)
		p.follow(imported, seen, index)
		if len(p.events) == inner {
			p.events = p.events[:before]
		} else {
			most = 0
		}
	}
	if written {
		p.events = append(p.events, event{module: i, last: true})
	}
}

// try places the parts from an event on, the first one at a statement, and reports whether they fit.
// next is the number of modules that have begun.
func (p *placing) try(from, at, next int) (fit bool) {
	if p.steps++; p.steps > maxSteps {
		return false
	}
	if from == len(p.events) {
		if fit = at == p.end && next == len(p.order); fit {
			p.fits(len(p.statements))
		}
		return fit
	}
	e := p.events[from]
	if !p.begun[e.module] {
		if next == len(p.order) || p.order[next] != e.module {
			return !e.last && p.try(from+1, at, next)
		}
		p.begun[e.module] = true
		defer func() { p.begun[e.module] = false }()
		next++
	}
	rest, left := p.rest[e.module], p.left
	defer func() { p.rest[e.module], p.left = rest, left }()
	if e.last {
		to, ends := p.at(int(p.starts[at]) + rest)
		if !ends {
			return false
		}
		p.own(at, to, e.module)
		p.take(e.module, rest)
		return p.try(from+1, to, next)
	}
	now := state{from, at, next, left}
	if fit, known := p.tried[now]; known {
		if fit {
			p.fits(at)
		}
		return fit
	}
	for to := at; ; to++ {
		fit = p.try(from+1, to, next) || fit
		if to == p.end || to-at == e.most || !comesEarly(p.statements[to]) {
			break
		}
		size := int(p.starts[to+1] - p.starts[to])
		if size > p.rest[e.module] {
			break
		}
		p.take(e.module, size)
		p.own(to, to+1, e.module)
	}
	p.tried[now] = fit
	return fit
}

// take places bytes of a module.
func (p *placing) take(module int32, size int) {
	p.left ^= hash(module, p.rest[module])
	p.rest[module] -= size
	p.left ^= hash(module, p.rest[module])
}

// hash is the mixing function of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
// generators, 2014).
func hash(module int32, rest int) uint64 {
	h := uint64(module)<<32 + uint64(rest)
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// comesEarly reports whether a statement may be in a part of a module that is not its last
// one: an import, what the bundler writes for one, or for all that a module exports.
func comesEarly(s *js.Node) bool {
	switch s.Kind {
	case js.Import, js.Export:
		return true
	case js.Var: // a=require("b"), a=toESM(r()), a={}
		return !slices.ContainsFunc(s.List, func(d *js.Node) bool {
			return d.Y == nil || d.Y.Kind != js.Call && d.Y.Kind != js.Sequence && (d.Y.Kind != js.Object || len(d.Y.List) > 0)
		})
	case js.Expr: // r(), await r(), export(e,{a:()=>b}), reExport(e,r(),module.exports), module.exports=toCommonJS(e)
		return s.X.Kind == js.Call || s.X.Kind == js.Unary || s.X.Kind == js.Assign
	}
	return false
}

func (p *placing) own(from, to int, module int32) {
	for i := from; i < to; i++ {
		p.owner[i] = module
	}
}

// fits adds a way in which all parts fit. Statements from an index on have the owners that an earlier
// way has given them.
func (p *placing) fits(below int) {
	if p.found == nil {
		p.found = slices.Clone(p.owner)
		return
	}
	for i, owner := range p.owner[:below] {
		if p.found[i] != owner {
			p.found[i] = unsure
		}
	}
}
