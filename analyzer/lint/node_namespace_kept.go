package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// namespaceKept finds namespaces (import *) that are used as values, so that every
// export must be kept. A namespace that is used only for its members can be
// tree-shaken like any other import.
func (m *module) namespaceKept() {
	m.imports(func(_ *js.Node, specifier string, statement *js.Node) {
		_, whole := wholePackages[specifier]
		if statement == nil || whole || isSDKv2(specifier) || strings.HasPrefix(specifier, ".") || js.Builtin(specifier) {
			return
		}
		for _, c := range statement.List {
			if c.Kind == js.Clause && c.Name == "*" && c.X != nil {
				m.namespace(c.X, specifier)
			}
		}
	})
}

// namespace reports the first use of a namespace as a value.
func (m *module) namespace(local *js.Node, specifier string) {
	b := local.Scope.Find(local.Name)
	if b == nil {
		return
	}
	for _, ref := range b.Refs {
		p := ref.Parent
		if ref == local || p == nil || p.Kind == js.Clause || p.Kind == js.Member && p.X == ref {
			continue
		}
		if p.Kind == js.Index && p.X == ref && p.Y != nil && p.Y.IsPlainString() {
			continue
		}
		m.add(ref, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: "uses all of " + specifier + " as one value, so tree shaking cannot remove any of its exports",
				Hint:    "import the names you need and pass those on",
			},
			Package: js.PackageName(specifier), Source: "https://esbuild.github.io/api/#tree-shaking",
			BehaviourChanges: "the value passed on has fewer members",
		})
		return
	}
}
