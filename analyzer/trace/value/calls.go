package value

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// interop are the functions that compilers wrap around a required module.
var interop = map[string]bool{
	"__importDefault": true, "__importStar": true, "__toESM": true, "_interopRequireDefault": true, "_interopRequireWildcard": true,
	"_interopDefault": true, "_interopDefaultLegacy": true, "_interopNamespace": true, "_interopNamespaceDefault": true,
	"_interopDefaultCompat": true, "_interopNamespaceCompat": true,
}

func (e *Evaluator) evalCall(n *js.Node) Value {
	if interop[js.CalleeName(n.X)] && len(n.List) > 0 {
		return e.Eval(n.List[0])
	}
	f := e.Eval(n.X)
	if f.Thing != "" {
		return e.callThing(n, f)
	}
	if f.Node != nil && (f.Node.Kind == js.Function || f.Node.Kind == js.Arrow) {
		if len(n.List) > 0 && e.isInterop(f.Node) {
			return e.Eval(n.List[0])
		}
		v := e.callFunction(f.Node)
		v.Open = v.Open || f.Open
		return v
	}
	if n.X.Kind == js.Member {
		return e.callMethod(n, n.X)
	}
	return unknown
}

// isInterop recognises the functions of [interop] under a minified name: they are
// short and test for __esModule or "default".
func (e *Evaluator) isInterop(f *js.Node) bool {
	if len(f.List) == 0 || f.End-f.Start > 800 {
		return false
	}
	text := e.Text.Source[f.Start:f.End]
	for _, sign := range []string{"__esModule", `"default"in`, `"default" in`, `'default' in`} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// callFunction returns the union of what a function of the module returns over all
// its calls, because its parameters are unions over all calls too.
func (e *Evaluator) callFunction(f *js.Node) Value {
	fr := e.functions[f]
	if fr == nil {
		fr = &function{returns: js.Returns(f)}
		e.functions[f] = fr
	}
	return e.within(&fr.frame, func() {
		out := fr.returns
		if len(out) == 0 || len(out) > 16 {
			fr.so = unknown
			return
		}
		for _, r := range out {
			if len(out) == 1 || !e.IsHook(r) {
				fr.so = fr.so.or(e.Eval(r))
			}
		}
		fr.so.Unsure = fr.so.Unsure || f.Kind == js.Function || f.X.Kind == js.Block
	})
}

// IsHook recognises "if (options.locate) return options.locate(name); return dir +
// name": a function of the user's that can replace the rest of this function and
// gets its parameter. The user must provide the files that it would return.
func (e *Evaluator) IsHook(call *js.Node) bool {
	if call.Kind != js.Call || call.X.Kind != js.Member && call.X.Kind != js.Index || call.Parent == nil || call.Parent.Kind != js.Return {
		return false
	}
	f := call.Parent
	for f != nil && f.Kind != js.Function && f.Kind != js.Arrow {
		f = f.Parent
	}
	if f == nil {
		return false
	}
	if v := e.Eval(call.X); v.Thing != "" || v.Node != nil {
		return false
	}
	for _, a := range call.List {
		if a.Kind == js.Name {
			if b := a.Scope.Find(a.Name); b != nil && b.Param == f {
				return true
			}
		}
	}
	return false
}

func (e *Evaluator) callMethod(n, callee *js.Node) Value {
	x := e.Eval(callee.X)
	if x.Node == nil && !x.IsString() {
		return unknown
	}
	args := make([]Value, len(n.List))
	for i, a := range n.List {
		args[i] = e.Eval(a)
	}
	if x.Node != nil && x.Node.Kind == js.Array && callee.Name == "join" {
		sep := Value{Strings: []string{","}}
		if len(args) > 0 {
			sep = args[0]
		}
		return e.joinArray(x.Node, sep)
	}
	if !x.IsString() {
		return unknown
	}
	switch callee.Name {
	case "toString", "valueOf", "trim", "normalize":
		return x
	case "resolve": // of app-root-path
		if isWorkingFolder(x) {
			return combine(joinPath, append([]Value{x}, args...)...)
		}
	case "concat":
		return concat(append([]Value{x}, args...)...)
	case "toLowerCase":
		return combine(func(s []string) string { return strings.ToLower(s[0]) }, x)
	case "replace", "replaceAll":
		if len(args) == 2 && n.List[0].Kind == js.String && args[1].IsString() {
			count := 1
			if callee.Name == "replaceAll" {
				count = -1
			}
			return combine(func(s []string) string { return strings.Replace(s[0], n.List[0].Name, s[1], count) }, x, args[1])
		}
	}
	return unknown
}

func (e *Evaluator) joinArray(array *js.Node, sep Value) Value {
	var parts []Value
	for i, c := range array.List {
		if c.Kind == js.Spread || len(parts) > 64 {
			return unknown
		}
		if i > 0 {
			parts = append(parts, sep)
		}
		parts = append(parts, e.Eval(c))
	}
	return concat(parts...)
}

func (e *Evaluator) evalURL(n *js.Node) Value {
	x := e.Eval(n.List[0])
	if len(n.List) == 1 {
		return x
	}
	return combine(func(s []string) string { return urlAgainst(s[0], s[1]) }, x, e.Eval(n.List[1]))
}

// callThing calls a function of Node, or of a package that is known by name.
func (e *Evaluator) callThing(n *js.Node, f Value) Value {
	arg := func(i int) Value {
		switch {
		case i >= len(n.List):
			return Value{}
		case n.List[i].Kind == js.Spread:
			return unknown
		}
		return e.Eval(n.List[i])
	}
	all := func() []Value {
		args := make([]Value, len(n.List))
		for i := range args {
			args[i] = arg(i)
		}
		return args
	}
	one := func(g func(string) string) Value {
		return combine(func(s []string) string { return g(s[0]) }, arg(0))
	}
	switch f.Thing {
	case "path.join":
		return combine(joinPath, all()...)
	case "path.resolve":
		if len(n.List) == 0 {
			return exactly("/" + CWDMark)
		}
		return combine(ResolvePath, all()...)
	case "path.dirname":
		return one(dirPath)
	case "path.normalize":
		return one(normalize)
	case "path.extname":
		return one(extPath)
	case "path.basename":
		if len(n.List) > 1 {
			return combine(func(s []string) string { return strings.TrimSuffix(basePath(s[0]), s[1]) }, arg(0), arg(1))
		}
		return one(basePath)
	case "path.relative":
		return e.evalRelative(arg(0), arg(1))
	case "path.toNamespacedPath", "fs.realpathSync", "fs.realpathSync.native", "fs.realpath", "util.promisify", "String",
		"Object.freeze", "Object.assign":
		return arg(0)
	case "url.fileURLToPath":
		return one(PlainPath)
	case "url.pathToFileURL":
		return combine(func(s []string) string { return "file://" + ResolvePath(s) }, arg(0))
	case "process.cwd":
		return exactly("/" + CWDMark)
	case "os.platform":
		return exactly(e.Target.OS)
	case "os.endianness":
		return exactly("LE") // every CPU of Lambda is little-endian
	case "os.arch":
		return exactly(e.Target.CPU)
	case "eval":
		if s, _ := arg(0).Single(); s == "require" {
			return e.global("require")
		}
		return unknown
	case "process.getBuiltinModule":
		if s, ok := arg(0).Single(); ok {
			if v := e.imported(s, ""); !strings.HasPrefix(v.Thing, "module:") && v.JSON == nil {
				return v
			}
		}
		return unknown
	case "module.createRequire", "module.createRequireFromPath":
		return e.createRequire(arg(0))
	case "require":
		if s, ok := arg(0).Single(); ok {
			if base, ok := e.Relative(f.Base); ok {
				return e.imported(s, base)
			}
		}
		return unknown
	case "require.resolve", "import.meta.resolve":
		return e.resolved(f, arg(0))
	}
	if LoadsModules(n, f) {
		return e.global("require")
	}
	if e.Called != nil {
		if v, ok := e.Called(n, f); ok {
			return v
		}
	}
	if strings.HasPrefix(f.Thing, "module:") && !strings.HasSuffix(f.Thing, "()") {
		return thing(f.Thing + "()")
	}
	return unknown
}

func (e *Evaluator) evalRelative(from, to Value) Value {
	a, ok1 := from.Single()
	b, ok2 := to.Single()
	if !ok1 || !ok2 || !Anchored(a) || a != b && !strings.HasPrefix(b, strings.TrimSuffix(a, "/")+"/") {
		return unknown
	}
	return exactly(strings.Trim(strings.TrimPrefix(b, a), "/"))
}

// LoadsModules reports whether a call makes a require that loads ES modules too:
// require("esm")(module). A bundle's own require does.
// Source: github.com/standard-things/esm#getting-started
func LoadsModules(call *js.Node, callee Value) bool {
	return callee.Thing == "module:esm" && len(call.List) > 0 && call.List[0].IsGlobal("module")
}

func (e *Evaluator) createRequire(from Value) Value {
	s, ok := from.Single()
	if !ok {
		return Value{Thing: "require"}
	}
	s = PlainPath(s)
	if !strings.HasSuffix(s, "/") {
		s = dirPath(s)
	}
	return Value{Thing: "require", Base: s}
}

// resolved returns the path that require.resolve returns.
func (e *Evaluator) resolved(f, arg Value) Value {
	if !arg.IsString() {
		return unknown
	}
	base, ok := e.Relative(f.Base)
	if !ok {
		return unknown
	}
	prefix, kind := "", "require"
	if f.Thing == "import.meta.resolve" {
		prefix, kind = "file://", "import"
	}
	v := Value{Open: arg.Open}
	for _, s := range arg.Strings {
		p, found := "", false
		if !HasGap(s) {
			p, found = e.Resolve(s, base, kind)
		}
		if found {
			v.Strings = append(v.Strings, prefix+RootPath(p))
		} else {
			v.Open = true
		}
	}
	v.Unsure = true
	return v
}
