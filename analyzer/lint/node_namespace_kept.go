package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// namespaceKept finds an import * that is used as a value, so that every export
// must be kept. One that is only asked for members can be shaken as well as any
// import.
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

// namespace finds the first use of one as a value.
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
				Message: "uses all of " + specifier + " as one value, so none of its exports can be left out",
				Hint:    "import by name what is needed, and hand on that",
			},
			Package: js.PackageName(specifier), Source: "https://esbuild.github.io/api/#tree-shaking",
			BehaviourChanges: "what is handed on holds fewer names",
		})
		return
	}
}
