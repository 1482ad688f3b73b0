package node

// interest says what a value may hang on. Evaluation starts only where
// something of interest takes part, since most code of most modules computes
// with nothing of the kind; what else an expression needs is then evaluated on
// demand.
type interest uint8

const (
	ofPlace interest = 1 << iota // where the module lies, or the working folder
	ofThing                      // require, fs, path and what else Trace knows
)

// interestingModules are the packages and parts of Node that evaluation knows.
var interestingModules = func() map[string]bool {
	m := map[string]bool{
		"fs": true, "fs/promises": true, "fs-extra": true, "fs-extra/esm": true, "graceful-fs": true, "original-fs": true,
		"path": true, "path/posix": true, "url": true, "module": true, "worker_threads": true, "child_process": true,
		"os": true, "util": true, "process": true,
		"bindings": true, "node-gyp-build": true, "@aminya/node-gyp-build": true, "node-gyp-build-esm": true, "pkg-prebuilds/bindings": true,
		"node-gyp-build-optional-packages": true, "node-pre-gyp": true, "@mapbox/node-pre-gyp": true,
		"@grpc/proto-loader": true, "@grpc/grpc-js": true, "protobufjs": true, "google-proto-files": true, "pino": true,
	}
	for name := range m {
		m["node:"+name] = true
	}
	return m
}()

// spread marks every expression in which something of interest takes part:
// what it starts from, and the names it flows into by assignments, parameters,
// results of functions and members of this.
func (t *tracer) spread(top *node) {
	s := spreader{tracer: t, fields: map[string]*binding{}}
	s.collect(top)
	for len(s.queue) > 0 {
		b := s.queue[len(s.queue)-1]
		s.queue = s.queue[:len(s.queue)-1]
		b.queued = false
		for _, r := range b.refs {
			s.mark(r, b.interest)
		}
	}
}

type spreader struct {
	tracer *tracer
	queue  []*binding
	// fields stand for this.NAME, by name.
	fields map[string]*binding
}

// taint gives a binding an interest, and its references with it.
func (s *spreader) taint(b *binding, i interest) {
	if b == nil || b.interest|i == b.interest {
		return
	}
	b.interest |= i
	if !b.queued {
		b.queued = true
		s.queue = append(s.queue, b)
	}
}

func (s *spreader) field(name string) *binding {
	b := s.fields[name]
	if b == nil {
		b = &binding{name: name}
		s.fields[name] = b
	}
	return b
}

// collect finds the seeds, and the references to members of this.
func (s *spreader) collect(n *node) {
	switch n.kind {
	case kName:
		if n.scope != nil && n.scope.find(n.name) == nil {
			s.global(n)
		}
	case kImportMeta:
		s.mark(n, ofPlace|ofThing)
	case kImportCall:
		s.mark(n, ofThing)
	case kMember:
		if n.x.kind == kLiteral && n.x.name == "this" {
			b := s.field(n.name)
			b.refs = append(b.refs, n)
		}
		if n.name == "LAMBDA_TASK_ROOT" {
			s.mark(n, ofPlace)
		}
		if n.name == "resolve" || n.name == "cwd" || n.name == "find" || n.name == "path" {
			s.placeOfCall(n)
		}
	case kUnary:
		if n.name == "typeof" && n.x.kind == kName && n.x.scope.find(n.x.name) == nil {
			s.mark(n, ofThing)
		}
	case kImport:
		for _, c := range n.list {
			if interestingModules[n.name] {
				s.taint(c.x.scope.find(c.x.name), ofThing)
			}
		}
	}
	n.each(s.collect)
}

// placeOfCall marks calls whose result is a path: process.cwd(),
// require.resolve(x), a locator's find.
func (s *spreader) placeOfCall(member *node) {
	if p := member.parent; p != nil && p.kind == kCall && p.x == member {
		s.mark(p, ofPlace)
	}
}

func (s *spreader) global(n *node) {
	switch n.name {
	case "__dirname", "__filename":
		s.mark(n, ofPlace|ofThing)
	case "require":
		if p := n.parent; p != nil && p.kind == kCall && p.x == n && len(p.list) > 0 && literal(p.list[0]) {
			name := p.list[0].name
			if p.list[0].kind == kTemplate {
				name = p.list[0].texts[0]
			}
			if interestingModules[name] {
				s.mark(p, ofThing)
			}
			return
		}
		s.mark(n, ofThing)
	case "module", "process", "global", "globalThis", "eval", "__non_webpack_require__", "URL":
		if p := n.parent; n.name == "module" && p != nil && p.kind == kMember && p.name == "exports" {
			return
		}
		s.mark(n, ofThing)
	}
}

// mark marks n and what is computed from it, and taints what that flows into.
func (s *spreader) mark(n *node, i interest) {
	for {
		if n.interest|i == n.interest {
			return
		}
		n.interest |= i
		p := n.parent
		if p == nil {
			return
		}
		switch p.kind {
		case kDeclare, kAssign:
			if p.y == n || p.kind == kAssign && p.op != tAssign {
				s.into(p.x, i)
			}
			if p.kind == kDeclare {
				return
			}
		case kForIn:
			if p.y == n {
				target := p.x
				if target.kind == kVar {
					target = target.list[0].x
				}
				s.into(target, i)
			}
			return
		case kReturn:
			s.result(p, i)
			return
		case kArrow:
			if p.x == n {
				s.function(p, i)
			}
			return
		case kFunction:
			return
		case kProperty:
			if p.y == n && p.parent != nil && p.parent.kind == kClass {
				s.taint(s.field(p.name), i)
				return
			}
		case kCall, kNew:
			s.call(p, n, i)
		}
		if p.kind >= kBlock {
			if p.kind == kExpr || p.kind == kBlock {
				return
			}
			p.interest |= i
			return
		}
		n = p
	}
}

// into taints the names of an assignment's target.
func (s *spreader) into(target *node, i interest) {
	switch target.kind {
	case kMember:
		if target.x.kind == kLiteral && target.x.name == "this" {
			s.taint(s.field(target.name), i)
		}
	case kName, kArray, kObject, kAssign:
		s.tracer.names(target, func(b *binding) { s.taint(b, i) })
	}
}

// result taints the function that a return statement belongs to.
func (s *spreader) result(n *node, i interest) {
	for p := n.parent; p != nil; p = p.parent {
		if p.kind == kFunction || p.kind == kArrow {
			s.function(p, i)
			return
		}
	}
}

// function taints the name a function goes by: its calls then are of interest.
func (s *spreader) function(f *node, i interest) {
	if f.kind == kFunction && f.name != "" {
		if b := f.scope.find(f.name); b != nil && b.function == f {
			s.taint(b, i)
		}
	}
	s.mark(f, i)
}

// call passes an argument's interest to the parameters of the function called,
// and that of an array to the callback of its iterator.
func (s *spreader) call(call, n *node, i interest) {
	if call.x == n {
		if n.kind == kMember && iterators[n.name] && len(call.list) > 0 {
			s.parameters(call.list[0], i)
		}
		// The parameters of a function handed to a call of interest, as in
		// (function (factory) {...})(function (require) {...}).
		return
	}
	callee := call.x
	if callee.kind == kName {
		b := callee.scope.find(callee.name)
		if b == nil {
			return
		}
		if b.function != nil {
			s.parameters(b.function, i)
		}
		for _, w := range b.writes {
			if w.from != nil {
				s.parameters(w.from, i)
			}
		}
		if b.param != nil { // a function that came in as a parameter
			for _, f := range s.argumentsFor(b) {
				s.parameters(f, i)
			}
		}
		return
	}
	s.parameters(callee, i)
}

// argumentsFor lists what a function that is called on the spot gets for a parameter.
func (s *spreader) argumentsFor(b *binding) []*node {
	if p := b.param.parent; p != nil && p.kind == kCall && p.x == b.param && b.paramIndex < len(p.list) {
		return []*node{p.list[b.paramIndex]}
	}
	return nil
}

func (s *spreader) parameters(f *node, i interest) {
	if f.kind != kFunction && f.kind != kArrow {
		return
	}
	for _, p := range f.list {
		s.tracer.names(p, func(b *binding) { s.taint(b, i) })
	}
}
