package node

import (
	"path"
	"strings"
)

// interop are the functions compilers wrap around a required module.
var interop = map[string]bool{
	"__importDefault": true, "__importStar": true, "__toESM": true, "_interopRequireDefault": true, "_interopRequireWildcard": true,
	"_interopDefault": true, "_interopDefaultLegacy": true, "_interopNamespace": true, "_interopNamespaceDefault": true, "_interopDefaultCompat": true, "_interopNamespaceCompat": true,
}

func calleeName(n *node) string {
	if n.kind == kSequence {
		n = n.list[len(n.list)-1]
	}
	if n.kind == kName || n.kind == kMember {
		return n.name
	}
	return ""
}

func (t *tracer) evalCall(n *node) value {
	if interop[calleeName(n.x)] && len(n.list) > 0 {
		return t.eval(n.list[0])
	}
	f := t.eval(n.x)
	if f.thing != "" {
		return t.callThing(n, f)
	}
	if f.node != nil && (f.node.kind == kFunction || f.node.kind == kArrow) {
		if len(n.list) > 0 && t.isInterop(f.node) {
			return t.eval(n.list[0])
		}
		v := t.callFunction(f.node)
		v.open = v.open || f.open
		return v
	}
	if n.x.kind == kMember {
		return t.callMethod(n, n.x)
	}
	return unknown
}

// isInterop recognises the functions of [interop] where a minifier renamed
// them: they are short and ask for __esModule or for "default".
func (t *tracer) isInterop(f *node) bool {
	if len(f.list) == 0 || f.end-f.start > 800 {
		return false
	}
	text := t.text.source[f.start:f.end]
	return strings.Contains(text, "__esModule") || strings.Contains(text, `"default"in`) || strings.Contains(text, `"default" in`) || strings.Contains(text, `'default' in`)
}

// callFunction is the union of what a function of the module returns, whoever
// calls it: its parameters are the union over all calls too.
func (t *tracer) callFunction(f *node) value {
	fr := t.functions[f]
	if fr == nil {
		fr = &function{returns: returns(f)}
		t.functions[f] = fr
	}
	return t.within(&fr.frame, func() {
		out := fr.returns
		if len(out) == 0 || len(out) > 16 {
			fr.so = unknown
			return
		}
		for _, r := range out {
			if len(out) == 1 || !t.isHook(r) {
				fr.so = fr.so.or(t.eval(r))
			}
		}
		fr.so.unsure = fr.so.unsure || f.kind == kFunction || f.x.kind == kBlock
	})
}

// isHook recognises "if (options.locate) return options.locate(name); return
// dir + name": a function of the user's that may replace the rest of this one
// and gets its parameter. What it would return is the user's to provide.
func (t *tracer) isHook(call *node) bool {
	if call.kind != kCall || call.x.kind != kMember && call.x.kind != kIndex || call.parent == nil || call.parent.kind != kReturn {
		return false
	}
	f := call.parent
	for f != nil && f.kind != kFunction && f.kind != kArrow {
		f = f.parent
	}
	if f == nil {
		return false
	}
	if v := t.eval(call.x); v.thing != "" || v.node != nil {
		return false
	}
	for _, a := range call.list {
		if a.kind == kName {
			if b := a.scope.find(a.name); b != nil && b.param == f {
				return true
			}
		}
	}
	return false
}

func (t *tracer) callMethod(n, callee *node) value {
	x := t.eval(callee.x)
	if x.node == nil && !x.isString() {
		return unknown
	}
	args := make([]value, len(n.list))
	for i, a := range n.list {
		args[i] = t.eval(a)
	}
	if x.node != nil && x.node.kind == kArray && callee.name == "join" {
		sep := value{strings: []string{","}}
		if len(args) > 0 {
			sep = args[0]
		}
		return t.joinArray(x.node, sep)
	}
	if !x.isString() {
		return unknown
	}
	switch callee.name {
	case "toString", "valueOf", "trim", "normalize":
		return x
	case "concat":
		return concat(append([]value{x}, args...)...)
	case "toLowerCase":
		return combine(func(s []string) string { return strings.ToLower(s[0]) }, x)
	case "replace", "replaceAll":
		if len(args) == 2 && n.list[0].kind == kString && args[1].isString() {
			count := 1
			if callee.name == "replaceAll" {
				count = -1
			}
			return combine(func(s []string) string { return strings.Replace(s[0], n.list[0].name, s[1], count) }, x, args[1])
		}
	}
	return unknown
}

func (t *tracer) joinArray(array *node, sep value) value {
	var parts []value
	for i, c := range array.list {
		if c.kind == kSpread || len(parts) > 64 {
			return unknown
		}
		if i > 0 {
			parts = append(parts, sep)
		}
		parts = append(parts, t.eval(c))
	}
	return concat(parts...)
}

func (t *tracer) evalURL(n *node) value {
	x := t.eval(n.list[0])
	if len(n.list) == 1 {
		return x
	}
	return combine(func(s []string) string { return urlAgainst(s[0], s[1]) }, x, t.eval(n.list[1]))
}

// callThing calls a function of Node, or of a package that is known by name.
func (t *tracer) callThing(n *node, f value) value {
	arg := func(i int) value {
		switch {
		case i >= len(n.list):
			return value{}
		case n.list[i].kind == kSpread:
			return unknown
		}
		return t.eval(n.list[i])
	}
	all := func() []value {
		args := make([]value, len(n.list))
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
		if len(n.list) == 0 {
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
		if len(n.list) > 1 {
			return combine(func(s []string) string { return strings.TrimSuffix(basePath(s[0]), s[1]) }, arg(0), arg(1))
		}
		return one(basePath)
	case "path.relative":
		return t.evalRelative(arg(0), arg(1))
	case "path.toNamespacedPath", "fs.realpathSync", "fs.realpathSync.native", "fs.realpath", "util.promisify", "String", "Object.freeze", "Object.assign":
		return arg(0)
	case "url.fileURLToPath":
		return one(plainPath)
	case "url.pathToFileURL":
		return combine(func(s []string) string { return "file://" + resolvePath(s) }, arg(0))
	case "process.cwd":
		return exactly("/" + cwdMark)
	case "os.platform":
		return exactly(t.module.Target.OS)
	case "os.endianness":
		return exactly("LE") // of every CPU Lambda has
	case "os.arch":
		return exactly(t.module.Target.CPU)
	case "eval":
		if s, _ := arg(0).single(); s == "require" {
			return t.global("require")
		}
		return unknown
	case "module.createRequire", "module.createRequireFromPath":
		return t.createRequire(arg(0))
	case "require":
		if s, ok := arg(0).single(); ok {
			if base, ok := t.relative(f.base); ok {
				return t.imported(s, base)
			}
		}
		return unknown
	case "require.resolve", "import.meta.resolve":
		return t.resolved(f, arg(0))
	}
	if v, ok := t.located(n, f); ok {
		return v
	}
	if strings.HasPrefix(f.thing, "module:") && !strings.HasSuffix(f.thing, "()") {
		return aThing(f.thing + "()")
	}
	return unknown
}

func (t *tracer) evalRelative(from, to value) value {
	a, ok1 := from.single()
	b, ok2 := to.single()
	if !ok1 || !ok2 || !anchored(a) || a != b && !strings.HasPrefix(b, strings.TrimSuffix(a, "/")+"/") {
		return unknown
	}
	return exactly(strings.Trim(strings.TrimPrefix(b, a), "/"))
}

func (t *tracer) createRequire(from value) value {
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
func (t *tracer) resolved(f, arg value) value {
	if !arg.isString() {
		return unknown
	}
	base, ok := t.relative(f.base)
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
			p, found = t.resolve(s, base, kind)
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

// relative turns a marked path without gaps into one relative to the project's root.
func (t *tracer) relative(s string) (string, bool) {
	s = plainPath(s)
	switch {
	case fromRoot(s):
		s = path.Join(".", s[len("/"+rootMark):])
	case fromCWD(s):
		s = path.Join(t.module.CWD, s[len("/"+cwdMark):])
	default:
		return "", false
	}
	s = strings.TrimPrefix(s, "/")
	if s == "" {
		s = "."
	}
	return s, !strings.HasPrefix(s, "..")
}
