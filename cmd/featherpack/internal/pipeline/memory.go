package pipeline

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
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
	followCollections(func() bool {
		followMemory(0)
		return true
	})
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
		held, beside := live()
		debug.SetMemoryLimit(max(memoryTarget, held+beside+roundMemory))
	}
}

// A run of many functions may take this much more than its live data for each of them, in
// bytes, up to the most. A build of 2,000 functions spent a third of its CPU time on
// collections with half of its live data as room.
const (
	roomOfFunction = 200 << 10
	mostRoom       = 400 << 20
)

// halfAtMost bounds the room that live data alone is given, in bytes. With half of it in any case, a
// function that imports lighthouse took 740 to 767 MiB; it takes 586 to 638.
const halfAtMost = 100 << 20

// roomFor gives memory to a build of so many functions, until stop is called.
func roomFor(functions int) (stop func()) {
	if limited() {
		return func() {}
	}
	var stopped atomic.Bool
	room := min(int64(functions)*roomOfFunction, mostRoom)
	followCollections(func() bool {
		if stopped.Load() {
			return false
		}
		followMemory(room)
		return true
	})
	return func() { stopped.Store(true) }
}

// followCollections calls follow after every garbage collection, until it returns false. One
// function alone can hold more live data than the target while it is linked: with lighthouse,
// the collector then ran 63 times and took two fifths of the build.
func followCollections(follow func() bool) {
	// A cleanup runs once what it watches has been collected, in the next collection.
	// Smaller objects share memory, which a longer-lived one would keep.
	runtime.AddCleanup(new([64]byte), func(struct{}) {
		if follow() {
			followCollections(follow)
		}
	}, struct{}{})
}

// followMemory raises the target when the live data approaches it, so that a large
// project, or a single large function, does not spend its time on garbage collection. The
// target leaves room for half of the live data, though not for more than halfAtMost, and for as much
// as is given. It counts all memory, also what lies unused between objects.
func followMemory(room int64) {
	held, beside := live()
	if wanted := held + max(min(held/2, halfAtMost), room) + beside; wanted > debug.SetMemoryLimit(-1) {
		debug.SetMemoryLimit(wanted)
	}
}

// live is the live data of the last collection, and what memory holds beside objects, in bytes.
func live() (held, beside int64) {
	sample := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(sample)
	for _, s := range sample {
		if s.Value.Kind() != metrics.KindUint64 {
			return 0, 0
		}
	}
	is := func(i int) int64 { return int64(sample[i].Value.Uint64()) }
	return is(0), is(1) - is(2) - is(3) - is(4)
}
