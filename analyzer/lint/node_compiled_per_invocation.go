package lint

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// templateCompilers are the functions, by module and export, that make a function of a template.
var templateCompilers = map[string]bool{"pug compile": true, "pug compileFile": true, "ejs compile": true, "handlebars compile": true, "lodash template": true, "underscore template": true}

// compiledPerInvocation finds schemas and templates that every invocation compiles again,
// although they are the same each time.
func (f *function) compiledPerInvocation() {
	for _, n := range f.invoked() {
		what := n.compiles()
		if what == "" || n.outlives() {
			continue
		}
		if kept, _ := n.module.kept(n.Node, n.fn); kept {
			continue
		}
		n.module.add(n.Node, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: n.module.by(n.fn) + " compiles " + what + " on every invocation",
				Hint:    "compile it once, outside the handler, or at build time",
			},
			Source: bestPractices, BehaviourChanges: "it is compiled at another time",
		})
	}
}

// compiles describes what an expression compiles that is the same in each invocation, "" for nothing.
func (n invoked) compiles() string {
	from, name := exportOf(n.X)
	switch {
	case n.Kind == js.New && (from == "ajv" || strings.HasPrefix(from, "ajv/dist/")):
		if n.compilesSame() {
			return "a schema, with an Ajv of its own,"
		}
	case n.Kind == js.Call && templateCompilers[from+" "+strings.TrimPrefix(name, "default.")]:
		if len(n.List) > 0 && !n.depends(&js.Node{Kind: js.Array, List: n.List}) {
			return "a template"
		}
	}
	return ""
}

// compilesSame reports whether a new Ajv compiles a schema that is the same in each invocation.
func (n invoked) compilesSame() (found bool) {
	made := n.taker() // addFormats(new Ajv())
	if n.depends(made) {
		return false
	}
	uses := []*js.Node{made}
	if d := made.Parent; d != nil && d.Kind == js.Declare && d.X.Kind == js.Name && d.X.Scope != nil {
		if b := d.X.Scope.Find(d.X.Name); b != nil {
			uses = b.Refs
		}
	}
	for _, use := range uses {
		member := use.Parent
		if member == nil || member.Kind != js.Member || member.X != use || member.Name != "compile" && member.Name != "validate" {
			continue
		}
		if call := member.Parent; call != nil && call.Kind == js.Call && call.X == member && len(call.List) > 0 && !n.depends(call.List[0]) {
			found = true
		}
	}
	return found
}
