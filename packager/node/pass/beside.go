package pass

import "github.com/featherpack/featherpack/analyzer/js"

// Locals are edits that give the variables inside a module's functions short names, as
// [analyzer.RenameLocals] does in a bundle. The module ships as a file, and everything that
// others can see of it stays:
//
//   - what is declared at the top. Node finds the exports of CommonJS there without running
//     it, by the names of functions that compilers add, among others
//     (github.com/nodejs/cjs-module-lexer). For the same reason variables that are called
//     exports, module or require keep their names;
//   - the names of functions and classes, which stack traces and errors show: of those
//     declared, and of those that get theirs from the variable that they are assigned to.
//
// A name that stays, stays everywhere in the module.
func Locals(t *js.Tree) []js.Edit {
	b := bundle{Code: Code{Text: []byte(t.Source), Tree: t, ShortNames: true}, namesRead: map[string]bool{
		"exports": true, "module": true, "require": true, "define": true, "global": true,
	}}
	for _, top := range t.Scope.Bindings() {
		b.namesRead[top.Name] = true
	}
	var down func(*js.Node)
	down = func(n *js.Node) {
		switch n.Kind {
		case js.Function, js.Class:
			b.namesRead[n.Name] = true
		case js.Declare, js.Assign:
			if n.X != nil && n.X.Kind == js.Name && isNameless(n.Y) {
				b.namesRead[n.X.Name] = true
			}
		}
		n.Each(down)
	}
	down(t.Top)
	return renameLocals(&b)
}

// isNameless reports whether a value is a function or class that gets the name of what it
// is assigned to.
func isNameless(n *js.Node) bool {
	return n != nil && (n.Kind == js.Arrow || (n.Kind == js.Function || n.Kind == js.Class) && n.Name == "")
}
