package reporters

import (
	"slices"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// SchemaVersion is the version of the JSON form of [Report]. It rises by one
// when a reader of the old form could misread the new one.
const SchemaVersion = 1

// Report is everything a run found out. Sizes are bytes, times milliseconds.
type Report struct {
	Schema int  `json:"schema"`
	Tool   Tool `json:"tool"`
	// Settings are the run's own settings that bear on bytes, sorted by name.
	Settings []packager.Setting `json:"settings,omitempty"`
	// Functions are sorted by ID.
	Functions []Function         `json:"functions"`
	Skipped   []analyzer.Skipped `json:"skipped,omitempty"`
	Totals    Totals             `json:"totals"`
	// Duplicates are packages that one function holds in several versions or copies.
	Duplicates []Duplicate `json:"duplicates,omitempty"`
	// Inputs is the import graph of all functions, sorted by path.
	Inputs []analyzer.Input `json:"inputs"`
	// Diagnostics concern the whole project; a function's are with the function.
	Diagnostics []analyzer.Diagnostic `json:"diagnostics,omitempty"`
	// ColdStart is what the functions' projections rest on, nil without any.
	ColdStart *StartModel `json:"coldStart,omitempty"`
	// Delta is what changed since a baseline, nil when nothing was compared.
	Delta *Delta `json:"delta,omitempty"`
	// Verdicts are what the budgets say, worst first.
	Verdicts []Verdict `json:"verdicts,omitempty"`
	// Loosened are the budgets that the change itself makes laxer.
	Loosened []Loosened `json:"loosened,omitempty"`
	// Timings are measured, differ from run to run, and so stay out of the JSON.
	Timings []Timing `json:"-"`
}

// AllDiagnostics are those of the project and of every function.
func (r Report) AllDiagnostics() []analyzer.Diagnostic {
	all := slices.Clone(r.Diagnostics)
	for _, f := range r.Functions {
		all = append(all, f.Diagnostics...)
	}
	return all
}

// Tool is what made the report.
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
	// EntryInput indexes [Report.Inputs]; -1 when not known.
	EntryInput int `json:"entryInput"`
	// Unbundled is source plus production dependencies, before featherpack.
	Unbundled *packager.Unbundled `json:"unbundled,omitempty"`
	Waterfall []packager.Step     `json:"waterfall,omitempty"`
	// Limits are the shares of Lambda's hard limits.
	Limits []Limit `json:"limits,omitempty"`
	// Packages are bytes by package, largest first; Unzipped and Zipped sum to
	// the artifact's. Named rows, such as the zip's overhead, are in parentheses.
	Packages []PackageBytes `json:"packages,omitempty"`
	// Inputs are the shares of the report's inputs in the artifact.
	Inputs []InputBytes    `json:"inputs,omitempty"`
	Kept   []packager.Kept `json:"kept,omitempty"`
	// Boot is nil where the artifact was not asked to start.
	Boot *packager.Boot `json:"boot,omitempty"`
	// ColdStart is nil where nothing was projected.
	ColdStart   *ColdStart            `json:"coldStart,omitempty"`
	Settings    []packager.Setting    `json:"settings,omitempty"`
	Diagnostics []analyzer.Diagnostic `json:"diagnostics,omitempty"`
}

// Totals sum over the functions that were built.
type Totals struct {
	Functions     int   `json:"functions"`
	Failed        int   `json:"failed"`
	ZipBytes      int64 `json:"zipBytes"`
	UnzippedBytes int64 `json:"unzippedBytes"`
	// UnbundledBytes and UnbundledZipBytes are 0 where no function knows them.
	UnbundledBytes    int64 `json:"unbundledBytes,omitempty"`
	UnbundledZipBytes int64 `json:"unbundledZipBytes,omitempty"`
	UnbundledZipExact bool  `json:"unbundledZipExact,omitempty"`
}

// Limit is an artifact's share of one of Lambda's limits.
// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
type Limit struct {
	// Name is lambda-zip (50 MB direct upload) or lambda-unzipped (262,144,000 B with layers).
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
	Max   int64  `json:"max"`
	// LayersUnknown says that layers of unknown size count towards the limit too.
	LayersUnknown bool `json:"layersUnknown,omitempty"`
}

// PackageBytes is what one package, or one named row, weighs in an artifact.
type PackageBytes struct {
	// Name is a package, "(own code)", or a named row in parentheses.
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	// Unzipped is exact; Zipped is apportioned by compressed size of each entry.
	Unzipped int64 `json:"unzipped"`
	Zipped   int64 `json:"zipped"`
}

// InputBytes is what one of [Report.Inputs] weighs in an artifact.
type InputBytes struct {
	Input    int   `json:"input"`
	Unzipped int64 `json:"unzipped"`
	Zipped   int64 `json:"zipped"`
}

// Duplicate is a package that a function holds more than once.
type Duplicate struct {
	Package  string `json:"package"`
	Function string `json:"function"`
	Copies   []Copy `json:"copies"`
	// Bytes is the weight of all copies but the largest, unzipped.
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

// Timing is how long a stage of the run took.
type Timing struct {
	Stage    string
	Duration time.Duration
}

// LargestPackage is the package with the most bytes in the zip, "" when the
// function holds its own code only.
func LargestPackage(f Function) string {
	for _, b := range f.Packages {
		if !IsRow(b.Name) && b.Name != "std" {
			return b.Name
		}
	}
	return ""
}
