package pipeline

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// No function has been built when one alone holds more than the target.
func TestMemoryTargetFollowsLiveData(t *testing.T) {
	limit, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(100)
	t.Cleanup(func() {
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
	})
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	BoundMemory()
	const live = memoryTarget + 100<<20
	held := make([]byte, live)
	for deadline := time.Now().Add(10 * time.Second); debug.SetMemoryLimit(-1) <= live; {
		if time.Now().After(deadline) {
			t.Fatalf("the target is still %d bytes with %d bytes of live data", debug.SetMemoryLimit(-1), live)
		}
		runtime.GC()
	}
	runtime.KeepAlive(held)
}
