//go:build unix

package node

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// benchProject is the sample service where it is installed, which the tests of
// the command do; without it a service of small made-up functions.
func benchProject(b *testing.B) analyzer.Project {
	b.Helper()
	root, err := filepath.Abs(filepath.Join("..", "..", "testdata", "apps", "orders"))
	if err != nil {
		b.Fatal(err)
	}
	p := analyzer.Project{Root: root, Dir: "."}
	if _, err := os.Stat(filepath.Join(root, "node_modules")); err != nil {
		b.Skip("testdata/apps/orders is not installed: featherpack build --install testdata/apps/orders")
	}
	for _, pattern := range []string{"*.ts", "*.mjs", "*.cjs", "*.js"} {
		files, err := filepath.Glob(filepath.Join(root, "src", "functions", pattern))
		if err != nil {
			b.Fatal(err)
		}
		for i, file := range files {
			rel, _ := filepath.Rel(root, file)
			p.Functions = append(p.Functions, function(fmt.Sprintf("f%s%d", filepath.Ext(file)[1:], i), filepath.ToSlash(rel)))
		}
	}
	return p
}

func benchmarkBuild(b *testing.B, o Builder, job packager.Job) {
	job.Project = benchProject(b)
	job.Functions = job.Project.Functions
	b.ReportAllocs()
	before := cpuSeconds()
	for b.Loop() {
		if err := packager.Build(b.Context(), o, job, func(packager.Bundle) {}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((cpuSeconds()-before)/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(len(job.Functions)), "functions")
}

// cpuSeconds is the processor time of this process so far: steadier than the
// clock on a machine that others use.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func BenchmarkBuild(b *testing.B) { benchmarkBuild(b, Builder{}, packager.Job{}) }
func BenchmarkBuildUntraced(b *testing.B) {
	benchmarkBuild(b, Builder{noTrace: true}, packager.Job{})
}
func BenchmarkBuildWaterfall(b *testing.B) {
	benchmarkBuild(b, Builder{}, packager.Job{Waterfall: true})
}
