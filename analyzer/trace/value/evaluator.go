package value

import (
	"io/fs"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/native"
)

// Bounds on the evaluation of one module.
const (
	maxSteps     = 100_000
	maxEvalDepth = 300
	// maxUnion bounds how many calls of a function, writes to a name and elements of
	// an array are evaluated. A value with more is unknown.
	maxUnion = 200
)

// Setting is what the values of expressions depend on besides the module's text.
type Setting struct {
	// Path is the module's path relative to the project's root. CWD is what
	// process.cwd() returns.
	Path, CWD string
	Target    native.Platform
	// NodeEnv is what the module reads as process.env.NODE_ENV, "" if it is not known.
	NodeEnv  string
	Files    fs.FS
	Resolver Resolver
	// Exports are the paths that modules of the project export, by file and name. The
	// name "*" is the whole of a CommonJS module.
	Exports map[string]Exports
	// Called returns the value of a call of a package's function, if it is known.
	Called func(call *js.Node, callee Value) (Value, bool)
}

// Exports are the strings that each export of a module may be. They are paths below
// the project's root.
type Exports map[string][]string

// Evaluator evaluates the expressions of one module. Names and functions may refer
// to themselves. A reference to one that is being evaluated gives the value found
// so far. A result computed from such a value is only valid in the current
// generation, which ends when the outermost name or function that was referred to
// is evaluated.
type Evaluator struct {
	Setting
	Text *js.Text
	// interests holds what each node's value may depend on, by the node's ID.
	interests []Interest
	// members holds the values written to this.NAME, by name.
	members map[string][]*js.Node
	// reads holds each NAME of this.NAME that is read somewhere.
	reads map[string]bool
	// json caches the JSON files.
	json map[string]any

	steps, depth int
	// frames counts the names and functions being evaluated. lowest is the outermost
	// of them that was referred to since lowest was last reset.
	frames, lowest int
	generation     int
	// known holds the values found, by the node's ID; nil means not evaluated.
	known     []*result
	names     map[*js.Binding]*frame
	functions map[*js.Node]*function
	fields    map[string]*frame // this.NAME
}

// frame is the evaluation of something that may refer to itself: a binding or a
// function.
type frame struct {
	busy bool
	// at is its depth among the frames being evaluated. so is the value found so far.
	at    int
	so    Value
	known *result
}

// result is a value. If generation is not 0, the value is only valid in that
// generation: it was computed from an intermediate value of the frame at lowest.
type result struct {
	Value
	generation, lowest int
}

// function is a function of the module and the values it returns.
type function struct {
	frame
	returns []*js.Node
}

const noFrame = 1 << 30

// New prepares a module whose names are bound. It marks the expressions that
// depend on something of interest.
func New(text *js.Text, s Setting) *Evaluator {
	e := &Evaluator{
		Setting: s, Text: text, interests: make([]Interest, text.Nodes), members: map[string][]*js.Node{}, reads: map[string]bool{},
		lowest: noFrame, generation: 1, known: make([]*result, text.Nodes),
		names: map[*js.Binding]*frame{}, functions: map[*js.Node]*function{}, fields: map[string]*frame{},
	}
	e.spread(text.Top)
	return e
}

// IsRead reports whether this.NAME is read somewhere in the module.
func (e *Evaluator) IsRead(name string) bool { return e.reads[name] }

// Tangled reports whether the evaluation was stopped because it took too many
// steps.
func (e *Evaluator) Tangled() bool { return e.steps > maxSteps }

// Interest returns what an expression's value may depend on.
func (e *Evaluator) Interest(n *js.Node) Interest { return e.interests[n.ID] }

// Eval returns the value of an expression.
func (e *Evaluator) Eval(n *js.Node) Value {
	if n == nil {
		return Value{}
	}
	if r := e.known[n.ID]; e.holds(r) {
		return r.Value
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

// within evaluates something that may refer to itself.
func (e *Evaluator) within(f *frame, evaluate func()) Value {
	if e.holds(f.known) {
		return f.known.Value
	}
	if f.busy {
		e.lowest = min(e.lowest, f.at)
		return f.so
	}
	outer := e.lowest
	e.lowest = noFrame
	f.busy, f.so, f.at = true, Value{}, e.frames
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

// keep returns the result to store, with the frames that it depends on.
func (e *Evaluator) keep(v Value) *result {
	r := &result{Value: v}
	if e.lowest != noFrame {
		r.generation, r.lowest = e.generation, e.lowest
	}
	return r
}

func (e *Evaluator) holds(r *result) bool {
	if r == nil || r.generation != 0 && r.generation != e.generation {
		return false
	}
	if r.generation != 0 {
		e.lowest = min(e.lowest, r.lowest)
	}
	return true
}
