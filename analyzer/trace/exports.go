package trace

import (
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// exports finds the paths that the module exports: export const dir = __dirname, and
// exports.dir = __dirname. Other modules of the package join names to them.
func (t *tracer) exports(n *js.Node) {
	switch n.Kind {
	case js.Export:
		for _, c := range n.List {
			if n.Z == nil && c.X != nil {
				t.export(c.Name, c.X)
			}
		}
		switch {
		case n.Y == nil:
		case n.Flags&js.Default != 0:
			t.export("default", n.Y)
		case n.Y.Kind == js.Var:
			for _, d := range n.Y.List {
				if d.X.Kind == js.Name {
					t.export(d.X.Name, d.Y)
				}
			}
		}
	case js.Assign:
		switch x := n.X; {
		case x.Kind != js.Member:
		case x.X.IsGlobal("exports") || x.X.Kind == js.Member && x.X.Name == "exports" && x.X.X.IsGlobal("module"):
			t.export(x.Name, n.Y)
		case x.Name != "exports" || !x.X.IsGlobal("module"):
		case n.Y.Kind == js.Object:
			for _, p := range n.Y.List {
				if p.Kind == js.Property && p.Name != "" && p.Flags&js.Method == 0 {
					t.export(p.Name, p.Y)
				}
			}
		default:
			t.export("*", n.Y)
		}
	case js.Function, js.Arrow, js.Class:
		return
	}
	n.Each(t.exports)
}

func (t *tracer) export(name string, n *js.Node) {
	if n == nil || t.Interest(n) == 0 {
		return
	}
	v := t.Eval(n)
	if v.Open || !v.IsAnchored() {
		return
	}
	var paths []string
	for _, s := range v.Strings {
		if value.Anchored(value.PlainPath(s)) && !value.FromCWD(s) {
			paths = append(paths, s)
		}
	}
	if len(paths) > 0 {
		if t.result.Exports == nil {
			t.result.Exports = Exports{}
		}
		t.result.Exports[name] = paths
	}
}
