package stall

import (
	"context"
	"errors"
	"time"
)

// Err is the cause of a request's end.
var Err = errors.New("it does not answer in time")

// Watch watches one request.
type Watch struct {
	Ctx    context.Context // the request's; Err is its cause when nothing happened for too long
	cancel context.CancelCauseFunc
	timer  *time.Timer
	after  time.Duration
}

// Start watches a request that ends when nothing happens for so long.
func Start(ctx context.Context, after time.Duration) *Watch {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Watch{ctx, cancel, time.AfterFunc(after, func() { cancel(Err) }), after}
}

// Progress says that something has happened.
func (w *Watch) Progress() { w.timer.Reset(w.after) }

// End releases what the watch holds.
func (w *Watch) End() {
	w.timer.Stop()
	w.cancel(nil)
}
