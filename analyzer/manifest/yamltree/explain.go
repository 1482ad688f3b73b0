package yamltree

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
)

// explain turns the library's syntax error into a position, a hint and a message.
func explain(err error, lines []string) (line, column int, hint, message string) {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) || syntax.Token == nil || syntax.Token.Position == nil {
		return 0, 0, "", "is not valid YAML"
	}
	line, column = syntax.Token.Position.Line, syntax.Token.Position.Column
	message = syntax.Message
	switch {
	case strings.Contains(message, "'\t'"), strings.Contains(message, "tab character"):
		hint = "YAML is indented with spaces: replace the tab"
		message = "a tab is used for indentation"
	case strings.Contains(message, "mapping value is not allowed"):
		// The library reports the value; the mistake is at the second colon.
		line, column, hint = secondColon(lines, line, column)
		message = "a mapping is not allowed here"
	case strings.Contains(message, "could not find end character"):
		hint = "close the quotation mark that opens here"
	case strings.Contains(message, "must be specified"):
		hint = "a comma is missing before this, or a bracket that was opened above is not closed"
		message = strings.Replace(message, "must be specified", "is missing", 1)
	}
	return line, newColumns(lines).bytes(line, column), hint, message
}

// secondColon finds the cause of "mapping value is not allowed": a second ": " in
// the line, or a following line that is indented below a value.
func secondColon(lines []string, line, column int) (int, int, string) {
	if line < 1 || line > len(lines) {
		return line, column, ""
	}
	runes := []rune(lines[line-1])
	from := min(max(column-1, 0), len(runes))
	if i := strings.Index(string(runes[from:]), ": "); i >= 0 {
		return line, from + utf8.RuneCountInString(string(runes[from:])[:i]) + 1,
			"put quotation marks around a text that holds a colon"
	}
	for n := line; n < len(lines); n++ {
		trimmed := strings.TrimLeft(lines[n], " ")
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		return n + 1, len(lines[n]) - len(trimmed) + 1,
			fmt.Sprintf("line %d is indented as if it belonged to line %d, which has a value already", n+1, line)
	}
	return line, column, ""
}
