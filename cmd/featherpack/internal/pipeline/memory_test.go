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

// Many functions get more room than half of the live data, and only until they are built.
func TestMemoryTargetFollowsFunctions(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	for range 3 {
		runtime.GC() // what another test held
	}
	limit := debug.SetMemoryLimit(memoryTarget)
	t.Cleanup(func() { debug.SetMemoryLimit(limit) })
	roomFor(2000)()
	for range 3 {
		runtime.GC()
	}
	if got := debug.SetMemoryLimit(-1); got >= mostRoom {
		t.Errorf("the target is %d bytes although nothing is built", got)
	}
	stop := roomFor(2000)
	defer stop()
	for deadline := time.Now().Add(10 * time.Second); debug.SetMemoryLimit(-1) < mostRoom-8<<20; {
		if time.Now().After(deadline) {
			t.Fatalf("the target is still %d bytes for 2,000 functions", debug.SetMemoryLimit(-1))
		}
		runtime.GC()
	}
}
