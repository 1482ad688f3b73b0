//go:build unix

package gobin

import (
	"slices"
	"syscall"
	"testing"

	"github.com/featherpack/featherpack/analyzer/gobin/programtest"
)

// BenchmarkAttribute measures what attribution costs in addition to linking the
// shipped program, in seconds of CPU: reading the program, and keeping the symbols
// in the link. packager/golang links once and strips the result. The link times are
// the medians of five pairs.
func BenchmarkAttribute(b *testing.B) {
	for _, kind := range programtest.Kinds() {
		b.Run(kind, func(b *testing.B) {
			p := build(b, kind, "amd64")
			var stripped, kept, more []float64
			for range 5 {
				before := spent(b, syscall.RUSAGE_CHILDREN)
				programtest.Link(b, kind, "amd64", "-s -w")
				between := spent(b, syscall.RUSAGE_CHILDREN)
				programtest.Link(b, kind, "amd64", "-w")
				after := spent(b, syscall.RUSAGE_CHILDREN)
				stripped, kept = append(stripped, between-before), append(kept, after-between)
				more = append(more, after-between-(between-before))
			}
			median := func(samples []float64) float64 {
				slices.Sort(samples)
				return samples[len(samples)/2]
			}
			b.ResetTimer()
			start := spent(b, syscall.RUSAGE_SELF)
			for b.Loop() {
				a, err := Attribute(p.shipped, p.shipped.Size(), p.sibling, p.sibling.Size())
				if err != nil || a.Owned < 0.97 {
					b.Fatal(a.Owned, err)
				}
			}
			read := (spent(b, syscall.RUSAGE_SELF) - start) / float64(b.N)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(read, "read-cpu-s")
			b.ReportMetric(median(more), "symbols-cpu-s")
			b.ReportMetric(read+max(0, median(more)), "beyond-cpu-s")
			b.ReportMetric(median(kept), "link-cpu-s")
			b.ReportMetric(median(stripped), "link-stripped-cpu-s")
		})
	}
}

// BenchmarkReferences measures the part of it that finds addresses in code.
func BenchmarkReferences(b *testing.B) {
	for _, arch := range []string{"amd64", "arm64"} {
		b.Run(arch, func(b *testing.B) {
			a := cut(b, build(b, "aws", arch))
			scan := scanX86
			if arch == "arm64" {
				scan = scanARM
			}
			for b.Loop() {
				var size int64
				for _, f := range a.tables.functions {
					code := a.image.bytes(f.start, f.end-f.start)
					size += int64(len(code))
					scan(code, f.start, func(uint64) {})
				}
				b.SetBytes(size)
			}
		})
	}
}

// spent returns the CPU time used so far, in seconds.
func spent(b *testing.B, who int) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
