package pass

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/featherpack/featherpack/analyzer/js"
)

// escapeCharacters writes the characters that are not ASCII as escapes. Compiled code will
// lie beside the program then: Node reads a program of ASCII without decoding it, and V8
// keeps it in half the memory. Most programs have a few, in strings. One that has many,
// such as tables of encodings, stays as it is, and so does one in which a character stands
// where an escape does not mean the same, or may not: in a name, a comment, behind a
// backslash, in a regular expression, whose property source shows it, or in a template
// whose tag may read the raw text.
//
// A string and the text of a template mean the same with an escape. Only the text of a
// function shows it, as it shows what a minifier did.
func escapeCharacters(c *bundle) []js.Edit {
	if !c.ASCII {
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

// mostEscaped is the part of a program, one in so many bytes, that escapes may add.
const mostEscaped = 100

type escaper struct {
	*bundle
	places []int // where a character begins that is not ASCII
	left   int   // how many of them have no edit
	edits  []js.Edit
}

// find finds the characters, apart from those that other edits take out. It reports
// whether there are some, and few.
func (e *escaper) find() bool {
	size, next := 0, 0
	for at := 0; at < len(e.Text); {
		if e.Text[at] < utf8.RuneSelf {
			at++
			continue
		}
		r, length := utf8.DecodeRune(e.Text[at:])
		for next < len(e.bundle.edits) && e.bundle.edits[next].End <= at {
			next++
		}
		inside := next < len(e.bundle.edits) && e.bundle.edits[next].Start <= at
		switch {
		case r == utf8.RuneError && length == 1, inside && !ascii(e.bundle.edits[next].Text), at == 0, e.Text[at-1] == '\\':
			return false
		case !inside:
			e.places = append(e.places, at)
			size += len(escape(r)) - length
		}
		at += length
	}
	e.left = len(e.places)
	return e.left > 0 && size <= len(e.Text)/mostEscaped
}

func ascii(text string) bool {
	return !slices.ContainsFunc([]byte(text), func(b byte) bool { return b >= utf8.RuneSelf })
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
	}
	n.Each(e.escape)
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
