package js

// Bind sets the parent of every node, and the references and writes of every
// binding.
func (s *Tree) Bind() { bind(s.Top) }

func bind(n *Node) {
	switch n.Kind {
	case Name:
		if n.Scope != nil {
			if b := n.Scope.Find(n.Name); b != nil {
				b.Refs = append(b.Refs, n)
			}
		}
	case Declare:
		if n.Y != nil {
			assign(n.X, Write{From: n.Y})
		}
	case Assign:
		bindAssign(n)
	case Update:
		assign(n.X, Write{})
	case ForIn:
		w := Write{}
		if n.Name == "of" {
			w = Write{From: n.Y, Each: true}
		}
		if n.X.Kind == Var {
			assign(n.X.List[0].X, w)
		} else {
			assign(n.X, w)
		}
	case Function, Arrow:
		bindFunction(n)
	case Class:
		if n.Name != "" {
			if b := n.Scope.Find(n.Name); b != nil && b.Function == nil {
				b.Function = n
			}
		}
	case Try:
		if len(n.List) > 0 {
			assign(n.List[0], Write{})
		}
	case Import:
		for _, c := range n.List {
			b := c.X.Scope.Find(c.X.Name)
			b.Imported, b.Member = n.Name, c.Name
		}
	case Export:
		bindExport(n)
	case Unary:
		if n.Name == "delete" && n.X != nil {
			assign(n.X, Write{})
		}
	}
	for _, c := range [...]*Node{n.X, n.Y, n.Z} {
		if c != nil {
			c.Parent = n
			bind(c)
		}
	}
	for _, c := range n.List {
		c.Parent = n
		bind(c)
	}
}

func bindAssign(n *Node) {
	w := Write{From: n.Y}
	if n.Op == OpAddAssign || n.Op == OpOtherAssign {
		w = Write{}
	}
	assign(n.X, w)
}

func bindFunction(n *Node) {
	if n.Kind == Function && n.Name != "" {
		if b := n.Scope.Find(n.Name); b != nil && b.Function == nil {
			b.Function = n
		}
	}
	for i, p := range n.List {
		w := Write{}
		for _, c := range []Kind{Assign, Spread} {
			if p.Kind == c {
				if c == Assign {
					w.From = p.Y
				}
				p = p.X
			}
		}
		if p.Kind != Name {
			assign(p, Write{})
			continue
		}
		if b := n.Scope.Own(p.Name); b != nil {
			b.Param, b.ParamIndex, b.ParamRest = n, i, n.List[i].Kind == Spread
		}
	}
}

func bindExport(n *Node) {
	export := func(b *Binding) {
		if b != nil {
			b.Exported = true
		}
	}
	for _, c := range n.List {
		if c.X != nil {
			export(c.X.Scope.Find(c.X.Name))
		}
	}
	if n.Y == nil {
		return
	}
	switch n.Y.Kind {
	case Function, Class:
		if n.Y.Name != "" {
			export(n.Y.Scope.Find(n.Y.Name))
		}
	case Var:
		for _, d := range n.Y.List {
			BoundNames(d.X, export)
		}
	}
}

// BoundNames calls f for every binding in a pattern.
func BoundNames(n *Node, f func(*Binding)) {
	switch n.Kind {
	case Name:
		f(n.Scope.Find(n.Name))
	case Assign, Spread:
		BoundNames(n.X, f)
	case Property:
		BoundNames(n.Y, f)
	case Array, Object:
		for _, c := range n.List {
			BoundNames(c, f)
		}
	}
}

// assign records a write to a name, or to the names in a pattern.
func assign(n *Node, w Write) {
	switch n.Kind {
	case Name:
		if b := n.Scope.Find(n.Name); b != nil {
			b.Writes = append(b.Writes, w)
		}
	case Assign:
		assign(n.X, w)
		assign(n.X, Write{From: n.Y})
	case Spread, Array:
		for _, c := range n.List {
			assign(c, Write{})
		}
		if n.Kind == Spread {
			assign(n.X, Write{})
		}
	case Object:
		for _, c := range n.List {
			if c.Kind != Property || c.Name == "" || w.From == nil || w.Each || len(w.Keys) > 3 {
				if c.Kind == Property {
					assign(c.Y, Write{})
				} else {
					assign(c, Write{})
				}
				continue
			}
			deeper := w
			deeper.Keys = append(append([]string(nil), w.Keys...), c.Name)
			assign(c.Y, deeper)
		}
	}
}
