//go:build unix

package golang

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// BenchmarkUnchanged builds twenty AWS SDK functions that are up to date. The CPU
// seconds include those of the toolchain.
func BenchmarkUnchanged(b *testing.B) {
	const count = 20
	app, err := filepath.Abs("../../testdata/apps/ingest")
	if err != nil {
		b.Fatal(err)
	}
	root := b.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := os.Symlink(filepath.Join(app, name), filepath.Join(root, name)); err != nil {
			b.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(app, "cmd/receipts/main.go"))
	if err != nil {
		b.Fatal(err)
	}
	p := analyzer.Project{Root: root, Dir: "."}
	for i := range count {
		dir := filepath.Join(root, "cmd", fmt.Sprintf("f%d", i))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			b.Fatal(err)
		}
		own := strings.Replace(string(text), `"receipts"`, fmt.Sprintf(`"receipts-%d"`, i), 1)
		if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(own), 0o644); err != nil {
			b.Fatal(err)
		}
		p.Functions = append(p.Functions, function(fmt.Sprintf("f%d", i), fmt.Sprintf("./cmd/f%d", i)))
	}
	builder, job := Builder{CacheDir: b.TempDir()}, packager.Job{Project: p, Functions: p.Functions}
	run := func() {
		err := packager.Build(b.Context(), builder, job, func(bundle packager.Bundle) {
			if bundle.Failed() {
				b.Fatal(bundle.Diagnostics)
			}
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	run()
	before := cpuSeconds()
	for b.Loop() {
		run()
	}
	b.ReportMetric((cpuSeconds()-before)/float64(b.N), "cpu-s/op")
}

// cpuSeconds returns the CPU time of this process and of its finished children.
func cpuSeconds() float64 {
	var sum float64
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			for _, t := range []syscall.Timeval{u.Utime, u.Stime} {
				sum += float64(t.Sec) + float64(t.Usec)/1e6
			}
		}
	}
	return sum
}
