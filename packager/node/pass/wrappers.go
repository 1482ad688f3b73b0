package pass

import (
	"regexp"

	"github.com/featherpack/featherpack/analyzer/js"
)

// asFunctions makes plain functions of wrappers that are arrow functions. V8 parses
// the body of an arrow function in full while it compiles the code around it, drops
// the result, and parses again when the function is called. It only skims the body of
// a plain function. Most of a large package is in wrappers that never run.
//
// The difference cannot be seen: the helper calls the wrapper once, without a
// receiver and never by new, and nobody else has it. What an arrow function takes
// from the code around it must not be used in its body.
func asFunctions(c *bundle) []js.Edit {
	var edits []js.Edit
	for _, w := range c.wrappers {
		if w.function.Kind != js.Arrow || usesOuterThis(w.function.X) {
			continue
		}
		start, body := int(w.function.Start), int(w.function.X.Start)
		m := arrowHead.FindStringSubmatchIndex(c.Tree.Source[start:body])
		if m == nil {
			continue
		}
		// async? then (parameters) or one parameter, then =>
		parameters, arrow := start+m[2], start+m[4]
		before, after := "function", ""
		if c.Tree.Source[parameters] != '(' {
			before, after = "function(", ")"
		} else if parameters > start && c.Tree.Source[parameters-1] != ' ' {
			before = " function" // async()
		}
		edits = append(edits, js.Edit{Start: parameters, End: parameters, Text: before}, js.Edit{Start: arrow, End: body, Text: after})
	}
	return edits
}

// arrowHead matches an arrow function up to its body. Its groups are the parameters
// and the arrow.
var arrowHead = regexp.MustCompile(`^(?:async ?)?(\([^()=]*\)|[^()=,\s]+)(=>)$`)

// usesOuterThis reports whether code uses what an arrow function takes from the code
// around it, at its own level or in an arrow function: this, arguments, super or
// new.target. Code that is made at run time may use them too.
func usesOuterThis(n *js.Node) (uses bool) {
	n.EachOwn(func(n *js.Node) {
		switch n.Kind {
		case js.Literal:
			uses = uses || n.Name == "this" || n.Name == "super" || n.Name == "new.target"
		case js.Name:
			uses = uses || n.Name == "arguments"
		case js.Call:
			uses = uses || n.X.Kind == js.Name && n.X.Name == "eval"
		}
	})
	return uses
}
