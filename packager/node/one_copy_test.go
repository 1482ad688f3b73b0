package node

import (
	"cmp"
	"regexp"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// Each example answers "answer", and "without" where the pass is off. "note" are the packages that
// the report names.
func TestEqualCopiesOfAPackage(t *testing.T) {
	for _, e := range examples(t, "copies") {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			b := e.bundle(t)
			if got := ask(t, b); got != e.want["answer"] {
				t.Errorf("answered %s, want %s", got, e.want["answer"])
			}
			if got := copiesNamed(b); got != e.want["note"] {
				t.Errorf("the report names %q, want %q", got, e.want["note"])
			}
			off := e.bundle(t, func(f *analyzer.Function) { f.Build.Passes = f.Build.Passes.With(analyzer.OneCopy, false) })
			if got, want := ask(t, off), cmp.Or(e.want["without"], e.want["answer"]); got != want {
				t.Errorf("switched off it answered %s, want %s", got, want)
			}
			if smaller := len(b.Files[0].Content) < len(off.Files[0].Content); smaller != (e.want["note"] != "") {
				t.Errorf("%d bytes, and %d where it is off", len(b.Files[0].Content), len(off.Files[0].Content))
			}
		})
	}
}

var oneCopyNote = regexp.MustCompile(`^(\S+) 1\.0\.0 is installed more than once, and the bundle takes the equal copies for one: [1-9]\d* bytes less$`)

func copiesNamed(b packager.Bundle) string {
	var names []string
	for _, d := range b.Diagnostics {
		if d.Code == "one-copy" {
			name := "?"
			if m := oneCopyNote.FindStringSubmatch(d.Message); m != nil && d.Severity == analyzer.Note {
				name = m[1]
			}
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}
