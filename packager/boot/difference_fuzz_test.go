package boot

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// An answer does not differ from itself, and what differs from it is said of both ways.
func FuzzDifferences(f *testing.F) {
	f.Add([]byte(`{"a":[1,2,{"b c":"{\"d\":[1]}"}]}`), []byte(`{"a":[1,2.0,{"b c":"{\"d\":[2]}"}],"e":null}`))
	f.Add([]byte(`"[[[\"[]\"]]]"`), []byte("1e400"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		defer inputtest.Bound(t)()
		if same := Differences(a, a); len(same) > 0 {
			t.Errorf("%q differs from itself at %q", a, same)
		}
		there, back := Differences(a, b), Differences(b, a)
		if (len(there) == 0) != (len(back) == 0) {
			t.Errorf("%q and %q: %q, and %q the other way", a, b, there, back)
		}
		if left := without(there, there); len(left) > 0 {
			t.Errorf("%q left", left)
		}
	})
}

// A line of the pipe is noted, or is none.
func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"what":"opened","name":"a.txt","file":"a.js","line":3,"column":-4}`))
	f.Add([]byte(`{"What":"module","Name":"a","Line":1e3}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		defer inputtest.Bound(t)()
		var j journal
		j.open("/dev/null/none")
		j.note(line)
		for name, at := range j.take().files {
			if name == "" || at.Line < 0 || at.Column < 0 {
				t.Errorf("%q at %v", name, at)
			}
		}
	})
}
