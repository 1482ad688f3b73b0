package reporters

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Delta is what changed between a baseline and a head.
type Delta struct {
	Baseline Baseline `json:"baseline"`
	// Functions are the head's functions and the removed ones, sorted by ID.
	Functions []FunctionDelta `json:"functions"`
	// Zip and Unzipped sum over the functions that both sides have.
	Zip      Change `json:"zip"`
	Unzipped Change `json:"unzipped"`
	// Redeploy lists the IDs of the functions that must be deployed: changed, new and renamed
	// ones.
	Redeploy []string `json:"redeploy,omitempty"`
	// Causes are the reasons for changed sizes: growth first, then savings, each sorted by
	// size. A cause that affects several functions is one entry.
	Causes []Cause `json:"causes,omitempty"`
	// NewDuplicates are packages with more copies than at the baseline. Their bytes are those
	// of the added copies.
	NewDuplicates []Duplicate `json:"newDuplicates,omitempty"`
	// AdviceCompared is set if advice was looked for on both sides, so that [Advice.New] is
	// known.
	AdviceCompared bool `json:"adviceCompared,omitempty"`
}

// Baseline describes what a report was compared with.
type Baseline struct {
	// Missing is a clause that says why there is no baseline. If set, all else is empty.
	Missing string `json:"missing,omitempty"`
	// Ref is a commit or a file; Method says how it was chosen, such as "first
	// parent of the merge commit".
	Ref    string `json:"ref,omitempty"`
	Method string `json:"method,omitempty"`
	Tool   Tool   `json:"tool,omitzero"`
	// Differs are clauses about what was different when the baseline was built: settings, or
	// the version of featherpack.
	Differs []string `json:"differs,omitempty"`
}

// Change is a size before and after, in bytes unless noted otherwise.
type Change struct {
	Before int64 `json:"before"`
	After  int64 `json:"after"`
}

// By is the growth, negative for a saving.
func (c Change) By() int64 { return c.After - c.Before }

// Negligible reports whether a change is below 512 B and below 0.2%. Reordering equal
// code changes a zip by as much.
func (c Change) Negligible() bool {
	by := max(c.By(), -c.By())
	return by == 0 || by < 512 && by*500 < c.Before
}

// The status of a function compared with the baseline.
const (
	StatusSame    = "same"
	StatusChanged = "changed"
	StatusNew     = "new"
	StatusRemoved = "removed"
	// StatusRenamed is a function with a new name or folder, recognised by its content or
	// entry point.
	StatusRenamed = "renamed"
	// StatusFailed could not be built, StatusNoBaseline could not be built at the baseline.
	StatusFailed     = "failed"
	StatusNoBaseline = "no-baseline"
)

// FunctionDelta is one function's part of a [Delta].
type FunctionDelta struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	// From is the function's ID in the baseline if it is different.
	From string `json:"from,omitempty"`
	// Globbed are the names of a removed function, as in [analyzer.Function.Globbed].
	Globbed []string `json:"-"`
	// Zip and Unzipped have a Before of 0 if there is no baseline, which Status shows. A
	// percentage would then be meaningless.
	Zip      Change `json:"zip"`
	Unzipped Change `json:"unzipped"`
	// Load is the measured time to load in microseconds, nil unless both sides
	// were started.
	Load *Change `json:"load,omitempty"`
	// Differs are clauses such as "runtime nodejs20.x, now nodejs22.x".
	Differs []string `json:"differs,omitempty"`
	// Packages and Inputs are those whose unzipped bytes or version changed, including removed
	// ones.
	Packages []PackageDelta `json:"packages,omitempty"`
	Inputs   []InputDelta   `json:"inputs,omitempty"`
}

// Was is the earlier ID of a renamed function, "" for any other.
func (f FunctionDelta) Was() string {
	if f.Status == StatusRenamed {
		return f.From
	}
	return ""
}

// Compared reports whether the function has a size on both sides.
func (f FunctionDelta) Compared() bool {
	return f.Status == StatusSame || f.Status == StatusChanged || f.Status == StatusRenamed
}

// Negligible reports whether the changes of both sizes are negligible.
func (f FunctionDelta) Negligible() bool {
	return f.Compared() && f.Zip.Negligible() && f.Unzipped.Negligible()
}

// PackageDelta is one package, or one named row, on both sides.
type PackageDelta struct {
	Name string `json:"name"`
	// From and To are the versions, empty on a side without the package.
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	Unzipped Change `json:"unzipped"`
	Zipped   Change `json:"zipped"`
	// Kind is new, removed, moved (to another version), duplicate (an additional version),
	// grew or shrank.
	Kind string `json:"kind"`
}

// InputDelta is one input on both sides.
type InputDelta struct {
	Path     string `json:"path"`
	Package  string `json:"package,omitempty"`
	Unzipped Change `json:"unzipped"`
	Zipped   Change `json:"zipped"`
}

// Cause is a reason for changed sizes, listed once for all functions it affects.
type Cause struct {
	// Kind is as for [PackageDelta], or code for a change in one of the project's own files.
	Kind string `json:"kind"`
	// Package is empty for the project's own code; then Path is the file.
	Package string `json:"package,omitempty"`
	Path    string `json:"path,omitempty"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	// Functions are the IDs, the largest change first.
	Functions []string `json:"functions"`
	// Unzipped and Zipped are the growth over all functions, including the packages in With.
	// Unzipped is exact, Zipped apportioned.
	Unzipped int64 `json:"unzipped"`
	Zipped   int64 `json:"zipped"`
	// Most is the unzipped change of the function that changed most.
	Most int64 `json:"most"`
	// With lists the packages that were added or removed together with it, largest first.
	With []PackageBytes `json:"with,omitempty"`
	// Chain leads from the entry point of the first function to the package. For a removed
	// package it is the baseline's chain.
	Chain []Link `json:"chain,omitempty"`
	// Position is the line in the project's own code that imports it.
	analyzer.Position
}

// Link is one input of an import chain.
type Link struct {
	Path    string `json:"path"`
	Package string `json:"package,omitempty"`
	Version string `json:"version,omitempty"`
	// Specifier is the text of the import of the next link, and Position its place. Both are
	// empty for the last link.
	Specifier string `json:"specifier,omitempty"`
	analyzer.Position
}

// The kinds of a change.
const (
	KindNew       = "new"
	KindRemoved   = "removed"
	KindMoved     = "moved"
	KindDuplicate = "duplicate"
	KindGrew      = "grew"
	KindShrank    = "shrank"
	KindCode      = "code"
)

// Name is the package with its versions, or the file.
func (c Cause) Name() string {
	switch {
	case c.Package == "":
		return c.Path
	case c.Kind == KindMoved:
		return fmt.Sprintf("%s %s, was %s", c.Package, cmp.Or(c.To, "unknown"), cmp.Or(c.From, "unknown"))
	}
	return strings.TrimSpace(c.Package + " " + cmp.Or(c.To, c.From))
}
