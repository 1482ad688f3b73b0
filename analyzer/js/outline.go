package js

import (
	"regexp"
	"strings"
)

// Outline is what a module imports and exports, read from its tokens without a tree. It
// also reads TypeScript, except for its own forms of import and export.
type Outline struct {
	Imports []ImportStatement
	// Exports are the names that the module exports itself.
	Exports map[string]Exported
	// Stars are the specifiers of export * from, in order.
	Stars []string
	// Requests are the specifiers of all static imports and exports, in order.
	Requests []string
	// Keys are the names that const declares on the top level as a string or a symbol.
	Keys map[string]bool
	// Opaque means that it has an export that the outline cannot name.
	Opaque bool
	// Module means that the file is an ES module by its text: it has an import or an export,
	// be it export {}.
	Module bool
}

// Exported is where an export comes from: a name of the module itself, or, with From, a
// name of another module, "*" for all of it.
type Exported struct {
	From, Name string
	// Value means that it is the value that the name had when the module was evaluated:
	// export default NAME.
	Value bool
}

// ImportStatement is an import with names, up to its specifier. Items are in the order
// of the text.
type ImportStatement struct {
	Start, End int
	Specifier  string
	Items      []ImportItem
	// Types means that it is import type, Attributes that it has attributes.
	Types, Attributes bool
}

// ImportItem is one name. Imported is "default" or "*" for these.
type ImportItem struct {
	Imported, Local string
	// Text is the item as it is written, Braces whether it is in braces.
	Text   string
	Braces bool
	Type   bool // TypeScript: only a type
}

// Skim reads a module's outline. ok is false where a token cannot be read.
func Skim(src []byte) (o *Outline, ok bool) { return skim(src, false) }

// SkimImports reads the imports at the head of a module, up to the first statement that is
// neither an import nor a directive.
func SkimImports(src []byte) (imports []ImportStatement) {
	if o, ok := skim(src, true); ok {
		return o.Imports
	}
	return nil
}

func skim(src []byte, head bool) (o *Outline, ok bool) {
	if len(src) > maxSource {
		return nil, false
	}
	s := skimmer{tokens: tokens{lexer: lexer{src: string(src), module: true}}, out: &Outline{Exports: map[string]Exported{}}}
	defer func() {
		if r := recover(); r != nil {
			if _, syntax := r.(syntaxError); !syntax {
				panic(r)
			}
			o, ok = nil, false
		}
	}()
	s.step()
	for s.tok.kind != tEOF {
		// A statement begins on the top level only, behind one that has ended.
		switch begins := s.depth() == 0 && s.last != tDot && (s.last == tSemicolon || s.last == tRBrace || s.last == tEOF || s.tok.newline); {
		case begins && s.is("import"):
			s.importStatement()
		case head && begins && s.tok.kind != tString && s.tok.kind != tSemicolon:
			return s.out, true
		case begins && s.is("export"):
			s.exportStatement()
		case begins && s.is("const"):
			s.step()
			s.key()
		default:
			s.step()
		}
	}
	if len(s.out.Keys) > 0 && mayOwnSymbol(s.src) && ownSymbol.MatchString(s.src) {
		s.out.Keys = nil
	}
	return s.out, s.depth() == 0
}

// mayOwnSymbol is a quick search for what ownSymbol may match.
func mayOwnSymbol(src string) bool {
	for {
		before, after, found := strings.Cut(src, "Symbol")
		if !found {
			return false
		}
		next, last := strings.TrimLeft(after, " \t\r\n\f"), strings.TrimRight(before, " \t\r\n\f*")
		if next != "" && next[0] != '.' && next[0] != '(' || strings.HasSuffix(last, "function") || strings.HasSuffix(last, "class") {
			return true
		}
		src = after
	}
}

// ownSymbol matches what may give the name Symbol another meaning.
var ownSymbol = regexp.MustCompile(`(?:\b(?:function|class|const|let|var|as|import)\s*\*?|[{,])\s*Symbol\s*[^.(\s]|\b(?:function|class)\s*\*?\s*Symbol\b`)

type skimmer struct {
	tokens
	open int // parentheses and brackets
	out  *Outline
}

func (s *skimmer) depth() int { return len(s.braces) + s.open }

func (s *skimmer) step() bool {
	more := s.tokens.step()
	switch s.tok.kind {
	case tLParen, tLBracket:
		s.open++
	case tRParen, tRBracket:
		s.open--
	}
	return more
}

func (s *skimmer) accept(k Op) bool {
	if s.tok.kind != k {
		return false
	}
	s.step()
	return true
}

func (s *skimmer) expect(k Op) {
	if !s.accept(k) {
		s.pos = int(s.tok.start)
		s.fail("unexpected " + s.text())
	}
}

// name reads a name or a string that stands for one. An outline is kept, and its names do
// not keep the module's text.
func (s *skimmer) name() string {
	text := s.word()
	switch s.tok.kind {
	case tString:
		text = s.text()
		text = unquote(text[1 : len(text)-1])
	case tName, OpIn, OpInstanceof:
	default:
		s.expect(tName)
	}
	s.step()
	return strings.Clone(text)
}

// from reads a specifier behind from.
func (s *skimmer) from() string {
	if s.tok.kind != tString {
		s.expect(tString)
	}
	specifier := s.name()
	s.out.Requests = append(s.out.Requests, specifier)
	return specifier
}

func (s *skimmer) importStatement() {
	n := ImportStatement{Start: int(s.tok.start)}
	s.step()
	switch {
	case s.tok.kind == tLParen || s.tok.kind == tDot:
		return // an expression
	}
	s.out.Module = true
	if s.tok.kind == tString {
		s.from()
		return
	}
	if s.is("type") {
		saved, depth := s.tokens, s.open
		s.step()
		if s.tok.kind == tName && !s.is("from") || s.tok.kind == tLBrace || s.tok.kind == OpStar {
			n.Types = true
		} else {
			s.tokens, s.open = saved, depth
		}
	}
	if s.tok.kind == tName {
		local := s.name()
		n.Items = append(n.Items, ImportItem{Imported: "default", Local: local, Text: local})
		if s.tok.kind == OpAssign { // TypeScript: import a = require()
			s.out.Opaque = true
			return
		}
		s.accept(tComma)
	}
	switch {
	case s.accept(OpStar):
		s.name() // as
		local := s.name()
		n.Items = append(n.Items, ImportItem{Imported: "*", Local: local, Text: "* as " + local})
	case s.accept(tLBrace):
		for s.tok.kind != tRBrace {
			n.Items = append(n.Items, s.item())
			if !s.accept(tComma) {
				break
			}
		}
		s.expect(tRBrace)
	}
	if !s.is("from") {
		s.expect(tString)
	}
	s.step()
	n.End = int(s.tok.end) // of the specifier
	n.Specifier = s.from()
	n.Attributes = (s.is("with") || s.is("assert")) && !s.tok.newline
	s.out.Imports = append(s.out.Imports, n)
}

// item reads one name in the braces of an import.
func (s *skimmer) item() ImportItem {
	start, end := int(s.tok.start), int(s.tok.end)
	it := ImportItem{Imported: s.name(), Braces: true}
	if it.Imported == "type" && s.tok.kind != tComma && s.tok.kind != tRBrace && !s.is("as") {
		it.Type = true
		end = int(s.tok.end)
		it.Imported = s.name()
	}
	it.Local = it.Imported
	if s.is("as") {
		s.step()
		end = int(s.tok.end)
		it.Local = s.name()
	}
	it.Text = it.Local
	if s.src[start:end] != it.Text {
		it.Text = strings.Clone(s.src[start:end])
	}
	return it
}

func (s *skimmer) exportStatement() {
	s.step()
	s.out.Module = true
	switch {
	case s.accept(OpStar):
		if s.is("as") {
			s.step()
			name := s.name()
			s.step() // from
			s.out.Exports[name] = Exported{From: s.from(), Name: "*"}
			return
		}
		s.step() // from
		s.out.Stars = append(s.out.Stars, s.from())
	case s.accept(tLBrace):
		s.exportList()
	case s.is("default"):
		s.step()
		e := Exported{}
		if s.tok.kind == tName && !s.is("function") && !s.is("class") && !s.is("async") {
			local := s.name()
			if s.tok.kind == tSemicolon || s.tok.kind == tEOF || s.tok.newline && s.tok.kind == tName {
				e = Exported{Name: local, Value: true}
			}
		}
		s.out.Exports["default"] = e
	case s.is("const"), s.is("let"), s.is("var"):
		constant := s.is("const")
		s.step()
		if constant {
			s.key()
		}
		if s.declared(); !s.out.Opaque {
			s.declarators()
		}
	case s.is("async"):
		s.step()
		fallthrough
	case s.is("function"), s.is("class"):
		s.step()
		s.accept(OpStar)
		s.declared()
	default:
		s.out.Opaque = true
	}
}

func (s *skimmer) declared() {
	if s.tok.kind != tName {
		s.out.Opaque = true
		return
	}
	name := s.name()
	s.out.Exports[name] = Exported{Name: name}
}

// key notices a name that is declared as a string or a symbol, and does not go on.
func (s *skimmer) key() {
	saved, open := s.tokens, s.open
	defer func() { s.tokens, s.open = saved, open }()
	if s.tok.kind != tName {
		return
	}
	name := s.word()
	s.step()
	if !s.accept(OpAssign) {
		return
	}
	switch {
	case s.accept(tString):
	case s.is("Symbol"):
		s.step()
		if s.accept(tDot) {
			if !s.is("for") {
				return
			}
			s.step()
		}
		if s.tok.kind != tLParen {
			return
		}
		for inside := s.depth(); s.depth() >= inside && s.tok.kind != tEOF; {
			s.step()
		}
		s.step()
	default:
		return
	}
	if s.tok.kind == tSemicolon || s.tok.kind == tComma || s.tok.kind == tEOF || s.tok.newline && s.tok.kind == tName {
		if s.out.Keys == nil {
			s.out.Keys = map[string]bool{}
		}
		s.out.Keys[strings.Clone(name)] = true
	}
}

// declarators notices whether a declaration goes on with other names.
func (s *skimmer) declarators() {
	for depth := s.depth(); s.tok.kind != tEOF; s.step() {
		switch {
		case s.depth() < depth, s.depth() == depth && s.tok.kind == tSemicolon:
			return
		case s.depth() == depth && s.tok.newline && (s.is("export") || s.is("import") || s.is("const")):
			return
		case s.depth() == depth && s.tok.kind == tComma:
			s.step()
			s.declared()
		}
	}
}

func (s *skimmer) exportList() {
	type entry struct{ name, local string }
	var list []entry
	for s.tok.kind != tRBrace {
		it := s.item()
		list = append(list, entry{it.Local, it.Imported})
		if !s.accept(tComma) {
			break
		}
	}
	s.expect(tRBrace)
	from := ""
	if s.is("from") {
		s.step()
		from = s.from()
	}
	for _, e := range list {
		s.out.Exports[e.name] = Exported{From: from, Name: e.local}
	}
}
