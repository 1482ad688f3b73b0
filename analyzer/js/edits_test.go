package js

import "testing"

func TestApply(t *testing.T) {
	for want, edits := range map[string][]Edit{
		"abcdef":   nil,
		"aXdYf":    {{4, 5, "Y"}, {1, 3, "X"}},
		"Xef":      {{0, 2, "no"}, {0, 4, "X"}, {3, 6, "no"}},
		"aXbcdef":  {{1, 1, "X"}},
		"aYXd(e)f": {{1, 3, "X"}, {1, 1, "Y"}, {4, 4, "("}, {5, 5, ")"}},
		"abcdefX":  {{6, 6, "X"}, {5, 7, "no"}},
	} {
		if got := Apply([]byte("abcdef"), edits); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
