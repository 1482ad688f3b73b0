package rewrite

import (
	"bytes"
	"cmp"
	"fmt"
	"go/constant"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// standInWriter writes a [StandIn]'s source. It has only the types of a dependency's
// declarations, from the compiler's export data.
type standInWriter struct {
	of   *types.Package
	used map[types.Object]bool
	// wide declares every exported field and method of the declared types. A type may
	// need methods that no code names, to be an error or to satisfy another interface.
	wide    bool
	imports map[string]string // names of other packages, by import path
	taken   map[string]bool   // names of imports
	queue   []*types.TypeName
	seen    map[*types.TypeName]bool
	out     bytes.Buffer
}

// writeStandIn declares the used objects of a package, and the package's types that
// they refer to.
func writeStandIn(of *types.Package, used map[types.Object]bool, wide bool) string {
	w := &standInWriter{of: of, used: used, wide: wide, imports: map[string]string{}, taken: map[string]bool{}, seen: map[*types.TypeName]bool{}}
	var top []types.Object
	for o := range used {
		if o.Parent() == of.Scope() || of.Scope().Lookup(o.Name()) == o {
			top = append(top, o)
		} else if f, ok := o.(*types.Func); ok && f.Signature().Recv() != nil {
			w.mention(f.Signature().Recv().Type()) // its type need not be named
		}
	}
	slices.SortFunc(top, func(a, b types.Object) int { return cmp.Compare(a.Name(), b.Name()) })
	for _, o := range top {
		switch o := o.(type) {
		case *types.Func:
			w.function("", o)
		case *types.Var:
			fmt.Fprintf(&w.out, "var %s %s\n", o.Name(), w.typed(o.Type()))
		case *types.Const:
			w.constant(o)
		case *types.TypeName:
			w.need(o)
		}
	}
	for len(w.queue) > 0 {
		next := w.queue[0]
		w.queue = w.queue[1:]
		w.declare(next)
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "package %s\n\n", of.Name())
	for _, p := range slices.Sorted(maps.Keys(w.imports)) {
		fmt.Fprintf(&head, "import %s %s\n", w.imports[p], strconv.Quote(p))
	}
	return head.String() + "\n" + w.out.String()
}

// need declares a type of the package, once.
func (w *standInWriter) need(o *types.TypeName) {
	if o.Pkg() == w.of && o.Parent() == w.of.Scope() && !w.seen[o] {
		w.seen[o] = true
		w.queue = append(w.queue, o)
	}
}

// typed writes a type and queues the types that it refers to.
func (w *standInWriter) typed(t types.Type) string {
	w.mention(t)
	return types.TypeString(t, w.qualify)
}

// qualify returns the name under which a package is imported. Names are unique.
func (w *standInWriter) qualify(p *types.Package) string {
	if p == w.of {
		return ""
	}
	name, ok := w.imports[p.Path()]
	if !ok {
		name = p.Name() + "_"
		for n := 2; w.taken[name]; n++ {
			name = fmt.Sprintf("%s_%d", p.Name(), n)
		}
		w.imports[p.Path()], w.taken[name] = name, true
	}
	return name
}

// mention queues the package's types that a type refers to.
func (w *standInWriter) mention(t types.Type) {
	switch t := t.(type) {
	case *types.Alias:
		w.need(t.Obj())
		w.mentionAll(t.TypeArgs())
	case *types.Named:
		w.need(t.Obj())
		w.mentionAll(t.TypeArgs())
	case *types.Pointer:
		w.mention(t.Elem())
	case *types.Slice:
		w.mention(t.Elem())
	case *types.Array:
		w.mention(t.Elem())
	case *types.Chan:
		w.mention(t.Elem())
	case *types.Map:
		w.mention(t.Key())
		w.mention(t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			w.mention(v.Type())
		}
	case *types.Signature:
		w.mention(t.Params())
		w.mention(t.Results())
		for p := range t.TypeParams().TypeParams() {
			w.mention(p.Constraint())
		}
	case *types.Struct:
		for f := range t.Fields() {
			w.mention(f.Type())
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			w.mention(m.Type())
		}
		for e := range t.EmbeddedTypes() {
			w.mention(e)
		}
	case *types.Union:
		for term := range t.Terms() {
			w.mention(term.Type())
		}
	}
}

func (w *standInWriter) mentionAll(list *types.TypeList) {
	for t := range list.Types() {
		w.mention(t)
	}
}

// function declares a function or method. It must not be inlined: the compiler would
// see that it panics and remove the code after each call.
func (w *standInWriter) function(receiver string, f *types.Func) {
	w.mention(f.Signature())
	fmt.Fprintf(&w.out, "//go:noinline\nfunc %s%s", receiver, f.Name())
	types.WriteSignature(&w.out, f.Signature(), w.qualify)
	w.out.WriteString(" { panic(\"a stand-in\") }\n")
}

func (w *standInWriter) constant(c *types.Const) {
	value := c.Val().ExactString()
	if c.Val().Kind() == constant.Float {
		f, _ := constant.Float64Val(c.Val())
		if value = strconv.FormatFloat(f, 'g', -1, 64); !strings.ContainsAny(value, ".e") {
			value += ".0"
		}
	}
	if basic, ok := c.Type().(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 {
		fmt.Fprintf(&w.out, "const %s = %s\n", c.Name(), value)
		return
	}
	fmt.Fprintf(&w.out, "const %s %s = %s\n", c.Name(), w.typed(c.Type()), value)
}

// declare writes a type with the fields and methods that are needed.
func (w *standInWriter) declare(o *types.TypeName) {
	if o.IsAlias() {
		of := o.Type()
		if alias, ok := of.(*types.Alias); ok {
			of = alias.Rhs()
		}
		fmt.Fprintf(&w.out, "type %s = %s\n", o.Name(), w.typed(of))
		return
	}
	named, ok := o.Type().(*types.Named)
	if !ok {
		return
	}
	fmt.Fprintf(&w.out, "type %s%s ", o.Name(), w.parameters(named.TypeParams()))
	if s, ok := named.Underlying().(*types.Struct); ok {
		w.out.WriteString("struct {")
		for f := range s.Fields() {
			if w.used[f] || w.wide && f.Exported() {
				name := f.Name() + " "
				if f.Embedded() {
					name = ""
				}
				fmt.Fprintf(&w.out, "\n\t%s%s", name, w.typed(f.Type()))
			}
		}
		w.out.WriteString("\n}\n")
	} else {
		fmt.Fprintf(&w.out, "%s\n", w.typed(named.Underlying()))
	}
	for m := range named.Methods() {
		if w.used[m] || w.wide && m.Exported() {
			w.function("(_ "+w.typed(m.Signature().Recv().Type())+") ", m)
		}
	}
}

// parameters writes the type parameters of a declaration.
func (w *standInWriter) parameters(list *types.TypeParamList) string {
	var out []string
	for p := range list.TypeParams() {
		out = append(out, p.Obj().Name()+" "+w.typed(p.Constraint()))
	}
	if out == nil {
		return ""
	}
	return "[" + strings.Join(out, ", ") + "]"
}
