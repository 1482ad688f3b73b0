package onload

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// dynamicImports makes an import() load only the names that are taken of it. Of
// const { a } = await import('x'), import('x').then(({ a }) => ...) or
// (await import('x')).a the bundler keeps all exports of x, since it does not look at what
// becomes of the namespace. The request is written as one for a module that has nothing
// but export { a } from 'x' ([Names], which the build provides).
//
// The importer cannot tell, since it sees no more of the namespace than the names, and
// reads them when it did before. x is evaluated at the same time, with the same errors,
// once for all who import it. Where the modules that x adds to those that the importer
// has loaded already do nothing but declare (declarations.go), they may as well be loaded
// with it: the import() becomes an import of the names and a promise. The bundler then
// leaves out what nobody uses, and need not write all that x shares with the rest as
// functions that are called when it is first needed. That promise takes as many turns of
// the queue as the one that the bundler writes for import(); how many Node takes is not
// specified. These stay as they are:
//   - a namespace that is used as a value: handed on, listed, searched with in, taken
//     apart with a rest or a computed key, written to, or used by a name that is not
//     certain to be exported or to be missing;
//   - a module whose namespace is a thenable: import() calls its export "then";
//   - a target that is no ES module: default and the names of CommonJS depend on who
//     imports it;
//   - a name of a module in TypeScript that is a type: it is not there in JavaScript;
//   - code with eval or with, and functions that read their arguments by number.
//
// In addition, these stay dynamic:
//   - modules that import, or are imported by, each other, the importer among them: they
//     would be evaluated in another order;
//   - a request for a built-in module that the importer has not loaded already, or for
//     one that is not in the project: it may take long to load, or fail;
//   - an import in a CommonJS module or in TypeScript, or where Promise is another thing.
//
// A function that is called as a member of a namespace gets another receiver. As for
// namespaceImports, an export of an ES module cannot rely on one.
func dynamicImports(m *Module, v View, _ analyzer.Switches) []Change {
	if bytes.Contains(m.Source, []byte("eval")) && callsEval.Match(m.Source) {
		return nil
	}
	text := m.Text()
	if text == nil || !text.Module && bytes.Contains(m.Source, []byte("with")) && hasWith.Match(m.Source) {
		return nil
	}
	d := dynamic{module: m, view: v, text: text}
	var look func(n *js.Node)
	look = func(n *js.Node) {
		if n.Kind == js.ImportCall && len(n.List) == 1 && n.List[0].Kind == js.String && n.List[0].Flags&js.Escaped == 0 {
			d.one(n)
		}
		n.Each(look)
	}
	look(text.Top)
	return d.changes
}

func hasDynamicImport(source []byte) bool { return bytes.Contains(source, []byte("import(")) }

var (
	callsEval = regexp.MustCompile(`\beval\s*\(`)
	hasWith   = regexp.MustCompile(`\bwith\s*\(`)
)

// Names starts the specifier of a module that hands on some names of another:
// [NamesOf] reads the rest.
const Names = "featherpack:names:"

// NamesOf returns the names of a specifier that starts with [Names], joined by commas, and
// the specifier of the module that has them.
func NamesOf(specifier string) (names, of string) {
	names, of, _ = strings.Cut(strings.TrimPrefix(specifier, Names), ":")
	return names, of
}

// dynamic looks at the dynamic imports of a module.
type dynamic struct {
	module  *Module
	view    View
	text    *js.Text
	loaded  *loaded // what the module has loaded before it runs; nil until it is needed
	count   int
	changes []Change
}

func (d *dynamic) one(n *js.Node) {
	specifier := n.List[0].Name
	if js.Builtin(specifier) || strings.ContainsAny(specifier, "\\\"'\n?#") {
		return
	}
	taken, ok := namesTaken(n)
	if !ok {
		return
	}
	target := d.view.Resolve(d.module.File, specifier)
	o := d.view.Exports(target)
	if target == "" || target == d.module.File || o == nil || !o.Module || o.Opaque {
		return
	}
	start, end, ok := d.place(n)
	f := finder{view: exportsOf{d.view}}
	if !ok {
		return
	}
	if _, found, uncertain := f.follow(target, "then", nil); found || uncertain {
		return
	}
	var names []string
	for _, name := range taken {
		_, found, uncertain := f.follow(target, name, nil)
		if uncertain || !plainName.MatchString(name) || name == "__proto__" {
			return
		}
		if found && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	if c, ok := d.static(n, target, specifier, names); ok {
		d.changes = append(d.changes, c)
		return
	}
	if len(o.Stars) == 0 && len(o.Exports) == len(names) {
		return // all of it
	}
	to := Names + strings.Join(names, ",") + ":" + specifier
	d.changes = append(d.changes, Change{
		Edits:    []js.Edit{{Start: start, End: end, Text: strconv.Quote(to)}},
		Past:     f.past,
		Requests: map[string]string{to: specifier},
	})
}

// exportsOf is a view whose outlines tell the exports of TypeScript too.
type exportsOf struct{ View }

func (e exportsOf) Outline(file string) *js.Outline { return e.Exports(file) }

// place is where the specifier of an import() stands in the module's own text.
func (d *dynamic) place(n *js.Node) (start, end int, ok bool) {
	if at := n.List[0]; !d.text.Rewritten() {
		return int(at.Start), int(at.End), true
	}
	call := js.Place{Start: int(n.Start), End: int(n.End)}
	d.text.Locate(&call)
	m := importHead.FindSubmatchIndex(d.module.Source[call.Start:])
	if m == nil {
		return 0, 0, false
	}
	start, end = call.Start+m[2], call.Start+m[3]
	return start, end, string(d.module.Source[start+1:end-1]) == n.List[0].Name
}

// importHead matches an import() of a plain string, its group.
var importHead = regexp.MustCompile(`^import\s*\(\s*(?:/\*[^*]*\*/\s*)*("[^"\\\n]*"|'[^'\\\n]*')\s*,?\s*\)`)

// static makes the import static.
func (d *dynamic) static(n *js.Node, target, specifier string, names []string) (c Change, ok bool) {
	at := lastImport(d.text)
	if d.text.Rewritten() || !d.text.Module || at < 0 || scopeOf(n).Find("Promise") != nil {
		return c, false
	}
	if d.loaded == nil {
		l := loadedBy(d.view, d.module.File)
		d.loaded = &l
	}
	past, ok := d.loaded.onlyDeclares(d.view, target)
	if !ok {
		return c, false
	}
	var clause, members []string
	for _, name := range names {
		local := d.fresh(name)
		clause = append(clause, name+" as "+local)
		members = append(members, name+": "+local)
	}
	promise := "Promise.resolve().then(() => ({" + strings.Join(members, ", ") + "}))"
	promise += strings.Repeat("\n", strings.Count(d.text.Source[n.Start:n.End], "\n"))
	c.Edits = []js.Edit{
		{Start: at, End: at, Text: "import {" + strings.Join(clause, ", ") + "} from " + strconv.Quote(specifier) + "; "},
		{Start: int(n.Start), End: int(n.End), Text: promise},
	}
	c.Past = past
	return c, true
}

// scopeOf is the scope that a node is in.
func scopeOf(n *js.Node) *js.Scope {
	for n.Scope == nil {
		n = n.Parent
	}
	return n.Scope
}

// fresh is a name that the module does not have.
func (d *dynamic) fresh(name string) string {
	for {
		d.count++
		if free := name + "_" + strconv.Itoa(d.count); !bytes.Contains(d.module.Source, []byte(free)) {
			return free
		}
	}
}

// lastImport is where an import can be put behind all others: in front of the statement
// that follows the last one, or the directives. at is -1 where there is no such statement.
func lastImport(text *js.Text) (at int) {
	at = -1
	directives, behind := true, true
	for _, s := range text.Top.List {
		if behind {
			at, behind = int(s.Start), false
		}
		directives = directives && s.Kind == js.Expr && s.X.Kind == js.String
		if s.Kind == js.Import || directives {
			at, behind = -1, true
		}
	}
	return at
}

// namesTaken lists the names that code takes of the namespace that an import() leads to.
// ok is false where it does something else with it.
func namesTaken(n *js.Node) (names []string, ok bool) {
	p := n.Parent
	switch {
	case p == nil:
		return nil, false
	case p.Kind == js.Unary && (p.Name == "await" || p.Name == "yield" && awaited(p)):
		return namesOfValue(p)
	case p.Kind == js.Member && p.Name == "then" && p.X == n && p.Parent.Kind == js.Call && p.Parent.X == p && len(p.Parent.List) > 0:
		return namesOfParameter(p.Parent.List[0])
	}
	return nil, false
}

// awaited reports whether a yield is what TypeScript has made of an await.
func awaited(n *js.Node) bool {
	for n.Kind != js.Function && n.Parent != nil {
		n = n.Parent
	}
	return n.Kind == js.Function && n.Parent != nil && n.Parent.Kind == js.Call && n.Parent.X != n && js.CalleeName(n.Parent.X) == "__awaiter"
}

// namesOfValue lists the names that are taken of an expression's value.
func namesOfValue(n *js.Node) (names []string, ok bool) {
	p := n.Parent
	switch {
	case p == nil:
	case p.Kind == js.Member && p.X == n:
		return memberName(p)
	case p.Kind == js.Declare && p.Y == n && p.X.Kind == js.Object:
		return namesOfPattern(p.X)
	case p.Kind == js.Declare && p.Y == n && p.X.Kind == js.Name:
		return namesOfBinding(p.X.Scope.Find(p.X.Name), p.X)
	case p.Kind == js.Assign && p.Op == js.OpAssign && p.Y == n && p.X.Kind == js.Object && p.Parent != nil && p.Parent.Kind == js.Expr:
		return namesOfPattern(p.X)
	}
	return nil, false
}

func memberName(n *js.Node) (names []string, ok bool) {
	if n.Flags&(js.Odd|js.Optional) != 0 || written(n) {
		return nil, false
	}
	return []string{n.Name}, true
}

func namesOfPattern(pattern *js.Node) (names []string, ok bool) {
	for _, p := range pattern.List {
		if p.Kind != js.Property || p.X != nil || p.Name == "" {
			return nil, false
		}
		names = append(names, p.Name)
	}
	return names, true
}

// namesOfBinding lists the members by which a name is used. declared is where it gets its
// only value, the namespace.
func namesOfBinding(b *js.Binding, declared *js.Node) (names []string, ok bool) {
	if b == nil || b.Exported || b.Imported != "" || b.Function != nil || len(b.Writes) > 1 {
		return nil, false
	}
	for _, ref := range b.Refs {
		p := ref.Parent
		if ref == declared {
			continue
		}
		if p == nil || p.Kind != js.Member || p.X != ref {
			return nil, false
		}
		name, ok := memberName(p)
		if !ok {
			return nil, false
		}
		names = append(names, name...)
	}
	return names, true
}

// namesOfParameter lists the names that a function takes of its first argument.
func namesOfParameter(f *js.Node) (names []string, ok bool) {
	if f.Kind != js.Arrow && f.Kind != js.Function || len(f.List) == 0 || f.Kind == js.Function && readsArguments(f) {
		return nil, false
	}
	switch p := f.List[0]; p.Kind {
	case js.Object:
		return namesOfPattern(p)
	case js.Name:
		b := f.Scope.Own(p.Name)
		if b == nil || len(b.Writes) > 0 || slices.ContainsFunc(f.List[1:], func(other *js.Node) bool { return other.Kind == js.Name && other.Name == p.Name }) {
			return nil, false
		}
		return namesOfBinding(b, p)
	}
	return nil, false
}

// readsArguments reports whether a function has the name arguments in its text.
func readsArguments(f *js.Node) (found bool) {
	var look func(n *js.Node)
	look = func(n *js.Node) {
		found = found || n.Kind == js.Name && n.Name == "arguments"
		n.Each(look)
	}
	look(f)
	return found
}
