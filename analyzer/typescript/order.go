package typescript

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// InOrder returns edits for a source that the compiler turns into CommonJS. There an
// import runs where it stands: a statement in front of it comes first, such as one that
// reads a .env file. Bundled as an ES module, all imports come first. Imports that
// stand behind such a statement become requires in their place.
//
// prefix is a name that is free in the source, interop the option esModuleInterop.
func (p *Program) InOrder(path string, source []byte, prefix string, interop bool) (edits []js.Edit) {
	f := newFile(path, source)
	late := f.lateImports()
	if len(late) == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for n, i := range late {
		name := prefix + strconv.Itoa(n)
		if f.at(i) == "export" {
			if e, ok := p.handedOn(f, i, name); ok {
				edits = append(edits, e)
			}
		} else if e, ok := p.required(f, i, name, interop); ok {
			edits = append(edits, e)
		}
	}
	return edits
}

// lateImports are the tokens of imports behind a statement that does something.
func (f *file) lateImports() (late []int) {
	acts := false
	for i := 0; i < len(f.tokens)-1; {
		end := max(f.statementEnd(i), i+1)
		at := i
		for f.at(at) == "export" || f.at(at) == "default" {
			at++
		}
		switch what := f.at(at); {
		case what == "import" && f.at(at+1) != "(" && f.at(at+1) != ".":
			if acts && f.at(at+1) != "type" {
				late = append(late, at)
			}
		case at > i && (what == "{" || what == "*") && f.token(f.lastOf(end)).kind == text: // export from
			if acts {
				late = append(late, i)
			}
		case what == "type" && f.isName(at+1), definitions[what]:
		default:
			acts = acts || f.acts(at, end)
		}
		i = end
	}
	return late
}

// definitions are the words that begin statements that do nothing when they run.
var definitions = map[string]bool{
	"interface": true, "declare": true, "function": true, "async": true, "enum": true, "namespace": true, "abstract": true,
	"class": true, ";": true, "{": true, "*": true,
}

// statementEnd is the index behind the statement that begins at token i.
func (f *file) statementEnd(i int) int {
	for first := true; i < len(f.tokens)-1; first = false {
		if f.at(i) == ";" {
			return i + 1
		}
		if !first && f.token(i).newline && f.startsStatement(i) && !f.goesOn(i-1) {
			return i
		}
		next := f.behind(i)
		if f.at(i) == "{" && next < len(f.tokens) && f.token(next).newline && f.startsStatement(next) {
			return next
		}
		i = next
	}
	return len(f.tokens) - 1
}

// startsStatement reports whether a token that follows a line break may begin one.
func (f *file) startsStatement(i int) bool {
	switch f.at(i) {
	case "instanceof", "in", "as", "satisfies", "else", "catch", "finally", "from", "extends", "implements":
		return false
	case "@", "{", "}":
		return true
	}
	return f.isName(i)
}

// acts reports whether a statement may have an effect: it calls, assigns, awaits or
// branches.
func (f *file) acts(from, to int) bool {
	switch f.at(from) {
	case "if", "for", "while", "try", "switch", "await", "do", "new":
		return true
	}
	declares := f.at(from) == "const" || f.at(from) == "let" || f.at(from) == "var"
	for i := from; i < to; i++ {
		switch {
		case f.at(i) == "=>" || f.at(i) == "function":
			return false // what is defined here runs later
		case f.at(i) == "=" && !declares:
			return true
		case f.at(i) != "(" || i == from || !f.isName(i-1) && f.at(i-1) != ")" && f.at(i-1) != ">":
		case f.at(i-1) != "require" || f.token(i+1).kind != text || !declares: // const x = require('y') is an import
			return true
		}
	}
	return false
}

// lastOf is the last token of a statement that ends before a token, without its
// semicolon.
func (f *file) lastOf(end int) int {
	if f.at(end-1) == ";" {
		return end - 2
	}
	return end - 1
}

// handedOn is the edit that makes a require of an export from another module, which
// begins at token i.
func (p *Program) handedOn(f *file, i int, name string) (edit js.Edit, ok bool) {
	end := f.statementEnd(i)
	last := f.lastOf(end)
	edit = js.Edit{Start: f.token(i).start, End: f.token(last).end}
	lines := strings.Repeat("\n", strings.Count(f.text[edit.Start:edit.End], "\n"))
	specifier := f.unquoted(last)
	module := p.module(specifier, f)
	s := f.declarations(i, end, false)
	names := map[string]string{} // the exported name -> that of the module
	for exported, x := range s.exports {
		if !x.typeOnly {
			names[exported] = x.local
		}
	}
	if len(s.stars) > 0 {
		if module == nil {
			return edit, false
		}
		for _, exported := range p.exportNames(module, 0) {
			if _, own := f.scope.exports[exported]; !own && exported != "default" {
				names[exported] = exported
			}
		}
	}
	var values, exports []string
	for n, exported := range slices.Sorted(maps.Keys(names)) {
		local := names[exported]
		if found := p.exported(module, specifier, local, 0); found.d != nil && found.module == nil && onlyType(found.d) {
			continue
		}
		value, own := name+"["+strconv.Quote(local)+"]", name+"_"+strconv.Itoa(n)
		if local == "*" {
			value = name
		}
		values, exports = append(values, own+"="+value), append(exports, own+" as "+exported)
	}
	if len(values) == 0 {
		return edit, false
	}
	edit.Text = "import " + name + "=require(" + f.at(last) + ");const " + strings.Join(values, ",") + ";export{" + strings.Join(exports, ",") + "}" + lines
	return edit, true
}

// exportNames lists what a module exports, with what it hands on.
func (p *Program) exportNames(f *file, steps int) []string {
	names := slices.Sorted(maps.Keys(f.scope.exports))
	for _, star := range f.scope.stars {
		if other := p.module(star, f); other != nil && steps < maxSteps {
			names = append(names, p.exportNames(other, steps+1)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// required is the edit that makes a require of an import, which begins at token i. It
// is not ok where the import holds nothing but types.
func (p *Program) required(f *file, i int, name string, interop bool) (edit js.Edit, ok bool) {
	end := f.statementEnd(i)
	last := end - 1
	if f.at(last) == ";" {
		last--
	}
	specifier := f.at(last)
	if f.token(last).kind != text {
		return edit, false
	}
	edit = js.Edit{Start: f.token(i).start, End: f.token(last).end}
	lines := strings.Repeat("\n", strings.Count(f.text[edit.Start:edit.End], "\n"))
	if last == i+1 { // import 'x'
		edit.Text = "require(" + specifier + ")"
		return edit, true
	}
	bound := f.declarations(i, end, false)
	var single, members []string
	e := env{file: f, scopes: []*scope{f.scope}}
	for _, local := range slices.Sorted(maps.Keys(bound.names)) {
		im := bound.names[local].imported
		if im == nil || im.typeOnly || im.name == "=" {
			continue
		}
		if found := p.lookup(e, local, 0); found.d != nil && found.module == nil && onlyType(found.d) {
			continue
		}
		switch im.name {
		case "default":
			value := name + ".default"
			if interop {
				value = "(" + name + "&&" + name + ".__esModule?" + name + ".default:" + name + ")"
			}
			single = append(single, local+"="+value)
		case "*":
			single = append(single, local+"="+name)
		default:
			if im.name == local {
				members = append(members, local)
			} else {
				members = append(members, strconv.Quote(im.name)+":"+local)
			}
		}
	}
	if len(single)+len(members) == 0 {
		return edit, false
	}
	if len(members) > 0 {
		single = append(single, "{"+strings.Join(members, ",")+"}="+name)
	}
	edit.Text = "import " + name + "=require(" + specifier + ");const " + strings.Join(single, ",") + lines
	return edit, true
}

// onlyType reports whether a declaration is nothing at run time.
func onlyType(d *declaration) bool {
	return !d.class && !d.value && !d.namespace && !(d.enum && !d.constant) && (d.alias != nil || d.iface != nil || d.constant)
}
