package sloppy

import (
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Locked is what other modules get of a module that they cannot change.
type Locked struct {
	// Exports is set if properties of the exports cannot be assigned, Names are those exports
	// that cannot, or whose own properties cannot.
	Exports bool
	Names   map[string]bool
	// Makes is set if a function locks objects. Fixed are properties that cannot be assigned,
	// of objects that the module makes.
	Makes bool
	Fixed map[string]bool
	// HandsOn are modules whose exports it exports.
	HandsOn []string
	// Gives are modules whose functions it gives locked objects, or makes classes of whose
	// objects it locks.
	Gives []string
	// Passes are exports of other modules that it gives to functions of modules.
	Passes []Passed
	// Callee is set if it reads the callee of something else than its own arguments.
	Callee bool
}

// Passed is an export of a module, From, that is given to a function of another, To. An empty
// Name stands for the exports as a whole.
type Passed struct{ To, From, Name string }

// MayLock reports whether a module may lock something, or hand on one that does, for speed
// alone.
func MayLock(text []byte) bool { return mayLock.Match(text) }

var (
	mayLock = regexp.MustCompile(`(?i)freeze|\b(?:seal|preventExtensions|defineProperty|defineProperties|__defineGetter__|__exportStar|__export|callee)\b|` +
		`\bget\s+[\w$]+\s*\(|\bimport\s*\*\s*as\b|` +
		`\bexports\s*=[^;\n]*\brequire\b|\.\.\.\s*require\b|\bexport\s*[*{]`)
	freezes = regexp.MustCompile(`(?i)freeze`)
)

// Locks reads a module of any kind, bound.
func Locks(tree *js.Tree) Locked {
	l := locker{
		module: module{Tree: tree, locked: map[*js.Binding]bool{}, lockedAs: map[string]bool{}, fixed: map[string]bool{}, computed: map[element]bool{}},
		Locked: Locked{Names: map[string]bool{}},
	}
	l.find(tree.Top, nil)
	l.Fixed = l.fixed
	l.exported(tree.Top)
	return l.Locked
}

type locker struct {
	module
	Locked
}

// find notes the objects that are locked, and properties that are fixed.
func (l *locker) find(n, f *js.Node) {
	switch n.Kind {
	case js.Function, js.Arrow, js.Class:
		f = n
	case js.Call:
		l.definitions(n)
		l.getter(n)
		if isLock(n) && len(n.List) > 0 {
			if f != nil {
				l.Makes = true
			}
			if b := root(n.List[0]); b != nil && n.List[0].Kind == js.Name {
				l.locked[b] = true
			}
		}
	case js.Member:
		ofArguments := n.X.Kind == js.Name && n.X.Name == "arguments"
		l.Callee = l.Callee || n.Name == "callee" && !ofArguments
	case js.Property:
		l.accessor(n)
	}
	n.Each(func(child *js.Node) { l.find(child, f) })
}

// getter notes __defineGetter__.
func (l *locker) getter(n *js.Node) {
	if n.X.Kind == js.Member && n.X.Name == "__defineGetter__" && len(n.List) == 2 && n.List[0].IsPlainString() {
		l.fixed[plain(n.List[0])] = true
	}
}

// isLock reports whether a call locks its first argument.
func isLock(n *js.Node) bool {
	if n.Kind != js.Call {
		return false
	}
	c := n.X
	if c.Kind == js.Member && (c.X.IsGlobal("Object") || c.X.IsGlobal("Reflect")) {
		return locks[c.Name]
	}
	return freezes.MatchString(js.CalleeName(c))
}

// isLocked reports whether an expression is, or holds, an object that is locked.
func (l *locker) isLocked(n *js.Node, depth int) bool {
	if n == nil || depth > most {
		return false
	}
	switch n.Kind {
	case js.Call:
		return isLock(n)
	case js.Assign:
		return l.isLocked(n.Y, depth)
	case js.Cond:
		return l.isLocked(n.Y, depth+1) || l.isLocked(n.Z, depth+1)
	case js.Binary:
		return l.isLocked(n.X, depth+1) || l.isLocked(n.Y, depth+1)
	case js.Object:
		return slices.ContainsFunc(n.List, func(p *js.Node) bool {
			return p.Kind == js.Property && (p.Y != nil && p.Flags&js.Method == 0 && l.isLocked(p.Y, depth+1) || l.fixed[p.Name] && p.Flags&js.Method != 0)
		})
	case js.Array:
		return slices.ContainsFunc(n.List, func(e *js.Node) bool { return l.isLocked(e, depth+1) })
	case js.Name:
		if n.Scope == nil {
			return false
		}
		b := n.Scope.Find(n.Name)
		if b == nil {
			return false
		}
		return b.Imported != "" && b.Member == "*" || l.locked[b] || slices.ContainsFunc(b.Writes, func(w js.Write) bool {
			return len(w.Keys) == 0 && !w.Each && w.From != nil && w.From != n && l.isLocked(w.From, depth+1)
		})
	}
	return false
}

// exported notes what a module exports, and gives to the functions that it imports.
func (l *locker) exported(n *js.Node) {
	switch n.Kind {
	case js.Assign:
		switch {
		case l.isExports(n.X) && !n.X.IsGlobal("module"):
			l.exportAll(n.Y)
		case n.X.Kind == js.Member && l.standsForExports(n.X.X):
			if l.isLocked(n.Y, 0) {
				l.Names[n.X.Name] = true
			}
		}
	case js.Call:
		l.call(n)
	case js.New:
		l.gives(n)
	case js.Class:
		if of := l.importedFrom(n.X); of != "" && strings.Contains(l.Source[n.Start:n.End], "this") && mayFreezeThis.MatchString(l.Source[n.Start:n.End]) {
			l.Gives = append(l.Gives, of)
		}
	case js.Export:
		l.export(n)
	}
	n.Each(l.exported)
}

var mayFreezeThis = regexp.MustCompile(`(?i)\b(?:\w*freeze|seal|preventExtensions)\(\s*this\s*[,)]`)

// exportAll notes the object that is exported.
func (l *locker) exportAll(value *js.Node) {
	switch {
	case value.Kind == js.Object:
		for _, p := range value.List {
			switch {
			case p.Kind == js.Spread:
				if of := l.importedFrom(p.X); of != "" {
					l.HandsOn = append(l.HandsOn, of)
				}
			case p.Flags&js.Method != 0 && l.fixed[p.Name], p.Y != nil && l.isLocked(p.Y, 0), p.Flags&js.Shorthand != 0 && p.Y != nil && l.isLocked(p.Y, 0):
				l.Names[p.Name] = true
			}
		}
	case l.isLocked(value, 0):
		l.Exports = true
	default:
		if of := l.importedFrom(value); of != "" {
			l.HandsOn = append(l.HandsOn, of)
		}
	}
}

// call notes exports that a call defines, and objects that it is given.
func (l *locker) call(n *js.Node) {
	name := js.CalleeName(n.X)
	switch {
	case len(n.List) == 0:
		return
	case isLock(n):
		l.Exports = l.Exports || l.standsForExports(n.List[0]) || n.List[0].Kind == js.Member && l.isExports(n.List[0])
	case name == "defineProperty" && len(n.List) == 3 && l.standsForExports(n.List[0]):
		if n.List[1].IsPlainString() && plain(n.List[1]) != "__esModule" && !l.assignable(n.List[2]) {
			l.Names[plain(n.List[1])] = true
		}
	case name == "__exportStar" || name == "__export":
		// What TypeScript and esbuild write defines getters.
		if of := l.importedFrom(n.List[0]); of != "" {
			l.HandsOn, l.Exports = append(l.HandsOn, of), true
		}
		if len(n.List) == 2 && n.List[1].Kind == js.Object {
			for _, p := range n.List[1].List {
				if p.Name != "" {
					l.Names[p.Name] = true
				}
			}
		}
	}
	l.gives(n)
}

// gives notes a call of another module that is given something locked, or something of a
// third one.
func (l *locker) gives(n *js.Node) {
	to := l.importedFrom(n.X)
	if to == "" {
		return
	}
	for _, a := range n.List {
		if a.Kind == js.Spread {
			a = a.X
		}
		if l.isLocked(a, 0) {
			l.Gives = append(l.Gives, to)
		} else if from := l.importedFrom(a); from != "" && a.Kind != js.Call && a.Kind != js.New {
			l.Passes = append(l.Passes, Passed{To: to, From: from, Name: l.nameOf(a)})
		}
	}
}

// nameOf is the export that an expression is.
func (l *locker) nameOf(n *js.Node) string {
	for n.Kind == js.Member && n.X.Kind != js.Name && n.X.Kind != js.Call {
		n = n.X
	}
	if n.Kind == js.Member {
		return n.Name
	}
	if n.Kind == js.Name && n.Scope != nil {
		if b := n.Scope.Find(n.Name); b != nil && b.Member != "" {
			return b.Member
		} else if b != nil && len(b.Writes) == 1 && len(b.Writes[0].Keys) > 0 {
			return b.Writes[0].Keys[0]
		}
	}
	return ""
}

// importedFrom is the module that an expression comes from.
func (l *locker) importedFrom(n *js.Node) string {
	for depth := 0; n != nil && depth < 12; depth++ {
		switch {
		case n.Kind == js.Member || n.Kind == js.Index:
			n = n.X
		case n.Kind == js.Sequence:
			n = n.List[len(n.List)-1]
		case n.Kind == js.Call && n.X.IsGlobal("require"):
			if len(n.List) == 1 && n.List[0].IsPlainString() {
				return plain(n.List[0])
			}
			return ""
		case n.Kind == js.New:
			n = n.X
		case n.Kind == js.Call && len(n.List) == 1 && strings.HasPrefix(js.CalleeName(n.X), "_"): // a helper of compilers
			n = n.List[0]
		case n.Kind == js.Call:
			n = n.X
		case n.Kind == js.Name && n.Scope != nil:
			b := n.Scope.Find(n.Name)
			if b == nil {
				return ""
			}
			if b.Imported != "" {
				return b.Imported
			}
			if len(b.Writes) != 1 || b.Writes[0].From == n {
				return ""
			}
			n = b.Writes[0].From
		default:
			return ""
		}
	}
	return ""
}

// export notes an export statement.
func (l *locker) export(n *js.Node) {
	switch {
	case n.Name != "": // from another module
		l.HandsOn = append(l.HandsOn, n.Z.Name)
	case n.Flags&js.Default != 0:
		if l.isLocked(n.Y, 0) {
			l.Names["default"] = true
		}
	case n.Y != nil && n.Y.Kind == js.Var:
		for _, d := range n.Y.List {
			if d.X.Kind == js.Name && (l.isLocked(d.Y, 0) || l.isLocked(d.X, 0)) {
				l.Names[d.X.Name] = true
			}
		}
	default:
		for _, c := range n.List {
			if c.X != nil && l.isLocked(c.X, 0) {
				l.Names[c.Name] = true
			}
		}
	}
}
