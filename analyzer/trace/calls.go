package trace

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// interop are the functions compilers wrap around a required module.
var interop = map[string]bool{
	"__importDefault": true, "__importStar": true, "__toESM": true, "_interopRequireDefault": true, "_interopRequireWildcard": true,
	"_interopDefault": true, "_interopDefaultLegacy": true, "_interopNamespace": true, "_interopNamespaceDefault": true, "_interopDefaultCompat": true, "_interopNamespaceCompat": true,
}

func (e *evaluator) evalCall(n *js.Node) value {
	if interop[js.CalleeName(n.X)] && len(n.List) > 0 {
		return e.eval(n.List[0])
	}
	f := e.eval(n.X)
	if f.thing != "" {
		return e.callThing(n, f)
	}
	if f.node != nil && (f.node.Kind == js.Function || f.node.Kind == js.Arrow) {
		if len(n.List) > 0 && e.isInterop(f.node) {
			return e.eval(n.List[0])
		}
		v := e.callFunction(f.node)
		v.open = v.open || f.open
		return v
	}
	if n.X.Kind == js.Member {
		return e.callMethod(n, n.X)
	}
	return unknown
}

// isInterop recognises the functions of [interop] where a minifier renamed
// them: they are short and ask for __esModule or for "default".
func (e *evaluator) isInterop(f *js.Node) bool {
	if len(f.List) == 0 || f.End-f.Start > 800 {
		return false
	}
	text := e.text.Source[f.Start:f.End]
	return strings.Contains(text, "__esModule") || strings.Contains(text, `"default"in`) || strings.Contains(text, `"default" in`) || strings.Contains(text, `'default' in`)
}

// callFunction is the union of what a function of the module returns, whoever
// calls it: its parameters are the union over all calls too.
func (e *evaluator) callFunction(f *js.Node) value {
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
			if len(out) == 1 || !e.isHook(r) {
				fr.so = fr.so.or(e.eval(r))
			}
		}
		fr.so.unsure = fr.so.unsure || f.Kind == js.Function || f.X.Kind == js.Block
	})
}

// isHook recognises "if (options.locate) return options.locate(name); return
// dir + name": a function of the user's that may replace the rest of this one
// and gets its parameter. What it would return is the user's to provide.
func (e *evaluator) isHook(call *js.Node) bool {
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
	if v := e.eval(call.X); v.thing != "" || v.node != nil {
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

func (e *evaluator) callMethod(n, callee *js.Node) value {
	x := e.eval(callee.X)
	if x.node == nil && !x.isString() {
		return unknown
	}
	args := make([]value, len(n.List))
	for i, a := range n.List {
		args[i] = e.eval(a)
	}
	if x.node != nil && x.node.Kind == js.Array && callee.Name == "join" {
		sep := value{strings: []string{","}}
		if len(args) > 0 {
			sep = args[0]
		}
		return e.joinArray(x.node, sep)
	}
	if !x.isString() {
		return unknown
	}
	switch callee.Name {
	case "toString", "valueOf", "trim", "normalize":
		return x
	case "concat":
		return concat(append([]value{x}, args...)...)
	case "toLowerCase":
		return combine(func(s []string) string { return strings.ToLower(s[0]) }, x)
	case "replace", "replaceAll":
		if len(args) == 2 && n.List[0].Kind == js.String && args[1].isString() {
			count := 1
			if callee.Name == "replaceAll" {
				count = -1
			}
			return combine(func(s []string) string { return strings.Replace(s[0], n.List[0].Name, s[1], count) }, x, args[1])
		}
	}
	return unknown
}

func (e *evaluator) joinArray(array *js.Node, sep value) value {
	var parts []value
	for i, c := range array.List {
		if c.Kind == js.Spread || len(parts) > 64 {
			return unknown
		}
		if i > 0 {
			parts = append(parts, sep)
		}
		parts = append(parts, e.eval(c))
	}
	return concat(parts...)
}

func (e *evaluator) evalURL(n *js.Node) value {
	x := e.eval(n.List[0])
	if len(n.List) == 1 {
		return x
	}
	return combine(func(s []string) string { return urlAgainst(s[0], s[1]) }, x, e.eval(n.List[1]))
}

// callThing calls a function of Node, or of a package that is known by name.
func (e *evaluator) callThing(n *js.Node, f value) value {
	arg := func(i int) value {
		switch {
		case i >= len(n.List):
			return value{}
		case n.List[i].Kind == js.Spread:
			return unknown
		}
		return e.eval(n.List[i])
	}
	all := func() []value {
		args := make([]value, len(n.List))
		for i := range args {
			args[i] = arg(i)
		}
		return args
	}
	one := func(g func(string) string) value {
		return combine(func(s []string) string { return g(s[0]) }, arg(0))
	}
	switch f.thing {
	case "path.join":
		return combine(joinPath, all()...)
	case "path.resolve":
		if len(n.List) == 0 {
			return exactly("/" + cwdMark)
		}
		return combine(resolvePath, all()...)
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
	case "path.toNamespacedPath", "fs.realpathSync", "fs.realpathSync.native", "fs.realpath", "util.promisify", "String", "Object.freeze", "Object.assign":
		return arg(0)
	case "url.fileURLToPath":
		return one(plainPath)
	case "url.pathToFileURL":
		return combine(func(s []string) string { return "file://" + resolvePath(s) }, arg(0))
	case "process.cwd":
		return exactly("/" + cwdMark)
	case "os.platform":
		return exactly(e.target.OS)
	case "os.endianness":
		return exactly("LE") // of every CPU Lambda has
	case "os.arch":
		return exactly(e.target.CPU)
	case "eval":
		if s, _ := arg(0).single(); s == "require" {
			return e.global("require")
		}
		return unknown
	case "module.createRequire", "module.createRequireFromPath":
		return e.createRequire(arg(0))
	case "require":
		if s, ok := arg(0).single(); ok {
			if base, ok := e.relative(f.base); ok {
				return e.imported(s, base)
			}
		}
		return unknown
	case "require.resolve", "import.meta.resolve":
		return e.resolved(f, arg(0))
	}
	if e.called != nil {
		if v, ok := e.called(n, f); ok {
			return v
		}
	}
	if strings.HasPrefix(f.thing, "module:") && !strings.HasSuffix(f.thing, "()") {
		return aThing(f.thing + "()")
	}
	return unknown
}

func (e *evaluator) evalRelative(from, to value) value {
	a, ok1 := from.single()
	b, ok2 := to.single()
	if !ok1 || !ok2 || !anchored(a) || a != b && !strings.HasPrefix(b, strings.TrimSuffix(a, "/")+"/") {
		return unknown
	}
	return exactly(strings.Trim(strings.TrimPrefix(b, a), "/"))
}

func (e *evaluator) createRequire(from value) value {
	s, ok := from.single()
	if !ok {
		return value{thing: "require"}
	}
	s = plainPath(s)
	if !strings.HasSuffix(s, "/") {
		s = dirPath(s)
	}
	return value{thing: "require", base: s}
}

// resolved is the path that require.resolve gives.
func (e *evaluator) resolved(f, arg value) value {
	if !arg.isString() {
		return unknown
	}
	base, ok := e.relative(f.base)
	if !ok {
		return unknown
	}
	prefix, kind := "", "require"
	if f.thing == "import.meta.resolve" {
		prefix, kind = "file://", "import"
	}
	v := value{open: arg.open}
	for _, s := range arg.strings {
		p, found := "", false
		if !hasGap(s) {
			p, found = e.resolve(s, base, kind)
		}
		if found {
			v.strings = append(v.strings, prefix+rootPath(p))
		} else {
			v.open = true
		}
	}
	v.unsure = true
	return v
}
