package analyzer

import (
	"slices"
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	functions := []Function{
		{ID: "a/run", Name: "run"}, {ID: "b/run", Name: "run"}, {ID: "b/only", Name: "only"}, {ID: "run2", Name: "run2"},
	}
	for word, want := range map[string]int{"a/run": 0, "b/run": 1, "only": 2, "b/only": 2, "run2": 3, "run": -1, "none": -1, "": -1} {
		at, err := Lookup(slices.Values(functions), word)
		if at != want || (err != nil) != (word == "run") {
			t.Errorf("%q: %d, %v, want %d", word, at, err, want)
		}
		if err != nil && !strings.Contains(err.(Diagnostic).Hint, "a/run, b/run") {
			t.Errorf("%q: %+v", word, err)
		}
	}
}
