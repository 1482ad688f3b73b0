package trace

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// Code that is a text until it runs requests modules that no bundler sees: of a thread that
// is started with eval, of a function that is made of its text, of eval and of node:vm.
// Such requests lead to files. What a thread loads is found from the working directory,
// and everything else from where the bundle lies.

// evaluator is what evaluates a text.
type evaluator struct {
	text *js.Node
	// requires means that the text has a require.
	requires bool
	fromCWD  bool
	// parameters are those of a function that is made, in front of its text.
	parameters []*js.Node
}

// ofText handles a call or a construction that evaluates a text, and reports whether it is
// one.
func (t *tracer) ofText(n *js.Node, c context) bool {
	e, ok := t.evaluatorOf(n)
	if !ok {
		return false
	}
	v := t.Eval(e.text)
	for _, s := range v.Strings {
		if strings.Contains(s, value.Gap) {
			if strings.Contains(s, "import(") || strings.Contains(s, "require(") {
				t.uncertain(n, c, "", "the code of a text that loads modules is only partly known", true)
			}
			continue
		}
		t.text(n, e, s, c)
	}
	if v.Open && len(v.Strings) == 0 && (e.fromCWD || !t.module.installed()) {
		t.uncertain(n, c, "", "the code of the text, which may load modules, is not known", true)
	}
	return true
}

// evaluatorOf recognises what evaluates a text.
func (t *tracer) evaluatorOf(n *js.Node) (e evaluator, ok bool) {
	callee := n.X
	if callee.Kind == js.Sequence {
		callee = callee.List[len(callee.List)-1]
	}
	last := len(n.List) - 1
	if last < 0 || slices.ContainsFunc(n.List, func(a *js.Node) bool { return a.Kind == js.Spread }) {
		return e, false
	}
	switch {
	case callee.IsGlobal("Function"):
		return evaluator{text: n.List[last], parameters: n.List[:last]}, true
	case callee.IsGlobal("eval") && n.Kind == js.Call:
		return evaluator{text: n.List[0], requires: callee == n.X}, true
	case t.Interest(n.X)&value.OfThing == 0:
		return e, false
	}
	switch f := t.Eval(n.X); f.Thing {
	case "worker_threads.Worker":
		if last > 0 && evaluates(t.Eval(n.List[1]).Node) {
			return evaluator{text: n.List[0], requires: true, fromCWD: true}, true
		}
	case "vm.runInThisContext":
		return evaluator{text: n.List[0]}, true
	case "vm.runInNewContext", "vm.runInContext", "vm.Script", "vm.compileFunction":
		return evaluator{text: n.List[0], requires: true}, true // where the context has one
	}
	return e, false
}

// evaluates reports whether the options of a thread say that it is started with a text.
func evaluates(options *js.Node) bool {
	return options != nil && options.Kind == js.Object && slices.ContainsFunc(options.List, func(p *js.Node) bool {
		return p.Kind == js.Property && p.Name == "eval" && p.Y != nil && !(p.Y.Kind == js.Literal && p.Y.Name == "false")
	})
}

// text handles the requests of a text.
func (t *tracer) text(n *js.Node, e evaluator, code string, c context) {
	parameters := make([]string, len(e.parameters))
	for i, p := range e.parameters {
		if parameters[i] = t.Eval(p).Only(); parameters[i] == "" {
			return
		}
	}
	if e.parameters != nil || !e.requires {
		code = "(function(" + strings.Join(parameters, ",") + "){" + code + "\n})"
	} else {
		code = "(async function(){" + code + "\n})"
	}
	tree, err := js.Parse([]byte(code))
	if err != nil || len(tree.Top.List) != 1 {
		return // it throws
	}
	tree.Bind()
	made := tree.Top.List[0].X
	var look func(*js.Node)
	look = func(in *js.Node) {
		in.Each(look)
		kind, required := "import", in.Kind == js.Call && in.X.Kind == js.Name && in.X.Name == "require"
		if required {
			if b := in.X.Scope.Find("require"); b == nil && !e.requires || b != nil && b.Param != made {
				return
			}
			kind = "require"
		}
		if !required && in.Kind != js.ImportCall || len(in.List) == 0 {
			return
		}
		arg := in.List[0]
		if arg.IsPlainString() {
			t.textRequest(n, e, kind, plain(arg), c)
			return
		}
		if arg.Kind == js.Name {
			if b := arg.Scope.Find(arg.Name); b != nil && b.Param == made && len(b.Writes) == 0 && t.textCalls(n, e, kind, b.ParamIndex, c) {
				return
			}
		}
		t.uncertain(n, c, "", "the text loads a module whose name is not known", true)
	}
	look(made)
}

// textCalls handles what a function that is made of a text loads by a parameter. It
// reports whether all its calls are known.
func (t *tracer) textCalls(n *js.Node, e evaluator, kind string, index int, c context) bool {
	calls, closed := t.CallsOf(n)
	for _, call := range calls {
		if call.Kind != js.Call || index >= len(call.List) {
			continue
		}
		v := t.Eval(call.List[index])
		if v.Open || len(v.Strings) == 0 || slices.ContainsFunc(v.Strings, func(s string) bool { return strings.Contains(s, value.Gap) }) {
			t.uncertain(call, c, "", "the name of the module is not known", true)
			continue
		}
		for _, s := range v.Strings {
			t.textRequest(call, e, kind, s, c)
		}
	}
	return closed
}

// textRequest handles a request of a text.
func (t *tracer) textRequest(n *js.Node, e evaluator, kind, specifier string, c context) {
	specifier = value.PlainPath(specifier)
	if js.Builtin(specifier) || strings.HasPrefix(specifier, "data:") {
		return
	}
	base := t.module.Dir()
	if e.fromCWD {
		base = t.module.CWD
	}
	file, found := t.Resolve(specifier, base, kind)
	switch {
	case !found:
		t.uncertain(n, c, "", "the text loads "+specifier+", which was not found", true)
		return
	case strings.HasPrefix(specifier, ".") && !e.fromCWD:
		t.uncertain(n, c, "", "the text loads "+specifier+" from where the bundle lies", true)
	}
	r := Reference{
		Place: t.placeOf(n), Why: t.why(n), Guarded: c.guarded, Base: base, Kind: kind, Specifier: specifier,
		Candidates: []Candidate{{Specifier: specifier, Path: file}}, FromCWD: e.fromCWD,
	}
	t.file(r)
}

// plain is the value of a string without expressions.
func plain(n *js.Node) string {
	if n.Kind == js.Template {
		return n.Texts[0]
	}
	return n.Name
}
