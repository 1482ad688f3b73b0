package lint

import (
	"bytes"
	"regexp"
)

// Comment is a comment that silences advice: // featherpack-ignore CODE: reason, at the
// end of the line or alone on the line before. In a manifest it begins with #.
type Comment struct {
	Code, Reason string
	// Line and Column are the comment's place, Silences the line that it is about. They count
	// from 1, Column in bytes.
	Line, Column, Silences int
}

var ignores = regexp.MustCompile(`(//|/\*|#)\s*featherpack-ignore\b[ \t]*([\w-]*)[ \t]*:?[ \t]*(.*)$`)

// Comments returns the comments of a source, JavaScript, Go or YAML, that silence advice.
func Comments(source []byte) (all []Comment) {
	if !bytes.Contains(source, []byte("featherpack-ignore")) {
		return nil
	}
	for i, line := range bytes.Split(source, []byte("\n")) {
		found := ignores.FindSubmatchIndex(line)
		if found == nil {
			continue
		}
		reason := bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(line[found[6]:found[7]]), []byte("*/")))
		c := Comment{Code: string(line[found[4]:found[5]]), Reason: string(reason), Line: i + 1, Column: found[0] + 1, Silences: i + 1}
		if len(bytes.TrimSpace(line[:found[0]])) == 0 {
			c.Silences++
		}
		all = append(all, c)
	}
	return all
}
