//go:build unix

package golang

import (
	"syscall"
	"testing"
)

// BenchmarkAttribute tells what attribution costs beyond the link of the program
// that is shipped, in seconds of CPU: reading it, and linking the sibling that
// keeps its symbols. The link itself is there to compare with.
func BenchmarkAttribute(b *testing.B) {
	for _, kind := range kinds {
		b.Run(kind, func(b *testing.B) {
			p := build(b, kind, "amd64")
			before := spent(b, syscall.RUSAGE_CHILDREN)
			link(b, kind, "amd64", "-s -w")
			shipped := spent(b, syscall.RUSAGE_CHILDREN)
			link(b, kind, "amd64", "-w")
			sibling := spent(b, syscall.RUSAGE_CHILDREN) - shipped
			b.ResetTimer()
			start := spent(b, syscall.RUSAGE_SELF)
			for b.Loop() {
				a, err := Attribute(p.shipped, p.shipped.Size(), p.sibling, p.sibling.Size())
				if err != nil || a.Owned < 0.97 {
					b.Fatal(a.Owned, err)
				}
			}
			read := (spent(b, syscall.RUSAGE_SELF) - start) / float64(b.N)
			b.ReportMetric(read, "cpu-s/op")
			b.ReportMetric(sibling, "sibling-cpu-s")
			b.ReportMetric(read+sibling, "beyond-cpu-s")
			b.ReportMetric(shipped-before, "link-cpu-s")
		})
	}
}

// spent is the processor time used so far, in seconds.
func spent(b *testing.B, who int) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
