package goflags

import (
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// Words that are joined split into the same words.
func FuzzSplit(f *testing.F) {
	for _, text := range []string{"-tags=a,b -ldflags='-s -w'", "\"-X=main.a='b c'\" x", "'", "", "a'b c"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		defer inputtest.Bound(t)()
		words, err := Split(text)
		if err != nil {
			return
		}
		joined, err := Join(words)
		if err != nil {
			t.Fatalf("%q: %v", words, err)
		}
		if again, err := Split(joined); err != nil || !slices.Equal(words, again) {
			t.Errorf("%q became %q, then %q, %v", words, joined, again, err)
		}
	})
}
