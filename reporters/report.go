package reporters

import (
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// SchemaVersion is the version of the JSON form of [Report]. It increases when a reader
// of the old form could misread the new one.
const SchemaVersion = 1

// Report is the result of a run. Sizes are in bytes, times in milliseconds.
type Report struct {
	Schema int  `json:"schema"`
	Tool   Tool `json:"tool"`
	// Settings are the run's settings that affect bytes, sorted by name.
	Settings []packager.Setting `json:"settings,omitempty"`
	// Shard is set if only a part of the functions was built. [Merge] joins all parts.
	Shard *Shard `json:"shard,omitempty"`
	// Functions are sorted by ID.
	Functions []Function         `json:"functions"`
	Skipped   []analyzer.Skipped `json:"skipped,omitempty"`
	Totals    Totals             `json:"totals"`
	// Duplicates are packages with several versions or copies in one function.
	Duplicates []Duplicate `json:"duplicates,omitempty"`
	// Inputs is the import graph of all functions, sorted by path.
	Inputs []analyzer.Input `json:"inputs"`
	// Diagnostics are about the whole project. Functions have their own.
	Diagnostics []analyzer.Diagnostic `json:"diagnostics,omitempty"`
	// ColdStart describes the model behind the functions' projections, nil without any.
	ColdStart *StartModel `json:"coldStart,omitempty"`
	// Delta is what changed since a baseline, nil when nothing was compared.
	Delta *Delta `json:"delta,omitempty"`
	// Verdicts are the results of the budgets, worst first.
	Verdicts []Verdict `json:"verdicts,omitempty"`
	// Loosened lists the budgets that the change itself loosens.
	Loosened []Loosened `json:"loosened,omitempty"`
	// Advice lists what would make functions faster, smaller or cheaper, worst first. It is
	// nil if nothing looked for any.
	Advice []Advice `json:"advice,omitzero"`
	// History is how the functions changed over earlier commits, nil unless it was asked for.
	History *History `json:"history,omitempty"`
	// Timings differ from run to run, so they are not in the JSON.
	Timings []Timing `json:"-"`
}

// AllDiagnostics returns the diagnostics of the project and of every function.
func (r Report) AllDiagnostics() []analyzer.Diagnostic {
	all := slices.Clone(r.Diagnostics)
	for _, f := range r.Functions {
		all = append(all, f.Diagnostics...)
	}
	return all
}

// Tool is the program that made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Function is one function's part of a report.
type Function struct {
	analyzer.Function
	// Status is built or failed.
	Status string `json:"status"`
	// Artifact is nil when the function failed.
	Artifact *packager.Artifact `json:"artifact,omitempty"`
	// EntryInput is an index into [Report.Inputs], -1 if unknown.
	EntryInput int `json:"entryInput"`
	// Unbundled is source plus production dependencies, before featherpack.
	Unbundled *packager.Unbundled `json:"unbundled,omitempty"`
	Waterfall []packager.Step     `json:"waterfall,omitempty"`
	// Limits compares the artifact with Lambda's hard limits.
	Limits []Limit `json:"limits,omitempty"`
	// Packages are bytes by package, largest first. Unzipped and Zipped add up to the
	// artifact's sizes. Named rows, such as the zip's overhead, are in parentheses.
	Packages []PackageBytes `json:"packages,omitempty"`
	// Inputs are the shares of the report's inputs in the artifact.
	Inputs []InputBytes    `json:"inputs,omitempty"`
	Kept   []packager.Kept `json:"kept,omitempty"`
	// Boot is nil if the artifact was not started.
	Boot *packager.Boot `json:"boot,omitempty"`
	// Runtimes are the results on other runtimes, if those were asked for.
	Runtimes []OnRuntime `json:"runtimes,omitempty"`
	// ColdStart is nil if nothing was projected.
	ColdStart   *ColdStart            `json:"coldStart,omitempty"`
	Settings    []packager.Setting    `json:"settings,omitempty"`
	Diagnostics []analyzer.Diagnostic `json:"diagnostics,omitempty"`
}

// Failed reports whether a function must not be deployed: it was not built, or its
// artifact failed when it was started. problem says why, if that is known.
func (f Function) Failed() (problem analyzer.Diagnostic, failed bool) {
	for _, d := range f.Diagnostics {
		if d.Severity != analyzer.Error && d.Severity != analyzer.Refused {
			continue
		}
		if f.Artifact == nil || d.Code == "not-booted" || strings.HasPrefix(d.Code, "boot-") {
			return d, true
		}
	}
	return problem, f.Artifact == nil
}

// Broken is the number of functions that were built and failed when they were started.
func (r Report) Broken() (n int) {
	for _, f := range r.Functions {
		if _, failed := f.Failed(); failed && f.Artifact != nil {
			n++
		}
	}
	return n
}

// Totals are sums over the functions that were built.
type Totals struct {
	Functions     int   `json:"functions"`
	Failed        int   `json:"failed"`
	ZipBytes      int64 `json:"zipBytes"`
	UnzippedBytes int64 `json:"unzippedBytes"`
	// UnbundledBytes and UnbundledZipBytes are 0 if unknown for all functions.
	UnbundledBytes    int64 `json:"unbundledBytes,omitempty"`
	UnbundledZipBytes int64 `json:"unbundledZipBytes,omitempty"`
	UnbundledZipExact bool  `json:"unbundledZipExact,omitempty"`
}

// Limit compares an artifact with one of Lambda's limits.
// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
type Limit struct {
	// Name is lambda-zip (50 MB direct upload) or lambda-unzipped (262,144,000 B with layers).
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
	Max   int64  `json:"max"`
	// LayersUnknown is set if layers of unknown size count towards the limit too.
	LayersUnknown bool `json:"layersUnknown,omitempty"`
}

// PackageBytes is the size of one package, or one named row, in an artifact.
type PackageBytes struct {
	// Name is a package, "(own code)", or a named row in parentheses.
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	// Unzipped is exact; Zipped is apportioned by compressed size of each entry.
	Unzipped int64 `json:"unzipped"`
	Zipped   int64 `json:"zipped"`
}

// InputBytes is the size of one of [Report.Inputs] in an artifact.
type InputBytes struct {
	Input    int   `json:"input"`
	Unzipped int64 `json:"unzipped"`
	Zipped   int64 `json:"zipped"`
}

// Duplicate is a package of which a function contains several copies.
type Duplicate struct {
	Package  string `json:"package"`
	Function string `json:"function"`
	Copies   []Copy `json:"copies"`
	// Bytes is the unzipped size of all copies except the largest.
	Bytes int64 `json:"bytes"`
}

// Copy is one installed copy of a duplicated package.
type Copy struct {
	Version string `json:"version"`
	// Path is its folder, relative to the project's root.
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
	// AskedBy are the packages or files that import it.
	AskedBy []string `json:"askedBy,omitempty"`
}

// Timing is the duration of one stage of the run.
type Timing struct {
	Stage    string
	Duration time.Duration
}

// LargestPackage is the package with the most bytes in the zip, "" if the function
// contains only its own code.
func LargestPackage(f Function) string {
	for _, b := range f.Packages {
		if !IsRow(b.Name) && b.Name != "std" {
			return b.Name
		}
	}
	return ""
}
