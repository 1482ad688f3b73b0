package lint

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// AdviseModule reads one of the project's own Node modules. The handler is the
// name of the export that Lambda calls, "" where the module is not a function's
// entry point. Nothing is said about a module that cannot be parsed: the build
// reports that.
func AdviseModule(f js.File, handler string) []Advice {
	// esbuild 0.28.2 never returns from a text that ends within a UTF-8 sequence:
	// its quoting for source maps does not move past one (internal/helpers/quote.go).
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

// module is a Node module that rules look at.
type module struct {
	path    string
	text    *js.Text
	handler string
	code    string // of the rule that is asked
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

// imports calls f for every package that is imported or required by name. The
// statement is nil for a require.
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

// maxNames bounds how many names are followed that stand for each other.
const maxNames = 20

// made is the module, without "node:", and the export that an expression names:
// X of import {X}, M.X of import * as M or of a require, {X} of a require.
// Names that stand for names are followed maxNames deep.
func (m *module) made(n *js.Node, depth int) (module, name string) {
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
			return m.made(w.From, depth+1)
		}
	case js.Member:
		if from := required(n.X); from != "" {
			return from, n.Name
		}
		module, inner := m.made(n.X, depth+1)
		if inner == "*" || inner == "default" {
			return module, n.Name
		}
		if module != "" {
			return module, inner + "." + n.Name
		}
	}
	return "", ""
}

// required is the module of a require by a plain string, "" for anything else.
func required(n *js.Node) string {
	if n.Kind != js.Call || !n.X.IsGlobal("require") || len(n.List) != 1 || n.List[0].Kind != js.String {
		return ""
	}
	return strings.TrimPrefix(n.List[0].Name, "node:")
}
