package trace

import (
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

func (t *tracer) reference(n, arg *js.Node, c context) Reference {
	return Reference{
		Place: t.placeOf(n), Why: t.why(n), Guarded: c.guarded,
		ArgStart: int(arg.Start), ArgEnd: int(arg.End), Base: t.module.Dir(),
	}
}

// call looks at a call for modules loaded and for paths that hang on the
// working folder.
func (t *tracer) call(n *js.Node, c context) {
	f := unknown
	if t.interest(n.X)&ofThing != 0 || n.X.Kind == js.Name && n.X.Name == "require" {
		f = t.eval(n.X)
	}
	switch f.thing {
	case "":
		t.viewEngine(n, c)
		if f.open {
			f = t.calleeOf(n, f)
		}
		if followed := f.node != nil && (f.node.Kind == js.Function || f.node.Kind == js.Arrow); !followed && handsOnRequire(n) {
			t.uncertain(n, c, "", "require is handed to code that is not followed", true)
		}
		return
	case "require":
		t.require(n, f, c)
		return
	case "require.resolve", "import.meta.resolve":
		t.requireResolve(n, f, c)
		return
	case "module.register":
		t.register(n, c)
		return
	}
	if t.locate(n, f, c) {
		return
	}
	t.viewEngine(n, c)
	if s, ok := sinkOf(f.thing); ok && s.arg >= 0 && s.arg < len(n.List) && fromWorkingFolder(f.thing, s) {
		t.fromWorkingFolder(n.List[s.arg], s, c)
	}
	if strings.HasPrefix(f.thing, "module:") && handsOnRequire(n) {
		t.uncertain(n, c, "", "require is handed to code that is not followed", true)
	}
}

// calleeOf evaluates what is called with require, which nothing else asks for.
func (t *tracer) calleeOf(n *js.Node, f value) value {
	if handsOnRequire(n) {
		return t.eval(n.X)
	}
	return f
}

// handsOnRequire finds require itself among the arguments of a call.
func handsOnRequire(n *js.Node) bool {
	return slices.ContainsFunc(n.List, func(a *js.Node) bool {
		return a.IsGlobal("require")
	})
}

func (t *tracer) construct(n *js.Node, c context) {
	if t.interest(n.X)&ofThing == 0 {
		return
	}
	f := t.eval(n.X)
	if s, ok := sinkOf(f.thing); ok && s.arg >= 0 && s.arg < len(n.List) && fromWorkingFolder(f.thing, s) {
		t.fromWorkingFolder(n.List[s.arg], s, c)
	}
}

// fromWorkingFolder says that a function's relative paths are worth a look:
// those of functions that read, and whose names the scan knows.
func fromWorkingFolder(thing string, s sink) bool {
	switch s.kind {
	case useRead:
		for _, name := range []string{"readFile", "ReadStream", "readJson", "readJSON", "copyFile"} {
			if strings.Contains(thing, name) {
				return true
			}
		}
		return false
	case useList, useCode, useProto:
		return true
	}
	return false
}

// fromWorkingFolder takes the paths that are relative, and so hang on
// process.cwd(). Those that are not are found as expressions by themselves.
func (t *tracer) fromWorkingFolder(arg *js.Node, s sink, c context) {
	v := t.eval(arg)
	if arg.Kind == js.Array {
		v = t.elements(v)
	}
	for _, p := range v.strings {
		if p == "" || strings.HasPrefix(p, "/") || strings.HasPrefix(p, gap) || strings.Contains(p, "://") || strings.HasPrefix(p, "file:") {
			continue
		}
		full := resolvePath([]string{p})
		if before, _, _ := strings.Cut(full, gap); hasGap(full) && before == "/"+cwdMark+"/" && !strings.Contains(full[len(before):], "/") && path.Ext(full) == "" {
			continue // any file at all
		}
		if s.kind == useProto && path.Ext(full) != ".proto" {
			continue
		}
		t.take(arg, full, use{kind: s.kind, optional: c.guarded || s.kind == useStat, tree: true, folder: s.kind == useList}, c)
	}
}

// require deals with a call of require, by whatever name.
func (t *tracer) require(n *js.Node, f value, c context) {
	if len(n.List) == 0 {
		return
	}
	arg := n.List[0]
	v := t.eval(arg)
	plain := n.X.IsGlobal("require")
	if arg.IsPlainString() && plain {
		if s := v.only(); strings.HasSuffix(s, ".node") {
			if p, ok := t.resolve(s, t.module.Dir(), "require"); !ok || path.Ext(p) == ".node" {
				t.load(n, arg, "require", f.base, v, c)
			}
		}
		return // the bundler sees it
	}
	if !v.isString() && v.thing == "addon" {
		return // found where the locator was called
	}
	if n.X.Kind == js.Name && n.X.Name == "require" && v.isString() {
		if b := n.X.Scope.Find("require"); b != nil && !b.Exported && b.Imported == "" {
			t.rename(b)
		}
	}
	t.load(n, arg, "require", f.base, v, c)
}

func (t *tracer) importCall(n *js.Node, c context) {
	if len(n.List) == 0 || n.List[0].IsPlainString() {
		return
	}
	t.load(n, n.List[0], "import", rootPath(t.module.Dir()), t.eval(n.List[0]), c)
}

func (t *tracer) requireResolve(n *js.Node, f value, c context) {
	if len(n.List) == 0 {
		return
	}
	arg := n.List[0]
	v := t.eval(n)
	if s, ok := v.single(); ok {
		rel, _ := t.relative(s)
		what := "resolve"
		if f.thing == "import.meta.resolve" {
			what = "resolve-url"
		}
		t.result.Edits = append(t.result.Edits, Edit{Start: int(n.Start), End: int(n.End), What: what, Path: rel})
		return // what is done with the path is looked at as an expression
	}
	t.load(n, arg, "resolve", f.base, t.eval(arg), c)
}

// register is module.register(specifier, parent): a loader in a thread of its own.
func (t *tracer) register(n *js.Node, c context) {
	if len(n.List) == 0 {
		return
	}
	t.load(n, n.List[0], "import", rootPath(t.module.Dir()), t.eval(n.List[0]), c)
}

// load reports the modules that a specifier of value v may lead to.
func (t *tracer) load(n, arg *js.Node, kind, marked string, v value, c context) {
	base, known := t.relative(marked)
	if known && kind == "require" && !v.isString() && t.peers(n, arg, base, c) {
		return
	}
	if !v.isString() || !known {
		t.uncertain(n, c, "", "the name of the module is not known", true)
		return
	}
	for _, s := range v.strings {
		r := t.reference(n, arg, c)
		r.Kind, r.Base = kind, base
		if i := strings.Index(s, gap); i == 0 || s == "" {
			if s == gap && kind == "require" && t.peers(n, arg, base, c) {
				continue
			}
			t.uncertain(n, c, "", "the name of the module is not known", true)
			continue
		} else if i > 0 {
			r.Pattern = strings.ReplaceAll(t.shown(s), gap, "*")
			if r.Candidates = t.candidates(s, base, kind); len(r.Candidates) > maxCandidates {
				t.uncertain(n, c, "", "the name may mean too many modules", true)
				continue
			}
		} else {
			s = plainPath(s)
			if js.Builtin(s) {
				continue
			}
			r.Specifier = t.shown(s)
			if p, ok := t.resolve(s, base, kind); ok {
				r.Candidates = []Candidate{{Specifier: r.Specifier, Path: p}}
			}
		}
		r.FromCWD = fromCWD(s)
		t.file(r)
	}
	if v.open {
		t.uncertain(n, c, "", "the name of the module is only partly known", true)
	}
}

// file puts a reference where it belongs: addons are not modules.
func (t *tracer) file(r Reference) {
	addons := r
	addons.Candidates = nil
	r.Candidates = slices.DeleteFunc(slices.Clone(r.Candidates), func(c Candidate) bool {
		if path.Ext(c.Path) == ".node" {
			addons.Candidates = append(addons.Candidates, c)
			return true
		}
		return false
	})
	asksForAddon := strings.HasSuffix(r.Specifier+r.Pattern, ".node")
	if len(addons.Candidates) > 0 || asksForAddon && len(r.Candidates) == 0 {
		t.addon(addons)
	}
	if len(r.Candidates) > 0 || len(addons.Candidates) == 0 && !asksForAddon {
		t.result.Modules = append(t.result.Modules, r)
	}
}

// shown is a marked path as it reads outside: relative to the project's root.
func (t *tracer) shown(s string) string {
	if s = plainPath(s); anchored(s) {
		if rel, ok := t.relative(s); ok {
			return rel
		}
	}
	return s
}
