package builds

import (
	"maps"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
)

// exports are the names that a module exports, "__esModule" apart.
type exports struct {
	names map[string]bool
	// known means that names are all there are.
	known bool
	// commonJS means that the module has no ES exports, marked that compilers marked it as
	// made from an ES module.
	commonJS, marked bool
	// empty means that the module has no exports, of either format.
	empty bool
	// cyclic means that a module that it hands on hands on this one.
	cyclic bool
}

func (e exports) equal(f exports) bool { return maps.Equal(e.names, f.names) }

// exportsOf reads the exports of an input, through everything that it hands on.
func (c *Comparer) exportsOf(input string) exports {
	e, known := c.exports[input]
	if known {
		return e
	}
	outermost := c.asked == nil
	c.asked = append(c.asked, input)
	c.exports[input] = exports{cyclic: true} // nothing is known of modules that hand on each other's
	r := reader{c: c, input: input, exports: exports{names: map[string]bool{}, known: true}, own: map[string]bool{}}
	if tree, err := c.read(input); err != nil {
		r.known = false
	} else {
		r.commonJS, r.empty = !tree.Module, true
		tree.Bind()
		r.look(tree.Top)
		r.stars()
	}
	c.exports[input] = r.exports
	if outermost {
		// What a cycle gives depends on where one enters it: the others are asked anew.
		for _, asked := range c.asked {
			if r.cyclic && asked != input {
				delete(c.exports, asked)
			}
		}
		c.asked = nil
	}
	return r.exports
}

// reader reads the exports of one module.
type reader struct {
	exports
	c     *Comparer
	input string
	own   map[string]bool // names that the module itself exports
	from  []string        // specifiers of export *
}

func (r *reader) add(name string) {
	if name == "__esModule" {
		r.marked = true
		return
	}
	r.names[name], r.own[name] = true, true
}

func (r *reader) look(n *js.Node) {
	switch n.Kind {
	case js.Export:
		r.export(n)
	case js.Name:
		if r.commonJS && n.IsGlobal("exports") {
			r.empty = false
			r.use(n)
		}
		if r.commonJS && n.IsGlobal("module") {
			r.empty = false
			p := n.Parent
			switch {
			case p.Kind == js.Member && p.X == n && p.Name == "exports":
				r.use(p)
			case p.Kind == js.Unary && p.Name == "typeof":
			default:
				r.known = false
			}
		}
	case js.Binary:
		// 0 && (module.exports = {...}) tells Node's lexer the names, and never runs.
		if n.Op == js.OpAnd && n.X.Kind == js.Number && n.X.Name == "0" {
			return
		}
	}
	n.Each(r.look)
}

// export handles an ECMAScript export.
func (r *reader) export(n *js.Node) {
	r.empty = r.empty && n.Y == nil && n.Z == nil && len(n.List) == 0
	if n.Flags&js.All != 0 {
		r.from = append(r.from, n.Name)
	}
	if n.Flags&js.Default != 0 {
		r.add("default")
		return
	}
	for _, clause := range n.List {
		r.add(clause.Name)
	}
	if n.Y == nil {
		return
	}
	switch n.Y.Kind {
	case js.Function, js.Class:
		r.add(n.Y.Name)
	case js.Var:
		for _, d := range n.Y.List {
			r.bound(d.X)
		}
	}
}

func (r *reader) bound(pattern *js.Node) {
	switch pattern.Kind {
	case js.Name:
		r.add(pattern.Name)
	default:
		js.BoundNames(pattern, func(b *js.Binding) { r.add(b.Name) })
	}
}

// use handles a use of exports or module.exports.
func (r *reader) use(n *js.Node) {
	p := n.Parent
	switch {
	case p.Kind == js.Member && p.X == n, p.Kind == js.Index && p.X == n && p.Y.Kind == js.String:
		name := p.Name
		if p.Kind == js.Index {
			name = p.Y.Name
		}
		if p.Parent.Kind == js.Assign && p.Parent.X == p {
			r.add(name)
		} else if p.IsTarget() || p.Parent.Kind == js.Update || p.Parent.Kind == js.Unary && p.Parent.Name == "delete" {
			r.known = false
		}
	case p.Kind == js.Call && len(p.List) > 0 && p.X != n:
		r.call(p, n)
	case p.Kind == js.Assign && p.X == n && n.Kind == js.Member && p.Parent.Kind == js.Expr:
		r.compiled(p.Y)
	default:
		r.known = false
	}
}

// call handles a call that exports is an argument of.
func (r *reader) call(call, exports *js.Node) {
	name := js.CalleeName(call.X)
	args := call.List
	switch {
	case name == "defineProperty" && args[0] == exports && len(args) == 3 && args[1].Kind == js.String:
		r.add(args[1].Name)
	case name == "__exportStar" && len(args) == 2 && args[1] == exports && required(args[0]) != "":
		r.from = append(r.from, required(args[0]))
	case name == "__createBinding" && args[0] == exports && len(args) >= 3 && args[len(args)-1].Kind == js.String:
		r.add(args[len(args)-1].Name)
	case name == "__reExport" && len(args) == 3 && args[2] == exports && required(args[1]) != "":
		r.from = append(r.from, required(args[1]))
	default:
		r.known = false
	}
}

// compiled handles what esbuild assigns to module.exports: __toCommonJS(x), where x gets its
// names from __export(x, {...}).
func (r *reader) compiled(value *js.Node) {
	if value.Kind != js.Call || js.CalleeName(value.X) != "__toCommonJS" || len(value.List) != 1 || value.List[0].Kind != js.Name {
		r.known = false
		return
	}
	r.marked = true
	b := value.List[0].Scope.Find(value.List[0].Name)
	if b == nil {
		r.known = false
		return
	}
	for _, ref := range b.Refs {
		p := ref.Parent
		if p.Kind != js.Call || len(p.List) < 2 || p.List[0] != ref {
			continue
		}
		switch js.CalleeName(p.X) {
		case "__export":
			if p.List[1].Kind != js.Object {
				r.known = false
				return
			}
			for _, property := range p.List[1].List {
				if property.Kind != js.Property || property.X != nil {
					r.known = false
					return
				}
				r.add(property.Name)
			}
		case "__reExport": // read at its argument module.exports, if it has that
			r.known = r.known && len(p.List) == 3
		}
	}
}

// required is the specifier of require("x"), "" for anything else.
func required(n *js.Node) string {
	if n.Kind == js.Call && n.X.IsGlobal("require") && len(n.List) == 1 && n.List[0].IsPlainString() {
		if n.List[0].Kind == js.Template {
			return n.List[0].Texts[0]
		}
		return n.List[0].Name
	}
	return ""
}

// stars adds the names that the module hands on. Of two modules that both have a name, an ES
// module exports neither, unless it is the same variable. That is not known here, so the names are
// only known where no two have one.
func (r *reader) stars() {
	kind := api.ResolveJSImportStatement
	if r.commonJS {
		kind = api.ResolveJSRequireCall
	}
	seen := map[string]string{} // the file that a name is from
	for _, specifier := range r.from {
		file, _ := r.c.resolution.Find(r.c.build, filepath.Dir(r.c.packages.Absolute(r.input)), specifier, kind)
		if file == "" {
			r.known = false
			return
		}
		input := r.c.packages.Relative(file)
		star := r.c.exportsOf(input)
		r.cyclic = r.cyclic || star.cyclic
		if !star.known || star.commonJS && !star.empty && !r.commonJS {
			r.known = false
			return
		}
		for name := range star.names {
			if name == "default" || r.own[name] {
				continue
			}
			if from := seen[name]; from != "" && from != input {
				r.known = false
				return
			}
			seen[name] = input
			r.names[name] = true
		}
	}
}
