package value

import (
	"io/fs"

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
)

// Setting is what the values of a module's expressions depend on besides its
// text.
type Setting struct {
	// Path is the module's, relative to the project's root, and cwd where
	// process.cwd() points.
	Path, CWD string
	Target    native.Platform
	Files     fs.FS
	Resolver  Resolver
	// Called says what a call of a package's function gives, where that is known.
	Called func(call *js.Node, callee Value) (Value, bool)
}

// Evaluator evaluates the expressions of one module. They may refer to
// themselves through names and functions: meeting one that is being evaluated
// gives what was found up to then. What was computed from that holds only until
// the outermost one that was met is done, which is what a generation is.
type Evaluator struct {
	Setting
	Text *js.Text
	// interests say, by a node's id, what its value may hang on.
	interests []Interest
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
	so    Value
	known *result
}

// result is a value found. With a generation it holds only for that one, and
// was computed from what the frame at lowest was up to then.
type result struct {
	Value
	generation, lowest int
}

// function is one of the module's, and what it returns.
type function struct {
	frame
	returns []*js.Node
}

const noFrame = 1 << 30

// New prepares a module whose names are bound: it marks the expressions
// in which something of interest takes part.
func New(text *js.Text, s Setting) *Evaluator {
	e := &Evaluator{
		Setting: s, Text: text, interests: make([]Interest, text.Nodes), members: map[string][]*js.Node{}, reads: map[string]bool{},
		lowest: noFrame, generation: 1, known: make([]*result, text.Nodes),
		names: map[*js.Binding]*frame{}, functions: map[*js.Node]*function{}, fields: map[string]*frame{},
	}
	e.spread(text.Top)
	return e
}

// IsRead says that this.NAME is read somewhere in the module.
func (e *Evaluator) IsRead(name string) bool { return e.reads[name] }

// Tangled says that the evaluation was given up.
func (e *Evaluator) Tangled() bool { return e.steps > maxSteps }

// Interest is what the value of an expression may hang on.
func (e *Evaluator) Interest(n *js.Node) Interest { return e.interests[n.ID] }

// Eval says what an expression may be.
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

// within evaluates what may refer to itself.
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

// keep is the result to remember, given what was met on the way.
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
