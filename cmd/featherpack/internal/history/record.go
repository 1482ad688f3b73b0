package history

import (
	"encoding/json"
	"strings"

	"github.com/featherpack/featherpack/reporters"
)

// record is the form in which a point is kept, a line of JSON.
type record struct {
	Version int `json:"featherpack"`
	// Dir is the folder that was built, relative to the top of the repository.
	Dir       string                            `json:"dir"`
	Functions map[string]reporters.RecordedSize `json:"functions"`
	// These are in a file only; a note is on its commit.
	Commit  string `json:"commit,omitempty"`
	Time    int64  `json:"time,omitempty"` // seconds since 1970
	Subject string `json:"subject,omitempty"`
}

const version = 1

// recordsIn are the valid records of a text, one a line.
func recordsIn(text string) (all []record) {
	for line := range strings.Lines(text) {
		if r, ok := readRecord([]byte(line)); ok {
			all = append(all, r)
		}
	}
	return all
}

// readRecord reads a line.
func readRecord(line []byte) (r record, ok bool) {
	if json.Unmarshal(line, &r) != nil || r.Version != version || len(r.Functions) == 0 {
		return record{}, false
	}
	for id, s := range r.Functions {
		if !sane(s.Zip) || !sane(s.Unzipped) || !sane(s.Load) || id == "" {
			delete(r.Functions, id)
		}
	}
	return r, true
}

func sane(n int64) bool { return n >= 0 && n <= reporters.MaxBytes }

func (r record) line() (string, error) {
	text, err := json.Marshal(r)
	return string(text) + "\n", err
}
