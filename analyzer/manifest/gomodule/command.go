package gomodule

import (
	"bytes"
	"strings"
)

// Flags takes tags and -X values out of a go build command line. The other
// linker flags are featherpack's own affair.
func Flags(command string) (tags, ldflags []string) {
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
				ldflags = append(ldflags, "-X "+quoteWord(flags[j+1]))
			case strings.HasPrefix(flag, "-X="):
				ldflags = append(ldflags, "-X "+quoteWord(flag[len("-X="):]))
			}
		}
	}
	return tags, ldflags
}

// quoteWord quotes a word as go build's -ldflags wants it, where it needs to.
func quoteWord(w string) string {
	switch {
	case !strings.ContainsAny(w, " \t\n'\""):
		return w
	case strings.Contains(w, "'"):
		return `"` + w + `"`
	}
	return "'" + w + "'"
}

// Words splits a command line at white space outside of quotes.
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
