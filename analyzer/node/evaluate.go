package node

import (
	"encoding/json"
	"io/fs"
	"path"
	"strings"
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
	functions      map[*node]*function
	fields         map[string]*frame // this.NAME
}

// function is one of the module's, and what it returns.
type function struct {
	frame
	returns []*node
}

const noFrame = 1 << 30

func newEvaluation() evaluation {
	return evaluation{lowest: noFrame, generation: 1, functions: map[*node]*function{}, fields: map[string]*frame{}}
}

// eval says what an expression may be.
func (t *tracer) eval(n *node) value {
	if n == nil {
		return value{}
	}
	if t.holds(n.known) {
		return n.known.value
	}
	if t.steps++; t.steps > maxSteps || t.depth > maxEvalDepth {
		return unknown
	}
	t.depth++
	outer := t.lowest
	t.lowest = noFrame
	v := t.evaluate(n)
	t.depth--
	n.known = t.keep(v)
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

func (t *tracer) evaluate(n *node) value {
	switch n.kind {
	case kString:
		if n.flags&fOdd != 0 || strings.ContainsAny(n.name, marks) {
			return unknown
		}
		return exactly(n.name)
	case kNumber:
		return value{open: true, truth: truthOf(strings.Trim(n.name, "0.") != "")}
	case kLiteral:
		switch n.name {
		case "true":
			return value{open: true, truth: yes}
		case "false", "null":
			return value{truth: no}
		}
	case kName:
		return t.evalName(n)
	case kTemplate:
		return t.evalTemplate(n)
	case kTagged:
		if x := n.x; x.kind == kMember && x.name == "raw" && x.x.kind == kName && x.x.name == "String" {
			return t.evalTemplate(n.y)
		}
	case kArray, kObject, kFunction, kArrow, kClass:
		return value{node: n}
	case kMember:
		return t.evalMember(n, n.name)
	case kIndex:
		return t.evalIndex(n)
	case kCall:
		return t.evalCall(n)
	case kNew:
		if t.eval(n.x).thing == "url.URL" && len(n.list) > 0 {
			return t.evalURL(n)
		}
	case kImportCall:
		if len(n.list) > 0 {
			if s, ok := t.eval(n.list[0]).single(); ok {
				return t.imported(s, t.module.Dir())
			}
		}
	case kUnary:
		return t.evalUnary(n)
	case kBinary:
		return t.evalBinary(n)
	case kAssign:
		if n.op == tAssign {
			return t.eval(n.y)
		}
		if n.op == tLogicAssign {
			return t.eval(n.x).or(t.eval(n.y))
		}
	case kCond:
		switch t.eval(n.x).is() {
		case yes:
			return t.eval(n.y)
		case no:
			return t.eval(n.z)
		}
		return t.eval(n.y).or(t.eval(n.z))
	case kSequence:
		return t.eval(n.list[len(n.list)-1])
	}
	return unknown
}

func (t *tracer) evalTemplate(n *node) value {
	if n.flags&fOdd != 0 {
		return unknown
	}
	if len(n.list) == 0 {
		if strings.ContainsAny(n.texts[0], marks) {
			return unknown
		}
		return exactly(n.texts[0])
	}
	parts := make([]value, 0, 2*len(n.list)+1)
	for i, s := range n.texts {
		if strings.ContainsAny(s, marks) {
			return unknown
		}
		if s != "" {
			parts = append(parts, exactly(s))
		}
		if i < len(n.list) {
			parts = append(parts, t.operand(n.list[i]))
		}
	}
	return concat(parts...)
}

// operand is an operand of a concatenation, where a number is its text.
func (t *tracer) operand(n *node) value {
	if n.kind == kNumber {
		return exactly(n.name)
	}
	return t.eval(n)
}

func (t *tracer) evalUnary(n *node) value {
	switch {
	case n.op == tNot:
		return value{open: true, truth: t.eval(n.x).is().not()}
	case n.name == "typeof":
		return t.typeOf(n.x)
	case n.name == "await":
		return t.eval(n.x)
	case n.name == "void":
		return value{truth: no}
	}
	return unknown
}

func (t *tracer) evalBinary(n *node) value {
	switch n.op {
	case tPlus:
		if n.x.kind == kNumber && n.y.kind == kNumber {
			return unknown
		}
		return concat(t.operand(n.x), t.operand(n.y))
	case tAnd:
		x := t.eval(n.x)
		switch x.is() {
		case no:
			return x
		case yes:
			return t.eval(n.y)
		}
		y := t.eval(n.y)
		if y.is() == no {
			return value{open: true, truth: no}
		}
		y.open, y.unsure = true, true
		return y
	case tOr, tNullish:
		x := t.eval(n.x)
		switch {
		case x.is() == yes:
			return x
		case x.is() == no && n.op == tOr, x.isNothing() && !x.unsure:
			return t.eval(n.y)
		}
		return x.or(t.eval(n.y))
	case tEqual, tNotEqual:
		same := t.same(t.eval(n.x), t.eval(n.y))
		if n.op == tNotEqual {
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

func (t *tracer) typeOf(x *node) value {
	if x.kind == kName && x.scope.find(x.name) == nil {
		switch x.name {
		case "process", "global", "globalThis":
			return exactly("object")
		}
		if kind := scriptGlobals[x.name]; kind != "" {
			if t.text.module {
				return unknown
			}
			return exactly(kind)
		}
		if absentGlobals[x.name] {
			return exactly("undefined")
		}
		return unknown
	}
	if v := t.eval(x); !v.unsure && v.node != nil && (v.node.kind == kFunction || v.node.kind == kArrow || v.node.kind == kClass) {
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
