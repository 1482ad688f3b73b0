package lint

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// AdviseModule checks one of the project's own Node modules. The handler is the
// name of the export that Lambda calls, or "" if the module is not a function's
// entry point. A module that cannot be parsed gets no advice: the build reports
// the syntax error.
func AdviseModule(f js.File, handler string) []Advice {
	// esbuild 0.28.2 hangs on text that ends in the middle of a UTF-8 sequence: its
	// quoting for source maps does not advance past it (internal/helpers/quote.go).
	if !utf8.Valid(f.Source) {
		return nil
	}
	text, err := js.Read(f)
	if err != nil {
		return nil
	}
	text.Bind()
	m := &module{path: f.Path, text: text, handler: handler}
	for _, r := range Rules() {
		if m.code = r.Code; r.module != nil {
			r.module(m)
		}
	}
	slices.SortStableFunc(m.found, func(x, y Advice) int {
		return cmp.Or(x.Line-y.Line, x.Column-y.Column)
	})
	return m.found
}

// module is the Node module that the rules check.
type module struct {
	path    string
	text    *js.Text
	handler string
	code    string // of the rule that runs
	found   []Advice
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
	var down func(*js.Node)
	down = func(n *js.Node) {
		f(n)
		n.Each(down)
	}
	down(m.text.Top)
}

// imports calls f for every import declaration and every require of a plain
// string. The statement is nil for a require.
func (m *module) imports(f func(at *js.Node, specifier string, statement *js.Node)) {
	m.each(func(n *js.Node) {
		switch n.Kind {
		case js.Import:
			if n.Z != nil {
				f(n.Z, n.Z.Name, n)
			}
		case js.Call:
			if required(n) != "" {
				f(n.List[0], n.List[0].Name, nil)
			}
		}
	})
}

// maxNames bounds how many times a name is followed to the name it is set from.
const maxNames = 20

// exportOf returns the module, without "node:", and the export that an expression
// refers to: X of import {X}, M.X of import * as M or of a require, {X} of a
// require. It follows names that are set from other names up to maxNames times.
func (m *module) exportOf(n *js.Node, depth int) (module, name string) {
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
			return m.exportOf(w.From, depth+1)
		}
	case js.Member:
		if from := required(n.X); from != "" {
			return from, n.Name
		}
		module, inner := m.exportOf(n.X, depth+1)
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
