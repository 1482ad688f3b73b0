package packager

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Bundle is the content of one function's zip, and how it was built. The files on
// disk that it refers to do not change until emit returns; see [Bundle.Hold].
type Bundle struct {
	Function analyzer.Function
	// ID is the function's ID, or that of a trial. The zip is ID.zip.
	ID string
	// Files are the files in the zip. Their order does not matter.
	Files []File
	// Shadowing lists names that Lambda could load instead of the bundle, which is
	// the first of Files. Files with these names are not added by patterns.
	Shadowing []string
	// Beside lists files written next to the zip: source maps, third-party licences.
	// Their names are relative to the out-dir.
	Beside []File
	// Hold, called within emit, prevents changes to the files until release is called.
	// It is nil if nothing would change them.
	Hold func() (release func())
	// Graph is shared between the bundles of a build; Entry indexes its inputs.
	Graph *analyzer.Graph
	Entry int
	// Reached lists the inputs reachable from the entry point, before tree shaking.
	Reached []int
	// Waterfall holds, in order, the steps that are known before packing.
	Waterfall []Step
	// Unbundled is the size of a zip without bundling, nil if unknown.
	Unbundled *Unbundled
	// Kept lists the packages that are copied as files instead of bundled, and why.
	Kept []Kept
	// Reads say what the bundle depends on, where the job's files are recorded.
	Reads *Reads
	// Settings are the effective build settings to show, sorted by name.
	Settings    []Setting
	Diagnostics []analyzer.Diagnostic

	inputs int // of the graph when [Build] emitted the bundle: it may grow while that is packed
}

// inGraph is how many inputs the bundle's graph has, without those that later bundles add.
func (b Bundle) inGraph() int {
	if b.inputs == 0 && b.Graph != nil {
		return len(b.Graph.Inputs)
	}
	return b.inputs
}

// Failed reports whether the bundle has errors and must not be packed.
func (b Bundle) Failed() bool { return analyzer.ExitStatus(b.Diagnostics) != 0 }

// Reads is the part of a [projectfs.Record] that concerns one bundle. Everything that is
// read as something else than a module concerns all bundles of the job.
type Reads struct {
	// Modules are the project's own modules that the bundle depends on, by their path
	// relative to the root. All means that it may depend on any of the record.
	Modules []string
	All     bool
	// Inputs are the bundle's own part of the graph, parallel to [Bundle.Reached]. Their
	// imports are indices of [Bundle.Graph]. Bundles share those that are the same.
	Inputs []*analyzer.Input
	// Copied are likewise the inputs of files that are copied. They have no imports.
	Copied []analyzer.Input
	// Patterns is the record of what the function's patterns matched, nil without patterns.
	Patterns *projectfs.Record
}

// File is one file of a zip. Its content is Content, or the file at Source
// (absolute) when Content is nil.
type File struct {
	// Name is slash-separated and relative to the zip's root.
	Name    string
	Content []byte
	Source  string
	// Parts say which input the bytes came from. Bytes of generated files that no
	// part covers count as "(bundler runtime)"; of a file that is copied, as a row
	// with the file's name.
	Parts []Part
}

// Part is the number of bytes that one input contributes to an unzipped file.
type Part struct {
	// Input is an index into [Bundle.Graph], or -1 if Row names the bytes.
	Input int
	// Row names bytes that come from no input, such as "(bundler runtime)".
	Row   string
	Bytes int64
}

// Step is one step of the waterfall from the unbundled files to the zip.
type Step struct {
	// Name is one of unbundled, reachable modules, tree-shaken, minified, zipped
	// (Node), or linked, stripped, tagged, zipped (Go), or a named pass. With files is
	// the code with the files beside it; the passes that follow count both.
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

// Unbundled is the source plus production dependencies as installed: the content of
// a zip of the service's folder.
type Unbundled struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	// ZipBytes is exact if ZipExact is set, else projected, within ZipLow and ZipHigh.
	ZipBytes int64 `json:"zipBytes"`
	ZipExact bool  `json:"zipExact"`
	ZipLow   int64 `json:"zipLow,omitempty"`
	ZipHigh  int64 `json:"zipHigh,omitempty"`
}

// Kept is a package that is copied into the zip as files.
type Kept struct {
	Package string `json:"package"`
	Reason  string `json:"reason"`
	Files   int    `json:"files"`
	Bytes   int64  `json:"bytes"`
}

// Setting is an effective build setting, such as {"format", "esm"}.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
