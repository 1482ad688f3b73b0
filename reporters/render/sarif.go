package render

import (
	"cmp"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/render/columns"
)

// The parts of SARIF 2.1.0 that are written.
// Format: docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string       `json:"id"`
		ShortDescription sarifMessage `json:"shortDescription"`
		FullDescription  sarifMessage `json:"fullDescription"`
		Help             sarifMessage `json:"help"`
		HelpURI          string       `json:"helpUri"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifMessage      `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

var sarifLevels = map[analyzer.Severity]string{
	analyzer.Refused: "error", analyzer.Error: "error", analyzer.Warning: "warning", analyzer.Note: "note",
}

// maxResults is the number of results that GitHub's code scanning accepts in one run.
// Source: docs.github.com, "SARIF support for code scanning"
const maxResults = 25_000

// SARIF writes the findings as SARIF 2.1.0.
func SARIF(w io.Writer, r reporters.Report) error {
	list := problems(r)
	list = list[:min(len(list), maxResults)]
	var codes []string
	links := map[string]string{} // of advice
	for _, p := range list {
		codes = append(codes, columns.Clean(p.code))
		if link := reporters.SafeLink(p.link); link != "" {
			links[columns.Clean(p.code)] = link
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{
		Name: "featherpack", Version: columns.Clean(r.Tool.Version), InformationURI: "https://github.com/featherpack/featherpack", Rules: []sarifRule{},
	}
	for _, code := range codes {
		text := ruleText(code)
		if links[code] != "" {
			text = "Advice of featherpack. Its message has the cost, and in parentheses what to do; featherpack advise --explain " + code + " says why."
		}
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: code, ShortDescription: sarifMessage{strings.ReplaceAll(code, "-", " ")}, FullDescription: sarifMessage{text},
			Help:    sarifMessage{text + " featherpack help troubleshooting lists messages with their causes and remedies."},
			HelpURI: cmp.Or(links[code], troubleshooting),
		})
	}
	for _, p := range list {
		index, _ := slices.BinarySearch(codes, columns.Clean(p.code))
		at := sarifPhysical{ArtifactLocation: sarifArtifact{relativeURI(p.path()), "%SRCROOT%"}}
		if p.Line > 0 {
			at.Region = &sarifRegion{StartLine: p.Line, StartColumn: max(p.Column, 0)}
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: codes[index], RuleIndex: index, Level: cmp.Or(sarifLevels[p.severity], "none"), Message: sarifMessage{p.text()},
			Locations:           []sarifLocation{{at}},
			PartialFingerprints: map[string]string{"featherpack/v1": p.fingerprint()},
		})
	}
	return writeJSON(w, sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	})
}

// relativeURI is a path that cannot be parsed as another kind of URI.
func relativeURI(path string) string {
	return (&url.URL{Path: strings.TrimLeft(path, "/")}).String()
}
