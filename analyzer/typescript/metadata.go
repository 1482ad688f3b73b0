package typescript

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Problem is a place where the answer is not known.
type Problem struct {
	// Offset is in the source.
	Offset  int
	Message string
}

// Metadata returns edits that add to a source what the compiler's option
// emitDecoratorMetadata adds: decorators that record the types of decorated classes,
// members and parameters by Reflect.metadata.
//
// The compiler puts them behind all other decorators, those of parameters included,
// so that they run first. Where a parameter is decorated they therefore become
// decorators of the last parameter. helper is a name that is free in the source; its
// declaration goes to the end, where it moves no line.
func (p *Program) Metadata(path string, source []byte, helper string, o Options) (edits []js.Edit, problems []Problem) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := newFile(path, source)
	f.decoratedClasses(func(c *class) {
		w := metadataWriter{
			serializer: serializer{Program: p, Options: o}, class: c, helper: helper,
			env: f.envAt(c.token),
		}
		w.env.bound = bind(w.env, c.bound, c.extends)
		w.write()
		edits, problems = append(edits, w.edits...), append(problems, w.problems...)
	})
	if len(edits) > 0 {
		end := len(source)
		edits = append(edits, js.Edit{Start: end, End: end, Text: "\nfunction " + helper + "(k,v){" +
			`return typeof Reflect=="object"&&typeof Reflect.metadata=="function"?Reflect.metadata(k,v):()=>{}}` + "\n"})
	}
	return edits, problems
}

// envAt is what is declared around a token: the blocks that it is in, the innermost
// first.
func (f *file) envAt(token int) env {
	e := env{file: f}
	for i := token - 1; i >= 0; i-- {
		if f.token(i).match > token && f.at(i) == "{" {
			e.scopes = append(e.scopes, f.block(i, false))
		}
	}
	e.scopes = append(e.scopes, f.scope)
	return e
}

// bind makes type parameters stand for what they extend.
func bind(in env, names []string, extends map[string]*typeNode) map[string]*argument {
	bound := map[string]*argument{}
	for _, name := range names {
		bound[name] = nil
		if t := extends[name]; t != nil {
			bound[name] = &argument{t, in}
		}
	}
	return bound
}

// metadataWriter makes the edits of one class.
type metadataWriter struct {
	serializer
	class    *class
	env      env
	helper   string
	edits    []js.Edit
	problems []Problem
}

func (w *metadataWriter) write() {
	var built *classMember
	for i := range w.class.members {
		m := &w.class.members[i]
		if m.kind == constructor {
			if m.hasBody && built == nil {
				built = m
			}
			continue
		}
		if len(m.decorators) > 0 || m.decoratesParameters() {
			w.member(m)
		}
	}
	if built != nil && (len(w.class.decorators) > 0 || built.decoratesParameters()) {
		w.add(w.class.decorators, built, w.entry("design:paramtypes", w.parameterTypes(built.params, w.env)))
	}
}

// member adds the metadata of a decorated member.
func (w *metadataWriter) member(m *classMember) {
	e := w.env // the compiler does not look among the member's own type parameters
	switch m.kind {
	case property:
		w.add(m.decorators, m, w.entry("design:type", w.value(m.typ, e)))
	case method:
		returns := nothing
		if m.typ != nil {
			returns = w.value(m.typ, e)
		} else if m.async {
			returns = "Promise"
		}
		var params []parameter
		if m.hasBody {
			params = m.params
		}
		w.add(m.decorators, m, w.entry("design:type", callable)+w.entry("design:paramtypes", w.parameterTypes(params, e))+
			w.entry("design:returntype", returns))
	case getter, setter:
		get, set := w.accessors(m)
		var t *typeNode
		params := m.params
		if get != nil {
			t = get.typ
		}
		if set != nil {
			params = set.params
			if len(set.params) > 0 && set.params[0].typ != nil {
				t = set.params[0].typ
			}
		}
		w.add(m.decorators, m, w.entry("design:type", w.value(t, e))+w.entry("design:paramtypes", w.parameterTypes(params, e)))
	}
}

// accessors are both accessors of a member's name.
func (w *metadataWriter) accessors(of *classMember) (get, set *classMember) {
	for i := range w.class.members {
		switch m := &w.class.members[i]; {
		case m.name != of.name || m.static != of.static:
		case m.kind == getter && get == nil:
			get = m
		case m.kind == setter && set == nil:
			set = m
		}
	}
	return get, set
}

func (w *metadataWriter) parameterTypes(params []parameter, e env) string {
	var all []string
	for i, p := range params {
		if i == 0 && p.name == "this" {
			continue
		}
		t := p.typ
		if p.rest && t != nil {
			switch {
			case t.form == list || t.form == reference && len(t.parts) == 1:
				t = t.parts[0]
			default:
				t = nil
			}
		}
		all = append(all, w.value(t, e))
	}
	return "[" + strings.Join(all, ",") + "]"
}

// value is the expression for a type. What is not known becomes a problem.
func (w *metadataWriter) value(t *typeNode, e env) string {
	w.undecided = nil
	value := w.of(t, e)
	if u := w.undecided; u != nil {
		w.problems = append(w.problems, Problem{Offset: u.start, Message: fmt.Sprintf(
			"emitDecoratorMetadata needs the type %s, which only TypeScript's type checker can tell", u.in.text[u.start:u.end])})
	}
	return value
}

func (w *metadataWriter) entry(key, value string) string {
	return "@" + w.helper + "(" + strconv.Quote(key) + "," + value + ") "
}

// add puts decorators behind the last of a member, or of its last parameter.
func (w *metadataWriter) add(decorators []span, m *classMember, text string) {
	var at int
	if m.decoratesParameters() {
		at = m.params[len(m.params)-1].start
	} else {
		at = decorators[len(decorators)-1].end
		text = " " + text
	}
	w.edits = append(w.edits, js.Edit{Start: at, End: at, Text: text})
}
