package boot

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"
)

// Options control how an artifact is started. The zero value loads it once,
// contained, with the machine's Node.
type Options struct {
	// Event is the event to send, as JSON. If it is nil, the function is only loaded.
	Event []byte
	// Runs is the number of new processes in which the load is measured. 0 means 1.
	Runs int
	// Timeout limits the init phase (0 means Lambda's 10 s) and the invocation
	// (0 means Lambda's default of 3 s for a template that sets none, else 30 s). The function's own timeout applies if it is shorter.
	Timeout time.Duration
	// Node is a path to a Node executable, or one of: "" or "system" for the
	// machine's Node, "auto" to download a pinned Node if the machine's has
	// another major version.
	Node string
	// CacheDir holds the downloaded Nodes. "" means the user's cache folder.
	CacheDir string
	// AllowUncontained runs the function even if the machine cannot contain
	// it. The function can then do anything that the user's own programs can.
	AllowUncontained bool
	// OtherArchitecture runs a Node artifact without native code even if this
	// machine has another architecture than the function.
	OtherArchitecture bool
}

// Statuses of a [Result].
const (
	Loads   = "loads"   // became ready; no event was sent
	Answers = "answers" // became ready and answered the event
	Failed  = "failed"  // does not run, and most likely would not run on Lambda
	NotRun  = "not-run" // was not started, so nothing is known; never counts as a pass
)

// Result is the outcome of starting an artifact. Its texts hold no path of this
// machine and no value of the function's own variables.
type Result struct {
	Status string `json:"status"`
	// Reason is a clause: why the artifact failed or was not run.
	Reason string `json:"reason,omitempty"`
	// Loaded is set if it became ready, whatever happened after that.
	Loaded bool `json:"-"`
	// WantsNetwork is set if it failed because it could not reach another machine.
	// If that happened while it loaded, Status is NotRun.
	WantsNetwork bool `json:"-"`
	// OtherMachine is set if a machine of another architecture could run it.
	OtherMachine bool `json:"-"`
	// Answer is the function's answer if that is JSON. Any other answer is a
	// JSON string: of the text (AnswerEncoding "text"), or of the bytes in
	// base64 (AnswerEncoding "base64").
	Answer         json.RawMessage `json:"answer,omitempty"`
	AnswerEncoding string          `json:"answerEncoding,omitempty"`
	// Error is the error that the function reported, or that Lambda would
	// report for it.
	Error *Failure `json:"error,omitempty"`
	// Node is the version of the Node that ran, "" for a bootstrap. StoodIn is
	// set if it has another major version or another architecture than the
	// function.
	Node    string `json:"node,omitempty"`
	StoodIn bool   `json:"stoodIn,omitempty"`
	// Uncontained lists what the function could reach here and could not on
	// Lambda: files, memory, network, processes, user.
	Uncontained []string `json:"uncontained,omitempty"`
	// Placeholders are the names of the variables that got a placeholder,
	// because their value is only known when deployed.
	Placeholders []string `json:"placeholders,omitempty"`
	// Measured differs from run to run, and so can Logs.
	Measured Measured `json:"measured"`
	// Logs is the end of the function's output, at most 32 KiB.
	Logs string `json:"logs,omitempty"`
}

// Measured holds the figures of a check, with every sample. A figure that could
// not be measured is empty or 0.
type Measured struct {
	// LoadMillis is the time from exec to the first request for an event, one
	// sample per process. CPUMillis is the processor time used in that time.
	LoadMillis []float64 `json:"loadMillis,omitempty"`
	CPUMillis  []float64 `json:"cpuMillis,omitempty"`
	// HandlerMillis is the part of CPUMillis that loading a Node function's handler took:
	// without the start of Node and of its runtime client.
	HandlerMillis []float64 `json:"handlerMillis,omitempty"`
	// PeakMemoryBytes is the largest resident memory at any one time.
	PeakMemoryBytes int64 `json:"peakMemoryBytes,omitempty"`
	// FilesOpened is the number of distinct files of the artifact that were opened.
	FilesOpened int `json:"filesOpened,omitempty"`
}

// LoadMedian and CPUMedian return medians in ms, or 0 if there are no samples.
func (m Measured) LoadMedian() float64 { return median(m.LoadMillis) }
func (m Measured) CPUMedian() float64  { return median(m.CPUMillis) }

func median(samples []float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(samples))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// encodeAnswer compacts an answer that is JSON, and encodes any other answer as a
// JSON string: the Runtime API accepts any bytes.
func encodeAnswer(answer []byte) (json.RawMessage, string) {
	var compact bytes.Buffer
	if json.Compact(&compact, answer) == nil {
		return compact.Bytes(), ""
	}
	text, encoding := string(answer), "text"
	if !utf8.Valid(answer) {
		text, encoding = base64.StdEncoding.EncodeToString(answer), "base64"
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return nil, ""
	}
	return quoted, encoding
}

func millis(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}
