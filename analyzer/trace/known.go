package trace

import "github.com/featherpack/featherpack/analyzer/js"

// global is what Node provides under a name that the module does not declare.
func (t *tracer) global(name string) value {
	m := t.module
	switch name {
	case "__dirname":
		return exactly(rootPath(m.Dir()))
	case "__filename":
		return exactly(rootPath(m.Path))
	case "require", "__non_webpack_require__":
		return value{thing: "require", base: rootPath(m.Dir())}
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

func (t *tracer) evalMember(n *js.Node, name string) value {
	if n.X.Kind == js.ImportMeta {
		switch name {
		case "url":
			return exactly("file://" + rootPath(t.module.Path))
		case "dirname":
			return exactly(rootPath(t.module.Dir()))
		case "filename":
			return exactly(rootPath(t.module.Path))
		case "resolve":
			return value{thing: "import.meta.resolve", base: rootPath(t.module.Dir())}
		}
		return unknown
	}
	if n.X.Kind == js.Literal && n.X.Name == "this" {
		return t.ownMember(name)
	}
	return t.member(t.eval(n.X), name)
}

// ownMember is the union of all values written to this.NAME in the module.
func (t *tracer) ownMember(name string) value {
	writes := t.members[name]
	if len(writes) == 0 || len(writes) > maxUnion {
		return unknown
	}
	f := t.fields[name]
	if f == nil {
		f = &frame{}
		t.fields[name] = f
	}
	return t.within(f, func() {
		f.so.unsure = true
		for _, w := range writes {
			if w == nil {
				f.so = f.so.or(unknown)
				continue
			}
			f.so = f.so.or(t.eval(w))
		}
	})
}

func (t *tracer) evalIndex(n *js.Node) value {
	if n.Name != "" {
		return t.evalMember(n, n.Name)
	}
	v := t.eval(n.X)
	key := t.eval(n.Y)
	if s, ok := key.single(); ok && v.node != nil && v.node.Kind == js.Object || ok && v.json != nil {
		return t.member(v, s)
	}
	if v.node == nil {
		return unknown
	}
	switch v.node.Kind {
	case js.Array:
		return t.elements(v)
	case js.Object:
		all := value{}
		for _, p := range v.node.List {
			if p.Kind == js.Property {
				all = all.or(t.eval(p.Y))
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
func (t *tracer) member(v value, name string) value {
	switch {
	case v.thing != "":
		return t.memberOfThing(v, name)
	case v.json != nil:
		if m, ok := v.json.(map[string]any); ok {
			return jsonValue(m[name])
		}
	case v.node != nil && v.node.Kind == js.Object:
		return t.property(v.node, name)
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
func (t *tracer) property(object *js.Node, name string) value {
	for i := len(object.List) - 1; i >= 0; i-- {
		p := object.List[i]
		if p.Kind != js.Property || p.X != nil {
			return unknown
		}
		if p.Name == name {
			v := t.eval(p.Y)
			if p.Flags&js.Method != 0 && p.Y.Kind != js.Function {
				return unknown
			}
			v.unsure, v.truth = true, maybe
			return v
		}
	}
	return unknown
}

func (t *tracer) memberOfThing(v value, name string) value {
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
			return exactly(t.module.Target.OS)
		case "arch":
			return exactly(t.module.Target.CPU)
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
		return t.global(name)
	case "cjs":
		switch name {
		case "require":
			return t.global("require")
		case "filename":
			return t.global("__filename")
		case "path":
			return t.global("__dirname")
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
