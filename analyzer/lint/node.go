package lint

import (
	"bytes"
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// Modules are the project's own modules of a Node function.
type Modules interface {
	// Module returns one of the project's own modules. It returns false for any other
	// file.
	Module(path string) (js.File, bool)
	// Resolve returns the path of the file that a specifier in a module leads to, "" if
	// that is not known.
	Resolve(from, specifier string) string
}

// Subject is the Node function to advise on.
type Subject struct {
	// Paths are its own modules, the entry point first.
	Paths []string
	// Handler is the name of the export that Lambda calls, "" if the first module is not
	// an entry point.
	Handler string
	// Node is the major version of its runtime, 0 if it is not known.
	Node    int
	Modules Modules
	// ReuseUnset is set if its environment is known and does not tell the AWS SDK v2 to keep
	// connections alive.
	ReuseUnset bool
	// Inputs are the inputs of its bundle, and Bytes what each has in the artifact. They
	// may be empty.
	Inputs []analyzer.Input
	Bytes  []int64
	// Reached are those of the inputs that the entry point leads to, as sorted indexes, nil for
	// all of them: a report has the inputs of all functions in one list.
	Reached []int
	// Requires returns the range of versions of a package that the package in a folder asks for,
	// "" if that is not known. It may be nil.
	Requires func(dir, name string) string
	// Opens reports whether a path such as lib/a leads others that require it to a file of the package in
	// a folder, such as lib/a.js. It may be nil.
	Opens func(dir, subpath, file string) bool
	// Files are the sizes of the files in the artifact, in bytes by path.
	Files map[string]int64
	// Texts holds the modules that other functions have in common with it, nil for none.
	Texts Texts
}

// Texts are parsed modules by path, so that each is parsed once for all functions. The value
// is nil for one that cannot be parsed.
type Texts map[string]*parsed

// parsed is a module's source and syntax.
type parsed struct {
	source []byte
	text   *js.Text
	// nodes are all of the syntax, loaded those that run when the module is loaded, and
	// named the imports and requires among them: every rule asks for them again, for each
	// function.
	nodes, loaded []*js.Node
	named         []request
}

// request is an import declaration or a require of a plain string. The statement is nil for a
// require.
type request struct{ at, statement *js.Node }

func newParsed(source []byte, text *js.Text) *parsed {
	p := &parsed{source: source, text: text}
	var down func(n *js.Node, loaded bool)
	down = func(n *js.Node, loaded bool) {
		p.nodes = append(p.nodes, n)
		if loaded = loaded && n.Kind != js.Function && n.Kind != js.Arrow && !ofObject(n); loaded {
			p.loaded = append(p.loaded, n)
		}
		switch {
		case n.Kind == js.Import && n.Z != nil:
			p.named = append(p.named, request{n.Z, n})
		case n.Kind == js.Call && required(n) != "":
			p.named = append(p.named, request{n.List[0], nil})
		}
		n.Each(func(child *js.Node) { down(child, loaded) })
	}
	down(text.Top, true)
	return p
}

// ofObject reports whether a node is the value of a field that each object of a class has.
func ofObject(n *js.Node) bool {
	p := n.Parent
	return p != nil && p.Kind == js.Property && p.Y == n && p.Flags&js.Static == 0 && p.Parent != nil && p.Parent.Kind == js.Class
}

// Renew forgets the modules that are no longer as they were parsed.
func (t Texts) Renew(read func(path string) ([]byte, error)) {
	maps.DeleteFunc(t, func(path string, p *parsed) bool {
		if p == nil {
			return true
		}
		text, err := read(path)
		return err != nil || !bytes.Equal(text, p.source)
	})
}

// of parses one of the project's own modules. It returns nil if there is none at the path.
func (t Texts) of(path string, modules Modules) *parsed {
	if p, known := t[path]; known {
		return p
	}
	t[path] = nil
	file, ok := modules.Module(path)
	// esbuild 0.28.2 hangs on text that ends in the middle of a UTF-8 sequence: its
	// quoting for source maps does not advance past it (internal/helpers/quote.go).
	if !ok || !utf8.Valid(file.Source) {
		return nil
	}
	text, err := js.Read(file)
	if err != nil {
		return nil
	}
	text.Bind()
	t[path] = newParsed(file.Source, text)
	return t[path]
}

// AdviseFunction checks a Node function. A module that cannot be parsed gets no advice:
// the build reports the syntax error. The advice is sorted by place, in the order of the
// paths.
func AdviseFunction(s Subject) []Advice {
	if s.Texts == nil {
		s.Texts = Texts{}
	}
	f := &function{Subject: s, read: map[string]*module{}, states: map[*js.Node]state{}}
	if len(s.Paths) > 0 {
		f.entry = f.module(s.Paths[0])
	}
	for _, r := range Rules() {
		f.code = r.Code
		for _, path := range s.Paths {
			if m := f.module(path); m != nil && r.module != nil {
				r.module(m)
			}
		}
		if r.function != nil && f.entry != nil {
			r.function(f)
		}
	}
	slices.SortStableFunc(f.found, func(x, y Advice) int {
		return cmp.Or(slices.Index(s.Paths, x.File)-slices.Index(s.Paths, y.File), x.Line-y.Line, x.Column-y.Column)
	})
	return f.found
}

// AdviseModule checks one module by itself. handler is "" if it is not a function's
// entry point.
func AdviseModule(f js.File, handler string) []Advice {
	return AdviseFunction(Subject{Paths: []string{f.Path}, Handler: handler, Modules: oneModule{f}})
}

// oneModule is a function of one module.
type oneModule struct{ file js.File }

func (o oneModule) Module(path string) (js.File, bool) { return o.file, path == o.file.Path }

func (oneModule) Resolve(string, string) string { return "" }

// function is the Node function that the rules check.
type function struct {
	Subject
	read   map[string]*module // nil for those that cannot be read
	entry  *module
	calls  []invoked // see node_invoked.go
	walked bool
	starts []started // see node_started.go
	began  bool
	given  map[*js.Binding]string // see givenApplications
	byPath map[string]int         // see inputAt
	states map[*js.Node]state     // see stateOf
	// classes are those of the own modules by their names in small letters.
	classes map[string][]value
	code    string // of the rule that runs
	found   []Advice
}

// reached are the inputs that the entry point leads to, by their indexes.
func (f *function) reached() iter.Seq2[int, analyzer.Input] {
	if f.Reached == nil {
		return slices.All(f.Inputs)
	}
	return func(yield func(int, analyzer.Input) bool) {
		for _, i := range f.Reached {
			if !yield(i, f.Inputs[i]) {
				return
			}
		}
	}
}

// module returns one of the project's own modules, nil if there is none at the path or
// it cannot be parsed.
func (f *function) module(path string) *module {
	if m, known := f.read[path]; known {
		return m
	}
	f.read[path] = nil
	if p := f.Texts.of(path, f.Modules); p != nil {
		f.read[path] = &module{function: f, path: path, parsed: p}
	}
	return f.read[path]
}

// imported returns the module of the project that a specifier leads to, nil if it leads
// elsewhere.
func (m *module) imported(specifier string) *module {
	path := m.Modules.Resolve(m.path, specifier)
	if path == "" {
		return nil
	}
	return m.function.module(path)
}

// module is one of a function's own modules.
type module struct {
	*function
	*parsed
	path string
}

func (m *module) add(n *js.Node, advice Advice) {
	p := js.Place{Start: int(n.Start), End: int(n.End)}
	m.text.Locate(&p)
	advice.Code, advice.Severity = m.code, analyzer.Note
	advice.Position = analyzer.Position{File: m.path, Line: p.Line, Column: p.Column}
	m.found = append(m.found, advice)
}

// each calls f for every node of the module.
func (m *module) each(f func(*js.Node)) {
	for _, n := range m.nodes {
		f(n)
	}
}

// atLoad calls f for the nodes that run when the module is loaded: those that are in no
// function.
func (m *module) atLoad(f func(*js.Node)) {
	for _, n := range m.loaded {
		f(n)
	}
}

// imports calls f for every import declaration and every require of a plain
// string. The statement is nil for a require.
func (m *module) imports(f func(at *js.Node, specifier string, statement *js.Node)) {
	for _, n := range m.named {
		f(n.at, n.at.Name, n.statement)
	}
}

// maxNames bounds how many times a name is followed to the name it is set from.
const maxNames = 20

// exportOf returns the module, without "node:", and the export that an expression
// refers to: X of import {X}, M.X of import * as M or of a require, {X} of a
// require. It follows names that are set from other names up to maxNames times.
func exportOf(n *js.Node) (module, name string) { return exportAt(n, 0) }

func exportAt(n *js.Node, depth int) (module, name string) {
	if depth > maxNames {
		return "", ""
	}
	switch n.Kind {
	case js.Name:
		if n.Scope == nil {
			return "", ""
		}
		b := n.Scope.Find(n.Name)
		if b == nil {
			return "", ""
		}
		if b.Imported != "" {
			return strings.TrimPrefix(b.Imported, "node:"), b.Member
		}
		if len(b.Writes) != 1 || b.Writes[0].From == nil || b.Writes[0].Each {
			return "", ""
		}
		w := b.Writes[0]
		switch from := required(w.From); {
		case from != "" && len(w.Keys) == 0:
			return from, "*"
		case from != "" && len(w.Keys) == 1:
			return from, w.Keys[0]
		case from == "" && len(w.Keys) == 0 && w.From.Kind == js.Member:
			return exportAt(w.From, depth+1)
		}
	case js.Call:
		if from := required(n); from != "" {
			return from, "*"
		}
	case js.Member:
		if from := required(n.X); from != "" {
			return from, n.Name
		}
		module, inner := exportAt(n.X, depth+1)
		if inner == "*" || inner == "default" {
			return module, n.Name
		}
		if module != "" {
			return module, inner + "." + n.Name
		}
	}
	return "", ""
}

// required returns the module that a call of require with a plain string loads,
// without "node:", or "" for any other expression.
func required(n *js.Node) string {
	if n.Kind != js.Call || !n.X.IsGlobal("require") || len(n.List) != 1 || n.List[0].Kind != js.String {
		return ""
	}
	return strings.TrimPrefix(n.List[0].Name, "node:")
}
