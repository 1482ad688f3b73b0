package budget

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/featherpack/featherpack/analyzer"
)

// maxAcceptances limits the file. The YAML library needs very much memory for deep
// nesting, but a list of short entries has none.
const maxAcceptances = 64 << 10

// ReadAcceptances reads a YAML list of acceptances:
//
//   - function: orders-*            # a glob
//     budget: zip                   # or unzipped, package:NAME, forbid, duplicates
//     package: moment               # for forbid and duplicates, optional
//     up-to: 1.4 MiB                # optional
//     reason: until the renderer is a service of its own
//     until: 2027-03-01
//
// name is the file's path for positions. Errors are diagnostics, joined.
func ReadAcceptances(r io.Reader, name string) ([]Acceptance, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxAcceptances+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if len(text) > maxAcceptances || bytes.Count(text, []byte("["))+bytes.Count(text, []byte("{")) > 500 || nested(text) {
		return nil, badAcceptance(analyzer.Position{File: name}, "the list of acceptances is too large or too deeply nested", "write a plain list")
	}
	file, err := parseYAML(text)
	if err != nil {
		at := analyzer.Position{File: name}
		var told yaml.Error
		message := "this is not YAML"
		if errors.As(err, &told) {
			at.Line, at.Column = told.GetToken().Position.Line, told.GetToken().Position.Column
			message += ": " + told.GetMessage()
		}
		return nil, badAcceptance(at, message, "write a list of entries that begin with a dash")
	}
	var list []Acceptance
	var problems []error
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.NullType {
			continue
		}
		entries, ok := doc.Body.(*ast.SequenceNode)
		if !ok {
			return nil, badAcceptance(positionOf(name, doc.Body), "acceptances must be a list", "begin each entry with a dash")
		}
		for _, entry := range entries.Values {
			a, err := readAcceptance(name, entry)
			if err != nil {
				problems = append(problems, err)
				continue
			}
			list = append(list, a)
		}
	}
	return list, errors.Join(problems...)
}

// row is what the parser reads again from each of its characters.
var row = strings.Repeat("<", 200)

// nested detects lines that open several levels at once, and those that take long.
func nested(text []byte) bool {
	for line := range strings.Lines(string(text)) {
		trimmed := strings.TrimLeft(line, " \t")
		if len(line)-len(trimmed) > 40 || strings.HasPrefix(trimmed, "- - ") || strings.HasPrefix(trimmed, "? ") || strings.Contains(line, row) {
			return true
		}
	}
	return false
}

// parseYAML converts a panic of the library to an error.
func parseYAML(text []byte) (file *ast.File, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("unreadable")
		}
	}()
	return parser.ParseBytes(text, 0)
}

func readAcceptance(name string, entry ast.Node) (Acceptance, error) {
	a := Acceptance{Position: positionOf(name, entry)}
	fields := map[string]*string{
		"function": &a.Function, "budget": &a.Metric, "package": &a.Package, "up-to": &a.UpTo, "reason": &a.Reason, "until": &a.Until,
	}
	var pairs []*ast.MappingValueNode
	switch entry := entry.(type) {
	case *ast.MappingNode:
		pairs = entry.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{entry}
	default:
		return a, badAcceptance(a.Position, "an acceptance must be a mapping", "write function:, budget:, reason: and until:")
	}
	for _, pair := range pairs {
		key := pair.Key.GetToken().Value
		value, ok := pair.Value.(ast.ScalarNode)
		if fields[key] == nil {
			return a, badAcceptance(positionOf(name, pair), fmt.Sprintf("an acceptance has no setting %q", key), "use function, budget, package, up-to, reason or until")
		}
		if !ok {
			return a, badAcceptance(positionOf(name, pair.Value), key+" must be a string", "put it in quotation marks")
		}
		*fields[key] = strings.TrimSpace(value.GetToken().Value)
	}
	switch _, err := time.Parse(time.DateOnly, a.Until); {
	case a.Function == "" || !doublestar.ValidatePattern(a.Function):
		return a, badAcceptance(a.Position, "function must be a glob of functions", `for example function: orders, or "orders-*"`)
	case a.Metric == "":
		return a, badAcceptance(a.Position, "the acceptance does not say which budget", "add budget: zip")
	case a.Reason == "":
		return a, badAcceptance(a.Position, "the acceptance has no reason", "add the reason for later readers: reason: ...")
	case err != nil:
		return a, badAcceptance(a.Position, fmt.Sprintf("until: %q is not a day", a.Until), "write its last day, such as until: 2027-03-01")
	case a.UpTo != "":
		if _, err := parseAmount(a.UpTo, a.Metric, false); err != nil {
			return a, badAcceptance(a.Position, fmt.Sprintf("up-to: %q is not an amount", a.UpTo), "write a size such as 1.4 MiB")
		}
	}
	return a, nil
}

func positionOf(name string, n ast.Node) analyzer.Position {
	at := analyzer.Position{File: name}
	if t := n.GetToken(); t != nil && t.Position != nil {
		at.Line, at.Column = t.Position.Line, t.Position.Column
	}
	if pair, ok := n.(*ast.MappingValueNode); ok { // the token of the pair is the colon
		return positionOf(name, pair.Key)
	}
	if all, ok := n.(*ast.MappingNode); ok && len(all.Values) > 0 {
		return positionOf(name, all.Values[0])
	}
	return at
}

func badAcceptance(at analyzer.Position, message, hint string) error {
	return analyzer.Diagnostic{Code: "bad-acceptance", Severity: analyzer.Error, Position: at, Message: message, Hint: hint}
}
