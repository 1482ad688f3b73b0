package history

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/reporters"
)

// Size is what is kept of a built function.
type Size struct {
	Zip      int64 `json:"zip"`      // bytes
	Unzipped int64 `json:"unzipped"` // bytes
	// Load is the median of the measured load time in microseconds, 0 if it was not
	// measured.
	Load int64 `json:"load,omitempty"`
}

// Point is what was recorded for one commit.
type Point struct {
	Commit  string
	Time    time.Time // of the commit
	Subject string
	// Functions are by ID.
	Functions map[string]Size
}

// record is the form in which a point is kept, a line of JSON.
type record struct {
	Version int `json:"featherpack"`
	// Dir is the folder that was built, relative to the top of the repository.
	Dir       string          `json:"dir"`
	Functions map[string]Size `json:"functions"`
	// These are in a file only; a note is on its commit.
	Commit  string `json:"commit,omitempty"`
	Time    int64  `json:"time,omitempty"` // seconds since 1970
	Subject string `json:"subject,omitempty"`
}

const version = 1

// sizesOf are the sizes of a report's functions.
func sizesOf(r reporters.Report) map[string]Size {
	sizes := map[string]Size{}
	for _, f := range r.Functions {
		if f.Artifact == nil {
			continue
		}
		s := Size{Zip: f.Artifact.ZipBytes, Unzipped: f.Artifact.UnzippedBytes}
		if f.Boot != nil && len(f.Boot.LoadMillis) > 0 {
			sorted := slices.Sorted(slices.Values(f.Boot.LoadMillis))
			s.Load = int64(sorted[len(sorted)/2] * 1000)
		}
		sizes[f.ID] = s
	}
	return sizes
}

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
