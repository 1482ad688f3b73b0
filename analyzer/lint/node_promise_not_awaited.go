package lint

import (
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// promiseNotAwaited finds work that is started and not waited for. An async handler
// that has returned is frozen: the work goes on in the next invocation, or never.
func (f *function) promiseNotAwaited() {
	if f.waitsForCallback() || f.returnsNothing() || f.streams() {
		return // Lambda waits for the event loop, or for the end of the stream
	}
	for _, n := range f.invoked() {
		value := dropped(n.Node)
		if value == nil {
			continue
		}
		call, what := n.module.started(value, n.fn)
		hint, edits := "await it, or collect the promises and await Promise.all of them before returning", []Edit(nil)
		if forEach := n.module.notWaitedFor(value); forEach != "" {
			call, what, hint = value, forEach, "use await Promise.all(list.map(...)), or for (const x of list) with await"
		} else if call == value && n.Kind == js.Expr {
			edits = n.module.await(call, n.fn)
		}
		if call == nil {
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

// dropped is the expression whose value nobody takes: that of a statement, or of a name that
// is never read. It is nil for other code.
func dropped(n *js.Node) *js.Node {
	switch {
	case n.Kind == js.Expr && n.X != nil && n.X.Kind == js.Unary && n.X.Name == "void":
		return n.X.X
	case n.Kind == js.Expr:
		return n.X
	case n.Kind != js.Call || n.Parent == nil || n.Parent.Kind != js.Declare || n.Parent.Y != n:
		return nil
	}
	name := n.Parent.X
	if name.Kind != js.Name || name.Scope == nil {
		return nil
	}
	b := name.Scope.Find(name.Name)
	if b == nil || b.Exported || slices.ContainsFunc(b.Refs, func(ref *js.Node) bool { return ref != name }) {
		return nil
	}
	return n
}

// notWaitedFor describes a forEach whose callbacks give it promises.
func (m *module) notWaitedFor(call *js.Node) string {
	if call.Kind != js.Call || call.X.Kind != js.Member || call.X.Name != "forEach" && call.X.Name != "map" || len(call.List) != 1 || !isFunction(call.List[0]) {
		return ""
	}
	callback := call.List[0]
	if call.X.Name == "map" { // its value is dropped
		if m.isAsync(callback) && waits(callback) {
			return "nobody waits for the promises of map"
		}
		if callback.X != nil && callback.X.Kind != js.Block {
			if started, _ := m.started(callback.X, callback); started != nil {
				return "nobody waits for the promises of map"
			}
		}
		return ""
	}
	if m.isAsync(callback) {
		return "forEach does not wait for an async function"
	}
	if callback.X != nil && callback.X.Kind != js.Block {
		if started, _ := m.started(callback.X, callback); started != nil {
			return "forEach does not wait for the promises of its function"
		}
	}
	return ""
}

// waitsForCallback reports whether the handler answers by its callback, so that Lambda
// waits until nothing is left to do.
func (f *function) waitsForCallback() bool {
	return f.answersBy(func(handler *js.Node) bool { return len(handler.List) >= 3 })
}

// returnsNothing reports whether the handler returns no promise, which Lambda waits for in the
// same way.
func (f *function) returnsNothing() bool {
	return f.answersBy(func(handler *js.Node) bool { return handler.X != nil && len(js.Returns(handler)) == 0 })
}

// answersBy reports whether the handler is a function that is not async, of that kind.
func (f *function) answersBy(kind func(handler *js.Node) bool) bool {
	return slices.ContainsFunc(f.entry.exported(f.Handler), func(v value) bool {
		return isFunction(v.Node) && !v.module.isAsync(v.Node) && kind(v.Node)
	})
}

// streams reports whether the handler's answer is a stream, which may end after it returns.
func (f *function) streams() (found bool) {
	f.entry.each(func(n *js.Node) {
		found = found || n.Kind == js.Member && n.Name == "streamifyResponse" || n.Kind == js.Name && n.Name == "streamifyResponse"
	})
	return found
}

func isFunction(n *js.Node) bool { return n.Kind == js.Function || n.Kind == js.Arrow }
