package reporters

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"
)

// MaxHistory is the largest number of commits in a [History].
const MaxHistory = 100

// Recorded is what was recorded of a project's functions for one commit.
type Recorded struct {
	Commit    string
	Time      time.Time // of the commit
	Subject   string
	Functions Sizes
}

// Sizes are those of functions. They take little memory, because many commits are held at a
// time, and most of them have the same functions.
type Sizes struct {
	ids   []string // sorted
	sizes []RecordedSize
}

// NewSizes are the sizes of a table by ID. The list of IDs is that of like if it has the same.
func NewSizes(table map[string]RecordedSize, like Sizes) Sizes {
	s := Sizes{like.ids, make([]RecordedSize, 0, len(table))}
	same := len(table) == len(like.ids)
	for _, id := range like.ids {
		_, found := table[id]
		same = same && found
	}
	if !same {
		s.ids = slices.Sorted(maps.Keys(table))
	}
	for _, id := range s.ids {
		s.sizes = append(s.sizes, table[id])
	}
	return s
}

// Of is the size of a function, if there is one.
func (s Sizes) Of(id string) (size RecordedSize, ok bool) {
	i, ok := slices.BinarySearch(s.ids, id)
	if ok {
		size = s.sizes[i]
	}
	return size, ok
}

// All are the sizes by ID, sorted.
func (s Sizes) All() iter.Seq2[string, RecordedSize] {
	return func(yield func(string, RecordedSize) bool) {
		for i, id := range s.ids {
			if !yield(id, s.sizes[i]) {
				return
			}
		}
	}
}

// RecordedSize is what is kept of a built function.
type RecordedSize struct {
	Zip      int64 `json:"zip"`      // bytes
	Unzipped int64 `json:"unzipped"` // bytes
	// Load is the median of the measured load time in microseconds, 0 if it was not
	// measured.
	Load int64 `json:"load,omitempty"`
}

// History is how the functions of a report changed over the last recorded commits.
type History struct {
	// Commits are oldest first, at most [MaxHistory].
	Commits []RecordedCommit `json:"commits"`
	// Current is the index of the commit that the report is of, -1 if it was not recorded.
	Current int `json:"current"`
	// Functions are sorted by ID.
	Functions []FunctionHistory `json:"functions"`
}

// RecordedCommit is a commit of a [History].
type RecordedCommit struct {
	Commit  string `json:"commit"`
	Time    string `json:"time"` // RFC 3339, UTC
	Subject string `json:"subject"`
}

// FunctionHistory is one function over the commits. Its lists are equally long.
type FunctionHistory struct {
	ID string `json:"id"`
	// At are indices of [History.Commits]: the first and the last that recorded the
	// function, and each at which it differs from the one before.
	At       []int   `json:"at"`
	Zip      []int64 `json:"zip"`      // bytes
	Unzipped []int64 `json:"unzipped"` // bytes
	// Load are medians of the load time in microseconds, 0 where it was not measured. It is
	// nil if it never was.
	Load []int64 `json:"load,omitempty"`
}

// SizesOf are the sizes of a report's built functions, by ID.
func SizesOf(r Report) map[string]RecordedSize {
	sizes := map[string]RecordedSize{}
	for _, f := range r.Functions {
		if f.Artifact == nil {
			continue
		}
		load, _ := LoadTime(f)
		sizes[f.ID] = RecordedSize{Zip: f.Artifact.ZipBytes, Unzipped: f.Artifact.UnzippedBytes, Load: load}
	}
	return sizes
}

// WithHistory returns the report with what was recorded of its functions, oldest first.
// current is the commit that the report is of, "" if it was not recorded. Nothing is added
// if nothing was recorded.
func WithHistory(r Report, recorded []Recorded, current string) Report {
	recorded = recorded[max(0, len(recorded)-MaxHistory):]
	if len(recorded) == 0 {
		return r
	}
	h := &History{Current: -1, Functions: []FunctionHistory{}}
	for i, p := range recorded {
		h.Commits = append(h.Commits, RecordedCommit{p.Commit, p.Time.UTC().Format(time.RFC3339), p.Subject})
		if p.Commit == current {
			h.Current = i
		}
	}
	for _, f := range r.Functions {
		if one := historyOf(f.ID, recorded); len(one.At) > 0 {
			h.Functions = append(h.Functions, one)
		}
	}
	r.History = h
	return r
}

func historyOf(id string, recorded []Recorded) FunctionHistory {
	h := FunctionHistory{ID: id}
	var last, before RecordedSize // the last two steps
	for i, p := range recorded {
		size, ok := p.Functions.Of(id)
		if !ok {
			continue
		}
		if n := len(h.At); n > 1 && size == last && last == before { // only the end of a level is kept
			h.At[n-1] = i
			continue
		}
		before, last = last, size
		h.At, h.Zip, h.Unzipped, h.Load = append(h.At, i), append(h.Zip, size.Zip), append(h.Unzipped, size.Unzipped), append(h.Load, size.Load)
	}
	if !slices.ContainsFunc(h.Load, func(n int64) bool { return n != 0 }) {
		h.Load = nil
	}
	return h
}

// inconsistentHistory checks what a reader of a history relies on.
func inconsistentHistory(h *History) string {
	if h == nil {
		return ""
	}
	if len(h.Commits) > MaxHistory || h.Current < -1 || h.Current >= len(h.Commits) {
		return "the commits of its history are out of range"
	}
	for _, f := range h.Functions {
		n := len(f.At)
		if n == 0 || len(f.Zip) != n || len(f.Unzipped) != n || len(f.Load) != 0 && len(f.Load) != n {
			return fmt.Sprintf("the history of %q has lists of different lengths", f.ID)
		}
		for i := range n {
			if f.At[i] < 0 || f.At[i] >= len(h.Commits) || i > 0 && f.At[i] <= f.At[i-1] || !sane(f.Zip[i]) || !sane(f.Unzipped[i]) || len(f.Load) > 0 && !sane(f.Load[i]) {
				return fmt.Sprintf("the history of %q is out of range", f.ID)
			}
		}
	}
	return ""
}
