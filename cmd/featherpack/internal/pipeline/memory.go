package pipeline

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// memoryTarget is the memory limit of a run while its live data is small, in bytes.
// Linking makes much garbage and keeps little. Measured on 100 functions, a run
// took 428 MiB and 21 CPU s with the collector's default, and 314 MiB and 17 CPU s
// with this target.
const memoryTarget = 300 << 20

// BoundMemory lets the heap grow freely up to the target. Near the target the
// garbage collector runs often. The user's GOGC or GOMEMLIMIT takes precedence.
func BoundMemory() {
	if limited() {
		return
	}
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(memoryTarget)
	followCollections()
}

// limited reports whether the user has limited the memory.
func limited() bool { return os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" }

// roundMemory is what a round of --watch may allocate before memory is collected, in bytes.
// Measured on functions with the AWS SDK, a round allocates about this much, and collections
// took a fifth of its CPU time.
const roundMemory = 400 << 20

// Rest collects the memory of a build while nothing waits for it, and makes room for the next.
func Rest() {
	runtime.GC()
	if !limited() {
		debug.SetMemoryLimit(max(memoryTarget, live()+roundMemory))
	}
}

// followCollections calls followMemory after every garbage collection. One function
// alone can hold more live data than the target while it is linked: with lighthouse, the
// collector then ran 63 times and took two fifths of the build.
func followCollections() {
	// A cleanup runs once what it watches has been collected, in the next collection.
	// Smaller objects share memory, which a longer-lived one would keep.
	runtime.AddCleanup(new([64]byte), func(struct{}) {
		followMemory()
		followCollections()
	}, struct{}{})
}

// followMemory raises the target when the live data approaches it, so that a large
// project, or a single large function, does not spend its time on garbage collection.
func followMemory() {
	const room = 1.5
	if wanted := int64(float64(live()) * room); wanted > debug.SetMemoryLimit(-1) {
		debug.SetMemoryLimit(wanted)
	}
}

// live is the live data of the last collection, in bytes, 0 if it is not known.
func live() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(sample[0].Value.Uint64())
}
