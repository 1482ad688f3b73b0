package serverless

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// The Serverless Framework's variable syntax is
//
//	${source(params):address, fallback, ...}
//
// params and address may contain variables. A fallback is another source or a
// literal. A ${...} that does not begin with a lower-case word and a colon or a
// parenthesis is not the framework's, for example CloudFormation's ${AWS::Region}.
// It stays as it is. Source: lib/configuration/variables/parse.js of serverless 3
// and osls 4.

// piece is a part of a text: a literal, or a variable with its sources.
type piece struct {
	literal string
	sources []source
	source  string // the variable as written, for messages
}

// source is one place to look for a variable's value. Sources are tried in order.
type source struct {
	kind    string // self, opt, env, file, ...; empty for a literal
	params  [][]piece
	address []piece
	literal *yamltree.Value
}

const (
	maxVariableNesting = 32
	maxVariableText    = 64 << 10
)

var (
	errUnclosed  = errors.New("the variable is not closed: } is missing")
	errBadSource = errors.New("is not a variable source or a quoted literal")
	errTooNested = errors.New("variables are nested too deep")
)

// parseVariables splits a text into pieces. nil means that it contains no
// variable.
func parseVariables(s string) ([]piece, error) {
	if !strings.Contains(s, "${") {
		return nil, nil
	}
	if len(s) > maxVariableText {
		return nil, errors.New("a text with variables holds at most 64 KiB")
	}
	p := &variableParser{text: s}
	pieces, err := p.pieces("", 0)
	if err != nil {
		return nil, err
	}
	for _, x := range pieces {
		if x.sources != nil {
			return pieces, nil
		}
	}
	if len(pieces) == 1 && pieces[0].literal == s {
		return nil, nil
	}
	return pieces, nil
}

type variableParser struct {
	text string
	at   int
}

func (p *variableParser) rest() string { return p.text[p.at:] }

// pieces reads up to one of the stop bytes, or to the end of the text.
func (p *variableParser) pieces(stop string, depth int) ([]piece, error) {
	if depth > maxVariableNesting {
		return nil, errTooNested
	}
	var list []piece
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			list = append(list, piece{literal: literal.String()})
			literal.Reset()
		}
	}
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case strings.IndexByte(stop, c) >= 0:
			flush()
			return list, nil
		case c == '\\' && strings.HasPrefix(p.rest(), `\${`):
			literal.WriteString("${")
			p.at += 3
		case strings.HasPrefix(p.rest(), "${") && p.startsVariable():
			flush()
			start := p.at
			sources, err := p.variable(depth + 1)
			if err != nil {
				return nil, err
			}
			list = append(list, piece{sources: sources, source: p.text[start:p.at]})
		default:
			literal.WriteByte(c)
			p.at++
		}
	}
	if stop != "" {
		return nil, errUnclosed
	}
	flush()
	return list, nil
}

// startsVariable reports whether the framework's variable, and not another tool's,
// begins at the "${".
func (p *variableParser) startsVariable() bool {
	kind, after := word(p.text[p.at+2:])
	return kind != "" && kind[0] >= 'a' && kind[0] <= 'z' &&
		(strings.HasPrefix(after, "(") || strings.HasPrefix(after, ":") && !strings.HasPrefix(after, "::"))
}

func word(s string) (string, string) {
	i := 0
	for i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z' || s[i] >= '0' && s[i] <= '9' || s[i] == '-' || s[i] == '.') {
		i++
	}
	return s[:i], s[i:]
}

// variable reads from "${" to the closing "}".
func (p *variableParser) variable(depth int) ([]source, error) {
	p.at += len("${")
	var sources []source
	for {
		p.blanks()
		s, err := p.source(depth)
		if err != nil {
			return nil, err
		}
		sources = append(sources, s)
		p.blanks()
		switch {
		case p.at >= len(p.text):
			return nil, errUnclosed
		case p.text[p.at] == '}':
			p.at++
			return sources, nil
		case p.text[p.at] == ',':
			p.at++
		default:
			return nil, errBadSource
		}
	}
}

func (p *variableParser) blanks() {
	for p.at < len(p.text) && strings.IndexByte(" \t\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *variableParser) source(depth int) (source, error) {
	if p.at >= len(p.text) {
		return source{}, errUnclosed
	}
	if c := p.text[p.at]; c == '\'' || c == '"' {
		s, err := p.quoted()
		return source{literal: &yamltree.Value{Kind: yamltree.Text, Text: s}}, err
	}
	if strings.HasPrefix(p.rest(), "${") {
		inner, err := p.variable(depth + 1) // a fallback that is itself written as ${...}
		if err != nil {
			return source{}, err
		}
		return source{kind: "${}", address: []piece{{sources: inner}}}, nil
	}
	kind, after := word(p.rest())
	switch {
	case kind == "":
		return source{}, errBadSource
	case strings.HasPrefix(after, "("):
		p.at += len(kind) + 1
		s := source{kind: kind}
		for {
			p.blanks()
			param, err := p.param(depth)
			if err != nil {
				return s, err
			}
			s.params = append(s.params, param)
			p.blanks()
			if p.at >= len(p.text) {
				return s, errUnclosed
			}
			p.at++
			if p.text[p.at-1] == ')' {
				break
			}
			if p.text[p.at-1] != ',' {
				return s, errBadSource
			}
		}
		p.blanks()
		if strings.HasPrefix(p.rest(), ":") {
			p.at++
			return s, p.address(&s, depth)
		}
		return s, nil
	case strings.HasPrefix(after, ":"):
		p.at += len(kind) + 1
		s := source{kind: kind}
		err := p.address(&s, depth)
		return s, err
	}
	p.at += len(kind)
	switch kind {
	case "true", "false":
		return source{literal: &yamltree.Value{Kind: yamltree.Boolean, Text: kind}}, nil
	case "null":
		return source{literal: &yamltree.Value{}}, nil
	}
	if _, err := strconv.ParseFloat(kind, 64); err == nil {
		return source{literal: &yamltree.Value{Kind: yamltree.Number, Text: kind}}, nil
	}
	return source{}, errBadSource
}

func (p *variableParser) param(depth int) ([]piece, error) {
	if p.at < len(p.text) && (p.text[p.at] == '\'' || p.text[p.at] == '"') {
		s, err := p.quoted()
		return []piece{{literal: s}}, err
	}
	return p.trimmed(",)", depth)
}

func (p *variableParser) address(s *source, depth int) (err error) {
	p.blanks()
	if p.at < len(p.text) && (p.text[p.at] == '\'' || p.text[p.at] == '"') {
		var quoted string
		quoted, err = p.quoted()
		s.address = []piece{{literal: quoted}}
		return err
	}
	s.address, err = p.trimmed(",}", depth)
	return err
}

// trimmed reads pieces and removes white space at both ends.
func (p *variableParser) trimmed(stop string, depth int) ([]piece, error) {
	list, err := p.pieces(stop, depth+1)
	if n := len(list); err == nil && n > 0 {
		list[0].literal = strings.TrimLeft(list[0].literal, " \t\n")
		list[n-1].literal = strings.TrimRight(list[n-1].literal, " \t\n")
	}
	return list, err
}

// quoted reads a quoted text. Single quotes have no escapes, double quotes have
// JSON's.
func (p *variableParser) quoted() (string, error) {
	quote, start := p.text[p.at], p.at
	for i := start + 1; i < len(p.text); i++ {
		if p.text[i] == '\\' && quote == '"' {
			i++
			continue
		}
		if p.text[i] != quote {
			continue
		}
		p.at = i + 1
		if quote == '\'' {
			return p.text[start+1 : i], nil
		}
		var s string
		if json.Unmarshal([]byte(p.text[start:i+1]), &s) != nil {
			return "", errBadSource
		}
		return s, nil
	}
	return "", errUnclosed
}
