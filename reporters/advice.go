package reporters

import (
	"cmp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Advice is a change that would make functions more reliable, faster, smaller or cheaper. It
// was found without building anything again.
type Advice struct {
	// Message says what was found, and Hint what to do. Function is empty.
	analyzer.Diagnostic
	// Functions are the IDs of the functions that it is about, sorted.
	Functions []string `json:"functions"`
	// Kind is what it costs to leave it: failures, latency, load, size, price, support or licence.
	Kind string `json:"kind"`
	// Holds is the size of the code concerned, and of what only that needs, in the function
	// where it is largest. It is nil if the advice is not about size.
	Holds *Held `json:"holds,omitempty"`
	// Projected is a clause about time or money, with its range and its source.
	Projected string `json:"projected,omitempty"`
	// Change is the change as a unified diff or as lines of a configuration, "" if it takes
	// more than that.
	Change string `json:"change,omitempty"`
	// Behaviour is a clause that says what behaves differently afterwards, "" for nothing.
	Behaviour string `json:"behaviour,omitempty"`
	// Link is a URL with the background.
	Link string `json:"link,omitempty"`
	// Subject identifies the advice within a function. It has no places and figures, so that
	// the advice is recognised when those change.
	Subject string `json:"subject"`
	// New is set if the baseline does not have it. It needs a [Delta] with AdviceCompared.
	New bool `json:"new,omitempty"`
}

// Held is a number of bytes in an artifact. Unzipped is exact.
type Held struct {
	Unzipped int64 `json:"unzipped"`
	Zipped   int64 `json:"zipped"`
}

// adviceKinds are the kinds of advice, worst first.
var adviceKinds = []string{"failures", "latency", "load", "size", "price", "support", "licence"}

// SortAdvice sorts advice, worst first: warnings, then by what it costs, then by size, by the number of
// functions, and by place.
func SortAdvice(list []Advice) {
	held := func(a Advice) int64 {
		if a.Holds == nil {
			return 0
		}
		return a.Holds.Unzipped
	}
	slices.SortStableFunc(list, func(a, b Advice) int {
		return cmp.Or(
			-cmp.Compare(a.Severity, b.Severity), // "warning" is after "note"
			cmp.Compare(slices.Index(adviceKinds, a.Kind), slices.Index(adviceKinds, b.Kind)),
			cmp.Compare(held(b), held(a)), cmp.Compare(len(b.Functions), len(a.Functions)),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message),
		)
	})
}

// MergeAdvice merges advice with the same text at the same place into one entry for all its
// functions, and sorts the result. It does not depend on the order of the list.
func MergeAdvice(list []Advice) []Advice {
	type place struct {
		code, message string
		analyzer.Position
	}
	at := map[place]int{}
	merged := []Advice{}
	for _, a := range list {
		key := place{a.Code, a.Message, a.Position}
		i, known := at[key]
		if !known {
			at[key] = len(merged)
			a.Functions = slices.Clone(a.Functions)
			merged = append(merged, a)
			continue
		}
		one := &merged[i]
		one.Functions = append(one.Functions, a.Functions...)
		if by := compareHeld(a.Holds, one.Holds); by > 0 || by == 0 && a.Projected > one.Projected {
			one.Holds, one.Projected = a.Holds, a.Projected
		}
	}
	for i := range merged {
		slices.Sort(merged[i].Functions)
		merged[i].Functions = slices.Compact(merged[i].Functions)
	}
	SortAdvice(merged)
	return merged
}

func compareHeld(a, b *Held) int {
	size := func(h *Held) int64 {
		if h == nil {
			return -1
		}
		return h.Unzipped
	}
	return cmp.Compare(size(a), size(b))
}

// AdviceShown is the advice that concerns a reader of the report: what the change brings if
// that is known, else all. Advice with the same text at several places is one entry, at the
// first of them.
func (r Report) AdviceShown() []Advice {
	at := map[string]int{}
	var list []Advice
	for _, a := range r.Advice {
		if r.Delta != nil && r.Delta.AdviceCompared && !a.New {
			continue
		}
		key := a.Code + "\x00" + a.Message
		i, known := at[key]
		if !known {
			at[key] = len(list)
			a.Functions = slices.Clone(a.Functions)
			list = append(list, a)
			continue
		}
		list[i].Functions = append(list[i].Functions, a.Functions...)
		slices.Sort(list[i].Functions)
		list[i].Functions = slices.Compact(list[i].Functions)
	}
	SortAdvice(list)
	return list
}

// markNewAdvice sets New for the advice of head that the baseline does not have. before maps
// a function of head to that of the baseline. Advice about several functions is new if it is
// so for each of them.
func markNewAdvice(base, head Report, before map[string]*Function) []Advice {
	type subject struct{ function, code, text string }
	known := map[subject]int{}
	placed := map[subject]map[analyzer.Position]bool{}
	for _, a := range base.Advice {
		for _, id := range a.Functions {
			s := subject{id, a.Code, a.Subject}
			known[s]++
			if placed[s] == nil {
				placed[s] = map[analyzer.Position]bool{}
			}
			placed[s][a.Position] = true
		}
	}
	list := slices.Clone(head.Advice)
	old := make([]bool, len(list))
	// What has not moved is matched first.
	for _, moved := range []bool{false, true} {
		for i, a := range list {
			for _, id := range a.Functions {
				was := id // of one that is not built
				switch built := slices.ContainsFunc(head.Functions, func(f Function) bool { return f.ID == id }); {
				case before[id] != nil:
					was = before[id].ID
				case built:
					continue
				}
				s := subject{was, a.Code, a.Subject}
				if known[s] > 0 && placed[s][a.Position] != moved {
					known[s]--
					old[i] = true
				}
			}
		}
	}
	for i := range list {
		list[i].New = !old[i]
	}
	return list
}

// HeldText is what a function holds of it in bytes, "" if the advice is not about size.
func (a Advice) HeldText() string {
	if a.Holds == nil {
		return ""
	}
	text := "holds " + Size(a.Holds.Unzipped) + " unzipped"
	if a.Holds.Zipped > 0 {
		text += ", about " + Size(a.Holds.Zipped) + " zipped"
	}
	if len(a.Functions) > 1 {
		text += ", in one function"
	}
	return text
}

// CostText is what leaving the advice costs, as clauses.
func (a Advice) CostText() string {
	return strings.TrimPrefix(strings.TrimSuffix(a.HeldText()+"; "+a.Projected, "; "), "; ")
}

// BehaviourText says whether following the advice changes what the function does.
func (a Advice) BehaviourText() string {
	if a.Behaviour == "" {
		return "safe: nothing behaves differently"
	}
	return "changes behaviour: " + a.Behaviour
}

// SafeLink is a link if it is one of https without characters that could end it in markup,
// else "". A saved report may hold any text.
func SafeLink(link string) string {
	if !strings.HasPrefix(link, "https://") || strings.ContainsFunc(link, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune("()<>[]\"'`\\|", r)
	}) {
		return ""
	}
	return link
}
