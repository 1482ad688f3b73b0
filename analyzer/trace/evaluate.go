package trace

import (
	"io/fs"
	"path"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/native"
)

// Bounds of the evaluation of one module.
const (
	maxSteps     = 100_000
	maxEvalDepth = 300
	// maxUnion bounds the calls of a function, the writes to a name and the
	// elements of an array that are gone through; what has more is not known.
	maxUnion = 200
	maxJSON  = 1 << 20 // bytes of a JSON module
)

// setting is what the values of a module's expressions depend on besides its
// text.
type setting struct {
	// path is the module's, relative to the project's root, and cwd where
	// process.cwd() points.
	path, cwd string
	target    native.Platform
	files     fs.FS
	resolver  Resolver
	// called says what a call of a package's function gives, where that is known.
	called func(call *js.Node, callee value) (value, bool)
}

// evaluator evaluates the expressions of one module. They may refer to
// themselves through names and functions: meeting one that is being evaluated
// gives what was found up to then. What was computed from that holds only until
// the outermost one that was met is done, which is what a generation is.
type evaluator struct {
	setting
	text *js.Text
	// interests say, by a node's id, what its value may hang on.
	interests []interest
	// members are the values written to this.NAME, by name.
	members map[string][]*js.Node
	// reads are the names NAME of this.NAME that are read somewhere.
	reads map[string]bool
	// json are the JSON files read.
	json map[string]any

	steps, depth int
	// frames counts the names and functions being evaluated, lowest is the
	// outermost of them that was met since it was last reset.
	frames, lowest int
	generation     int
	// known are the values found, by the node's id; nil before anybody asked.
	known     []*result
	names     map[*js.Binding]*frame
	functions map[*js.Node]*function
	fields    map[string]*frame // this.NAME
}

// frame is the evaluation of what may refer to itself: a binding, a function.
type frame struct {
	busy bool
	// at is how deep it lies among those being evaluated, so what was found up to now.
	at    int
	so    value
	known *result
}

// result is a value found. With a generation it holds only for that one, and
// was computed from what the frame at lowest was up to then.
type result struct {
	value
	generation, lowest int
}

// function is one of the module's, and what it returns.
type function struct {
	frame
	returns []*js.Node
}

const noFrame = 1 << 30

// newEvaluator prepares a module whose names are bound: it marks the expressions
// in which something of interest takes part.
func newEvaluator(text *js.Text, s setting) *evaluator {
	e := &evaluator{
		setting: s, text: text, interests: make([]interest, text.Nodes), members: map[string][]*js.Node{}, reads: map[string]bool{},
		lowest: noFrame, generation: 1, known: make([]*result, text.Nodes),
		names: map[*js.Binding]*frame{}, functions: map[*js.Node]*function{}, fields: map[string]*frame{},
	}
	e.spread(text.Top)
	return e
}

// tangled says that the evaluation was given up.
func (e *evaluator) tangled() bool { return e.steps > maxSteps }

// interest is what the value of an expression may hang on.
func (e *evaluator) interest(n *js.Node) interest { return e.interests[n.ID] }

// eval says what an expression may be.
func (e *evaluator) eval(n *js.Node) value {
	if n == nil {
		return value{}
	}
	if r := e.known[n.ID]; e.holds(r) {
		return r.value
	}
	if e.steps++; e.steps > maxSteps || e.depth > maxEvalDepth {
		return unknown
	}
	e.depth++
	outer := e.lowest
	e.lowest = noFrame
	v := e.evaluate(n)
	e.depth--
	e.known[n.ID] = e.keep(v)
	e.lowest = min(e.lowest, outer)
	return v
}

// within evaluates what may refer to itself.
func (e *evaluator) within(f *frame, evaluate func()) value {
	if e.holds(f.known) {
		return f.known.value
	}
	if f.busy {
		e.lowest = min(e.lowest, f.at)
		return f.so
	}
	outer := e.lowest
	e.lowest = noFrame
	f.busy, f.so, f.at = true, value{}, e.frames
	e.frames++
	evaluate()
	e.frames--
	f.busy = false
	if e.lowest >= f.at { // it depends on nothing that is still being evaluated
		if e.lowest != noFrame {
			e.generation++
		}
		e.lowest = noFrame
	}
	f.known = e.keep(f.so)
	e.lowest = min(e.lowest, outer)
	return f.so
}

// keep is the result to remember, given what was met on the way.
func (e *evaluator) keep(v value) *result {
	r := &result{value: v}
	if e.lowest != noFrame {
		r.generation, r.lowest = e.generation, e.lowest
	}
	return r
}

func (e *evaluator) holds(r *result) bool {
	if r == nil || r.generation != 0 && r.generation != e.generation {
		return false
	}
	if r.generation != 0 {
		e.lowest = min(e.lowest, r.lowest)
	}
	return true
}

func (e *evaluator) evaluate(n *js.Node) value {
	switch n.Kind {
	case js.String:
		if n.Flags&js.Odd != 0 || strings.ContainsAny(n.Name, marks) {
			return unknown
		}
		return exactly(n.Name)
	case js.Number:
		return value{open: true, truth: truthOf(strings.Trim(n.Name, "0.") != "")}
	case js.Literal:
		switch n.Name {
		case "true":
			return value{open: true, truth: yes}
		case "false", "null":
			return value{truth: no}
		}
	case js.Name:
		return e.evalName(n)
	case js.Template:
		return e.evalTemplate(n)
	case js.Tagged:
		if x := n.X; x.Kind == js.Member && x.Name == "raw" && x.X.Kind == js.Name && x.X.Name == "String" {
			return e.evalTemplate(n.Y)
		}
	case js.Array, js.Object, js.Function, js.Arrow, js.Class:
		return value{node: n}
	case js.Member:
		if n.Flags&js.Odd != 0 {
			return unknown
		}
		return e.evalMember(n, n.Name)
	case js.Index:
		return e.evalIndex(n)
	case js.Call:
		return e.evalCall(n)
	case js.New:
		if e.eval(n.X).thing == "url.URL" && len(n.List) > 0 {
			return e.evalURL(n)
		}
	case js.ImportCall:
		if len(n.List) > 0 {
			if s, ok := e.eval(n.List[0]).single(); ok {
				return e.imported(s, path.Dir(e.path))
			}
		}
	case js.Unary:
		return e.evalUnary(n)
	case js.Binary:
		return e.evalBinary(n)
	case js.Assign:
		if n.Op == js.OpAssign {
			return e.eval(n.Y)
		}
		if n.Op == js.OpLogicAssign {
			return e.eval(n.X).or(e.eval(n.Y))
		}
	case js.Cond:
		switch e.eval(n.X).is() {
		case yes:
			return e.eval(n.Y)
		case no:
			return e.eval(n.Z)
		}
		return e.eval(n.Y).or(e.eval(n.Z))
	case js.Sequence:
		return e.eval(n.List[len(n.List)-1])
	}
	return unknown
}

func (e *evaluator) evalTemplate(n *js.Node) value {
	if n.Flags&js.Odd != 0 {
		return unknown
	}
	if len(n.List) == 0 {
		if strings.ContainsAny(n.Texts[0], marks) {
			return unknown
		}
		return exactly(n.Texts[0])
	}
	parts := make([]value, 0, 2*len(n.List)+1)
	for i, s := range n.Texts {
		if strings.ContainsAny(s, marks) {
			return unknown
		}
		if s != "" {
			parts = append(parts, exactly(s))
		}
		if i < len(n.List) {
			parts = append(parts, e.operand(n.List[i]))
		}
	}
	return concat(parts...)
}

// operand is an operand of a concatenation, where a number is its text.
func (e *evaluator) operand(n *js.Node) value {
	if n.Kind == js.Number {
		return exactly(n.Name)
	}
	return e.eval(n)
}

func (e *evaluator) evalUnary(n *js.Node) value {
	switch {
	case n.Op == js.OpNot:
		return value{open: true, truth: e.eval(n.X).is().not()}
	case n.Name == "typeof":
		return e.typeOf(n.X)
	case n.Name == "await":
		return e.eval(n.X)
	case n.Name == "void":
		return value{truth: no}
	}
	return unknown
}

func (e *evaluator) evalBinary(n *js.Node) value {
	switch n.Op {
	case js.OpPlus:
		if n.X.Kind == js.Number && n.Y.Kind == js.Number {
			return unknown
		}
		return concat(e.operand(n.X), e.operand(n.Y))
	case js.OpAnd:
		x := e.eval(n.X)
		switch x.is() {
		case no:
			return x
		case yes:
			return e.eval(n.Y)
		}
		y := e.eval(n.Y)
		if y.is() == no {
			return value{open: true, truth: no}
		}
		y.open, y.unsure = true, true
		return y
	case js.OpOr, js.OpNullish:
		x := e.eval(n.X)
		switch {
		case x.is() == yes:
			return x
		case x.is() == no && n.Op == js.OpOr, x.isNothing() && !x.unsure:
			return e.eval(n.Y)
		}
		return x.or(e.eval(n.Y))
	case js.OpEqual, js.OpNotEqual:
		same := e.same(e.eval(n.X), e.eval(n.Y))
		if n.Op == js.OpNotEqual {
			same = same.not()
		}
		return value{open: true, truth: same}
	}
	return unknown
}

// same compares two values of strings.
func (e *evaluator) same(a, b value) truth {
	if a.open || b.open || a.unsure || b.unsure || !a.isString() || !b.isString() {
		return maybe
	}
	shared := false
	for _, x := range a.strings {
		for _, y := range b.strings {
			if hasGap(x) || hasGap(y) {
				return maybe
			}
			shared = shared || x == y
		}
	}
	if !shared {
		return no
	}
	if len(a.strings) == 1 && len(b.strings) == 1 {
		return yes
	}
	return maybe
}

// absentGlobals do not exist in Node; code asks for them to learn where it runs.
var absentGlobals = map[string]bool{
	"window": true, "document": true, "importScripts": true, "WorkerGlobalScope": true, "Deno": true, "Bun": true,
	"XMLHttpRequest": true, "__webpack_require__": true, "__non_webpack_require__": true, "EdgeRuntime": true, "HTMLElement": true,
}

// scriptGlobals are what a CommonJS module has around it, and their types.
var scriptGlobals = map[string]string{"require": "function", "module": "object", "exports": "object", "__dirname": "string", "__filename": "string"}

func (e *evaluator) typeOf(x *js.Node) value {
	if x.IsGlobal(x.Name) {
		switch x.Name {
		case "process", "global", "globalThis":
			return exactly("object")
		}
		if kind := scriptGlobals[x.Name]; kind != "" {
			if e.text.Module {
				return unknown
			}
			return exactly(kind)
		}
		if absentGlobals[x.Name] {
			return exactly("undefined")
		}
		return unknown
	}
	if v := e.eval(x); !v.unsure && v.node != nil && (v.node.Kind == js.Function || v.node.Kind == js.Arrow || v.node.Kind == js.Class) {
		return exactly("function")
	}
	return unknown
}

// relative says that a specifier is a path.
func relative(s string) bool {
	return s == "." || s == ".." || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../")
}

// imported is what a module of that name gives.
func (e *evaluator) imported(specifier, from string) value {
	name := strings.TrimPrefix(specifier, "node:")
	switch name {
	case "fs", "fs/promises", "fs-extra", "fs-extra/esm", "graceful-fs", "original-fs":
		return aThing("fs")
	case "path", "path/posix":
		return aThing("path")
	case "url", "module", "worker_threads", "child_process", "os", "util", "process":
		return aThing(name)
	}
	if strings.HasSuffix(specifier, ".json") && (relative(specifier) || strings.HasPrefix(specifier, "/"+rootMark)) {
		full := path.Join(from, specifier)
		if fromRoot(specifier) {
			full, _ = e.relative(specifier)
		}
		if v, ok := e.readJSON(full); ok {
			return jsonValue(v)
		}
	}
	return aThing("module:" + specifier)
}

func jsonValue(v any) value {
	switch v := v.(type) {
	case string:
		if !strings.ContainsAny(v, marks) {
			return exactly(v)
		}
	case map[string]any:
		return value{json: v}
	}
	return unknown
}
