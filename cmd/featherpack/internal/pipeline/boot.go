package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// BootOptions control how artifacts are started.
type BootOptions struct {
	boot.Options
	// Events and Answers hold JSON by function ID. The key "" is for all other
	// functions.
	Events, Answers map[string][]byte
}

// bootAll starts every artifact and adds the results to the report. An artifact
// that fails or gives a wrong answer is an error of its function. An artifact that
// could not be run is a warning, and never counts as a pass.
func bootAll(ctx context.Context, report *reporters.Report, functions []analyzer.Function, out *outdir.Dir, o Options) {
	type place struct {
		name string
		analyzer.Position
	}
	byPlace := map[place]analyzer.Function{}
	for _, f := range functions {
		byPlace[place{f.Name, f.Position}] = f
	}
	var wait sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range report.Functions {
		f := &report.Functions[i]
		if f.Artifact == nil {
			continue
		}
		full := f.Function
		if known, ok := byPlace[place{f.Name, f.Position}]; ok {
			full = known // it has the environment, which a report leaves out
		}
		o.Step("featherpack: starting %s", f.ID)
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			result, diagnostic := Boot(ctx, filepath.Join(out.Path, filepath.FromSlash(f.ID)+".zip"), f.ID, full, *o.Boot)
			f.Boot = &result
			if diagnostic != nil {
				f.Diagnostics = append(f.Diagnostics, *diagnostic)
			}
		})
	}
	wait.Wait()
	o.clear()
}

// Boot starts one artifact. The diagnostic describes a failure. It is nil if there
// is none.
func Boot(ctx context.Context, zip, id string, f analyzer.Function, o BootOptions) (packager.Boot, *analyzer.Diagnostic) {
	options := o.Options
	options.Event = of(o.Events, id)
	r := boot.Check(ctx, zip, f, options)
	b := packager.Boot{
		Status: r.Status, Reason: r.Reason, Node: r.Node, StoodIn: r.StoodIn, Uncontained: r.Uncontained, Placeholders: r.Placeholders,
		LoadMillis: r.Measured.LoadMillis, CPUMillis: r.Measured.CPUMillis, PeakMemoryBytes: r.Measured.PeakMemoryBytes, FilesOpened: r.Measured.FilesOpened,
		Answer: r.Answer,
	}
	d := &analyzer.Diagnostic{Code: "boot-failed", Severity: analyzer.Error, Function: id, Position: f.Position}
	want := of(o.Answers, id)
	switch {
	case r.Status == boot.Failed:
		d.Message = "does not run from its zip: " + r.Reason
		if r.Error != nil {
			d.Message = fmt.Sprintf("does not run from its zip: %s: %s", r.Error.Type, r.Error.Message)
		}
		d.Hint = "featherpack boot " + id + " --verbose shows its log"
	case r.Status == boot.NotRun:
		d.Code, d.Severity, d.Message = "not-booted", analyzer.Warning, "was not started: "+r.Reason
		d.Hint = "the zip was not checked; fix the cause, then run featherpack boot " + id
		if r.OtherMachine {
			d.Hint = "the zip was not checked; run featherpack boot " + id + " on a machine of that architecture, such as a CI runner"
		}
	case r.Status == boot.Answers && want != nil && !sameValue(r.Answer, want):
		b.Status = "differs"
		d.Code, d.Message = "boot-differs", fmt.Sprintf("answers %s, which is not the answer given with --expect", shortened(r.Answer))
		d.Hint = "run the function from its source tree and compare the answers"
	default:
		return b, nil
	}
	return b, d
}

func sameValue(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func shortened(answer []byte) string {
	if len(answer) > 200 {
		return string(answer[:200]) + "..."
	}
	return string(answer)
}

// Named returns the options with events and answers by function ID. The given
// options may use a function's name instead.
func (o BootOptions) Named(p analyzer.Project) (BootOptions, error) {
	for _, files := range []*map[string][]byte{&o.Events, &o.Answers} {
		byID := map[string][]byte{}
		for word, data := range *files {
			if word != "" {
				at, err := analyzer.Lookup(slices.Values(p.Functions), word)
				if err != nil {
					return o, err
				}
				if at >= 0 {
					word = p.Functions[at].ID
				}
			}
			byID[word] = data
		}
		*files = byID
	}
	return o, nil
}

// of returns the file for a function, or else the one for all functions.
func of(files map[string][]byte, id string) []byte {
	if data, ok := files[id]; ok {
		return data
	}
	return files[""]
}
