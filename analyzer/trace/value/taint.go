package value

import (
	"path"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Interest is what a value may depend on. Evaluation starts only at expressions of
// interest, since most code of most modules uses nothing of the kind. Other parts
// of those expressions are evaluated on demand.
type Interest uint8

const (
	OfPlace Interest = 1 << iota // the module's path, or the working directory
	OfThing                      // require, fs, path and other names that Trace handles
)

// interestingModules are the packages and parts of Node that the evaluation
// handles.
var interestingModules = func() map[string]bool {
	m := map[string]bool{
		"fs": true, "fs/promises": true, "fs-extra": true, "fs-extra/esm": true, "graceful-fs": true, "original-fs": true,
		"path": true, "path/posix": true, "url": true, "module": true, "worker_threads": true, "child_process": true,
		"os": true, "util": true, "process": true, "vm": true,
		"bindings": true, "node-gyp-build": true, "@aminya/node-gyp-build": true, "node-gyp-build-esm": true, "pkg-prebuilds/bindings": true,
		"node-gyp-build-optional-packages": true, "node-pre-gyp": true, "@mapbox/node-pre-gyp": true,
		"@grpc/proto-loader": true, "@grpc/grpc-js": true, "protobufjs": true, "google-proto-files": true, "pino": true, "typescript": true,
		"require-directory": true, "require-dir": true,
	}
	for name := range m {
		m["node:"+name] = true
	}
	return m
}()

// appRootPath is a package whose value is a folder: on Lambda that of the function.
// Source: lib/resolve.js of github.com/inxilpro/node-app-root-path
const appRootPath = "app-root-path"

// spread marks every expression that depends on something of interest. It follows
// values through assignments, parameters, results of functions and members of
// this.
func (e *Evaluator) spread(top *js.Node) {
	s := spreader{evaluator: e, fields: map[string]*js.Binding{}, tainted: map[*js.Binding]*taint{}}
	s.collect(top)
	for len(s.queue) > 0 {
		b := s.queue[len(s.queue)-1]
		s.queue = s.queue[:len(s.queue)-1]
		b.queued = false
		for _, r := range b.Refs {
			s.mark(r, b.interest)
		}
	}
}

type spreader struct {
	evaluator *Evaluator
	queue     []*taint
	// fields holds a binding for each this.NAME.
	fields  map[string]*js.Binding
	tainted map[*js.Binding]*taint
}

// taint is a name of interest.
type taint struct {
	*js.Binding
	interest Interest
	queued   bool
}

// taint marks a binding and all references to it.
func (s *spreader) taint(b *js.Binding, i Interest) {
	if b == nil {
		return
	}
	t := s.tainted[b]
	if t == nil {
		t = &taint{Binding: b}
		s.tainted[b] = t
	}
	if t.interest|i == t.interest {
		return
	}
	t.interest |= i
	if !t.queued {
		t.queued = true
		s.queue = append(s.queue, t)
	}
}

func (s *spreader) field(name string) *js.Binding {
	b := s.fields[name]
	if b == nil {
		b = &js.Binding{Name: name}
		s.fields[name] = b
	}
	return b
}

// collect finds where values of interest start, and the reads and writes of
// members of this.
func (s *spreader) collect(n *js.Node) {
	switch n.Kind {
	case js.Name:
		if n.IsGlobal(n.Name) {
			s.global(n)
		}
	case js.ImportMeta:
		s.mark(n, OfPlace|OfThing)
	case js.ImportCall:
		s.mark(n, OfThing)
	case js.Member:
		if n.X.Kind == js.Literal && n.X.Name == "this" {
			b := s.field(n.Name)
			b.Refs = append(b.Refs, n)
			if !n.IsTarget() {
				s.evaluator.reads[n.Name] = true
			}
		}
		if n.Name == "LAMBDA_TASK_ROOT" {
			s.mark(n, OfPlace)
		}
		if n.Name == "resolve" || n.Name == "cwd" || n.Name == "find" || n.Name == "path" {
			s.placeOfCall(n)
		}
	case js.Assign:
		if n.X.Kind == js.Member && n.X.X.Kind == js.Literal && n.X.X.Name == "this" {
			from := n.Y
			if n.Op == js.OpAddAssign || n.Op == js.OpOtherAssign {
				from = nil
			}
			s.evaluator.members[n.X.Name] = append(s.evaluator.members[n.X.Name], from)
		}
	case js.Class:
		for _, c := range n.List {
			if c.Kind == js.Property && c.Name != "" && c.Flags&js.Method == 0 && c.Y != nil {
				s.evaluator.members[c.Name] = append(s.evaluator.members[c.Name], c.Y)
			}
		}
	case js.Unary:
		if n.Name == "typeof" && n.X.IsGlobal(n.X.Name) {
			s.mark(n, OfThing)
		}
	case js.Import:
		for _, c := range n.List {
			if interestingModules[n.Name] {
				s.taint(c.X.Scope.Find(c.X.Name), OfThing)
			}
			if n.Name == appRootPath || s.evaluator.exportsOf(n.Name, path.Dir(s.evaluator.Path)) != nil {
				s.taint(c.X.Scope.Find(c.X.Name), OfPlace|OfThing)
			}
		}
	}
	n.Each(s.collect)
}

// placeOfCall marks calls that return a path: process.cwd(), require.resolve(x), a
// locator's find.
func (s *spreader) placeOfCall(member *js.Node) {
	if p := member.Parent; p != nil && p.Kind == js.Call && p.X == member {
		s.mark(p, OfPlace)
	}
}

func (s *spreader) global(n *js.Node) {
	switch n.Name {
	case "__dirname", "__filename":
		s.mark(n, OfPlace|OfThing)
	case "require":
		if p := n.Parent; p != nil && p.Kind == js.Call && p.X == n && len(p.List) > 0 && p.List[0].IsPlainString() {
			name := p.List[0].Name
			if p.List[0].Kind == js.Template {
				name = p.List[0].Texts[0]
			}
			if interestingModules[name] {
				s.mark(p, OfThing)
			}
			if name == appRootPath || s.evaluator.exportsOf(name, path.Dir(s.evaluator.Path)) != nil {
				s.mark(p, OfPlace|OfThing)
			}
			return
		}
		s.mark(n, OfThing)
	case "module", "process", "global", "globalThis", "eval", "__non_webpack_require__", "URL":
		if p := n.Parent; n.Name == "module" && p != nil && p.Kind == js.Member && p.Name == "exports" {
			return
		}
		s.mark(n, OfThing)
	}
}

// mark marks n and the expressions computed from it, and taints the names that the
// value is assigned to.
func (s *spreader) mark(n *js.Node, i Interest) {
	for {
		if s.evaluator.interests[n.ID]|i == s.evaluator.interests[n.ID] {
			return
		}
		s.evaluator.interests[n.ID] |= i
		p := n.Parent
		if p == nil {
			return
		}
		switch p.Kind {
		case js.Declare, js.Assign:
			if p.Y == n || p.Kind == js.Assign && p.Op != js.OpAssign {
				s.into(p.X, i)
			}
			if p.Kind == js.Declare {
				return
			}
		case js.ForIn:
			if p.Y == n {
				target := p.X
				if target.Kind == js.Var {
					target = target.List[0].X
				}
				s.into(target, i)
			}
			return
		case js.Return:
			s.result(p, i)
			return
		case js.Arrow:
			if p.X == n {
				s.function(p, i)
			}
			return
		case js.Function:
			return
		case js.Property:
			if p.Y == n && p.Parent != nil && p.Parent.Kind == js.Class {
				s.taint(s.field(p.Name), i)
				return
			}
		case js.Call, js.New:
			s.call(p, n, i)
		}
		if p.Kind >= js.Block {
			if p.Kind == js.Expr || p.Kind == js.Block {
				return
			}
			s.evaluator.interests[p.ID] |= i
			return
		}
		n = p
	}
}

// into taints the names in an assignment's target.
func (s *spreader) into(target *js.Node, i Interest) {
	switch target.Kind {
	case js.Member:
		if target.X.Kind == js.Literal && target.X.Name == "this" {
			s.taint(s.field(target.Name), i)
		}
	case js.Name, js.Array, js.Object, js.Assign:
		js.BoundNames(target, func(b *js.Binding) { s.taint(b, i) })
	}
}

// result taints the function that a return statement belongs to.
func (s *spreader) result(n *js.Node, i Interest) {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind == js.Function || p.Kind == js.Arrow {
			s.function(p, i)
			return
		}
	}
}

// function taints a function's name, so that its calls are of interest.
func (s *spreader) function(f *js.Node, i Interest) {
	if f.Kind == js.Function && f.Name != "" {
		if b := f.Scope.Find(f.Name); b != nil && b.Function == f {
			s.taint(b, i)
		}
	}
	s.mark(f, i)
}

// call passes an argument's interest to the parameters of the called function, and
// an array's interest to the callback of its iterator.
func (s *spreader) call(call, n *js.Node, i Interest) {
	if call.X == n {
		if n.Kind == js.Member && iterators[n.Name] && len(call.List) > 0 {
			s.parameters(call.List[0], i)
		}
		// The parameters of a function that is passed to a call of interest, as in
		// (function (factory) {...})(function (require) {...}).
		return
	}
	callee := call.X
	if callee.Kind == js.Name {
		b := callee.Scope.Find(callee.Name)
		if b == nil {
			return
		}
		if b.Function != nil {
			s.parameters(b.Function, i)
		}
		for _, w := range b.Writes {
			if w.From != nil {
				s.parameters(w.From, i)
			}
		}
		if b.Param != nil { // the function is itself a parameter
			for _, f := range s.argumentsFor(b) {
				s.parameters(f, i)
			}
		}
		return
	}
	s.parameters(callee, i)
}

// argumentsFor lists the arguments for a parameter of a function that is called
// where it is defined.
func (s *spreader) argumentsFor(b *js.Binding) []*js.Node {
	if p := b.Param.Parent; p != nil && p.Kind == js.Call && p.X == b.Param && b.ParamIndex < len(p.List) {
		return []*js.Node{p.List[b.ParamIndex]}
	}
	return nil
}

func (s *spreader) parameters(f *js.Node, i Interest) {
	if f.Kind != js.Function && f.Kind != js.Arrow {
		return
	}
	for _, p := range f.List {
		js.BoundNames(p, func(b *js.Binding) { s.taint(b, i) })
	}
}
