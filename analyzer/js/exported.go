package js

// ExportedFunction returns the function that a module certainly exports under a name: a
// function or arrow that is written at the export, or one that a name is bound to, which
// nothing assigns to again. It returns nil for what a call makes, for an export that is
// assigned twice or under a condition, and for one of another module. Bind must have been
// called.
func (t *Text) ExportedFunction(name string) *Node {
	e := exporter{names: map[string]bool{}}
	e.look(t.Top)
	if e.dynamic {
		return nil
	}
	var values []*Node
	var look func(n *Node)
	look = func(n *Node) {
		switch {
		case n.Kind == Export && n.Z == nil:
			values = append(values, n.exported(name)...)
		case n.Kind == Assign && n.X.assignsExport(name):
			values = append(values, t.certainly(n, n.Y))
		case n.Kind == Assign && n.X.isModuleExports() && n.Y.Kind == Object:
			for _, p := range n.Y.List {
				if p.Kind == Property && p.X == nil && p.Name == name && p.Y != nil {
					values = append(values, t.certainly(n, p.Y))
				}
			}
		case n.Kind == Call && len(n.List) > 1 && n.List[0].isExports(): // Object.defineProperty(exports, ...)
			values = append(values, nil)
		}
		n.Each(look)
	}
	look(t.Top)
	if len(values) != 1 || values[0] == nil {
		return nil
	}
	return values[0].function()
}

// exported are the values that an export declaration has under a name.
func (n *Node) exported(name string) (values []*Node) {
	for _, c := range n.List {
		if c.Name == name {
			values = append(values, c.X)
		}
	}
	switch {
	case n.Y == nil:
	case n.Flags&Default != 0:
		if name == "default" {
			values = append(values, n.Y)
		}
	case (n.Y.Kind == Function || n.Y.Kind == Class) && n.Y.Name == name:
		values = append(values, n.Y)
	case n.Y.Kind == Var:
		for _, d := range n.Y.List {
			if d.X.Kind == Name && d.X.Name == name {
				values = append(values, d.X)
			}
		}
	}
	return values
}

// certainly returns the value of an assignment if that is a statement of the module, else nil.
func (t *Text) certainly(assignment, value *Node) *Node {
	if p := assignment.Parent; p == nil || p.Kind != Expr || p.Parent != t.Top {
		return nil
	}
	return value
}

// function returns the function that an expression certainly is, nil if it may be another
// value.
func (n *Node) function() *Node {
	switch {
	case n.Kind == Function || n.Kind == Arrow:
		if b := n.declared(); b != nil && len(b.Writes) > 0 {
			return nil
		}
		return n
	case n.Kind != Name || n.Scope == nil:
		return nil
	}
	b := n.Scope.Find(n.Name)
	switch {
	case b == nil:
		return nil
	case b.Function != nil:
		return b.Function.function()
	case len(b.Writes) == 1 && b.Writes[0].From != nil && len(b.Writes[0].Keys) == 0 && !b.Writes[0].Each:
		if from := b.Writes[0].From; from.Kind == Function || from.Kind == Arrow {
			return from
		}
	}
	return nil
}

// declared is the binding of a function declaration, nil for an expression.
func (n *Node) declared() *Binding {
	if n.Kind != Function || n.Name == "" || n.Scope == nil || n.Scope.Parent == nil {
		return nil
	}
	if b := n.Scope.Parent.Find(n.Name); b != nil && b.Function == n {
		return b
	}
	return nil
}

func (n *Node) isModuleExports() bool {
	return n.Kind == Member && n.Name == "exports" && n.X.IsGlobal("module")
}

func (n *Node) isExports() bool { return n.IsGlobal("exports") || n.isModuleExports() }

// assignsExport matches exports.NAME and module.exports.NAME.
func (n *Node) assignsExport(name string) bool {
	return (n.Kind == Member || n.Kind == Index) && n.Name == name && n.X.isExports()
}

// Length is the length of a function: the parameters before the first that has a default
// value or takes the rest. https://tc39.es/ecma262/#sec-function-instances-length
func (n *Node) Length() (length int) {
	for _, p := range n.List {
		if p.Kind == Assign || p.Kind == Spread {
			break
		}
		length++
	}
	return length
}
