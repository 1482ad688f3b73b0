package packager

import "github.com/featherpack/featherpack/analyzer"

// Artifact describes a function's zip on disk and where its bytes come from.
type Artifact struct {
	// Name is the zip's path relative to the out-dir: "<function>.zip".
	Name string `json:"name"`
	// Path is the zip's absolute path. It is not serialised because it is absolute.
	Path string `json:"-"`
	// ZipBytes is the zip's size. UnzippedBytes is the sum of its entries' sizes.
	ZipBytes      int64 `json:"zipBytes"`
	UnzippedBytes int64 `json:"unzippedBytes"`
	// SHA256 is the zip's digest in hex. CodeSHA256 is the same digest in base64, the
	// format of Lambda's CodeSha256 and Terraform's source_code_hash.
	SHA256     string `json:"sha256"`
	CodeSHA256 string `json:"codeSha256"`
	// Entries are sorted by name.
	Entries []Entry `json:"entries"`
	// Shares say which input the artifact's bytes came from. Their Unzipped add up
	// to exactly UnzippedBytes, their Zipped to exactly ZipBytes.
	Shares []Share `json:"-"`
	// Earlier is set if the zip is one that [Options.Earlier] had.
	Earlier bool `json:"-"`
	// Diagnostics warn about names that some systems treat as the same file.
	Diagnostics []analyzer.Diagnostic `json:"-"`
}

// Entry is one file of the zip.
type Entry struct {
	Name string `json:"name"`
	// Bytes is the file's size, ZipBytes the size of its compressed data.
	Bytes    int64  `json:"bytes"`
	ZipBytes int64  `json:"zipBytes"`
	Mode     uint32 `json:"mode"` // 0644 or 0755
	SHA256   string `json:"sha256"`
}

// Share is how much one input, or one named row, contributes to an artifact.
type Share struct {
	// Input is an index into the bundle's graph, or -1 if Row names the bytes.
	Input int
	Row   string
	// Unzipped is exact. Zipped is a part of the entry's compressed size, divided in
	// proportion to Unzipped and rounded by largest remainder so that the sum is exact.
	Unzipped int64
	Zipped   int64
}

// Boot is the result of starting an artifact away from its source, as packager/boot
// measures it and reports hold it. It holds no value of an answer or an error.
type Boot struct {
	// Status is loads, answers, differs, failed or not-run. not-run does not pass.
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
	// ErrorType is Lambda's type of the error that the function reported, if any.
	ErrorType string `json:"errorType,omitempty"`
	// Source is nil if the artifact was not compared with its source tree.
	Source *BootSource `json:"source,omitempty"`
	// Differences are JSON paths at which the answer is not the one that was expected.
	Differences []string `json:"differences,omitempty"`
	// Node is the version that ran. StoodIn is set if it is not the runtime's version.
	Node         string   `json:"node,omitempty"`
	StoodIn      bool     `json:"stoodIn,omitempty"`
	Uncontained  []string `json:"uncontained,omitempty"`
	Placeholders []string `json:"placeholders,omitempty"`
	// LoadMillis and CPUMillis have one measured sample for each fresh process.
	LoadMillis []float64 `json:"loadMillis,omitempty"`
	CPUMillis  []float64 `json:"cpuMillis,omitempty"`
	// HandlerMillis is the part of CPUMillis that loading a Node function's handler took.
	// SourceMillis is the same of its source tree: each process of the artifact ran right
	// after the one of the source tree with the same index. It is empty if the source tree
	// was not measured.
	HandlerMillis   []float64 `json:"handlerMillis,omitempty"`
	SourceMillis    []float64 `json:"sourceMillis,omitempty"`
	PeakMemoryBytes int64     `json:"peakMemoryBytes,omitempty"`
	FilesOpened     int       `json:"filesOpened,omitempty"`
}

// BootSource is the comparison of an artifact with its source tree.
type BootSource struct {
	// Verdict is one of those of packager/boot, such as "runs as its source".
	Verdict string `json:"verdict"`
	// Reason is a clause: why nothing was decided, or what differs.
	Reason string `json:"reason,omitempty"`
	// Event is the file of the event that decided, "" if none was sent.
	Event string `json:"event,omitempty"`
	// Differences are JSON paths at which the answers differ. Varying are those that
	// were left out, since they differ between two runs of the artifact.
	Differences []string `json:"differences,omitempty"`
	Varying     []string `json:"varying,omitempty"`
	// Files are those that the source opened and the artifact neither holds nor inlined.
	Files []BootFile `json:"files,omitempty"`
	// Modules, Variables and Programs are what only the source loaded, read or started.
	Modules   []string `json:"modules,omitempty"`
	Variables []string `json:"variables,omitempty"`
	Programs  []string `json:"programs,omitempty"`
}

// BootFile is a file that the source opened, and the code that opened it.
type BootFile struct {
	// File is relative to the project's root, Include to the function's code: the
	// pattern that brings the file. It is "" if no pattern should; Reason says why.
	File    string            `json:"file"`
	Include string            `json:"include,omitempty"`
	Reason  string            `json:"reason,omitempty"`
	By      analyzer.Position `json:"by"`
}
