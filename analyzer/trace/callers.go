package trace

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// besideCaller handles packages that take a path relative to the module that calls them. They
// know it by the module object, by module.parent or by the stack, and in a bundle the last two
// are those of the bundle.
func (t *tracer) besideCaller(n *js.Node, f value.Value, c context) {
	switch f.Thing {
	case "module:require-directory": // (module, path): path.dirname(module.filename)
		if len(n.List) > 0 && n.List[0].IsGlobal("module") {
			t.modulesBeside(n, 1, false, c)
		}
	case "module:require-dir": // (path): path.dirname(module.parent.filename)
		t.modulesBeside(n, 0, true, c)
	}
}

// modulesBeside takes the modules of a folder, the argument i of a call. anchor writes the
// folder's place into the code.
func (t *tracer) modulesBeside(n *js.Node, i int, anchor bool, c context) {
	arg, v := n, value.Value{Strings: []string{"."}}
	if i < len(n.List) {
		arg = n.List[i]
		v = t.Eval(arg)
	}
	if s, ok := v.Single(); ok && strings.HasPrefix(s, "/") {
		return // it is handled where its expression is visited
	}
	rel, ok := t.Relative(value.ResolvePath([]string{value.RootPath(t.module.Dir()), v.Only()}))
	if !ok || v.Only() == "" || value.HasGap(v.Only()) || anchor && arg == n {
		t.uncertain(n, c, "", "the folder of the modules is not known", true)
		return
	}
	t.take(arg, value.RootPath(rel), use{kind: useList, folder: true, tree: true}, c)
	if t.handled[arg] = true; anchor && t.exists(rel) {
		t.result.Edits = append(t.result.Edits, Edit{Start: int(arg.Start), End: int(arg.End), What: "resolve", Path: rel})
	}
}
