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
	// Functions are all of the head's and those it removed, sorted by ID.
	Functions []FunctionDelta `json:"functions"`
	// Zip and Unzipped sum over the functions that both sides have.
	Zip      Change `json:"zip"`
	Unzipped Change `json:"unzipped"`
	// Redeploy are the IDs of the functions whose bytes a deployment has to
	// send: those that changed, are new or have another name.
	Redeploy []string `json:"redeploy,omitempty"`
	// Causes say why sizes changed, the largest growth first and then the
	// largest saving. What has one cause in many functions is one entry.
	Causes []Cause `json:"causes,omitempty"`
	// NewDuplicates are held more often than at the baseline. Their bytes are
	// those of the copies that came.
	NewDuplicates []Duplicate `json:"newDuplicates,omitempty"`
}

// Baseline says what a report was compared with.
type Baseline struct {
	// Missing is a clause that says why there is none. Nothing else is set then.
	Missing string `json:"missing,omitempty"`
	// Ref is a commit or a file; Method says how it was chosen, such as "first
	// parent of the merge commit".
	Ref    string `json:"ref,omitempty"`
	Method string `json:"method,omitempty"`
	Tool   Tool   `json:"tool,omitzero"`
	// Differs are clauses about what was not the same when the baseline was
	// built: settings, or the version of featherpack.
	Differs []string `json:"differs,omitempty"`
}

// Change is a size on both sides, in bytes unless said otherwise.
type Change struct {
	Before int64 `json:"before"`
	After  int64 `json:"after"`
}

// By is the growth, negative for a saving.
func (c Change) By() int64 { return c.After - c.Before }

// Negligible reports whether a change is below 512 B and below 0.2%, and so no
// larger than what reordering equal code does to a zip.
func (c Change) Negligible() bool {
	by := max(c.By(), -c.By())
	return by == 0 || by < 512 && by*500 < c.Before
}

// What became of a function.
const (
	StatusSame    = "same"
	StatusChanged = "changed"
	StatusNew     = "new"
	StatusRemoved = "removed"
	// StatusRenamed has another name or folder, and is recognised by its content
	// or entry.
	StatusRenamed = "renamed"
	// StatusFailed could not be built now, StatusNoBaseline not at the baseline.
	StatusFailed     = "failed"
	StatusNoBaseline = "no-baseline"
)

// FunctionDelta is one function's part of a [Delta].
type FunctionDelta struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	// From is the ID that the baseline has it under, where that is another.
	From string `json:"from,omitempty"`
	// Globbed are the names of a removed function, as in [analyzer.Function.Globbed].
	Globbed []string `json:"-"`
	// Zip and Unzipped have a Before of 0 where there is no baseline; Status
	// says so, and no percentage may be made of it.
	Zip      Change `json:"zip"`
	Unzipped Change `json:"unzipped"`
	// Load is the measured time to load in microseconds, nil unless both sides
	// were started.
	Load *Change `json:"load,omitempty"`
	// Differs are clauses such as "runtime nodejs20.x, now nodejs22.x".
	Differs []string `json:"differs,omitempty"`
	// Packages and Inputs are those whose unzipped bytes or version changed.
	// Inputs that are gone are among them.
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

// Compared reports whether both sides have the function's size.
func (f FunctionDelta) Compared() bool {
	return f.Status == StatusSame || f.Status == StatusChanged || f.Status == StatusRenamed
}

// Negligible reports whether neither size changed to speak of.
func (f FunctionDelta) Negligible() bool {
	return f.Compared() && f.Zip.Negligible() && f.Unzipped.Negligible()
}

// PackageDelta is one package, or one named row, on both sides.
type PackageDelta struct {
	Name string `json:"name"`
	// From and To are the versions, empty where the package was not or is not there.
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	Unzipped Change `json:"unzipped"`
	Zipped   Change `json:"zipped"`
	// Kind is new, removed, moved (to another version), duplicate (one more
	// version of what was there), grew or shrank.
	Kind string `json:"kind"`
}

// InputDelta is one input on both sides.
type InputDelta struct {
	Path     string `json:"path"`
	Package  string `json:"package,omitempty"`
	Unzipped Change `json:"unzipped"`
	Zipped   Change `json:"zipped"`
}

// Cause is a reason for changed sizes, told once for all functions it is in.
type Cause struct {
	// Kind is as for [PackageDelta]; code is a change of the project's own file.
	Kind string `json:"kind"`
	// Package is empty for the project's own code, whose file is Path.
	Package string `json:"package,omitempty"`
	Path    string `json:"path,omitempty"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	// Functions are the IDs, the largest change first.
	Functions []string `json:"functions"`
	// Unzipped and Zipped are the growth over all functions, with what the
	// package brought along or took away. Unzipped is exact, Zipped apportioned.
	Unzipped int64 `json:"unzipped"`
	Zipped   int64 `json:"zipped"`
	// Most is the unzipped change of the function that changed most.
	Most int64 `json:"most"`
	// With are the packages that came or went with it, largest first.
	With []PackageBytes `json:"with,omitempty"`
	// Chain leads from the entry point of the first function to the package. It
	// is the baseline's for what was removed.
	Chain []Link `json:"chain,omitempty"`
	// Position is the line in the project's own code that asks for it.
	analyzer.Position
}

// Link is one input of an import chain.
type Link struct {
	Path    string `json:"path"`
	Package string `json:"package,omitempty"`
	Version string `json:"version,omitempty"`
	// Specifier is the text by which the next link is asked for, and Position
	// the place; empty for the last link.
	Specifier string `json:"specifier,omitempty"`
	analyzer.Position
}

// What brought a change about.
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
