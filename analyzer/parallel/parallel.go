package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Each calls do with 0 to n-1, as many at a time as there are processors. It returns when all
// calls have ended.
func Each(n int, do func(i int)) {
	if n == 1 {
		do(0)
		return
	}
	var next atomic.Int64
	var busy sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		busy.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	busy.Wait()
}
