//go:build unix

package deflate

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkPeers compares the levels with zip -9 and 7z -mx=9 on the files that
// FEATHERPACK_BENCH_FILES names by a glob, in turns, by size and CPU time:
//
//	FEATHERPACK_BENCH_FILES='/tmp/bundles/*' go test -run '^$' -bench Peers -benchtime 5x ./packager/deflate
//
// zip and 7z (Debian's p7zip-full) must be installed. Without files it takes the
// test's own program.
func BenchmarkPeers(b *testing.B) {
	files, err := filepath.Glob(os.Getenv("FEATHERPACK_BENCH_FILES"))
	if err != nil {
		b.Fatal(err)
	}
	if len(files) == 0 {
		files = []string{os.Args[0]}
	}
	type figures struct {
		bytes int
		cpu   time.Duration
	}
	sums := map[string]*figures{}
	for b.Loop() {
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				b.Fatal(err)
			}
			add := func(name string, size int, cpu time.Duration) {
				if sums[name] == nil {
					sums[name] = &figures{}
				}
				sums[name].bytes += size
				sums[name].cpu += cpu
			}
			for name, level := range levels {
				var out bytes.Buffer
				start := ownCPU()
				w := NewWriter(&out, level)
				w.Write(data)
				w.Close()
				add(name, out.Len(), ownCPU()-start)
			}
			for _, peer := range []string{"zip -9 -q -X -j", "7z a -mx=9 -mm=Deflate -mmt=1 -tzip"} {
				archive := filepath.Join(b.TempDir(), "x.zip")
				args := append(strings.Fields(peer), archive, file)
				cmd := exec.Command(args[0], args[1:]...)
				cmd.Stdout = io.Discard
				if err := cmd.Run(); err != nil {
					b.Skip(args[0], err)
				}
				st, err := os.Stat(archive)
				if err != nil {
					b.Fatal(err)
				}
				overhead := 98 + 2*len(filepath.Base(file)) // the zip's own headers, without extra fields
				add(args[0], int(st.Size())-overhead, cmd.ProcessState.UserTime())
			}
		}
	}
	for name, f := range sums {
		b.ReportMetric(float64(f.bytes)/float64(b.N), name+"-B")
		b.ReportMetric(f.cpu.Seconds()/float64(b.N), name+"-s")
	}
	b.ReportMetric(float64(sums["default"].bytes)/float64(sums["zip"].bytes), "default/zip")
	b.ReportMetric(float64(sums["best"].bytes)/float64(sums["7z"].bytes), "best/7z")
	b.ReportMetric(sums["default"].cpu.Seconds()/sums["zip"].cpu.Seconds(), "default/zip-CPU")
	b.ReportMetric(sums["best"].cpu.Seconds()/sums["7z"].cpu.Seconds(), "best/7z-CPU")
	b.ReportMetric(0, "ns/op")
}

func ownCPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano())
}
