package columns

import (
	"strings"
)

// maxLabel is how many columns a line's label may take for what follows it to
// be lined up behind it.
const maxLabel = 12

// shortWord is of how many columns a word is no line of its own.
const shortWord = 3

// Wrap breaks a line between words where it takes more than width columns, if
// it can where two spaces part it. The lines after the first are indented: to
// behind a short label that two spaces end, else two columns more than the first.
// A word that is wider than that stays whole, so that a path can be copied.
func Wrap(line string, width int) string {
	width = max(width, 20)
	if Count(line) <= width {
		return line
	}
	lead := len(line) - len(strings.TrimLeft(line, " "))
	indent := lead + 2
	if gap := strings.Index(line[lead:], "  "); gap > 0 && Count(line[lead:lead+gap]) <= maxLabel {
		behind := lead + gap
		for behind < len(line) && line[behind] == ' ' {
			behind++
		}
		if at := Count(line[:behind]); at <= width/2 {
			indent = at
		}
	}
	var out strings.Builder
	out.WriteString(line[:lead])
	at, fresh := lead, true // fresh until a word is written
	for rest := line[lead:]; rest != ""; {
		word := strings.TrimLeft(rest, " ")
		spaces := len(rest) - len(word)
		if end := strings.IndexByte(word, ' '); end >= 0 {
			word = word[:end]
		}
		rest = rest[spaces+len(word):]
		needs := Count(word)
		if spaces > 1 && !fresh {
			part, _, _ := strings.Cut(rest, "  ")
			needs += Count(part)
		}
		// A line with no more than "at" on it is not worth another.
		if at > indent+shortWord && at+spaces+needs > width {
			out.WriteString("\n" + strings.Repeat(" ", indent))
			at, spaces = indent, 0
		}
		out.WriteString(strings.Repeat(" ", spaces) + word)
		at += spaces + Count(word)
		fresh = false
	}
	return out.String()
}
