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
		var r record
		if json.Unmarshal([]byte(line), &r) != nil || r.Version != version || len(r.Functions) == 0 {
			continue
		}
		for id, s := range r.Functions {
			if !sane(s.Zip) || !sane(s.Unzipped) || !sane(s.Load) || id == "" {
				delete(r.Functions, id)
			}
		}
		all = append(all, r)
	}
	return all
}

func sane(n int64) bool { return n >= 0 && n <= reporters.MaxBytes }

func (r record) line() (string, error) {
	text, err := json.Marshal(r)
	return string(text) + "\n", err
}
