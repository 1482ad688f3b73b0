//go:build unix

package prooftest

import (
	"path/filepath"
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

// BenchmarkBootRatio says what starting the sources as well costs, in processor time
// against the zips alone: over the sixteen functions of the sample service, each with an
// event, with the copy of the source tree and its compilation. The aim is 3 times.
func BenchmarkBootRatio(b *testing.B) {
	source := clitest.Testdata(b, "apps", "orders")
	clitest.Install(b, source)
	work := b.TempDir()
	copied, out := filepath.Join(work, "orders"), filepath.Join(work, "out")
	clitest.Copy(b, source, copied)
	sendProofs(b, copied)
	report, err := reporters.Read(strings.NewReader(clitest.Must(b, "build", "--compress=fast", "--json", "--out", out, copied)))
	if err != nil {
		b.Fatal(err)
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
			b.Fatal(err)
		}
		events[f.ID] = []pipeline.Event{event}
	}
	var zips, both float64 // seconds of processor time
	for b.Loop() {
		start := processorTime(b)
		for _, f := range report.Functions {
			o := options
			o.Event = events[f.ID][0].JSON
			if r := boot.Check(b.Context(), filepath.Join(out, f.ID+".zip"), functions[f.ID], o); r.Status != boot.Answers {
				b.Fatalf("%s %s: %s", f.ID, r.Status, r.Reason)
			}
		}
		alone := processorTime(b) - start
		zips += alone
		sources := pipeline.NewSources(copied, report, options)
		for _, f := range report.Functions {
			o := pipeline.BootOptions{Options: options, Events: events}
			if booted := pipeline.Boot(b.Context(), filepath.Join(out, f.ID+".zip"), f.ID, functions[f.ID], sources, o); booted.Source.Verdict != boot.RunsAsSource {
				b.Fatalf("%s %s: %s", f.ID, booted.Source.Verdict, booted.Source.Reason)
			}
		}
		if err := sources.Close(); err != nil {
			b.Fatal(err)
		}
		both += processorTime(b) - start - alone
	}
	b.ReportMetric(zips/float64(b.N), "zips-cpu-s/op")
	b.ReportMetric(both/float64(b.N), "both-cpu-s/op")
	b.ReportMetric(both/zips, "ratio")
}

// processorTime is that of this process and its children so far, in seconds.
func processorTime(b testing.TB) (seconds float64) {
	b.Helper()
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if err := syscall.Getrusage(who, &u); err != nil {
			b.Fatal(err)
		}
		seconds += float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	return seconds
}
