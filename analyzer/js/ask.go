package js

// Questions about a node: what it is, and how the code around it uses it. The
// answers need a bound tree.

// IsGlobal reports whether a node is that name and the module does not declare it.
// A name written with escapes does not count: nobody writes such code, and a
// search of the text would not find it.
func (n *Node) IsGlobal(name string) bool {
	return n.Kind == Name && n.Name == name && n.Flags&Odd == 0 && n.Scope != nil && n.Scope.Find(name) == nil
}

// IsPlainString reports whether an argument is a string without expressions.
func (n *Node) IsPlainString() bool {
	return n.Kind == String || n.Kind == Template && len(n.List) == 0
}

// NameOf returns where the name of a function or class is. It returns no place for
// one without a name, and for a method, whose name is a property's.
func (t *Tree) NameOf(n *Node) (start, end int) {
	if n.Name == "" {
		return 0, 0
	}
	l := lexer{src: t.Source, pos: int(n.Start), module: true}
	for l.next(); l.tok.kind != tEOF; l.next() {
		switch {
		case l.tok.kind == tName && l.word() == n.Name && l.tok.start != n.Start:
			return int(l.tok.start), int(l.tok.end)
		case l.tok.kind == tName, l.tok.kind == OpStar:
		default:
			return 0, 0
		}
	}
	return 0, 0
}

func CalleeName(n *Node) string {
	if n.Kind == Sequence {
		n = n.List[len(n.List)-1]
	}
	if n.Kind == Name || n.Kind == Member {
		return n.Name
	}
	return ""
}

// IsTarget reports whether a name is declared or written here, not read.
func (n *Node) IsTarget() bool {
	p := n.Parent
	if p == nil {
		return false
	}
	switch p.Kind {
	case Declare:
		return p.X == n
	case Assign:
		return p.X == n && p.Op == OpAssign
	case Function, Arrow:
		return p.X != n // a parameter, not the body
	case Clause:
		return p.Parent != nil && p.Parent.Kind == Import
	case ForIn:
		return p.X == n
	case Try:
		return true
	case Property, Array, Spread:
		return p.X != n && inPattern(p) || p.Kind == Spread && inPattern(p)
	}
	return false
}

// inPattern reports whether an array or object literal is a destructuring pattern.
func inPattern(n *Node) bool {
	for c := n; c.Parent != nil; c = c.Parent {
		p := c.Parent
		switch p.Kind {
		case Property, Array, Object, Spread:
			if p.Kind == Property && p.X == c {
				return false
			}
			continue
		case Declare:
			return p.X == c
		case Assign:
			if p.X != c {
				return false
			}
			if p.Parent != nil && (p.Parent.Kind == Property || p.Parent.Kind == Array) {
				continue
			}
			return true
		case Function, Arrow:
			return p.X != c
		case ForIn:
			return p.X == c
		case Try:
			return len(p.List) > 0 && p.List[0] == c
		}
		return false
	}
	return false
}

// Returns lists the values that a function returns.
func Returns(f *Node) (out []*Node) {
	if f.Kind == Arrow && f.X.Kind != Block {
		return []*Node{f.X}
	}
	var look func(*Node)
	look = func(n *Node) {
		switch n.Kind {
		case Function, Arrow, Class:
			return
		case Return:
			if n.Name == "return" && n.X != nil {
				out = append(out, n.X)
			}
		}
		n.Each(look)
	}
	f.X.Each(look)
	return out
}

// DeclaresStrict reports whether a function's body, or a file, begins with "use strict".
func (n *Node) DeclaresStrict() bool {
	if n == nil || n.Kind != Block {
		return false
	}
	for _, statement := range n.List {
		if statement.Kind != Expr || statement.X.Kind != String || statement.X.Flags&Parenthesised != 0 {
			return false
		}
		if statement.X.Name == "use strict" && statement.X.Flags&Escaped == 0 {
			return true
		}
	}
	return false
}

// EachOwn visits a node and what is below it, except for code with a this of its
// own: functions that are no arrow functions, and the fields and static blocks of
// classes. Such a function itself is visited.
func (n *Node) EachOwn(visit func(*Node)) {
	visit(n)
	switch n.Kind {
	case Function:
		return
	case Class:
		if n.X != nil {
			n.X.EachOwn(visit)
		}
		for _, member := range n.List {
			switch {
			case member.Kind == Property:
				if member.X != nil {
					member.X.EachOwn(visit) // a computed name
				}
			case member.Kind != Block:
				member.EachOwn(visit) // a decorator
			}
		}
		return
	}
	n.Each(func(child *Node) { child.EachOwn(visit) })
}
