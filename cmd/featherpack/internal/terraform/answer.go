package terraform

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/reporters"
)

// Request is a query with everything that is needed to answer it.
type Request struct {
	Flags   Flags
	Options pipeline.Options
	Dir     string
	// Print prints diagnostics.
	Print func([]analyzer.Diagnostic)
	// Report writes the report. It is nil if the user requests none.
	Report func(reporters.Report) error
}

// Answer returns the answer to a request. It repeats the recorded answer if nothing
// has changed. A nil answer means that the build failed, and that Print has printed
// the errors.
func Answer(ctx context.Context, q Request, out *outdir.Dir) (map[string]string, error) {
	settings := q.Options

	read := map[string]string{}
	settings.Discover.LookupEnv = func(name string) (string, bool) {
		value, ok := os.LookupEnv(name)
		read[name] = fmt.Sprint(ok, value)
		return value, ok
	}
	project := manifest.Discover(q.Dir, settings.Discover)
	state, err := newFingerprint(ctx, q, project, read)
	if err != nil {
		return nil, err
	}
	if answer := recorded(out, state); answer != nil && q.Report == nil {
		return answer, nil
	}
	// Delete the old answer now, so that it is never repeated, even if this run fails.
	if err := forget(out); err != nil {
		return nil, err
	}
	if settings.Prepare != nil {
		functions, err := pipeline.Choose(project, settings.Only)
		if err != nil {
			return nil, err
		}
		if err := settings.Prepare(ctx, project, functions); err != nil {
			return nil, err
		}
		settings.Prepare = nil
		if state, err = newFingerprint(ctx, q, project, read); err != nil {
			return nil, err
		}
	}
	report, project, err := pipeline.Measure(ctx, q.Dir, settings, out)
	if err != nil {
		return nil, err
	}
	all := report.AllDiagnostics()
	if len(report.Functions) == 0 && analyzer.ExitStatus(all) == 0 {
		// An empty answer would make Terraform destroy the resources that use it.
		all = append(all, pipeline.AllSkipped(manifest.Options{}))
	}
	if len(report.Functions) > 0 {
		if _, err := out.Settle(report, true); err != nil {
			return nil, err
		}
	}
	q.Print(all)
	if q.Report != nil {
		if err := q.Report(report); err != nil {
			return nil, err
		}
	}
	if analyzer.ExitStatus(all) != 0 {
		return nil, nil
	}
	answer := answerOf(report, out)
	after, err := newFingerprint(ctx, q, project, read)
	if err != nil {
		return nil, err
	}
	if after == state && after.reliable {
		if err := remember(out, after, report, answer); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

// Lambda's defaults for settings that a manifest leaves out.
// Source: docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const (
	defaultMemoryMB       = 128
	defaultTimeoutSeconds = 3
)

// answerOf returns Terraform's answer: NAME.FUNCTION for each function, and also NAME
// alone if there is only one function.
func answerOf(r reporters.Report, out *outdir.Dir) map[string]string {
	answer := map[string]string{}
	for _, f := range r.Functions {
		handler := cmp.Or(f.Wrapper, f.Handler)
		if f.Family == analyzer.Go {
			handler = "bootstrap"
		}
		for name, value := range map[string]string{
			"path": filepath.ToSlash(filepath.Join(out.Name, f.Artifact.Name)), "source_code_hash": f.Artifact.CodeSHA256,
			"handler": handler, "runtime": f.Runtime, "architecture": f.Architecture,
			"memory": strconv.Itoa(cmp.Or(f.MemoryMB, defaultMemoryMB)), "timeout": strconv.Itoa(cmp.Or(f.TimeoutSeconds, defaultTimeoutSeconds)),
		} {
			answer[name+"."+f.ID] = value
			if len(r.Functions) == 1 {
				answer[name] = value
			}
		}
	}
	return answer
}
