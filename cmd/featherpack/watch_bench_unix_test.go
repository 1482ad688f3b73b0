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

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/advise"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
)

// repeated is a project that a benchmark builds again and again: the folder in
// FEATHERPACK_WATCHED, or else a service of 100 functions with own code only.
type repeated struct {
	*testing.B
	terminal *terminal
	building building
}

func newRepeated(b *testing.B) repeated {
	b.Helper()
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
	if is := os.Getenv(cacheVariable); is == "" || is == "off" { // TestMain sets the second
		b.Setenv(cacheVariable, filepath.Join(b.TempDir(), "cache"))
	}
	pipeline.BoundMemory()
	w := repeated{B: b, terminal: newTerminal(io.Discard, os.Stderr)}
	typed := buildFlags{compress: "default", quiet: true}
	settings, err := typed.settings(w.terminal)
	if err != nil {
		b.Fatal(err)
	}
	terms := typed.coldStart.read(&settings)
	settings.Advise = advise.Untried{Terms: terms, Kept: &advise.Kept{}}
	w.building = building{dir: dir, settings: settings, terms: terms}
	return w
}

func (w repeated) build() {
	w.Helper()
	if o := w.terminal.buildOnce(w.Context(), w.building); o.status != exitGood {
		w.Fatal("the project does not build")
	}
}

// measure reports what the rounds of a loop cost. prepare comes before each, and is not counted.
func (w repeated) measure(prepare func()) {
	used, rounds := 0.0, 0
	for w.Loop() {
		w.StopTimer()
		prepare()
		rounds++
		before := cpuSeconds()
		w.StartTimer()
		w.build()
		used += cpuSeconds() - before
	}
	w.ReportMetric(used/float64(rounds)*1000, "cpu-ms/op")
}

// BenchmarkWatch changes the entry of the first function and builds, as --watch does.
func BenchmarkWatch(b *testing.B) {
	w := newRepeated(b)
	w.building.settings.Memory = &reuse.Memory{}
	defer w.building.settings.Memory.Close()
	w.build()
	project := manifest.Discover(w.building.dir, w.building.settings.Discover)
	entry := filepath.Join(project.Root, filepath.FromSlash(project.Functions[0].Entry))
	text, err := os.ReadFile(entry)
	if err != nil {
		b.Fatal(err)
	}
	defer clitest.Write(b, entry, string(text))
	changes := 0
	change := func() {
		changes++
		clitest.Write(b, entry, fmt.Sprintf("%s\nexport const n = %d;\n", text, changes))
		time.Sleep(50 * time.Millisecond) // what is newer is not kept
		pipeline.Rest()
	}
	change()
	w.build() // the first round has nothing in memory if the cache had everything
	w.measure(change)
}

// BenchmarkBuildUnchanged builds a project in which nothing has changed.
func BenchmarkBuildUnchanged(b *testing.B) {
	w := newRepeated(b)
	for range 2 {
		w.build()
		time.Sleep(2 * time.Second) // what is newer is not remembered
	}
	w.measure(func() {})
}

// cpuSeconds is the processor time of this process so far.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
