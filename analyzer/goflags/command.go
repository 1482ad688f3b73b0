package goflags

import (
	"bytes"
	"strings"
)

// OfCommand takes the tags and the -X flags of the linker out of a go build command
// line. featherpack sets the other linker flags itself.
func OfCommand(command string) (tags, ldflags []string) {
	words := Words(command)
	for i, w := range words {
		name, arg, joined := strings.Cut(strings.TrimLeft(w, "-"), "=")
		if !strings.HasPrefix(w, "-") || name != "tags" && name != "ldflags" {
			continue
		}
		if !joined {
			if i+1 >= len(words) {
				break
			}
			arg = words[i+1]
		}
		if name == "tags" {
			tags = append(tags, strings.FieldsFunc(arg, func(r rune) bool { return r == ',' || r == ' ' })...)
			continue
		}
		flags := Words(arg)
		for j, flag := range flags {
			switch {
			case flag == "-X" && j+1 < len(flags):
				ldflags = append(ldflags, "-X "+quoted(flags[j+1]))
			case strings.HasPrefix(flag, "-X="):
				ldflags = append(ldflags, "-X "+quoted(flag[len("-X="):]))
			}
		}
	}
	return tags, ldflags
}

// quoted is a word as Split reads it back. What no quotes can hold stays as it is,
// and the go command says so.
func quoted(word string) string {
	if text, err := Join([]string{word}); err == nil {
		return text
	}
	return word
}

// Words splits a command line as a shell does, at white space outside of quotes.
// It knows no backslashes and no variables.
func Words(s string) (words []string) {
	var word bytes.Buffer
	var quote byte
	started := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, started = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if started {
				words = append(words, word.String())
			}
			word.Reset()
			started = false
		default:
			word.WriteByte(c)
			started = true
		}
	}
	if started {
		words = append(words, word.String())
	}
	return words
}
