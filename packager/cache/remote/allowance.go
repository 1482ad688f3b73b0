package remote

import (
	"context"
	"sync"
	"time"
)

// mayLose is how long a run may wait for a server in vain. It is below the five seconds that
// are promised, so that requests have time to end.
const mayLose = 4 * time.Second

// What is gained by an answer: each function that is brought back costs at least as much to
// build, and a server that takes each upload in less is not slow.
const (
	perFunction = 50 * time.Millisecond
	perUpload   = 5 * time.Millisecond
	perMiB      = 100 * time.Millisecond
)

// allowance is what is left of mayLose.
type allowance struct {
	mu       sync.Mutex
	left     time.Duration
	timer    *time.Timer // nil while nobody waits
	deadline time.Time
}

// wait returns a context that ends when nothing is left. While it is in use, time is lost.
func (a *allowance) wait(ctx context.Context, over func()) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.deadline = time.Now().Add(a.left)
	a.timer = time.AfterFunc(a.left, func() {
		over()
		cancel()
	})
	return ctx, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.timer.Stop()
		a.timer, a.left = nil, max(0, time.Until(a.deadline))
		cancel()
	}
}

// gained gives back time.
func (a *allowance) gained(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.timer == nil {
		a.left = min(mayLose, a.left+d)
		return
	}
	now := time.Now()
	a.deadline = a.deadline.Add(d)
	if last := now.Add(mayLose); a.deadline.After(last) {
		a.deadline = last
	}
	if a.timer.Stop() { // else it is over
		a.timer.Reset(a.deadline.Sub(now))
	}
}
