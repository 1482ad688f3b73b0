package onload

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// Globals is what a module may do to the variables that [Change.Global] names.
type Globals struct {
	// Module is the file, as the second argument of [SetBy] takes it.
	Module string
	// Sets are those that it sets by name: global.window = ..., document = ...,
	// Object.defineProperty(globalThis, "self", ...), or by the name on an object that is
	// not certainly another one.
	Sets []string
	// Opens means that it writes properties of the global object whose names its text does
	// not show, such as Object.assign(globalThis, x) or global[key] = x.
	Opens bool
	// Holds means that it hands the global object on. Computes means that it writes
	// properties whose names it computes, of any object.
	Holds, Computes bool
	// Sends means that it hands a function to another process or page as text.
	Sends bool
}

// GlobalsOf reads a module: its words, and its tree only where it may set something.
func GlobalsOf(m *Module) (g Globals) {
	g.Module = m.File
	w := globalWords{src: m.Source, g: &g}
	for w.next() {
		w.word()
	}
	g.Computes = g.Computes || computes(m.Source)
	g.Sends = g.Sends || sends(m.Source)
	if w.parse {
		if text := m.Text(); text != nil {
			s := globalScan{g: &g, text: text.Tree}
			s.global.names, s.process.names, s.process.of = globalNames, processNames, &s.global
			s.look(text.Top)
		} else {
			g.Opens = true
		}
	}
	return g
}

// NamesIn are the variables whose names a module has as data: in strings and as keys.
// Code that computes a name may make a global variable of one.
func NamesIn(m *Module) (names []string) {
	any := false
	for w := (globalWords{src: m.Source}); !any && w.next(); {
		any = featureOf(string(m.Source[w.start:w.end])) != nil
	}
	if !any {
		return nil
	}
	add := func(text string) {
		for w := (globalWords{src: []byte(text)}); w.next(); {
			if name := text[w.start:w.end]; featureOf(name) != nil && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	text := m.Text()
	if text == nil {
		add(string(m.Source))
		return names
	}
	var look func(n *js.Node)
	look = func(n *js.Node) {
		switch n.Kind {
		case js.String:
			if !comparedWithType(n) {
				add(n.Name)
			}
		case js.Template:
			for _, part := range n.Texts {
				add(part)
			}
		case js.Property:
			add(n.Name)
		case js.Clause:
			if n.Parent.Kind == js.Export {
				add(n.Name)
			}
		case js.Member:
			if written(n) {
				add(n.Name)
			}
		}
		n.Each(look)
	}
	look(text.Top)
	return names
}

// comparedWithType reports whether a string is compared with what typeof says.
func comparedWithType(n *js.Node) bool {
	p := n.Parent
	return p != nil && p.Kind == js.Binary && (p.X.Kind == js.Unary && p.X.Name == "typeof" || p.Y.Kind == js.Unary && p.Y.Name == "typeof")
}

// sends reports whether a text seems to call a function that is put into it.
func sends(source []byte) bool {
	has := func(text string) bool { return bytes.Contains(source, []byte(text)) }
	return has("(${") && has("})(") && callsInserted.Match(source) || (has(`')(`) || has(`")(`) || has("`)(")) && callsAdded.Match(source)
}

var (
	callsInserted = regexp.MustCompile("\\(\\$\\{[^}`]*\\}\\)\\(")
	callsAdded    = regexp.MustCompile("\\+\\s*[\"'`]\\)\\(")
)

// computes reports whether a text seems to write properties whose names it computes.
func computes(source []byte) bool {
	for {
		i := bytes.IndexByte(source, ']')
		if i < 0 {
			return false
		}
		source = source[i+1:]
		if assigned(bytes.TrimLeft(source[:min(len(source), 8)], " ")) {
			return true
		}
	}
}

// SetBy are the variables of which a module of the graph may set one. The modules are by
// package. namesIn is what [NamesIn] says of a module.
func SetBy(graph map[string][]Globals, namesIn func(module string) []string) (names []string) {
	set := map[string]bool{}
	opens := false
	for _, modules := range graph {
		opens = opens || slices.ContainsFunc(modules, func(g Globals) bool { return g.Opens })
	}
	for _, modules := range graph {
		holds := slices.ContainsFunc(modules, func(g Globals) bool { return g.Holds })
		computes := slices.ContainsFunc(modules, func(g Globals) bool { return g.Computes })
		for _, g := range modules {
			for _, name := range g.Sets {
				set[name] = true
			}
			if opens || holds && computes {
				for _, name := range namesIn(g.Module) {
					set[name] = true
				}
			}
			if g.Sends {
				for _, f := range features {
					set[f.name] = true
				}
			}
		}
	}
	for _, f := range features {
		if set[f.name] || strings.HasPrefix(f.name, "process.") && set["process"] {
			names = append(names, f.name)
		}
	}
	return names
}

// globalWords goes through the words of a text, comments and strings included.
type globalWords struct {
	src        []byte
	start, end int
	g          *Globals
	// parse means that only the tree can tell more.
	parse bool
	// matches are the patterns that were looked for in the whole text.
	matches map[*regexp.Regexp]bool
}

// matched reports whether a pattern is anywhere in the text. It looks once.
func (w *globalWords) matched(pattern *regexp.Regexp) bool {
	is, known := w.matches[pattern]
	if !known {
		if w.matches == nil {
			w.matches = map[*regexp.Regexp]bool{}
		}
		is = pattern.Match(w.src)
		w.matches[pattern] = is
	}
	return is
}

// next finds the next word.
func (w *globalWords) next() bool {
	i := w.end
	for i < len(w.src) && !js.InName(w.src[i]) {
		i++
	}
	w.start = i
	for i < len(w.src) && js.InName(w.src[i]) {
		i++
	}
	w.end = i
	return w.start < w.end
}

// before is the text in front of the word, without white space.
func (w *globalWords) before() []byte {
	return bytes.TrimRight(w.src[max(0, w.start-24):w.start], " \t\r\n")
}

// after is the text behind the word, without white space.
func (w *globalWords) after() []byte {
	return bytes.TrimLeft(w.src[w.end:min(len(w.src), w.end+64)], " \t\r\n")
}

// assigned reports whether a text starts with an assignment.
func assigned(after []byte) bool {
	for _, op := range []string{"||=", "&&=", "??="} {
		if bytes.HasPrefix(after, []byte(op)) {
			return true
		}
	}
	return len(after) > 0 && after[0] == '=' && (len(after) == 1 || after[1] != '=' && after[1] != '>')
}

// concerning are the words, besides the names of features, that word judges.
var concerning = func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(`return runInThisContext evaluate evaluateHandle evaluateOnNewDocument waitForFunction executeScript
		executeAsyncScript addInitScript callFunctionOn $eval $$eval browser type __nwjs platform arch electron nw assign defineProperty
		defineProperties setPrototypeOf __defineGetter__ Reflect Function eval`) {
		all[word] = true
	}
	return all
}()

func (w *globalWords) word() {
	if n := w.end - w.start; n > len("DedicatedWorkerGlobalScope") || n < len("nw") {
		return
	}
	if word := w.src[w.start:w.end]; !concerning[string(word)] && featureOf(string(word)) == nil {
		return
	}
	switch word := string(w.src[w.start:w.end]); word {
	case "global", "globalThis":
		w.globalObject()
		w.name()
	case "return":
		after := w.after() // Function("return this")
		if rest, is := bytes.CutPrefix(after, []byte("this")); is && len(rest) > 0 && bytes.IndexByte([]byte(`'"`+"`;}"), rest[0]) >= 0 {
			w.parse = true
		}
	case "assign", "defineProperty", "defineProperties", "setPrototypeOf", "__defineGetter__", "Reflect", "Function", "eval":
		w.g.Computes = true
	case "runInThisContext":
		w.g.Opens = true
	case "evaluate", "evaluateHandle", "evaluateOnNewDocument", "waitForFunction", "executeScript", "executeAsyncScript", "addInitScript",
		"callFunctionOn", "$eval", "$$eval":
		w.g.Sends = w.g.Sends || bytes.HasSuffix(w.before(), []byte(".")) && takesFunction.Match(w.after())
	case "browser", "type", "__nwjs", "platform", "arch", "electron", "nw":
		w.property()
	default:
		w.name()
	}
}

// takesFunction matches the start of a call with a function.
var takesFunction = regexp.MustCompile(`^\(\s*(?:(?:"[^"]*"|'[^']*')\s*,\s*)?(?:async\b|function\b|\([^()]*\)\s*=>|[\w$]+\s*=>)`)

// quoted reports whether the word ends a string.
func (w *globalWords) quoted() bool {
	after := w.after()
	return len(after) > 0 && bytes.IndexByte([]byte(`'"`+"`"), after[0]) >= 0
}

// globalObject judges a use of the global object. Reading a property by its name, and
// asking for its type, are not of interest.
func (w *globalWords) globalObject() {
	before, after := w.before(), w.after()
	if bytes.HasSuffix(before, []byte("typeof")) || bytes.HasSuffix(before, []byte("typeof(")) || bytes.HasSuffix(before, []byte(".")) {
		return
	}
	if len(after) > 0 && (after[0] == '.' || after[0] == ':' || after[0] == '-') || bytes.HasPrefix(after, []byte("?.")) {
		return // a property, a key, or a word of a text
	}
	w.parse = true
}

// name judges a use of a variable's name.
func (w *globalWords) name() {
	if w.parse {
		return
	}
	before, after := w.before(), w.after()
	if bytes.HasSuffix(before, []byte("typeof")) || bytes.HasSuffix(before, []byte("typeof(")) {
		return
	}
	if w.quoted() {
		rest := bytes.TrimLeft(after[1:], " ")
		if bytes.HasPrefix(rest, []byte("]")) && assigned(bytes.TrimLeft(rest[1:], " \n")) {
			w.parse = true
		}
		if bytes.HasPrefix(rest, []byte(",")) && bytes.Contains(w.src, []byte("defineProperty")) {
			w.parse = true
		}
	}
	if assigned(after) || bytes.Contains(before, []byte("delete")) || len(after) > 0 && bytes.IndexByte([]byte(",}]"), after[0]) >= 0 && w.matched(destructures) {
		w.parse = true
	}
}

// destructures matches a pattern that assigns.
var destructures = regexp.MustCompile(`(?:^|[;(\n{}])\s*[{\[][^;={}\[\]]*[}\]]\s*=[^=>]`)

// property judges a use of the name of one of process's properties.
func (w *globalWords) property() {
	if w.parse || !bytes.Contains(w.src, []byte("process")) {
		return
	}
	after, sets := w.after(), false
	if len(after) > 0 && (after[0] == '"' || after[0] == '\'') {
		after = bytes.TrimLeft(after[1:], " ]")
		sets = bytes.HasPrefix(after, []byte(",")) && bytes.Contains(w.src, []byte("defineProperty"))
	}
	w.parse = (sets || assigned(after)) && (bytes.Contains(w.before(), []byte("process")) || sets || w.matched(holdsProcess))
}

// holdsProcess matches code that takes process for a value.
var holdsProcess = regexp.MustCompile(`[=(,?:|&]\s*process\s*[,);|&}\n]|["'](?:node:)?process["']`)

// globalScan goes through a tree.
type globalScan struct {
	g    *Globals
	text *js.Tree

	global, process mayBe
	handed, other   variables
}

// variables follows a question from variable to variable. Each is asked once, also where
// they are assigned to each other, and not again by a later question that a walk has
// answered for all that it met.
type variables struct{ met, answered map[*js.Binding]bool }

// first reports whether a variable must be asked.
func (v *variables) first(b *js.Binding) bool {
	if v.met[b] || v.answered[b] {
		return false
	}
	if v.met == nil {
		v.met = map[*js.Binding]bool{}
	}
	v.met[b] = true
	return true
}

// end ends the walk of a question; same says that its answer is that of each variable met.
func (v *variables) end(same bool) {
	if len(v.met) == 0 {
		return
	}
	if same && v.answered == nil {
		v.answered = v.met
	} else if same {
		maps.Copy(v.answered, v.met)
	}
	v.met = nil
}

func (s *globalScan) look(n *js.Node) {
	if (n.Kind == js.Name || n.Kind == js.Call) && !n.IsTarget() && isDirectly(n) && s.handedOn(n) {
		s.g.Holds = true
	}
	switch n.Kind {
	case js.Assign:
		s.target(n.X)
	case js.Update, js.ForIn:
		s.target(n.X)
	case js.Unary:
		if n.Name == "delete" {
			s.target(n.X)
		}
	case js.Call:
		s.call(n)
	}
	n.Each(s.look)
}

// target judges what is assigned to.
func (s *globalScan) target(n *js.Node) {
	switch n.Kind {
	case js.Name:
		if n.IsGlobal(n.Name) {
			s.set(n.Name, "")
		}
	case js.Member:
		s.write(n.X, n.Name, true)
	case js.Index:
		name, known := keyOf(n.Y)
		s.write(n.X, name, known)
	case js.Array, js.Object:
		for _, c := range n.List {
			s.target(c)
		}
	case js.Property:
		if n.Y != nil {
			s.target(n.Y)
		}
	case js.Spread, js.Assign:
		s.target(n.X)
	}
}

// set notes that a variable, or a property of what may be process, is set.
func (s *globalScan) set(name, of string) {
	for _, f := range features {
		if of == "" && f.name == name || of != "" && strings.HasPrefix(f.name, "process.") && strings.HasSuffix(f.name, "."+name) {
			if !slices.Contains(s.g.Sets, f.name) {
				s.g.Sets = append(s.g.Sets, f.name)
			}
		}
	}
}

// write judges a write to a property.
func (s *globalScan) write(object *js.Node, name string, known bool) {
	switch {
	case !known:
		if s.global.is(object) {
			s.g.Opens = true
		}
		if s.process.is(object) {
			s.set("process", "")
		}
	case featureOf(name) != nil:
		if !s.otherObject(object) {
			s.set(name, "")
		}
	case s.process.is(object):
		s.set(name, "process")
	}
}

// call judges the functions of Object and Reflect that write properties.
func (s *globalScan) call(n *js.Node) {
	if n.X.Kind != js.Member || len(n.List) == 0 {
		return
	}
	object := n.List[0]
	switch n.X.Name {
	case "defineProperty", "set":
		if len(n.List) > 2 || n.X.Name == "defineProperty" && len(n.List) > 1 {
			name, known := keyOf(n.List[1])
			s.write(object, name, known)
		}
	case "assign", "defineProperties", "setPrototypeOf":
		for _, from := range n.List[1:] {
			if from.Kind != js.Object || n.X.Name == "setPrototypeOf" {
				s.write(object, "", false)
				continue
			}
			for _, p := range from.List {
				if p.Kind == js.Property && p.X == nil {
					s.write(object, p.Name, true)
				} else {
					s.write(object, "", false)
				}
			}
		}
	case "__defineGetter__", "__defineSetter__":
		name, known := keyOf(object)
		s.write(n.X.X, name, known)
	}
}

// keyOf is a key that the text shows. A symbol is one, without a name.
func keyOf(n *js.Node) (name string, known bool) {
	switch n.Kind {
	case js.String:
		return n.Name, true
	case js.Number:
		return "", true
	case js.Template:
		if len(n.List) == 0 {
			return n.Texts[0], true
		}
	case js.Call:
		if n.X.IsGlobal("Symbol") || n.X.Kind == js.Member && n.X.X.IsGlobal("Symbol") {
			return "", true
		}
	case js.Name:
		if b := n.Scope.Find(n.Name); b != nil && len(b.Writes) == 1 && b.Function == nil && b.Param == nil && b.Imported == "" {
			if from := b.Writes[0].From; from != nil && from.Kind != js.Name && len(b.Writes[0].Keys) == 0 && !b.Writes[0].Each {
				return keyOf(from)
			}
		}
	}
	return "", false
}

var (
	globalNames  = []string{"global", "globalThis", "window", "self"}
	processNames = []string{"process"}
)

// isDirectly reports whether an expression is the global object, or a variable that it is
// assigned to.
func isDirectly(n *js.Node) bool {
	near := mayBe{names: globalNames[:2], near: true}
	return near.is(n)
}

// mayBe knows whether expressions may be one of some global variables, as far as the
// module itself shows that.
type mayBe struct {
	variables
	names []string
	// of knows the object whose properties they are, where that is not one of them.
	of *mayBe
	// near: what is assigned to a variable is not followed to another one.
	near bool
}

func (m *mayBe) is(n *js.Node) bool {
	is := m.may(n, 0)
	m.end(!is)
	return is
}

// may answers for an expression, behind that many variables.
func (m *mayBe) may(n *js.Node, behind int) bool {
	if n == nil || m.near && behind > 1 {
		return false
	}
	switch n.Kind {
	case js.Name:
		if n.IsGlobal(n.Name) {
			return slices.Contains(m.names, n.Name)
		}
		b := n.Scope.Find(n.Name)
		if b == nil || !m.first(b) {
			return false
		}
		if b.Imported != "" {
			return slices.Contains(m.names, strings.TrimPrefix(b.Imported, "node:"))
		}
		for _, w := range b.Writes {
			if len(w.Keys) == 0 && !w.Each && m.may(w.From, behind+1) {
				return true
			}
		}
		if f := b.Param; f != nil && f.Parent != nil && f.Parent.Kind == js.Call && f.Parent.X == f && b.ParamIndex < len(f.Parent.List) {
			return m.may(f.Parent.List[b.ParamIndex], behind+1)
		}
	case js.Member:
		if !slices.Contains(m.names, n.Name) {
			return false
		}
		if m.of != nil {
			return m.of.is(n.X)
		}
		return m.may(n.X, behind) // window.globalThis
	case js.Cond:
		return m.may(n.Y, behind) || m.may(n.Z, behind)
	case js.Binary:
		return (n.Op == js.OpOr || n.Op == js.OpAnd || n.Op == js.OpNullish) && (m.may(n.X, behind) || m.may(n.Y, behind))
	case js.Assign:
		return m.may(n.Y, behind)
	case js.Sequence:
		return m.may(n.List[len(n.List)-1], behind)
	case js.Call: // Function("return this")(), (function () { return this })()
		f := n.X
		if m.names[0] == "process" {
			return f.IsGlobal("require") && len(n.List) == 1 && strings.TrimPrefix(n.List[0].Name, "node:") == "process"
		}
		if f.Kind == js.Call || f.Kind == js.New {
			return f.X.IsGlobal("Function")
		}
		return f.Kind == js.Function && slices.ContainsFunc(js.Returns(f), func(r *js.Node) bool { return r.Kind == js.Literal && r.Name == "this" || m.may(r, behind) })
	}
	return false
}

// handedOn reports whether a value may get where the module's text does not show what
// becomes of it. Its properties may be read, and it may be given to a variable that is
// used like that.
func (s *globalScan) handedOn(n *js.Node) bool {
	on := s.goesOn(n)
	s.handed.end(!on)
	return on
}

func (s *globalScan) goesOn(n *js.Node) bool {
	p := n.Parent
	if p == nil {
		return true
	}
	switch p.Kind {
	case js.Member, js.Index:
		return p.X != n
	case js.Unary, js.If, js.Expr, js.While:
		return false
	case js.Binary:
		if p.Op == js.OpOr || p.Op == js.OpAnd || p.Op == js.OpNullish {
			return s.goesOn(p)
		}
		return false
	case js.Cond:
		return p.X != n && s.goesOn(p)
	case js.Call: // such as Object.assign, which is judged by itself
		return p.X != n && !(p.X.Kind == js.Member && (p.X.X.IsGlobal("Object") || p.X.X.IsGlobal("Reflect")) && p.List[0] == n)
	case js.Declare, js.Assign:
		if p.Y != n || p.X.Kind != js.Name {
			return p.X.Kind != js.Object
		}
		b := p.X.Scope.Find(p.X.Name)
		if b == nil || b.Exported {
			return true
		}
		if s.handed.first(b) && slices.ContainsFunc(b.Refs, func(ref *js.Node) bool { return !ref.IsTarget() && s.goesOn(ref) }) {
			return true
		}
		return p.Kind == js.Assign && p.Parent.Kind != js.Expr && s.goesOn(p)
	}
	return true
}

// otherObject reports whether an expression is certainly not the global object.
func (s *globalScan) otherObject(n *js.Node) bool {
	other := s.isOther(n)
	s.other.end(other)
	return other
}

func (s *globalScan) isOther(n *js.Node) bool {
	switch n.Kind {
	case js.Object, js.Array, js.Function, js.Arrow, js.Class, js.New:
		return n.Kind != js.New || !n.X.IsGlobal("Function")
	case js.Literal:
		return n.Name == "this" && inClass(n)
	case js.Member:
		if n.Name == "exports" && n.X.IsGlobal("module") {
			return true
		}
		return n.Name == "prototype" && !n.X.IsGlobal("Object")
	case js.Name:
		if n.IsGlobal("exports") {
			return true
		}
		b := n.Scope.Find(n.Name)
		if b == nil || b.Param != nil || b.Imported != "" || b.Function != nil && len(b.Writes) > 0 || b.Function == nil && len(b.Writes) == 0 {
			return false
		}
		return !s.other.first(b) || !slices.ContainsFunc(b.Writes, func(w js.Write) bool {
			return w.From == nil || len(w.Keys) > 0 || w.Each || !s.isOther(w.From)
		})
	}
	return false
}

// inClass reports whether "this" is that of a class.
func inClass(n *js.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case js.Class:
			return true
		case js.Function:
			if p.Parent == nil || p.Parent.Kind != js.Property || p.Parent.Parent == nil || p.Parent.Parent.Kind != js.Class {
				return false
			}
		}
	}
	return false
}
