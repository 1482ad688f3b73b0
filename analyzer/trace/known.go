package trace

import (
	"path"

	"github.com/featherpack/featherpack/analyzer/js"
)

// global is what Node provides under a name that the module does not declare.
func (e *evaluator) global(name string) value {
	switch name {
	case "__dirname":
		return exactly(rootPath(path.Dir(e.path)))
	case "__filename":
		return exactly(rootPath(e.path))
	case "require", "__non_webpack_require__":
		return value{thing: "require", base: rootPath(path.Dir(e.path))}
	case "module":
		return aThing("cjs")
	case "global", "globalThis":
		return aThing("global")
	case "process", "console", "eval", "Object", "String", "JSON", "Error", "Promise", "Array":
		return aThing(name)
	case "URL":
		return aThing("url.URL")
	case "undefined":
		return value{truth: no}
	}
	return unknown
}

func (e *evaluator) evalMember(n *js.Node, name string) value {
	if n.X.Kind == js.ImportMeta {
		switch name {
		case "url":
			return exactly("file://" + rootPath(e.path))
		case "dirname":
			return exactly(rootPath(path.Dir(e.path)))
		case "filename":
			return exactly(rootPath(e.path))
		case "resolve":
			return value{thing: "import.meta.resolve", base: rootPath(path.Dir(e.path))}
		}
		return unknown
	}
	if n.X.Kind == js.Literal && n.X.Name == "this" {
		return e.ownMember(name)
	}
	return e.member(e.eval(n.X), name)
}

// ownMember is the union of all values written to this.NAME in the module.
func (e *evaluator) ownMember(name string) value {
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
		f.so.unsure = true
		for _, w := range writes {
			if w == nil {
				f.so = f.so.or(unknown)
				continue
			}
			f.so = f.so.or(e.eval(w))
		}
	})
}

func (e *evaluator) evalIndex(n *js.Node) value {
	if n.Name != "" {
		return e.evalMember(n, n.Name)
	}
	v := e.eval(n.X)
	key := e.eval(n.Y)
	if s, ok := key.single(); ok && v.node != nil && v.node.Kind == js.Object || ok && v.json != nil {
		return e.member(v, s)
	}
	if v.node == nil {
		return unknown
	}
	switch v.node.Kind {
	case js.Array:
		return e.elements(v)
	case js.Object:
		all := value{}
		for _, p := range v.node.List {
			if p.Kind == js.Property {
				all = all.or(e.eval(p.Y))
			} else {
				all.open = true
			}
		}
		all.unsure = true
		return all
	}
	return unknown
}

// member is what v has under a name.
func (e *evaluator) member(v value, name string) value {
	switch {
	case v.thing != "":
		return e.memberOfThing(v, name)
	case v.json != nil:
		if m, ok := v.json.(map[string]any); ok {
			return jsonValue(m[name])
		}
	case v.node != nil && v.node.Kind == js.Object:
		return e.property(v.node, name)
	case v.isString():
		switch name {
		case "href":
			return v
		case "pathname":
			return combine(func(s []string) string { return plainPath(s[0]) }, v)
		}
	}
	return unknown
}

// property is that of an object literal. Whether it is true is not taken from
// there, since somebody may write to it.
func (e *evaluator) property(object *js.Node, name string) value {
	for i := len(object.List) - 1; i >= 0; i-- {
		p := object.List[i]
		if p.Kind != js.Property || p.X != nil {
			return unknown
		}
		if p.Name == name {
			v := e.eval(p.Y)
			if p.Flags&js.Method != 0 && p.Y.Kind != js.Function {
				return unknown
			}
			v.unsure, v.truth = true, maybe
			return v
		}
	}
	return unknown
}

func (e *evaluator) memberOfThing(v value, name string) value {
	if name == "default" || name == "__esModule" {
		return v
	}
	switch v.thing {
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
			return exactly(e.target.OS)
		case "arch":
			return exactly(e.target.CPU)
		case "env", "cwd", "chdir", "execPath":
		default:
			return unknown
		}
	case "process.env":
		switch name {
		case "NODE_ENV":
			return exactly("production") // the build defines it so
		case "LAMBDA_TASK_ROOT":
			return exactly("/" + cwdMark)
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
			return value{thing: "require.resolve", base: v.base}
		}
		return unknown
	}
	return aThing(v.thing + "." + name)
}
