package timings

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/output"
)

// Log collects how long the stages of a run took.
type Log struct {
	print io.Writer // nil prints nothing
	file  string    // of the trace, "" for none

	mu     sync.Mutex
	events []traceEvent
}

// traceEvent is a complete event of Chrome's trace format. Times are in microseconds.
// Source: "Trace Event Format", docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
type traceEvent struct {
	Name     string            `json:"name"`
	Phase    string            `json:"ph"`
	Start    int64             `json:"ts"`
	Duration int64             `json:"dur"`
	Process  int               `json:"pid"`
	Thread   int               `json:"tid"`
	Args     map[string]string `json:"args,omitempty"`
}

// tracePrefix starts a value of -o that names the file of a trace. A trace is no format of
// a report: it differs from run to run.
const tracePrefix = "trace="

// New takes the file of a trace out of the values of -o. It returns nil if nothing is
// to be timed.
func New(print io.Writer, formats *[]string) (*Log, error) {
	t := &Log{print: print}
	var others []string
	for _, text := range *formats {
		file, ok := strings.CutPrefix(text, tracePrefix)
		switch {
		case !ok:
			others = append(others, text)
		case file == "" || file == "-" || t.file != "":
			return nil, analyzer.Usage(fmt.Sprintf("-o %s names no file of its own", text), "write -o trace=FILE, once")
		default:
			t.file = file
		}
	}
	*formats = others
	if print == nil && t.file == "" {
		return nil, nil
	}
	return t, nil
}

// Add takes what has just ended. function is "" for a stage of the whole run.
func (t *Log) Add(stage, function string, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.print != nil {
		fmt.Fprintf(t.print, "featherpack: %8.1f ms  %s\n", float64(took.Microseconds())/1000, strings.TrimSpace(stage+" "+function))
	}
	e := traceEvent{Name: stage, Phase: "X", Start: time.Now().Add(-took).UnixMicro(), Duration: took.Microseconds(), Process: 1, Thread: 1}
	if function != "" {
		e.Args = map[string]string{"function": function}
		e.Thread = t.row(e)
	}
	t.events = append(t.events, e)
}

// row is the first row below that of the stages in which nothing else was going on.
func (t *Log) row(e traceEvent) int {
	busy := map[int]bool{}
	for _, other := range t.events {
		busy[other.Thread] = busy[other.Thread] || other.Start+other.Duration > e.Start
	}
	row := 2
	for busy[row] {
		row++
	}
	return row
}

// Write writes the trace, if one was asked for.
func (t *Log) Write() error {
	if t == nil || t.file == "" {
		return nil
	}
	return output.WriteFile(t.file, t.file, func(w io.Writer) error {
		return json.NewEncoder(w).Encode(map[string]any{"traceEvents": t.events, "displayTimeUnit": "ms"})
	})
}
