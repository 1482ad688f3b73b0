package reporters

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// Advice is new if the baseline's function does not have it, wherever it has moved to.
func TestNewAdvice(t *testing.T) {
	at := func(line int, functions ...string) Advice {
		return Advice{
			Diagnostic: analyzer.Diagnostic{Code: "c", Message: "m", Position: analyzer.Position{File: "a.js", Line: line}}, Subject: "m", Functions: functions,
		}
	}
	for _, c := range []struct {
		name       string
		base, head []Advice
		want       []bool
	}{
		{"unchanged", []Advice{at(1, "f")}, []Advice{at(1, "f")}, []bool{false}},
		{"moved", []Advice{at(1, "f")}, []Advice{at(9, "f")}, []bool{false}},
		{"once more", []Advice{at(9, "f")}, []Advice{at(1, "f"), at(9, "f")}, []bool{true, false}},
		{"of another function", []Advice{at(1, "f")}, []Advice{at(1, "g")}, []bool{true}},
		{"known to one of two", []Advice{at(1, "f")}, []Advice{at(1, "f", "g")}, []bool{false}},
		{"of a new function", nil, []Advice{at(1, "new")}, []bool{true}},
		{"of a renamed function", []Advice{at(1, "was")}, []Advice{at(1, "renamed")}, []bool{false}},
	} {
		before := map[string]*Function{"f": {}, "g": {}, "renamed": {}}
		before["f"].ID, before["g"].ID, before["renamed"].ID = "f", "g", "was"
		for i, a := range markNewAdvice(Report{Advice: c.base}, Report{Advice: c.head}, before) {
			if a.New != c.want[i] {
				t.Errorf("%s: number %d is new: %t", c.name, i, a.New)
			}
		}
	}
}

// A report without advice was not looked at for any: nothing is called new then.
func TestAdviceOfOlderReports(t *testing.T) {
	head := Report{Advice: []Advice{{Diagnostic: analyzer.Diagnostic{Code: "c", Message: "m"}}}}
	if got := Compare(Report{}, head, CompareOptions{}); got.Delta.AdviceCompared || len(got.AdviceShown()) != 1 {
		t.Errorf("%+v", got.Advice)
	}
	if got := Compare(Report{Advice: []Advice{}}, head, CompareOptions{}); !got.Delta.AdviceCompared || !got.Advice[0].New {
		t.Errorf("%+v", got.Advice)
	}
}

// Merged advice does not depend on which function, or which shard, comes first.
func TestMergeAdvice(t *testing.T) {
	one := func(function string, bytes int64, projected string) Advice {
		return Advice{
			Diagnostic: analyzer.Diagnostic{Code: "c", Message: "m"}, Kind: "size", Functions: []string{function},
			Holds: &Held{Unzipped: bytes}, Projected: projected,
		}
	}
	a, b, c := one("a", 5, "x"), one("b", 9, "y"), one("c", 9, "z")
	for _, list := range [][]Advice{{a, b, c}, {c, b, a}, MergeAdvice([]Advice{b, c, a}), append(MergeAdvice([]Advice{c, a}), b)} {
		got := MergeAdvice(list)
		if len(got) != 1 || len(got[0].Functions) != 3 || got[0].Functions[0] != "a" || got[0].Holds.Unzipped != 9 || got[0].Projected != "z" {
			t.Errorf("%+v", got)
		}
	}
}
