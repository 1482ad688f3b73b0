package js

import "strings"

// scanSpecifiers finds specifiers in the tokens, without a tree. A simple rule
// decides whether a slash starts a regular expression. At text that is not a token
// it stops without an error.
func scanSpecifiers(src []byte) (found []Specifier) {
	if len(src) > maxSource {
		return nil
	}
	s := specifierScan{tokens: tokens{lexer: lexer{src: string(src)}}, finder: specifierFinder{lines: lineStarts(string(src))}}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(syntaxError); !ok {
				panic(r)
			}
			found = s.finder.found
		}
	}()
	for s.step() {
		if s.tok.kind == tString {
			s.string()
		}
	}
	return s.finder.found
}

type specifierScan struct {
	tokens
	finder specifierFinder
}

// tokens reads the tokens of a source without a tree.
type tokens struct {
	lexer
	// braces holds, for every open brace, whether it opens a try block or an
	// expression in a template.
	braces []brace
	// previous are the texts of the four tokens before the current one. last is the
	// kind of the last of them.
	previous [4]string
	last     Op
}

type brace uint8

const (
	plainBrace brace = iota
	tryBrace
	templateBrace
)

func (s *specifierScan) guarded() bool {
	for _, b := range s.braces {
		if b == tryBrace {
			return true
		}
	}
	return false
}

// step reads the next token. It returns false at the end.
func (s *tokens) step() bool {
	copy(s.previous[:], s.previous[1:])
	s.previous[3], s.last = s.text(), s.tok.kind
	s.next()
	switch s.tok.kind {
	case tEOF:
		return false
	case OpSlash, OpOtherAssign:
		if s.src[s.tok.start] == '/' && s.regexAllowed() {
			s.regex()
		}
	case tTemplate:
		s.template()
	case tLBrace:
		b := plainBrace
		if s.previous[3] == "try" {
			b = tryBrace
		}
		s.braces = append(s.braces, b)
	case tRBrace:
		if n := len(s.braces); n > 0 {
			b := s.braces[n-1]
			s.braces = s.braces[:n-1]
			if b == templateBrace {
				s.template()
			}
		}
	}
	return true
}

func (s *tokens) regexAllowed() bool {
	switch s.last {
	case tName:
		switch s.previous[3] {
		case "return", "typeof", "case", "void", "delete", "throw", "new", "else", "do", "await", "yield":
			return true
		}
		return false
	case tNumber, tString, tTemplate, tRegex, tRParen, tRBracket, tRBrace, tPrivate:
		return false
	}
	return true
}

// template skips text to the end of the template or to its next expression.
func (s *tokens) template() {
	for s.pos < len(s.src) {
		switch s.src[s.pos] {
		case '\\':
			s.pos++
		case '`':
			s.pos++
			s.tok.kind = tTemplate
			return
		case '$':
			if s.at(s.pos+1) == '{' {
				s.pos += 2
				s.braces = append(s.braces, templateBrace)
				s.tok.kind = tLBrace
				return
			}
		}
		s.pos++
	}
	s.pos = len(s.src)
}

func (s *specifierScan) string() {
	p := s.previous
	kind := ""
	switch {
	case p[3] == "from":
		kind = "import"
	case p[3] == "import":
		kind = "import"
	case p[3] == "(" && p[2] == "require" && p[1] != ".":
		kind = "require"
	case p[3] == "(" && p[2] == "import":
		kind = "dynamic-import"
	case p[3] == "(" && p[2] == "resolve" && p[1] == "." && p[0] == "require":
		kind = "require-resolve"
	default:
		return
	}
	text := s.text()
	n := Node{Kind: String, Name: unquote(text[1 : len(text)-1]), Start: s.tok.start, End: s.tok.end}
	if kind == "import" && strings.Contains(n.Name, "\n") {
		return
	}
	if kind == "import" {
		s.finder.add(kind, &n, circumstances{})
		return
	}
	s.finder.add(kind, &n, circumstances{guarded: s.guarded(), conditional: len(s.braces) > 0})
}
