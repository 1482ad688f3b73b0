package packager

import "github.com/featherpack/featherpack/analyzer"

// Artifact is a function's zip as it lies on disk, and where its bytes come from.
type Artifact struct {
	// Name is the zip's path relative to the out-dir: "<function>.zip".
	Name string `json:"name"`
	// Path is where it was written; absolute, and so not serialised.
	Path string `json:"-"`
	// ZipBytes is the zip's size, UnzippedBytes the sum of its entries'.
	ZipBytes      int64 `json:"zipBytes"`
	UnzippedBytes int64 `json:"unzippedBytes"`
	// SHA256 is the zip's digest in hex; CodeSHA256 the same in base64, as
	// Lambda's CodeSha256 and Terraform's source_code_hash spell it.
	SHA256     string `json:"sha256"`
	CodeSHA256 string `json:"codeSha256"`
	// Entries are sorted by name.
	Entries []Entry `json:"entries"`
	// Shares say which input the artifact's bytes came from. Their Unzipped sum
	// to UnzippedBytes and their Zipped to ZipBytes, exactly.
	Shares []Share `json:"-"`
	// Diagnostics warn of names that some systems take for one file.
	Diagnostics []analyzer.Diagnostic `json:"-"`
}

// Entry is one file of the zip.
type Entry struct {
	Name string `json:"name"`
	// Bytes is the file's size, ZipBytes that of its compressed data.
	Bytes    int64  `json:"bytes"`
	ZipBytes int64  `json:"zipBytes"`
	Mode     uint32 `json:"mode"` // 0644 or 0755
	SHA256   string `json:"sha256"`
}

// Share is what one input, or one named row, weighs in an artifact.
type Share struct {
	// Input indexes the bundle's graph; -1 means Row says what it is.
	Input int
	Row   string
	// Unzipped is exact. Zipped is the entry's compressed size apportioned by
	// bytes in output, with largest-remainder rounding so that rows sum.
	Unzipped int64
	Zipped   int64
}
