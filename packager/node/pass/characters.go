package pass

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer/js"
)

// escapeCharacters writes the characters beyond Latin-1 as escapes. Compiled code will lie
// beside the program then, which is stored in Latin-1: Node reads it without decoding it,
// and V8 keeps it in half the memory. A program that needs many escapes, such as one with
// tables of encodings, stays as it is, and so does one in which a character stands where an
// escape does not mean the same, or may not: in a name, a comment, behind a backslash, in a
// regular expression, whose property source shows it, or in a template whose tag may read
// the raw text.
//
// A string and the text of a template mean the same with an escape. Only the text of a
// function shows it, as it shows what a minifier did.
func escapeCharacters(c *bundle) []js.Edit {
	if !c.mayEscape() {
		return nil
	}
	e := escaper{bundle: c}
	if !e.find() {
		return nil
	}
	e.escape(c.Tree.Top)
	if e.left > 0 {
		return nil
	}
	return e.edits
}

// mayEscape reports whether escapes are asked for, and would be few.
func (b *bundle) mayEscape() bool {
	if b.OneByte && !b.wideCounted {
		size := 0
		for _, r := range string(b.Text) {
			if r > unicode.MaxLatin1 {
				size += len(escape(r)) - utf8.RuneLen(r)
			}
		}
		b.wideCounted, b.fewWide = true, size <= len(b.Text)/mostEscaped
	}
	return b.fewWide
}

// mostEscaped is the part of a program, one in so many bytes, that escapes may add. They
// compress well: tables of entities that grow a program by 7.9% grow its zip by 0.1%.
const mostEscaped = 10

type escaper struct {
	*bundle
	places []int // where a character begins beyond Latin-1
	left   int   // how many of them have no edit
	edits  []js.Edit
}

// find finds the characters, apart from those that other edits take out. It reports
// whether there are some, and all of them may become escapes.
func (e *escaper) find() bool {
	if slices.ContainsFunc(e.bundle.edits, func(edit js.Edit) bool { return !isOneByte(edit.Text) }) {
		return false
	}
	next := 0
	for at, length := 0, 1; at < len(e.Text); at += length {
		if length = 1; e.Text[at] < utf8.RuneSelf {
			continue
		}
		var r rune
		if r, length = utf8.DecodeRune(e.Text[at:]); r <= unicode.MaxLatin1 {
			continue
		}
		for next < len(e.bundle.edits) && e.bundle.edits[next].End <= at {
			next++
		}
		inside := next < len(e.bundle.edits) && e.bundle.edits[next].Start <= at
		switch {
		case r == utf8.RuneError && length == 1, at == 0, e.Text[at-1] == '\\':
			return false
		case !inside:
			e.places = append(e.places, at)
		}
	}
	e.left = len(e.places)
	return e.left > 0
}

// isOneByte reports whether a text can be stored in Latin-1.
func isOneByte(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxLatin1 })
}

// oneByte escapes a string or a template for another pass.
func (b *bundle) oneByte(text string) string {
	if isOneByte(text) || !utf8.ValidString(text) || !b.mayEscape() {
		return text
	}
	var escaped strings.Builder
	behind := false // an odd number of backslashes
	for _, r := range text {
		switch {
		case r <= unicode.MaxLatin1:
			escaped.WriteRune(r)
		case behind:
			return text
		default:
			escaped.WriteString(escape(r))
		}
		behind = r == '\\' && !behind
	}
	return escaped.String()
}

// escape edits the characters in what n is made of.
func (e *escaper) escape(n *js.Node) {
	switch n.Kind {
	case js.Tagged:
		e.escape(n.X)
		n.Y.Each(e.escape)
		return
	case js.String:
		e.edit(int(n.Start), int(n.End))
	case js.Template:
		at := int(n.Start)
		for _, expression := range n.List {
			e.edit(at, int(expression.Start))
			at = int(expression.End)
		}
		e.edit(at, int(n.End))
	case js.Property:
		if quote := e.Text[n.Start]; quote == '"' || quote == '\'' {
			e.edit(int(n.Start), e.closing(int(n.Start)))
		}
	}
	n.Each(e.escape)
}

// closing is where the quoted name of a property ends that starts here.
func (e *escaper) closing(start int) int {
	at := start + 1
	for e.Text[at] != e.Text[start] {
		if e.Text[at] == '\\' {
			at++
		}
		at++
	}
	return at
}

// edit escapes the characters in a part of the text.
func (e *escaper) edit(start, end int) {
	i, _ := slices.BinarySearch(e.places, start)
	for ; i < len(e.places) && e.places[i] < end; i++ {
		r, length := utf8.DecodeRune(e.Text[e.places[i]:])
		e.edits = append(e.edits, js.Edit{Start: e.places[i], End: e.places[i] + length, Text: escape(r)})
		e.left--
	}
}

// escape is a character as it may stand in strings and templates.
func escape(r rune) string {
	if r > 0xFFFF {
		r -= 0x10000
		return fmt.Sprintf(`\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
