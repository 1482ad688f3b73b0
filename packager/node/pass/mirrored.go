package pass

import (
	"fmt"
	"strconv"

	"github.com/featherpack/featherpack/analyzer/js"
)

// mirror writes what a parameter is assigned into arguments too, as sloppy code has it:
// after function (a) { a = a || {}; return f.apply(this, arguments) }, f gets the new
// value. In strict code the two are apart.
//
// The value goes through an arrow function, which has the arguments of the function
// around it, and which is entered only where the assignment happens. These stay as they
// are: functions with a pattern, a default or a rest among the parameters, whose
// arguments are apart in sloppy code too; assignments in functions inside, += and ++;
// and writing to arguments, which a parameter would follow.
func (s *sloppy) mirror(f *js.Node) {
	if len(f.List) == 0 || f.X == nil || f.X.Kind != js.Block {
		return
	}
	index := map[string]int{} // the last of a name counts
	for i, p := range f.List {
		if p.Kind != js.Name || p.Name == "arguments" {
			return
		}
		index[p.Name] = i
	}
	read := map[int]bool{} // parameters whose mirror is read
	var assignments []*js.Node
	known := map[*js.Node]int{}     // the argument that a use of arguments reads
	defaults := map[*js.Node]bool{} // what only looks like an assignment
	f.X.EachOwn(func(n *js.Node) {  // parents first
		switch n.Kind {
		case js.Member:
			if n.Name == "length" || n.Name == "callee" {
				known[n.X] = unread
			}
		case js.Index:
			if i, err := strconv.Atoi(n.Y.Name); err == nil && n.Y.Kind == js.Number {
				known[n.X] = i
			}
		case js.ForIn, js.Declare:
			patternDefaults(n.X, defaults)
		case js.Arrow:
			for _, p := range n.List {
				patternDefaults(p, defaults)
			}
		case js.Assign:
			patternDefaults(n.X, defaults)
			if _, is := index[n.X.Name]; is && n.X.Kind == js.Name && assigns[n.Op] && !defaults[n] && owner(n.X.Scope, n.X.Name) == f.Scope {
				assignments = append(assignments, n)
			}
		case js.Name:
			if n.Name == "arguments" && n.Scope.Find("arguments") == nil {
				i, is := known[n]
				if !is {
					i = every
				}
				read[i] = true
			}
		}
	})
	for _, n := range assignments {
		i := index[n.X.Name]
		if !read[i] && !read[every] {
			continue
		}
		start := int(n.Y.Start)
		for start > int(n.X.End) && (s.source[start-1] == '(' || s.source[start-1] == ' ') {
			start--
		}
		if s.source[start-1] != '=' {
			continue // with a comment
		}
		s.edits = append(s.edits,
			js.Edit{Start: start, End: start, Text: fmt.Sprintf("(x=>arguments.length>%d?arguments[%[1]d]=x:x)(", i)},
			js.Edit{Start: int(n.End), End: int(n.End), Text: ")"})
	}
}

// assigns are the operators after which the value of the right side is assigned.
var assigns = map[js.Op]bool{js.OpAssign: true, js.OpLogicAssign: true}

// Which argument a use of arguments reads, if it is not one by its number.
const (
	every  = -1
	unread = -2
)

// owner is the scope that declares a name.
func owner(in *js.Scope, name string) *js.Scope {
	for scope := in; scope != nil; scope = scope.Parent {
		if scope.Own(name) != nil {
			return scope
		}
	}
	return nil
}

// patternDefaults adds the defaults in a pattern, if the node is one.
func patternDefaults(n *js.Node, to map[*js.Node]bool) {
	switch n.Kind {
	case js.Assign:
		to[n] = true
		patternDefaults(n.X, to)
	case js.Property:
		if n.Y != nil {
			patternDefaults(n.Y, to)
		}
	case js.Spread:
		patternDefaults(n.X, to)
	case js.Array, js.Object:
		for _, child := range n.List {
			patternDefaults(child, to)
		}
	}
}
