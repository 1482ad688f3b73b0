package analyzer

import (
	"strings"
	"testing"
)

func TestGlobAlternatives(t *testing.T) {
	for glob, want := range map[string]int{
		"": 1, "a/**": 1, "a,b": 1, "{a}": 1, "{a,b}": 2, "{a,b}/{c,d,e}": 6, "{,a}": 2,
		"{a,{b,c}}": 3, "{a,{b,c},d}": 4, "{x{a,b}{c,d}}": 4, "{a,{b}}": 2,
		`\{a,b}`: 1, `{a\,b}`: 1, "[{]a,b": 1, "{[}],a}": 2, "{[,],a}": 2,
		strings.Repeat("{a,b}", 10):                             1024,
		strings.Repeat("{a,b}", 100):                            1025,
		strings.Repeat("{a,{b}}", 100):                          1025,
		"{" + strings.Repeat("{a,b}", 11) + "}":                 1025,
		strings.Repeat("{a,", 2000) + strings.Repeat("}", 2000): 1025,
	} {
		if got := GlobAlternatives(glob); got != want {
			t.Errorf("%.40s stands for %d, want %d", glob, got, want)
		}
	}
}
