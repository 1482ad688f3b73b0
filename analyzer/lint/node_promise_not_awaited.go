package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// promiseNotAwaited finds work that is started and not waited for. An async handler
// that has returned is frozen: the work goes on in the next invocation, or never.
func (f *function) promiseNotAwaited() {
	if f.waitsForCallback() {
		return // Lambda waits for the event loop
	}
	for _, n := range f.invoked() {
		if n.Kind != js.Expr {
			continue
		}
		call := n.X
		if call.Kind == js.Unary && call.Name == "void" {
			call = call.X
		}
		if call == nil || call.Kind != js.Call || call.X.Kind != js.Member {
			continue
		}
		what, hint := "", ""
		var edits []Edit
		switch {
		case call.X.Name == "forEach" && len(call.List) == 1 && isFunction(call.List[0]) && n.module.isAsync(call.List[0]):
			what, hint = "forEach does not wait for an async function", "use await Promise.all(list.map(...)), or for (const x of list) with await"
		case call.X.Name == "send" && len(call.List) == 1 && call.List[0].Kind == js.New && isCommand(exportOf(call.List[0].X)):
			edits = n.module.await(call, n.fn)
			what, hint = "nobody waits for this request", "await it, or collect the promises and await Promise.all of them before returning"
		default:
			continue
		}
		n.module.add(call, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: what + ": when the handler returns, Lambda freezes the execution environment", Hint: hint,
			},
			Edits:            edits,
			Source:           "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html",
			BehaviourChanges: "the handler takes until the work is done, and sees its errors",
		})
	}
}

func isFunction(n *js.Node) bool { return n.Kind == js.Function || n.Kind == js.Arrow }

func isCommand(module, name string) bool {
	return (strings.HasPrefix(module, "@aws-sdk/client-") || module == "@aws-sdk/lib-dynamodb") && strings.HasSuffix(name, "Command")
}

// waitsForCallback reports whether the handler answers by its callback, so that Lambda
// waits until nothing is left to do.
func (f *function) waitsForCallback() bool {
	for _, v := range f.entry.exported(f.Handler) {
		if isFunction(v.Node) && len(v.List) >= 3 && !v.module.isAsync(v.Node) {
			return true
		}
	}
	return false
}
