//go:build unix

package prooftest

import (
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// The source and the zip of a function together take at most three times the processor
// time of its zip alone: over the sixteen functions of the sample service, each with an
// event, with the copy of the source tree and its compilation, the median of three pairs.
func TestBootRatio(t *testing.T) {
	clitest.SkipUnlessLong(t)
	source := clitest.Testdata(t, "apps", "orders")
	clitest.Install(t, source)
	work := t.TempDir()
	copied, out := filepath.Join(work, "orders"), filepath.Join(work, "out")
	clitest.Copy(t, source, copied)
	sendProofs(t, copied)
	report, err := reporters.Read(strings.NewReader(clitest.Must(t, "build", "--compress=fast", "--json", "--out", out, copied)))
	if err != nil {
		t.Fatal(err)
	}
	options := boot.Options{Runs: 1, OtherArchitecture: true}
	functions := map[string]analyzer.Function{}
	for _, f := range manifest.Discover(copied, manifest.Options{}).Functions { // a report leaves the environment out
		functions[f.ID] = f
	}
	events := map[string][]pipeline.Event{}
	for _, f := range report.Functions {
		event, err := pipeline.ReadEvent(filepath.Join(copied, "events", f.ID+".json"))
		if err != nil {
			t.Fatal(err)
		}
		events[f.ID] = []pipeline.Event{event}
	}
	var ratios []float64
	for range 3 {
		start := processorTime(t)
		for _, f := range report.Functions {
			o := options
			o.Event = events[f.ID][0].JSON
			if r := boot.Check(t.Context(), filepath.Join(out, f.ID+".zip"), functions[f.ID], o); r.Status != boot.Answers {
				t.Fatalf("%s %s: %s", f.ID, r.Status, r.Reason)
			}
		}
		alone := processorTime(t) - start
		sources := pipeline.NewSources(copied, report, options)
		for _, f := range report.Functions {
			o := pipeline.BootOptions{Options: options, Events: events}
			if booted := pipeline.Boot(t.Context(), filepath.Join(out, f.ID+".zip"), f.ID, functions[f.ID], sources, o); booted.Source.Verdict != boot.RunsAsSource {
				t.Fatalf("%s %s: %s", f.ID, booted.Source.Verdict, booted.Source.Reason)
			}
		}
		if err := sources.Close(); err != nil {
			t.Fatal(err)
		}
		both := processorTime(t) - start - alone
		t.Logf("%d functions: zips alone %.2f s of processor time, with their sources %.2f s, %.2f times", len(report.Functions), alone, both, both/alone)
		ratios = append(ratios, both/alone)
	}
	if slices.Sort(ratios); ratios[1] > 3 {
		t.Errorf("the sources and the zips take %.2f times the processor time of the zips", ratios[1])
	}
}

// processorTime is that of this process and its children so far, in seconds.
func processorTime(t *testing.T) (seconds float64) {
	t.Helper()
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if err := syscall.Getrusage(who, &u); err != nil {
			t.Fatal(err)
		}
		seconds += float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	return seconds
}
