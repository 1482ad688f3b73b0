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
	// ReadOrigins reads them for a table of data, which changes the size of its source
	// most. It may be nil, and so may its answer.
	ReadOrigins func() *Origins
	// Keep says what the functions and classes of a source keep of their names, by its
	// path in the origins. nil leaves everything as it is.
	Keep func(source string) Keep
	// KeepNamed says which functions and classes keep their names, such as those with whose
	// name code compares, whatever Keep says of their source. It may be nil.
	KeepNamed func(name string) bool
	// Parameters says whether the functions of a source keep their parameters' names.
	Parameters func(source string) bool
	// Passes says which passes are off.
	Passes analyzer.Switches
	// OneByte asks for a code of Latin-1's characters, if it needs few escapes.
	OneByte bool
	// Nodes is the memory for trees of changed texts. nil allocates them.
	Nodes *js.Nodes
	// ShortNames means that the bundler has shortened the names of variables.
	ShortNames bool
}

// bundle is a code with what passes need to know of each other.
type bundle struct {
	Code
	wrappers []wrapper
	// edits are those of the passes before, sorted.
	edits []js.Edit
	// namesRead are names that what is declared by them must keep.
	namesRead map[string]bool
	// named are the variables that edits give a name.
	named map[*js.Binding]string
	// dropped are the variables, by ID, whose declarations edits take out.
	dropped map[int32]bool
	// gone are the parts of the text that dropUnused takes out, sorted. cut are the
	// statements that it takes variables out of.
	gone  []span
	cut   map[*js.Node]bool
	found *references
	// fewWide means that few escapes make the code one of Latin-1, once they were counted.
	fewWide, wideCounted bool
}

// span is a part of the text. tail means that it begins behind something that stays.
type span struct {
	start, end int
	tail       bool
}

// remaining are those of the edits that do not lie in what is taken out.
func (b *bundle) remaining(edits []js.Edit) []js.Edit {
	if len(b.gone) == 0 {
		return edits
	}
	return slices.DeleteFunc(edits, func(e js.Edit) bool {
		i, _ := slices.BinarySearchFunc(b.gone, e.Start, func(s span, at int) int { return cmp.Compare(s.end, at) })
		for ; i < len(b.gone) && b.gone[i].start <= e.Start; i++ {
			s := b.gone[i]
			insertion := e.Start == e.End
			if e.Start >= s.start && e.End <= s.end && !(insertion && (s.tail && e.Start == s.start || !s.tail && e.Start == s.end)) {
				return true
			}
		}
		return false
	})
}

// forget takes the references of what goes out of those of the code.
func (b *bundle) forget() {
	next := 0
	b.found.list = slices.DeleteFunc(b.found.list, func(ref reference) bool {
		for next < len(b.gone) && b.gone[next].end <= int(ref.start) {
			next++
		}
		if next == len(b.gone) || int(ref.start) < b.gone[next].start {
			return false
		}
		b.found.variables[ref.variable].count--
		return true
	})
}

// references are those of the code.
func (b *bundle) references() *references {
	if b.found == nil {
		b.found = findReferences(b.Tree, b.Strict)
	}
	return b.found
}

// passes are those of [analyzer.Passes] that edit the finished bundle, in that order.
// Their edits do not overlap.
var passes = []struct {
	name  string
	edits func(c *bundle) []js.Edit
}{
	{analyzer.UnusedCode, dropUnused}, // these two before all others: their edits of what goes are left out
	{analyzer.CommonJSExports, dropUnusedExports},
	{"wrappers as functions", asFunctions},
	{"sloppy code", sloppyInStrict},
	{"named module.exports", nameModuleExports},
	{"kept names", keepNames},
	{"parameter names", keepParameters},
	{analyzer.Literals, inlineLiterals},
	{analyzer.JSONTables, parseTables},
	{"characters", escapeCharacters},      // after those that move texts
	{analyzer.RenameLocals, renameLocals}, // after all others: it leaves alone what they edit
}

// Result is the code after all passes.
type Result struct {
	Code []byte
	// Changes are the passes that changed the code, in order.
	Changes []Change
	// BySource is how many bytes were added to the code of each source, by its path in
	// the origins. It is nil where none were given.
	BySource map[string]int
	source   []byte
	edits    []js.Edit // of source, sorted
	// first is what unwrapLazy has made of the code, nil where it has changed nothing.
	first *Result
}

// Change is the number of bytes that a pass added.
type Change struct {
	Name  string
	Bytes int
}

// Run applies all passes. more are edits of the caller, which must not overlap
// theirs.
//
// unwrapLazy comes first, and what it leaves is parsed again, so that the others see its
// declarations as the bundler would have written them.
func Run(c Code, more ...js.Edit) Result {
	if c.Tree != nil {
		if edits := unwrapLazy(c, more); len(edits) > 0 {
			first := Result{source: c.Text}.apply(edits)
			if tree, err := c.Nodes.Parse(first.Code); err == nil {
				first.count(analyzer.LazyModules, edits, nil)
				c.Text, c.Tree = first.Code, tree
				r := others(c, &first, more)
				r.first, r.Changes = &first, append(first.Changes, r.Changes...)
				return r
			}
		}
	}
	return others(c, nil, more)
}

// others applies the other passes to what unwrapLazy has left.
func others(c Code, first *Result, more []js.Edit) Result {
	r := Result{Code: c.Text, source: c.Text, first: first}
	more = slices.Clone(more)
	sortEdits(more)
	b := bundle{Code: c, edits: more, namesRead: map[string]bool{}, named: map[*js.Binding]string{}, dropped: map[int32]bool{}, cut: map[*js.Node]bool{}}
	if c.Tree == nil {
		return r.apply(b.edits)
	}
	b.wrappers = findWrappers(c.Tree)
	for _, p := range passes {
		if !c.Passes.On(p.name) {
			continue
		}
		edits := p.edits(&b)
		if p.name != analyzer.UnusedCode && p.name != analyzer.CommonJSExports {
			edits = b.remaining(edits)
		}
		if len(edits) > 0 {
			origins := c.Origins
			if origins == nil && p.name == analyzer.JSONTables && c.ReadOrigins != nil {
				origins = c.ReadOrigins()
			}
			r.count(p.name, edits, origins)
			b.edits = merged(b.edits, edits)
		}
	}
	return r.apply(b.edits)
}

// sortEdits sorts edits that mostly are in order.
func sortEdits(edits []js.Edit) {
	order := func(a, b js.Edit) int { return cmp.Compare(a.Start, b.Start) }
	if !slices.IsSortedFunc(edits, order) {
		slices.SortStableFunc(edits, order)
	}
}

// merged are sorted edits with those of a later pass, which come behind others at one place.
// They lie in the memory of the later ones, if that has room.
func merged(edits, later []js.Edit) []js.Edit {
	sortEdits(later)
	i, j := len(edits)-1, len(later)-1
	all := slices.Grow(later, len(edits))[:len(later)+len(edits)]
	for at := len(all) - 1; i >= 0; at-- {
		if j >= 0 && later[j].Start >= edits[i].Start {
			all[at] = later[j]
			j--
		} else {
			all[at] = edits[i]
			i--
		}
	}
	return all
}

// count adds up what the edits of a pass change.
func (r *Result) count(name string, edits []js.Edit, origins *Origins) {
	change := Change{Name: name}
	for _, e := range edits {
		added := len(e.Text) - (e.End - e.Start)
		change.Bytes += added
		if origins != nil && added != 0 {
			if r.BySource == nil {
				r.BySource = map[string]int{}
			}
			r.BySource[origins.Source(r.first.before(e.Start))] += added
		}
	}
	r.Changes = append(r.Changes, change)
}

// before is where a place of the code was in front of the edits.
func (r *Result) before(at int) int {
	if r == nil {
		return at
	}
	for _, e := range r.edits {
		if e.Start > at {
			break
		}
		by := len(e.Text) - (e.End - e.Start)
		if at < e.Start+len(e.Text) {
			return e.Start
		}
		at -= by
	}
	return at
}

func (r Result) apply(edits []js.Edit) Result {
	sortEdits(edits)
	r.edits = edits
	if len(edits) > 0 {
		r.Code = js.ApplyBytes(r.source, edits)
	}
	return r
}
