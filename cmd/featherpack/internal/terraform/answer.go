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

// Question is what an answer is for.
type Question struct {
	Flags   Flags
	Options pipeline.Options
	Dir     string
	// Tell prints what is wrong.
	Tell func([]analyzer.Diagnostic)
	// Report writes the report where the user wants it; nil where nobody does.
	Report func(reporters.Report) error
}

// Answer gives the answer, from the record of the last one where nothing has
// changed since. nil means that the build failed, and that Tell has said why.
func Answer(ctx context.Context, q Question, out *outdir.Dir) (map[string]string, error) {
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
	// From here on an old answer is never given again, however this run ends.
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
		// An empty answer would have Terraform destroy what stands on it.
		all = append(all, pipeline.AllSkipped(analyzer.Error))
	}
	if len(report.Functions) > 0 {
		if err := out.Settle(report, true); err != nil {
			return nil, err
		}
	}
	q.Tell(all)
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
	if after == state && after.sound {
		if err := remember(out, after, report, answer); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

// What Lambda takes where a manifest says nothing.
// Source: docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const (
	defaultMemoryMB       = 128
	defaultTimeoutSeconds = 3
)

// answerOf is what Terraform gets: NAME.FUNCTION for each of the functions, and
// the bare names too where there is just one.
func answerOf(r reporters.Report, out *outdir.Dir) map[string]string {
	answer := map[string]string{}
	for _, f := range r.Functions {
		handler := f.Handler
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
