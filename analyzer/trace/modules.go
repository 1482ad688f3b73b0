package trace

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

func (t *tracer) reference(n, arg *js.Node, c context) Reference {
	return Reference{
		Place: t.placeOf(n), Why: t.why(n), Guarded: c.guarded,
		ArgStart: int(arg.Start), ArgEnd: int(arg.End), Base: t.module.Dir(),
	}
}

// call checks whether a call loads modules, or uses paths relative to the working
// directory.
func (t *tracer) call(n *js.Node, c context) {
	t.ofText(n, c)
	t.fromFolder(n, c)
	t.packageInfo(n, c)
	f := value.Value{Open: true}
	if t.Interest(n.X)&value.OfThing != 0 || n.X.Kind == js.Name && n.X.Name == "require" {
		f = t.Eval(n.X)
	}
	switch f.Thing {
	case "":
		t.viewEngine(n, c)
		if f.Open {
			f = t.calleeOf(n, f)
		}
		if followed := f.Node != nil && (f.Node.Kind == js.Function || f.Node.Kind == js.Arrow); !followed && passesRequire(n) {
			t.uncertain(n, c, "", "require is handed to code that is not followed", true)
		}
		return
	case "require":
		t.require(n, f, c)
		return
	case "require.resolve", "import.meta.resolve":
		t.requireResolve(n, f, c)
		return
	case "module:app-root-path.require":
		t.requireFromRoot(n, c)
		return
	case "module.register":
		t.register(n, c)
		return
	case "module:typescript.createProgram", "module:typescript.createCompilerHost", "module:typescript.createLanguageService":
		t.declarations(n, c)
		return
	}
	if t.locate(n, f, c) {
		return
	}
	t.besideCaller(n, f, c)
	t.viewEngine(n, c)
	if s, ok := sinkOf(f.Thing); ok && s.arg >= 0 && s.arg < len(n.List) && fromWorkingFolder(f.Thing, s) {
		t.fromWorkingFolder(n.List[s.arg], s, c)
	}
	if strings.HasPrefix(f.Thing, "module:") && passesRequire(n) {
		t.uncertain(n, c, "", "require is handed to code that is not followed", true)
	}
}

// requireFromRoot handles a call of what app-root-path requires with: a path below its folder.
func (t *tracer) requireFromRoot(n *js.Node, c context) {
	if len(n.List) == 0 {
		return
	}
	arg := n.List[0]
	v := t.Eval(arg)
	v.Strings = slices.Clone(v.Strings)
	for i, s := range v.Strings {
		v.Strings[i] = value.ResolvePath([]string{"/" + value.CWDMark, "./" + s})
	}
	t.load(arg, arg, "require", value.RootPath(t.module.Dir()), v, c)
}

// calleeOf evaluates the callee of a call that gets require as an argument.
func (t *tracer) calleeOf(n *js.Node, f value.Value) value.Value {
	if passesRequire(n) {
		return t.Eval(n.X)
	}
	return f
}

// passesRequire reports whether require itself is an argument of a call.
func passesRequire(n *js.Node) bool {
	return slices.ContainsFunc(n.List, func(a *js.Node) bool {
		return a.IsGlobal("require")
	})
}

func (t *tracer) construct(n *js.Node, c context) {
	if t.ofText(n, c) {
		return
	}
	t.fromFolder(n, c)
	if t.Interest(n.X)&value.OfThing == 0 {
		return
	}
	f := t.Eval(n.X)
	if s, ok := sinkOf(f.Thing); ok && s.arg >= 0 && s.arg < len(n.List) && fromWorkingFolder(f.Thing, s) {
		t.fromWorkingFolder(n.List[s.arg], s, c)
	}
}

// fromWorkingFolder reports whether a function's relative paths are traced. That
// is so for functions that read and whose names Triggered searches for.
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

// fromWorkingFolder handles relative paths, which depend on process.cwd().
// Absolute paths are handled where their expressions are visited.
func (t *tracer) fromWorkingFolder(arg *js.Node, s sink, c context) {
	v := t.Eval(arg)
	if arg.Kind == js.Array {
		v = t.Elements(v)
	}
	for _, p := range v.Strings {
		if p == "" || strings.HasPrefix(p, "/") || strings.HasPrefix(p, value.Gap) ||
			strings.Contains(p, "://") || strings.HasPrefix(p, "file:") {
			continue
		}
		full := value.ResolvePath([]string{p})
		if before, after, gap := strings.Cut(full, value.Gap); gap && before == "/"+value.CWDMark+"/" &&
			!strings.Contains(after, "/") && path.Ext(full) == "" {
			continue // it can be any file
		}
		if s.kind == useProto && path.Ext(full) != ".proto" {
			continue
		}
		t.take(arg, full, use{kind: s.kind, optional: c.guarded || s.kind == useStat, tree: true, folder: s.kind == useList}, c)
	}
}

// require handles a call of require, whatever its name in the module.
func (t *tracer) require(n *js.Node, f value.Value, c context) {
	if len(n.List) == 0 {
		return
	}
	arg := n.List[0]
	v := t.Eval(arg)
	plain := n.X.IsGlobal("require")
	if arg.IsPlainString() && plain {
		if s := v.Only(); strings.HasSuffix(s, ".node") {
			if p, ok := t.Resolve(s, t.module.Dir(), "require"); !ok || path.Ext(p) == ".node" {
				t.load(n, arg, "require", f.Base, v, c)
			}
		}
		return // the bundler sees it
	}
	if !v.IsString() && v.Thing == "addon" {
		return // reported at the locator's call
	}
	if n.X.Kind == js.Name && n.X.Name == "require" && v.IsString() {
		if b := n.X.Scope.Find("require"); b != nil && !b.Exported && b.Imported == "" {
			t.rename(b)
		}
	}
	t.load(n, arg, "require", f.Base, v, c)
}

func (t *tracer) importCall(n *js.Node, c context) {
	if len(n.List) == 0 || n.List[0].IsPlainString() {
		return
	}
	t.load(n, n.List[0], "import", value.RootPath(t.module.Dir()), t.Eval(n.List[0]), c)
}

func (t *tracer) requireResolve(n *js.Node, f value.Value, c context) {
	if len(n.List) == 0 {
		return
	}
	arg := n.List[0]
	v := t.Eval(n)
	if s, ok := v.Single(); ok {
		rel, _ := t.Relative(s)
		what := "resolve"
		if f.Thing == "import.meta.resolve" {
			what = "resolve-url"
		}
		t.result.Edits = append(t.result.Edits, Edit{Start: int(n.Start), End: int(n.End), What: what, Path: rel})
		return // the use of the path is traced where the expression is visited
	}
	kind := "resolve"
	if f.Thing == "import.meta.resolve" {
		kind = "resolve-url"
	}
	t.load(n, arg, kind, f.Base, t.Eval(arg), c)
}

// register handles module.register(specifier, parent), which loads a module in a
// thread of its own.
func (t *tracer) register(n *js.Node, c context) {
	if len(n.List) == 0 {
		return
	}
	t.load(n, n.List[0], "worker", value.RootPath(t.module.Dir()), t.Eval(n.List[0]), c)
}

// declarations handles a compiler that reads the declarations of the language beside
// itself, by names that a project's options choose. Code that only transforms a text
// needs none.
func (t *tracer) declarations(n *js.Node, c context) {
	if main, ok := t.Resolve("typescript", t.module.Dir(), "require"); ok {
		t.asset(n, value.RootPath(path.Dir(main))+"/lib.*.d.ts", use{kind: useRead, optional: c.guarded})
	}
}

// besides lists the modules that a name may mean of which nothing is known: installed
// code often names the one that it loads elsewhere in its text, as a default of an
// option. Names that a bundler sees are not among them.
func (t *tracer) besides(n, arg *js.Node, kind, base string, c context) {
	if !t.module.installed() {
		return
	}
	names := map[string]bool{}
	var visit func(n *js.Node)
	visit = func(n *js.Node) {
		if p := n.Parent; n.Kind == js.String && strings.HasPrefix(n.Name, "./") && codeExtensions[path.Ext(n.Name)] &&
			p.Kind != js.Import && p.Kind != js.Export && p.Kind != js.ImportCall && (p.Kind != js.Call || p.X == n) {
			names[n.Name] = true
		}
		n.Each(visit)
	}
	visit(t.Text.Top)
	if len(names) > maxBesides {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if p, ok := t.Resolve(name, base, kind); ok && p != t.module.Path {
			r := t.reference(n, arg, c)
			r.Kind, r.Base, r.Specifier, r.Guarded = kind, base, name, true
			r.Candidates = []Candidate{{Specifier: name, Path: p}}
			t.file(r)
		}
	}
}

// maxBesides bounds the modules of [tracer.besides]. More are not a default.
const maxBesides = 4

// load reports the modules that a specifier with value v can mean.
func (t *tracer) load(n, arg *js.Node, kind, marked string, v value.Value, c context) {
	base, known := t.Relative(marked)
	if known && kind == "require" && !v.IsString() && t.peers(n, arg, base, c) {
		return
	}
	if !v.IsString() || !known {
		if known {
			t.besides(n, arg, kind, base, c)
		}
		t.uncertain(n, c, "", "the name of the module is not known", true)
		return
	}
	asks := kind // how a specifier is resolved
	if kind == "resolve-url" || kind == "worker" {
		asks = "import"
	}
	for _, s := range v.Strings {
		r := t.reference(n, arg, c)
		r.Kind, r.Base = kind, base
		if i := strings.Index(s, value.Gap); i == 0 || s == "" {
			if s == value.Gap && kind == "require" && t.peers(n, arg, base, c) {
				continue
			}
			t.besides(n, arg, kind, base, c)
			t.uncertain(n, c, "", "the name of the module is not known", true)
			continue
		} else if i > 0 {
			r.Pattern = strings.ReplaceAll(t.shown(s), value.Gap, "*")
			if r.Candidates = t.candidates(s, base, asks); tooMany(r.Candidates) {
				t.uncertain(n, c, "", "the name may mean too many modules", true)
				t.result.Uncertain[len(t.result.Uncertain)-1].TooMuch = true
				continue
			}
			if len(r.Candidates) == 0 && !strings.HasSuffix(s, ".node") && !strings.Contains(s, ":") {
				t.uncertain(n, c, "", "no module has a name like "+r.Pattern, true)
			}
		} else {
			s = value.PlainPath(s)
			if js.Builtin(s) {
				continue
			}
			r.Specifier = t.shown(s)
			if p, ok := t.Resolve(s, base, asks); ok {
				r.Candidates = []Candidate{{Specifier: r.Specifier, Path: p}}
			}
		}
		r.FromCWD, r.Absolute = value.FromCWD(s), value.Anchored(value.PlainPath(s))
		t.file(r)
	}
	if v.Open {
		t.uncertain(n, c, "", "the name of the module is only partly known", true)
	}
}

// file adds a reference to the modules or to the addons.
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

// shown turns a marked path into one relative to the project's root, for reports.
func (t *tracer) shown(s string) string {
	if s = value.PlainPath(s); value.Anchored(s) {
		if rel, ok := t.Relative(s); ok {
			return rel
		}
	}
	return s
}
