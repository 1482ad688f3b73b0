package reporters

import (
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// Lambda's limits on a deployment package. The documentation says 50 MB and
// 250 MB; the service counts in MiB, as its refusals say: "Zipped size must be
// smaller than 52428800 bytes", "Unzipped size must be smaller than 262144000
// bytes" (localstack/localstack#9697, internetarchive/internet-archive-voice-apps#476).
//
// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	// MaxZip is for a direct upload. An upload by way of S3 has no such limit.
	MaxZip = 52_428_800
	// MaxUnzipped counts the layers too.
	MaxUnzipped = 262_144_000

	// LimitZip and LimitUnzipped name them in [Limit.Name] and in budgets.
	LimitZip      = "lambda-zip"
	LimitUnzipped = "lambda-unzipped"
)

// limits compares an artifact with Lambda's limits.
func limits(a packager.Artifact, layers []string) []Limit {
	return []Limit{
		{Name: LimitUnzipped, Bytes: a.UnzippedBytes, Max: MaxUnzipped, LayersUnknown: len(layers) > 0},
		{Name: LimitZip, Bytes: a.ZipBytes, Max: MaxZip},
	}
}

// overLimits returns a diagnostic for each limit that a function exceeds. The limit on
// the unzipped size applies to every kind of deployment, the one on the zip only to
// direct uploads.
func overLimits(f Function) []analyzer.Diagnostic {
	var said []analyzer.Diagnostic
	for _, l := range f.Limits {
		if l.Bytes <= l.Max {
			continue
		}
		d := analyzer.Diagnostic{Code: "over-" + l.Name, Severity: analyzer.Error, Position: f.Position}
		if l.Name == LimitZip {
			d.Severity = analyzer.Warning
			d.Message = fmt.Sprintf("the zip has %s, more than the 50 MiB that a direct upload allows", Size(l.Bytes))
			d.Hint = "upload it through S3, as frameworks do with a deployment bucket"
		} else {
			d.Message = fmt.Sprintf("the function has %s unzipped, more than the 250 MiB that Lambda allows, layers included", Size(l.Bytes))
			d.Hint = "featherpack report --verbose lists the largest packages; fetch large data at run time, or deploy a container image"
		}
		said = append(said, d)
	}
	return said
}
