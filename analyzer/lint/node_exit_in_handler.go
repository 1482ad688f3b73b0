package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// exitInHandler finds process.exit in code that invocations run: it ends the execution
// environment, so that the next invocation is a cold start.
func (f *function) exitInHandler() {
	for _, n := range f.invoked() {
		if n.Kind != js.Call || n.X.Kind != js.Member || n.X.Name != "exit" || !n.X.X.IsGlobal("process") || insideOf(n.Node, "require.main") {
			continue
		}
		n.module.add(n.Node, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: "process.exit ends the execution environment: the invocation fails, and the next one is a cold start",
				Hint:    "return or throw instead",
			},
			Source: bestPractices, BehaviourChanges: "the execution environment stays, with what it keeps",
		})
	}
}
