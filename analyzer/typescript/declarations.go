package typescript

import (
	"strings"
)

// declaration is what a block declares under one name: TypeScript merges several.
type declaration struct {
	class, enum, value, namespace bool
	// constant means const enum, ambient that it is declared only.
	constant, ambient bool
	iface             []int // the token of each interface's body
	interfaceParents  []*typeNode
	alias             *typeNode
	typeParameters    []string
	constraints       map[string]*typeNode
	bodies            []int // the tokens of enums' and namespaces' bodies
	initial           int   // the token of a constant's value
	imported          *imported
	start             int // offset of the name
}

// imported is where a name comes from: an export of a module.
type imported struct {
	specifier string
	name      string // "*" for a namespace, "default", or "=" for import x = require()
	typeOnly  bool
	entity    string // of import a = b.c
}

// scope is what a block declares, exports and imports.
type scope struct {
	names   map[string]*declaration
	exports map[string]export
	stars   []string // specifiers of export * from
	equals  string   // the name of export =
	ambient map[string]int
}

// export is what an exported name stands for: a local name, or that of a module.
type export struct {
	local     string
	specifier string // "" for a local name
	typeOnly  bool
}

func (s *scope) name(name string, start int) *declaration {
	d := s.names[name]
	if d == nil {
		d = &declaration{start: start}
		s.names[name] = d
	}
	return d
}

// declarations reads the declarations between two tokens, without those of blocks
// inside. In a declaration file or an ambient block all of them are exported that no
// export says otherwise of; exportAll says so.
func (s *source) declarations(from, to int, exportAll bool) *scope {
	r := &reader{source: s, scope: &scope{names: map[string]*declaration{}, exports: map[string]export{}, ambient: map[string]int{}}}
	r.all = exportAll
	for i := from; i < to; {
		next := r.statement(i)
		if next <= i {
			next = s.behind(i)
		}
		if next <= i {
			break
		}
		i = next
	}
	return r.scope
}

type reader struct {
	*source
	*scope
	all bool
}

// statement reads a declaration that begins at token i and returns the index behind
// what it has read, i where there is none.
func (r *reader) statement(i int) int {
	if !r.isName(i) || !r.begins(i) {
		return i
	}
	start, exported, isDefault := i, r.all, false
	for {
		switch r.at(i) {
		case "export":
			exported = true
			switch next := r.at(i + 1); {
			case next == "*" || next == "{" || next == "type" && (r.at(i+2) == "{" || r.at(i+2) == "*"):
				return r.exportList(i + 1)
			case next == "=":
				r.equals, _ = entityAt(r.source, i+2)
				return i + 3
			case next == "as": // export as namespace x
				return i + 4
			case next == "import":
				return r.importStatement(i+1, true)
			}
			i++
			continue
		case "default":
			isDefault = true
			i++
			if r.isName(i) && !declares[r.at(i)] && r.at(i) != "abstract" && r.at(i) != "async" {
				r.exports["default"] = export{local: r.at(i)}
				return i + 1
			}
			continue
		case "declare", "abstract", "async":
			if r.isName(i + 1) {
				i++
				continue
			}
		}
		break
	}
	if i == start && r.at(i) == "import" {
		return r.importStatement(i, r.all)
	}
	name, behind := r.declaration(i)
	if d := r.names[name]; d != nil && i > start && r.at(i-1) == "declare" {
		d.ambient = true
	}
	switch {
	case name == "" && isDefault && behind > i:
		r.scope.name("default", r.token(i).start).class = r.at(i) == "class"
		r.exports["default"] = export{local: "default"}
	case name != "" && isDefault:
		r.exports["default"] = export{local: name}
	case name != "" && exported:
		if _, known := r.exports[name]; !known {
			r.exports[name] = export{local: name}
		}
	}
	return behind
}

var declares = map[string]bool{
	"class": true, "interface": true, "enum": true, "type": true, "namespace": true, "module": true, "function": true,
	"const": true, "let": true, "var": true,
}

// begins reports whether a statement may begin at a token.
func (r *reader) begins(i int) bool {
	if i == 0 || r.token(i).newline {
		return true
	}
	switch before := r.at(i - 1); before {
	case ";", "}", "{", ")":
		return true
	}
	return false
}

// declaration reads one without its modifiers.
func (r *reader) declaration(i int) (name string, behind int) {
	what, constant := r.at(i), false
	if !declares[what] {
		return "", i
	}
	if what == "const" && r.at(i+1) == "enum" {
		i++
		what, constant = "enum", true
	}
	if what == "function" && r.at(i+1) == "*" {
		i++
	}
	if (what == "module" || what == "namespace") && r.token(i+1).kind == text {
		if r.at(i+2) == "{" {
			r.ambient[r.unquoted(i+1)] = i + 2
			return "", r.behind(i + 2)
		}
		return "", i + 2
	}
	if !r.isName(i + 1) {
		switch what {
		case "class", "function":
			return "", r.behindBody(i + 1)
		case "const", "let", "var":
			return "", i + 1 // a pattern, which declares no type
		}
		return "", i
	}
	name = r.at(i + 1)
	if what == "class" && (name == "extends" || name == "implements") {
		return "", r.behindBody(i + 1)
	}
	d := r.scope.name(name, r.token(i+1).start)
	switch what {
	case "class":
		d.class = true
		d.typeParameters, d.constraints, _ = r.typeParameters(i + 2)
		return name, r.behindBody(i + 2)
	case "interface":
		var at int
		d.typeParameters, d.constraints, at = r.typeParameters(i + 2)
		if r.at(at) == "extends" {
			for r.at(at) == "extends" || r.at(at) == "," {
				var parent *typeNode
				parent, at = r.readType(at + 1)
				d.interfaceParents = append(d.interfaceParents, parent)
			}
		}
		if r.at(at) != "{" {
			return name, at
		}
		d.iface = append(d.iface, at)
		return name, r.behind(at)
	case "enum":
		d.enum, d.constant = true, constant
		if r.at(i+2) == "{" {
			d.bodies = append(d.bodies, i+2)
		}
		return name, r.behind(i + 2)
	case "namespace", "module":
		if name == "global" {
			return "", i + 2
		}
		for i += 2; r.at(i) == "."; i += 2 {
		}
		if r.at(i) == "{" {
			d.namespace = true
			d.bodies = append(d.bodies, i)
		}
		return name, r.behind(i)
	case "type":
		params, constraints, at := r.typeParameters(i + 2)
		if r.at(at) != "=" {
			if d.start == r.token(i+1).start && !d.class && !d.enum && !d.value && d.iface == nil && d.imported == nil {
				delete(r.names, name)
			}
			return "", i
		}
		d.typeParameters, d.constraints = params, constraints
		d.alias, at = r.readType(at + 1)
		return name, at
	case "function":
		d.value = true
		return name, r.behindBody(i + 2)
	}
	d.value = true // const, let, var
	at := i + 2
	if r.at(at) == ":" {
		_, at = r.readType(at + 1)
	}
	if r.at(at) == "=" {
		d.initial = at + 1
	}
	return name, at
}

// behindBody is the index behind the body of a class or function, whose name is in
// front of token i.
func (r *reader) behindBody(i int) int {
	for i < len(r.tokens)-1 {
		switch r.at(i) {
		case "{":
			return r.behind(i)
		case "<":
			i = r.behindAngles(i)
			continue
		case ":":
			_, i = r.readType(i + 1)
			continue
		case ";":
			return i + 1
		}
		if r.token(i).newline && r.isName(i) && (declares[r.at(i)] || r.at(i) == "export" || r.at(i) == "declare") {
			return i // an overload, or a function that is declared only
		}
		i = r.behind(i)
	}
	return i
}

// typeParameters reads the names of type parameters and what they extend.
func (s *source) typeParameters(i int) (names []string, constraints map[string]*typeNode, behind int) {
	if s.at(i) != "<" {
		return nil, nil, i
	}
	behind = s.behindAngles(i)
	constraints = map[string]*typeNode{}
	for i++; i < behind-1; i++ {
		for s.at(i) == "in" || s.at(i) == "out" || s.at(i) == "const" {
			i++
		}
		name := s.at(i)
		names = append(names, name)
		i++
		if s.at(i) == "extends" {
			constraints[name], i = s.readType(i + 1)
		}
		if s.at(i) == "=" {
			_, i = s.readType(i + 1)
		}
	}
	return names, constraints, behind
}

// importStatement reads an import that begins at token i.
func (r *reader) importStatement(i int, exported bool) int {
	i++
	if r.at(i) == "(" || r.at(i) == "." {
		return i
	}
	if r.token(i).kind == text {
		return i + 1
	}
	typeOnly := r.at(i) == "type" && r.at(i+1) != "from" && r.at(i+1) != "," && r.at(i+1) != "=" ||
		r.at(i) == "type" && r.at(i+1) == "from" && r.at(i+2) == "from"
	if typeOnly {
		i++
	}
	var names []string
	declare := func(local, name string, only bool, at int) {
		d := r.scope.name(local, r.token(at).start)
		d.imported = &imported{name: name, typeOnly: typeOnly || only}
		names = append(names, local)
	}
	if r.isName(i) && r.at(i+1) == "=" { // import a = require('b'), import a = b.c
		declare(r.at(i), "=", false, i)
		d := r.names[r.at(i)].imported
		if exported {
			r.exports[r.at(i)] = export{local: r.at(i)}
		}
		if r.at(i+2) == "require" && r.at(i+3) == "(" {
			d.specifier = r.unquoted(i + 4)
			return r.behind(i + 3)
		}
		d.entity, i = entityAt(r.source, i+2)
		return i
	}
	for i < len(r.tokens)-1 && r.at(i) != "from" {
		switch {
		case r.at(i) == "{":
			closing := r.token(i).match
			for i++; i < closing; i++ {
				only := r.at(i) == "type" && r.at(i+1) != "," && r.at(i+1) != "}" && r.at(i+1) != "as" ||
					r.at(i) == "type" && r.at(i+1) == "as" && r.at(i+2) == "as"
				if only {
					i++
				}
				name := r.at(i)
				if quoted := r.unquoted(i); quoted != "" {
					name = quoted
				}
				if r.at(i+1) == "as" {
					i += 2
				}
				declare(r.at(i), name, only, i)
				for i < closing && r.at(i) != "," {
					i++
				}
			}
			i = closing + 1
		case r.at(i) == "*":
			declare(r.at(i+2), "*", false, i+2)
			i += 3
		case r.at(i) == ",":
			i++
		case r.isName(i):
			declare(r.at(i), "default", false, i)
			i++
		default:
			return i
		}
	}
	specifier := r.unquoted(i + 1)
	for _, name := range names {
		r.names[name].imported.specifier = specifier
	}
	return i + 2
}

// exportList reads what follows export in export {a as b} from 'c' and export *.
func (r *reader) exportList(i int) int {
	typeOnly := r.at(i) == "type"
	if typeOnly {
		i++
	}
	if r.at(i) == "*" {
		if r.at(i+1) == "as" {
			r.exports[r.at(i+2)] = export{local: "*", specifier: r.unquoted(i + 4), typeOnly: typeOnly}
			return i + 5
		}
		r.stars = append(r.stars, r.unquoted(i+2))
		return i + 3
	}
	closing := r.token(i).match
	specifier := ""
	if r.at(closing+1) == "from" {
		specifier = r.unquoted(closing + 2)
	}
	for i++; i < closing; i++ {
		only := r.at(i) == "type" && r.at(i+1) != "," && r.at(i+1) != "}" && r.at(i+1) != "as"
		if only {
			i++
		}
		local := r.at(i)
		if r.at(i+1) == "as" {
			i += 2
		}
		r.exports[strings.Trim(r.at(i), `"'`)] = export{local: strings.Trim(local, `"'`), specifier: specifier, typeOnly: typeOnly || only}
		for i < closing && r.at(i) != "," {
			i++
		}
	}
	if specifier != "" {
		return closing + 3
	}
	return closing + 1
}

// entityAt reads a or a.b at token i.
func entityAt(s *source, i int) (string, int) {
	p := &types{source: s, pos: i}
	name := p.entity()
	return name, p.pos
}
