package render

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// codeQuality is one finding of GitLab's Code Quality report.
// Format: docs.gitlab.com/ci/testing/code_quality
type codeQuality struct {
	Description string          `json:"description"`
	CheckName   string          `json:"check_name"`
	Fingerprint string          `json:"fingerprint"`
	Severity    string          `json:"severity"`
	Location    qualityLocation `json:"location"`
}

type qualityLocation struct {
	Path  string       `json:"path"`
	Lines qualityLines `json:"lines"`
}

type qualityLines struct {
	Begin int `json:"begin"`
}

var qualitySeverity = map[analyzer.Severity]string{
	analyzer.Refused: "blocker", analyzer.Error: "critical", analyzer.Warning: "minor", analyzer.Note: "info",
}

// GitLab writes a Code Quality report. A fingerprint does not include figures, so that
// GitLab recognises a finding again. Equal fingerprints get a number, because GitLab shows
// only the first of them.
func GitLab(w io.Writer, r reporters.Report) error {
	list := []codeQuality{}
	seen := map[string]int{}
	for _, p := range problems(r) {
		q := codeQuality{
			Description: p.text(), CheckName: "featherpack/" + columns.Clean(p.code), Fingerprint: p.fingerprint(),
			Severity: cmp.Or(qualitySeverity[p.severity], "info"),
			Location: qualityLocation{p.path(), qualityLines{max(p.Line, 1)}},
		}
		seen[q.Fingerprint]++
		if n := seen[q.Fingerprint]; n > 1 {
			q.Fingerprint = fmt.Sprintf("%s-%d", q.Fingerprint, n)
		}
		list = append(list, q)
	}
	return writeJSON(w, list)
}

// writeJSON writes a value for other programs, indented.
func writeJSON(w io.Writer, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}
