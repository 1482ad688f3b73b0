package git

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

func FuzzEachNoted(f *testing.F) {
	f.Add("0123\x1f1790000000\x1f{}\n\x1fa subject\x1f with more")
	f.Add("\x1f\x1f\x1f")
	f.Add("a\x1f1\x1f{}\x1f\x00b\x1f2\x1f\x1fc\x00\x00d\x1f3\x1f{}\x1fe")
	f.Fuzz(func(t *testing.T, record string) {
		defer inputtest.Bound(t)()
		visited := 0
		err := eachNoted(strings.NewReader(record), func(n Noted) {
			if visited++; n.Note == "" || strings.Contains(n.Commit, "\x1f") || strings.ContainsRune(n.Note, 0) {
				t.Errorf("%+v", n)
			}
		})
		if err != nil || visited > strings.Count(record, "\x00")+1 {
			t.Errorf("%d visited, %v", visited, err)
		}
	})
}
