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

// Boot is what became of an artifact when it was started away from its source:
// the words of packager/boot that a report holds.
type Boot struct {
	// Status is loads, answers, differs, failed or not-run; the last is no pass.
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
	// Node is the version that ran; StoodIn that it is not the runtime's own.
	Node         string   `json:"node,omitempty"`
	StoodIn      bool     `json:"stoodIn,omitempty"`
	Uncontained  []string `json:"uncontained,omitempty"`
	Placeholders []string `json:"placeholders,omitempty"`
	// LoadMillis and CPUMillis are measured, one sample a fresh process.
	LoadMillis      []float64 `json:"loadMillis,omitempty"`
	CPUMillis       []float64 `json:"cpuMillis,omitempty"`
	PeakMemoryBytes int64     `json:"peakMemoryBytes,omitempty"`
	FilesOpened     int       `json:"filesOpened,omitempty"`
	// Answer may hold anything the function knows, and is in no report.
	Answer []byte `json:"-"`
}
