//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/advise"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
)

// BenchmarkWatch changes one function of a project and builds it, as --watch does. The
// project is the folder in FEATHERPACK_WATCHED, of which the benchmark changes the entry of
// the first function; without it, a service of 100 functions with own code only.
func BenchmarkWatch(b *testing.B) {
	dir := os.Getenv("FEATHERPACK_WATCHED")
	if dir == "" {
		dir = b.TempDir()
		manifest := "functions:\n"
		for i := range 100 {
			manifest += fmt.Sprintf("  fn%d: {entry: src/fn%d.ts, runtime: nodejs22.x}\n", i, i)
			clitest.Write(b, filepath.Join(dir, "src", fmt.Sprintf("fn%d.ts", i)), fmt.Sprintf("export const handler = async () => %d;\n", i))
		}
		clitest.Write(b, filepath.Join(dir, "featherpack.yaml"), manifest)
	}
	if os.Getenv(cacheVariable) == "" {
		b.Setenv(cacheVariable, filepath.Join(b.TempDir(), "cache"))
	}
	pipeline.BoundMemory()
	t := newTerminal(io.Discard, os.Stderr)
	typed := buildFlags{compress: "default", quiet: true}
	settings, err := typed.settings(t)
	if err != nil {
		b.Fatal(err)
	}
	terms := typed.coldStart.read(&settings)
	settings.Advise = advise.Untried{Terms: terms, Texts: lint.Texts{}}
	settings.Memory = &reuse.Memory{}
	defer settings.Memory.Close()
	build := func() {
		if o := t.buildOnce(b.Context(), building{dir: dir, settings: settings, terms: terms}); o.status != exitGood {
			b.Fatal("the project does not build")
		}
	}
	build()
	project := manifest.Discover(dir, settings.Discover)
	entry := filepath.Join(project.Root, filepath.FromSlash(project.Functions[0].Entry))
	text, err := os.ReadFile(entry)
	if err != nil {
		b.Fatal(err)
	}
	defer clitest.Write(b, entry, string(text))
	rounds := 0
	change := func() {
		rounds++
		clitest.Write(b, entry, fmt.Sprintf("%s\nexport const n = %d;\n", text, rounds))
		time.Sleep(50 * time.Millisecond) // what is newer is not kept
	}
	change()
	build() // the first round has nothing in memory if the cache had everything
	used := 0.0
	for b.Loop() {
		b.StopTimer()
		change()
		pipeline.Rest()
		before := cpuSeconds()
		b.StartTimer()
		build()
		used += cpuSeconds() - before
	}
	b.ReportMetric(used/float64(rounds-1)*1000, "cpu-ms/op")
}

// cpuSeconds is the processor time of this process so far.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
