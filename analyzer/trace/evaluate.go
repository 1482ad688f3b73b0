package trace

import (
	"encoding/json"
	"io/fs"
	"path"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
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

// evaluation is its state. Expressions may refer to themselves through names
// and functions: meeting one that is being evaluated gives what was found up to
// then. What was computed from that holds only until the outermost one that was
// met is done, which is what a generation is.
type evaluation struct {
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

func newEvaluation(nodes int) evaluation {
	return evaluation{
		lowest: noFrame, generation: 1, known: make([]*result, nodes),
		names: map[*js.Binding]*frame{}, functions: map[*js.Node]*function{}, fields: map[string]*frame{},
	}
}

// eval says what an expression may be.
func (t *tracer) eval(n *js.Node) value {
	if n == nil {
		return value{}
	}
	if r := t.known[n.ID]; t.holds(r) {
		return r.value
	}
	if t.steps++; t.steps > maxSteps || t.depth > maxEvalDepth {
		return unknown
	}
	t.depth++
	outer := t.lowest
	t.lowest = noFrame
	v := t.evaluate(n)
	t.depth--
	t.known[n.ID] = t.keep(v)
	t.lowest = min(t.lowest, outer)
	return v
}

// within evaluates what may refer to itself.
func (t *tracer) within(f *frame, evaluate func()) value {
	if t.holds(f.known) {
		return f.known.value
	}
	if f.busy {
		t.lowest = min(t.lowest, f.at)
		return f.so
	}
	outer := t.lowest
	t.lowest = noFrame
	f.busy, f.so, f.at = true, value{}, t.frames
	t.frames++
	evaluate()
	t.frames--
	f.busy = false
	if t.lowest >= f.at { // it depends on nothing that is still being evaluated
		if t.lowest != noFrame {
			t.generation++
		}
		t.lowest = noFrame
	}
	f.known = t.keep(f.so)
	t.lowest = min(t.lowest, outer)
	return f.so
}

// keep is the result to remember, given what was met on the way.
func (t *tracer) keep(v value) *result {
	r := &result{value: v}
	if t.lowest != noFrame {
		r.generation, r.lowest = t.generation, t.lowest
	}
	return r
}

func (t *tracer) holds(r *result) bool {
	if r == nil || r.generation != 0 && r.generation != t.generation {
		return false
	}
	if r.generation != 0 {
		t.lowest = min(t.lowest, r.lowest)
	}
	return true
}

func (t *tracer) evaluate(n *js.Node) value {
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
		return t.evalName(n)
	case js.Template:
		return t.evalTemplate(n)
	case js.Tagged:
		if x := n.X; x.Kind == js.Member && x.Name == "raw" && x.X.Kind == js.Name && x.X.Name == "String" {
			return t.evalTemplate(n.Y)
		}
	case js.Array, js.Object, js.Function, js.Arrow, js.Class:
		return value{node: n}
	case js.Member:
		if n.Flags&js.Odd != 0 {
			return unknown
		}
		return t.evalMember(n, n.Name)
	case js.Index:
		return t.evalIndex(n)
	case js.Call:
		return t.evalCall(n)
	case js.New:
		if t.eval(n.X).thing == "url.URL" && len(n.List) > 0 {
			return t.evalURL(n)
		}
	case js.ImportCall:
		if len(n.List) > 0 {
			if s, ok := t.eval(n.List[0]).single(); ok {
				return t.imported(s, t.module.Dir())
			}
		}
	case js.Unary:
		return t.evalUnary(n)
	case js.Binary:
		return t.evalBinary(n)
	case js.Assign:
		if n.Op == js.OpAssign {
			return t.eval(n.Y)
		}
		if n.Op == js.OpLogicAssign {
			return t.eval(n.X).or(t.eval(n.Y))
		}
	case js.Cond:
		switch t.eval(n.X).is() {
		case yes:
			return t.eval(n.Y)
		case no:
			return t.eval(n.Z)
		}
		return t.eval(n.Y).or(t.eval(n.Z))
	case js.Sequence:
		return t.eval(n.List[len(n.List)-1])
	}
	return unknown
}

func (t *tracer) evalTemplate(n *js.Node) value {
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
			parts = append(parts, t.operand(n.List[i]))
		}
	}
	return concat(parts...)
}

// operand is an operand of a concatenation, where a number is its text.
func (t *tracer) operand(n *js.Node) value {
	if n.Kind == js.Number {
		return exactly(n.Name)
	}
	return t.eval(n)
}

func (t *tracer) evalUnary(n *js.Node) value {
	switch {
	case n.Op == js.OpNot:
		return value{open: true, truth: t.eval(n.X).is().not()}
	case n.Name == "typeof":
		return t.typeOf(n.X)
	case n.Name == "await":
		return t.eval(n.X)
	case n.Name == "void":
		return value{truth: no}
	}
	return unknown
}

func (t *tracer) evalBinary(n *js.Node) value {
	switch n.Op {
	case js.OpPlus:
		if n.X.Kind == js.Number && n.Y.Kind == js.Number {
			return unknown
		}
		return concat(t.operand(n.X), t.operand(n.Y))
	case js.OpAnd:
		x := t.eval(n.X)
		switch x.is() {
		case no:
			return x
		case yes:
			return t.eval(n.Y)
		}
		y := t.eval(n.Y)
		if y.is() == no {
			return value{open: true, truth: no}
		}
		y.open, y.unsure = true, true
		return y
	case js.OpOr, js.OpNullish:
		x := t.eval(n.X)
		switch {
		case x.is() == yes:
			return x
		case x.is() == no && n.Op == js.OpOr, x.isNothing() && !x.unsure:
			return t.eval(n.Y)
		}
		return x.or(t.eval(n.Y))
	case js.OpEqual, js.OpNotEqual:
		same := t.same(t.eval(n.X), t.eval(n.Y))
		if n.Op == js.OpNotEqual {
			same = same.not()
		}
		return value{open: true, truth: same}
	}
	return unknown
}

// same compares two values of strings.
func (t *tracer) same(a, b value) truth {
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

func (t *tracer) typeOf(x *js.Node) value {
	if x.IsGlobal(x.Name) {
		switch x.Name {
		case "process", "global", "globalThis":
			return exactly("object")
		}
		if kind := scriptGlobals[x.Name]; kind != "" {
			if t.text.Module {
				return unknown
			}
			return exactly(kind)
		}
		if absentGlobals[x.Name] {
			return exactly("undefined")
		}
		return unknown
	}
	if v := t.eval(x); !v.unsure && v.node != nil && (v.node.Kind == js.Function || v.node.Kind == js.Arrow || v.node.Kind == js.Class) {
		return exactly("function")
	}
	return unknown
}

// readJSON reads a JSON module.
func (t *tracer) readJSON(name string) (any, bool) {
	if v, ok := t.scripts[name]; ok {
		return v, v != nil
	}
	t.scripts[name] = nil
	if !fs.ValidPath(name) {
		return nil, false
	}
	st, err := fs.Stat(t.files, name)
	if err != nil || st.IsDir() || st.Size() > maxJSON {
		return nil, false
	}
	b, err := fs.ReadFile(t.files, name)
	if err != nil {
		return nil, false
	}
	var v any
	if json.Unmarshal(b, &v) != nil {
		return nil, false
	}
	t.scripts[name] = v
	return v, v != nil
}

// relative says that a specifier is a path.
func relative(s string) bool {
	return s == "." || s == ".." || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../")
}

// imported is what a module of that name gives.
func (t *tracer) imported(specifier, from string) value {
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
			full, _ = t.relative(specifier)
		}
		if v, ok := t.readJSON(full); ok {
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
