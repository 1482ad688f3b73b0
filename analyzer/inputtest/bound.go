package inputtest

import (
	"flag"
	"fmt"
	"runtime/metrics"
	"testing"
	"time"
)

const (
	maxBytes = 256 << 20   // allocated in total, which is no less than the most at one time
	maxTime  = time.Second // of CPU, so that a busy machine fails no input
)

// Bound begins to measure an input. The returned function fails the test if the input
// made the process allocate more than 256 MiB or, while fuzzing, took more than a second
// of CPU time. An input that goes far beyond that ends the process, which is how the go
// command learns of it. Tests in parallel must not use it: it measures the process.
func Bound(t testing.TB) (check func()) {
	t.Helper()
	start, before := CPUTime(), allocated()
	const again = 200 * time.Millisecond
	var watch *time.Timer
	over := make(chan struct{})
	watch = time.AfterFunc(again, func() {
		select {
		case <-over:
			return
		default:
		}
		if bytes, spent := allocated()-before, CPUTime()-start; bytes > 4*maxBytes || fuzzing() && spent > 10*maxTime {
			panic(fmt.Sprintf("an input allocated %d MiB, took %v and has no end", bytes>>20, spent))
		}
		watch.Reset(again)
	})
	return func() {
		t.Helper()
		bytes, spent := allocated()-before, CPUTime()-start
		close(over)
		watch.Stop()
		if bytes > maxBytes {
			t.Errorf("the input allocated %d MiB, more than %d", bytes>>20, maxBytes>>20)
		}
		if fuzzing() && spent > maxTime {
			t.Errorf("the input took %v of CPU time, more than %v", spent, maxTime)
		}
	}
}

// allocated returns how many bytes the process has allocated since it began.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// fuzzing reports whether this is a process of the go command that fuzzes.
func fuzzing() bool {
	f := flag.Lookup("test.fuzzworker")
	return f != nil && f.Value.String() == "true"
}
