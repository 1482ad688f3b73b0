package reporters

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// OnRuntime is the result of a function on another runtime: of a Node function's zip under
// that runtime's Node, or of a Go function that another toolchain has built.
type OnRuntime struct {
	// Runtime is such as nodejs24.x or go1.25.3.
	Runtime string `json:"runtime"`
	Verdict string `json:"verdict"`
	// Reason is a clause: why it fails or was not judged.
	Reason string `json:"reason,omitempty"`
	// At is the place of a failure in the zip or in a stack, Source the place in the project
	// that it comes from; the zero value if it is not known.
	At     analyzer.Position `json:"at,omitzero"`
	Source analyzer.Position `json:"source,omitzero"`
	// Node is the version that ran, "" for Go.
	Node string `json:"node,omitempty"`
	// OwnMillis and LoadMillis are the median loads on its own runtime and on this one, in
	// ms of processor time, of so many Starts. They are 0 if they were not measured.
	OwnMillis  float64 `json:"ownMillis,omitempty"`
	LoadMillis float64 `json:"loadMillis,omitempty"`
	Starts     int     `json:"starts,omitempty"`
	// BuiltBytes is the size of a zip that is built for the runtime, 0 if that cannot be
	// built, and then NotBuilt is the reason.
	BuiltBytes int64  `json:"builtBytes,omitempty"`
	NotBuilt   string `json:"notBuilt,omitempty"`
}

// Verdicts of an [OnRuntime].
const (
	RuntimeLoads   = "loads"   // no event was sent
	RuntimeSame    = "same"    // answers as on its own runtime
	RuntimeDiffers = "differs" // answers otherwise
	RuntimeVaries  = "varies"  // answers differ on its own runtime too
	RuntimeFails   = "fails"   // does not run, or cannot be built, but does on its own runtime
	RuntimeUnknown = "unknown" // could not be started, or does not run on its own runtime either
)

// Breaks reports whether the function must be changed before it moves to the runtime.
func (o OnRuntime) Breaks() bool { return o.Verdict == RuntimeFails || o.Verdict == RuntimeDiffers }

// Result is the verdict as a clause, with the place of a failure.
func (o OnRuntime) Result() string {
	switch {
	case o.Source.File != "":
		return o.Clause() + ", at " + o.Source.String()
	case o.At.File != "" && strings.HasSuffix(o.At.File, ".go"):
		return o.Clause() + ", at " + o.At.String()
	case o.At.File != "":
		return o.Clause() + ", at " + o.At.String() + " of the zip"
	}
	return o.Clause()
}

// Clause is the verdict as a clause, without a place.
func (o OnRuntime) Clause() string {
	if o.Verdict == RuntimeFails && o.NotBuilt != "" && o.Node == "" {
		return o.Reason
	}
	text := map[string]string{
		RuntimeLoads: "loads; there is no event to compare an answer", RuntimeSame: "answers as before", RuntimeDiffers: "answers otherwise",
		RuntimeVaries: "answers, and its answers differ from run to run", RuntimeFails: "does not run: it " + o.Reason, RuntimeUnknown: "was not judged: " + o.Reason,
	}[o.Verdict]
	return cmp.Or(text, o.Verdict)
}

// Load is "23.1 ms, 20.4 on its own runtime", "" if it was not measured.
func (o OnRuntime) Load() string {
	if o.OwnMillis <= 0 || o.LoadMillis <= 0 {
		return ""
	}
	return fmt.Sprintf("%.1f ms, %.1f on its own runtime", o.LoadMillis, o.OwnMillis)
}

// Measured says how the loads were measured.
func (o OnRuntime) Measured() string {
	text := "processor time, " + Plural(o.Starts, "start", "starts")
	if o.Node != "" {
		text += ", Node " + o.Node
	}
	return text
}

// RuntimeRow is an [OnRuntime] with its function and the size of that zip, 0 if it is not known.
type RuntimeRow struct {
	ID  string
	Zip int64
	OnRuntime
}

// Built compares the zip that is built for the runtime with the one of now.
func (r RuntimeRow) Built() string {
	switch {
	case r.BuiltBytes == 0 && r.NotBuilt == "":
		return ""
	case r.BuiltBytes == 0:
		return "not possible"
	case r.BuiltBytes == r.Zip:
		return "the same size"
	}
	return fmt.Sprintf("%s (%s B)", Size(r.BuiltBytes), signedCount(r.BuiltBytes-r.Zip))
}

// WhyNotBuilt is why no zip can be built for the runtime, "" where the result says so.
func (r RuntimeRow) WhyNotBuilt() string {
	if strings.HasSuffix(r.Reason, r.NotBuilt) {
		return ""
	}
	return r.NotBuilt
}

// RuntimeRows lists the results on other runtimes, those that break first, else by function.
func RuntimeRows(r Report) (rows []RuntimeRow) {
	for _, f := range r.Functions {
		for _, o := range f.Runtimes {
			row := RuntimeRow{ID: f.ID, OnRuntime: o}
			if f.Artifact != nil {
				row.Zip = f.Artifact.ZipBytes
			}
			rows = append(rows, row)
		}
	}
	worst := []string{RuntimeFails, RuntimeDiffers, RuntimeUnknown, RuntimeVaries}
	rank := func(row RuntimeRow) int {
		if i := slices.Index(worst, row.Verdict); i >= 0 {
			return i
		}
		return len(worst)
	}
	slices.SortStableFunc(rows, func(a, b RuntimeRow) int { return cmp.Compare(rank(a), rank(b)) })
	return rows
}

func signedCount(n int64) string {
	if n < 0 {
		return "-" + Count(int(-n))
	}
	return "+" + Count(int(n))
}
