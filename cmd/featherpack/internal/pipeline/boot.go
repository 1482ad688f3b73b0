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

// BootOptions say how artifacts are started.
type BootOptions struct {
	boot.Options
	// Events and Answers are JSON by function ID; "" stands for all others.
	Events, Answers map[string][]byte
}

// bootAll starts every artifact and puts what came of it into the report. An
// artifact that fails, or answers what it should not, is an error of its
// function; one that could not be run is a warning and never a pass.
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
			full = known // with its environment, which a report does not hold
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

// Boot starts one artifact. The diagnostic says what is wrong with what came of
// it, nil for nothing.
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
		d.Hint = "it may still be sound; nothing is known"
		if r.OtherMachine {
			d.Hint = "nothing is known; featherpack boot " + id + " on a machine of that architecture, such as a CI runner, tells"
		}
	case r.Status == boot.Answers && want != nil && !sameValue(r.Answer, want):
		b.Status = "differs"
		d.Code, d.Message = "boot-differs", fmt.Sprintf("answers %s, not what --expect says", shortened(r.Answer))
		d.Hint = "compare with what the function answers from its source tree"
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

// of is what is given for a function, or else for all.
// Named gives the options with events and answers by ID, also where a function
// was named by its name alone.
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

func of(files map[string][]byte, id string) []byte {
	if data, ok := files[id]; ok {
		return data
	}
	return files[""]
}
