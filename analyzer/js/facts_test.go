package js

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// fact is what the tests compare of a tree: what is there, and where. Both this
// parser and acorn's tree in testdata/acorn/facts.mjs are told in these words.
type fact struct {
	start, end int
	what       string
}

func (f fact) String() string { return fmt.Sprintf("%d-%d %s", f.start, f.end, f.what) }

// facts lists calls, members, templates, functions, literals, imports, exports
// and the references to names that the module does not declare, by place.
func facts(t *Tree) (all []fact) {
	t.Bind()
	add := func(n *Node, format string, args ...any) {
		all = append(all, fact{int(n.Start), int(n.End), fmt.Sprintf(format, args...)})
	}
	var look func(*Node)
	look = func(n *Node) {
		optional := ""
		if n.Flags&Optional != 0 {
			optional = "?"
		}
		switch n.Kind {
		case Call:
			add(n, "call%s %d", optional, len(n.List))
		case New:
			add(n, "new %d", len(n.List))
		case ImportCall:
			add(n, "import()")
		case ImportMeta:
			add(n, "import.meta")
		case Member:
			add(n, "member%s %s", optional, n.Name)
		case Index:
			add(n, "index%s", optional)
		case Tagged:
			add(n, "tagged")
		case Template:
			add(n, "template %d", len(n.List))
		case Function, Class:
			add(n, "%s %s", [...]string{Function: "function", Class: "class"}[n.Kind], n.Name)
		case Arrow:
			add(n, "arrow %d", len(n.List))
		case String:
			add(n, "string")
		case Number:
			add(n, "number")
		case Regex:
			add(n, "regex")
		case Import:
			add(n.Z, "import %s", strings.Join(imported(n), " "))
		case Export:
			what := "export " + strings.Join(exported(n), " ")
			switch {
			case n.Z != nil:
				add(n.Z, "%s", what)
			case n.Y != nil:
				all = append(all, fact{int(n.Y.Start), int(n.Y.Start), what})
			case len(n.List) > 0:
				all = append(all, fact{int(n.Start), int(n.Start), what})
			}
		case Name:
			if n.Scope != nil && n.Scope.Find(n.Name) == nil && !n.IsTarget() && n.Name != "arguments" {
				add(n, "global %s", n.Name)
			}
		}
		n.Each(look)
	}
	look(t.Top)
	slices.SortFunc(all, func(a, b fact) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.what, b.what))
	})
	return all
}

// imported are the names that an import takes.
func imported(n *Node) (names []string) {
	for _, c := range n.List {
		names = append(names, c.Name)
	}
	return names
}

// exported are the names that an export gives.
func exported(n *Node) (names []string) {
	switch {
	case n.Flags&All != 0:
		return []string{"*"}
	case n.Flags&Default != 0:
		return []string{"default"}
	case n.Y == nil:
		return imported(n)
	case n.Y.Kind != Var:
		return []string{n.Y.Name}
	}
	for _, d := range n.Y.List {
		BoundNames(d.X, func(b *Binding) { names = append(names, b.Name) })
	}
	return names
}
