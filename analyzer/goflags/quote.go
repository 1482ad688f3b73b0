package goflags

import (
	"errors"
	"strings"
)

// Split splits text like the go command splits GOFLAGS and -ldflags: at white
// space. A whole word may be quoted with ' or ". There are no escapes. The go
// command's own package, cmd/internal/quoted, cannot be imported. Packages that
// split like a shell treat backslashes as escapes.
// https://pkg.go.dev/cmd/go#hdr-Environment_variables
func Split(text string) ([]string, error) {
	var words []string
	for {
		text = strings.TrimLeft(text, " \t\n\r")
		if text == "" {
			return words, nil
		}
		if q := text[0]; q == '"' || q == '\'' {
			end := strings.IndexByte(text[1:], q)
			if end < 0 {
				return nil, errors.New("unterminated " + string(q) + " string")
			}
			words, text = append(words, text[1:1+end]), text[end+2:]
			continue
		}
		end := strings.IndexAny(text, " \t\n\r")
		if end < 0 {
			end = len(text)
		}
		words, text = append(words, text[:end]), text[end:]
	}
}

// Join is the inverse of [Split]. It fails for a word that needs quotes
// but contains both kinds.
func Join(words []string) (string, error) {
	out := make([]string, len(words))
	for i, w := range words {
		space := w == "" || strings.ContainsAny(w, " \t\n\r") || w[0] == '"' || w[0] == '\''
		switch {
		case !space:
			out[i] = w
		case !strings.Contains(w, `'`):
			out[i] = `'` + w + `'`
		case !strings.Contains(w, `"`):
			out[i] = `"` + w + `"`
		default:
			return "", errors.New("an argument contains a space and both kinds of quotes")
		}
	}
	return strings.Join(out, " "), nil
}
