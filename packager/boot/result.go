package boot

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"
)

// Options say how an artifact is started. The zero value loads it once, with
// the machine's Node, contained.
type Options struct {
	// Event is what the function is invoked with, as JSON; nil: only load it.
	Event []byte
	// Runs is how many fresh processes the load is measured in; 0 is 1.
	Runs int
	// Timeout bounds the init phase, where 0 is Lambda's 10 s, and the
	// invocation, where 0 is 30 s; a shorter timeout of the function wins.
	Timeout time.Duration
	// Node is "" or "system" for the machine's Node, "auto" to fetch a pinned
	// one where the machine's is of another major version, or a path.
	Node string
	// CacheDir is where fetched Nodes are kept; "" is the user's cache folder.
	CacheDir string
	// AllowUncontained runs the function although the machine lets nothing be
	// contained. It is then as free as any program the user starts.
	AllowUncontained bool
	// OtherArchitecture runs a Node artifact that holds no native code although
	// the function's architecture is not this machine's.
	OtherArchitecture bool
}

// Statuses of a [Result].
const (
	Loads   = "loads"   // became ready; it was given no event
	Answers = "answers" // became ready and answered its event
	Failed  = "failed"  // Lambda would not run it either, as far as can be told
	NotRun  = "not-run" // nothing is known: never a pass
)

// Result is what became of an artifact. It holds no path of this machine, and
// the values of the function's own variables are taken out of its texts.
type Result struct {
	Status string `json:"status"`
	// Reason is a clause that says why it failed or was not run.
	Reason string `json:"reason,omitempty"`
	// OtherMachine says that a machine of another architecture could run it.
	OtherMachine bool `json:"-"`
	// Answer is the function's answer when it is JSON; any other is a JSON
	// string, of the text or (AnswerEncoding "base64") of the bytes.
	Answer         json.RawMessage `json:"answer,omitempty"`
	AnswerEncoding string          `json:"answerEncoding,omitempty"`
	// Error is what the function, or Lambda in its place, reports.
	Error *Failure `json:"error,omitempty"`
	// Node is the version that ran, "" for a bootstrap; StoodIn says that it is
	// of another major version, or another architecture, than the function's.
	Node    string `json:"node,omitempty"`
	StoodIn bool   `json:"stoodIn,omitempty"`
	// Uncontained names what the function could reach and could not on Lambda:
	// files, memory, network, processes, user.
	Uncontained []string `json:"uncontained,omitempty"`
	// Placeholders are the variables whose value is only known when deployed.
	Placeholders []string `json:"placeholders,omitempty"`
	// Measured differs from run to run; so does the end of what was logged.
	Measured Measured `json:"measured"`
	Logs     string   `json:"logs,omitempty"`
}

// Measured are the figures of a check, with every sample. What could not be
// measured is absent.
type Measured struct {
	// LoadMillis are from exec to the first request for an event, one per fresh
	// process; CPUMillis the processor time until then.
	LoadMillis []float64 `json:"loadMillis,omitempty"`
	CPUMillis  []float64 `json:"cpuMillis,omitempty"`
	// PeakMemoryBytes is the most that was resident at a time.
	PeakMemoryBytes int64 `json:"peakMemoryBytes,omitempty"`
	// FilesOpened counts the different files of the artifact that were opened.
	FilesOpened int `json:"filesOpened,omitempty"`
}

// LoadMedian and CPUMedian are in ms, 0 without samples.
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

// encodeAnswer keeps JSON as it is, and makes a JSON string of anything else:
// the Runtime API takes any bytes.
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
