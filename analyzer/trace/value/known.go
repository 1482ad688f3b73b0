package value

import (
	"path"

	"github.com/featherpack/featherpack/analyzer/js"
)

// global returns the value of a name that the module does not declare.
func (e *Evaluator) global(name string) Value {
	switch name {
	case "__dirname":
		return exactly(RootPath(path.Dir(e.Path)))
	case "__filename":
		return exactly(RootPath(e.Path))
	case "require", "__non_webpack_require__":
		return Value{Thing: "require", Base: RootPath(path.Dir(e.Path))}
	case "module":
		return thing("cjs")
	case "global", "globalThis":
		return thing("global")
	case "process", "console", "eval", "Object", "String", "JSON", "Error", "Promise", "Array":
		return thing(name)
	case "URL":
		return thing("url.URL")
	case "undefined":
		return Value{Truth: No}
	}
	return unknown
}

func (e *Evaluator) evalMember(n *js.Node, name string) Value {
	if n.X.Kind == js.ImportMeta {
		switch name {
		case "url":
			return exactly("file://" + RootPath(e.Path))
		case "dirname":
			return exactly(RootPath(path.Dir(e.Path)))
		case "filename":
			return exactly(RootPath(e.Path))
		case "resolve":
			return Value{Thing: "import.meta.resolve", Base: RootPath(path.Dir(e.Path))}
		}
		return unknown
	}
	if n.X.Kind == js.Literal && n.X.Name == "this" {
		return e.ownMember(name)
	}
	return e.member(e.Eval(n.X), name)
}

// ownMember returns the union of all values that the module writes to this.NAME.
func (e *Evaluator) ownMember(name string) Value {
	writes := e.members[name]
	if len(writes) == 0 || len(writes) > maxUnion {
		return unknown
	}
	f := e.fields[name]
	if f == nil {
		f = &frame{}
		e.fields[name] = f
	}
	return e.within(f, func() {
		f.so.Unsure = true
		for _, w := range writes {
			if w == nil {
				f.so = f.so.or(unknown)
				continue
			}
			f.so = f.so.or(e.Eval(w))
		}
	})
}

func (e *Evaluator) evalIndex(n *js.Node) Value {
	if n.Name != "" {
		return e.evalMember(n, n.Name)
	}
	v := e.Eval(n.X)
	key := e.Eval(n.Y)
	if s, ok := key.Single(); ok && v.Node != nil && v.Node.Kind == js.Object || ok && v.JSON != nil {
		return e.member(v, s)
	}
	if v.Node == nil {
		return unknown
	}
	switch v.Node.Kind {
	case js.Array:
		return e.Elements(v)
	case js.Object:
		all := Value{}
		for _, p := range v.Node.List {
			if p.Kind == js.Property {
				all = all.or(e.Eval(p.Y))
			} else {
				all.Open = true
			}
		}
		all.Unsure = true
		return all
	}
	return unknown
}

// member returns the value of v's member.
func (e *Evaluator) member(v Value, name string) Value {
	switch {
	case v.Thing != "":
		return e.memberOfThing(v, name)
	case v.JSON != nil:
		if m, ok := v.JSON.(map[string]any); ok {
			return jsonValue(m[name])
		}
		if m, ok := v.JSON.(Exports); ok && len(m[name]) > 0 {
			return Value{Strings: m[name]}
		} else if ok && name == "default" {
			return Value{JSON: m, Strings: m["*"]}
		}
	case v.Node != nil && v.Node.Kind == js.Object:
		return e.Property(v.Node, name)
	case v.IsString():
		switch name {
		case "href":
			return v
		case "pathname":
			return combine(func(s []string) string { return PlainPath(s[0]) }, v)
		case "path", "default": // of app-root-path
			if isWorkingFolder(v) {
				return v
			}
		case "require":
			if isWorkingFolder(v) {
				return thing("module:" + appRootPath + ".require")
			}
		}
	}
	return unknown
}

// isWorkingFolder reports whether a value is the working folder, or the object that the
// package app-root-path exports for it.
func isWorkingFolder(v Value) bool {
	s, ok := v.Single()
	return ok && s == "/"+CWDMark
}

// Property returns the value of an object literal's property. The property's truth
// is not taken from the literal, because other code may write to it.
func (e *Evaluator) Property(object *js.Node, name string) Value {
	for i := len(object.List) - 1; i >= 0; i-- {
		p := object.List[i]
		if p.Kind != js.Property || p.X != nil {
			return unknown
		}
		if p.Name == name {
			v := e.Eval(p.Y)
			if p.Flags&js.Method != 0 && p.Y.Kind != js.Function {
				return unknown
			}
			v.Unsure, v.Truth = true, Maybe
			return v
		}
	}
	return unknown
}

func (e *Evaluator) memberOfThing(v Value, name string) Value {
	if name == "default" || name == "__esModule" {
		return v
	}
	switch v.Thing {
	case "fs":
		if name == "promises" {
			return v
		}
	case "path":
		switch name {
		case "posix":
			return v
		case "sep":
			return exactly("/")
		case "delimiter":
			return exactly(":")
		case "win32":
			return unknown
		}
	case "process":
		switch name {
		case "platform":
			return exactly(e.Target.OS)
		case "arch":
			return exactly(e.Target.CPU)
		case "env", "cwd", "chdir", "execPath", "getBuiltinModule":
		default:
			return unknown
		}
	case "process.env":
		switch name {
		case "NODE_ENV":
			if e.NodeEnv == "" {
				return unknown
			}
			return exactly(e.NodeEnv)
		case "LAMBDA_TASK_ROOT":
			return exactly("/" + CWDMark)
		}
		return unknown
	case "global":
		return e.global(name)
	case "cjs":
		switch name {
		case "require":
			return e.global("require")
		case "filename":
			return e.global("__filename")
		case "path":
			return e.global("__dirname")
		}
		return unknown
	case "require":
		if name == "resolve" {
			return Value{Thing: "require.resolve", Base: v.Base}
		}
		return unknown
	}
	return thing(v.Thing + "." + name)
}
