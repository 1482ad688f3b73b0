package packager

import "github.com/featherpack/featherpack/analyzer"

// Bundle is what goes into one function's zip, and how it came to be. What its
// files are read from stays as it is until emit returns; see [Bundle.Hold].
type Bundle struct {
	Function analyzer.Function
	// ID is the function's, or that of a trial: what its zip is called after.
	ID string
	// Files are zipped; their order does not matter.
	Files []File
	// Shadowing are names that Lambda could load in place of the bundle, whose own
	// file is the first of Files. No pattern brings in a file of such a name.
	Shadowing []string
	// Beside are written next to the zip: source maps, third-party licences.
	// Their names are relative to the out-dir.
	Beside []File
	// Hold, called within emit, keeps the files as they are until release is called.
	// It is nil where nothing replaces them.
	Hold func() (release func())
	// Graph is shared between the bundles of a build; Entry indexes its inputs.
	Graph *analyzer.Graph
	Entry int
	// Reached are the inputs that the entry point reaches, before tree shaking.
	Reached []int
	// Waterfall holds the steps that are known before packing, in order.
	Waterfall []Step
	// Unbundled is what a naive zip would hold, nil where it is not known.
	Unbundled *Unbundled
	// Kept says which packages stay as files instead of being bundled, and why.
	Kept []Kept
	// Settings are the effective build settings worth showing, sorted by name.
	Settings    []Setting
	Diagnostics []analyzer.Diagnostic
}

// Failed reports whether the bundle must not become an artifact.
func (b Bundle) Failed() bool { return analyzer.ExitStatus(b.Diagnostics) != 0 }

// File is one file of a zip. Its content is Content, or the file at Source
// (absolute) when Content is nil.
type File struct {
	// Name is slash-separated and relative to the zip's root.
	Name    string
	Content []byte
	Source  string
	// Parts say which input the bytes came from. What they do not cover is the
	// builder's own glue and is reported as a row of that name.
	Parts []Part
}

// Part is the share of one input in a file, in bytes of the unzipped file.
type Part struct {
	// Input indexes [Bundle.Graph]; -1 means Row says what it is.
	Input int
	// Row names bytes that no input owns, such as "(bundler runtime)".
	Row   string
	Bytes int64
}

// Step is one stage of the waterfall from everything to the zip.
type Step struct {
	// Name is one of unbundled, reachable modules, tree-shaken, minified, zipped
	// (Node), or linked, stripped, tagged, zipped (Go), or a named pass.
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

// Unbundled is source plus production dependencies as installed: what a zip of
// the service's folder would hold.
type Unbundled struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	// ZipBytes is exact when ZipExact, else projected between ZipLow and ZipHigh.
	ZipBytes int64 `json:"zipBytes"`
	ZipExact bool  `json:"zipExact"`
	ZipLow   int64 `json:"zipLow,omitempty"`
	ZipHigh  int64 `json:"zipHigh,omitempty"`
}

// Kept is a package that stays as files in the zip.
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
