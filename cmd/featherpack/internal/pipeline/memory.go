package pipeline

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
)

// memoryTarget is what a run keeps to while its live data is small, in bytes.
// Linking makes much garbage and keeps little: measured on 100 functions, the
// collector left at its default took 428 MiB and 21 CPU s, with this target
// 314 MiB and 17 CPU s.
const memoryTarget = 300 << 20

// BoundMemory lets the heap grow freely up to the target and collects eagerly
// near it. What the user set in GOGC or GOMEMLIMIT stands.
func BoundMemory() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(memoryTarget)
}

// followMemory raises the target where live data comes near it, so that a large
// project does not spend its time collecting. It is called now and then.
func followMemory() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Kind() != metrics.KindUint64 {
		return
	}
	const room = 1.5
	if wanted := int64(float64(live[0].Value.Uint64()) * room); wanted > debug.SetMemoryLimit(-1) {
		debug.SetMemoryLimit(wanted)
	}
}
