package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/cache/httpcache"
	"github.com/featherpack/featherpack/packager/cache/reapi"
)

// Cache is a store on a server, as far as it works.
type Cache struct {
	server cache.Store
	name   string // scheme and host: a path may be a secret
	write  bool
	warn   func(analyzer.Diagnostic)
	allowance

	// ctx is that of the uploads. It ends when the server is no longer asked.
	ctx     context.Context
	cancel  context.CancelFunc
	sending chan struct{}
	busy    sync.WaitGroup

	state     sync.Mutex
	failures  int
	off       error
	hint      string
	warned    bool
	unsent    error                   // of an upload that failed while others may succeed
	sent      map[string]func() error // by digest
	brought   map[string]func() error // likewise
	last      []func()
	functions int // brought back
	uploaded  int
}

// Options are those of a cache.
type Options struct {
	Address string
	// Write allows uploads.
	Write bool
	// Getenv reads the credentials.
	Getenv func(string) string
	// Warn is called at most twice, never by a goroutine of the cache: for credentials that
	// others can read, and when the server is no longer asked.
	Warn func(analyzer.Diagnostic)
}

const (
	// stall is how long a request may take without progress.
	stall = 2500 * time.Millisecond
	// atOnce is how many requests run at the same time.
	atOnce = 16
	// maxFailures is how many requests may fail before no more are sent.
	maxFailures = 3
	// maxBlob bounds what is brought from a server, in bytes. It is above Lambda's limit.
	maxBlob = 512 << 20
)

// Open returns the cache at an address. An error is one of usage.
func Open(ctx context.Context, o Options) (*Cache, error) {
	base, err := parse(o.Address)
	if err != nil {
		return nil, err
	}
	header, err := authorization(o.Getenv)
	if err != nil {
		return nil, err
	}
	name := base.Scheme + "://" + base.Host
	if header != "" && plain(base) {
		o.Warn(analyzer.Diagnostic{
			Code: "remote-cache-plain", Severity: analyzer.Warning,
			Message: "the credentials of the cache are sent to " + name + " unencrypted", Hint: "use https://",
		})
	}
	if base.Scheme == "http" || base.Scheme == "https" {
		return newCache(ctx, httpcache.New(base, httpcache.Options{Authorization: header, Stall: stall}), name, o), nil
	}
	server, err := reapi.New(base.Host, reapi.Options{
		Instance: strings.Trim(base.Path, "/"), Authorization: header, Stall: stall, Plain: base.Scheme == "grpc",
	})
	if err != nil {
		return nil, analyzer.Usage("the address of the cache is malformed", example)
	}
	return newCache(ctx, server, name, o), nil
}

func newCache(ctx context.Context, server cache.Store, name string, o Options) *Cache {
	c := &Cache{
		server: server, name: name, write: o.Write, warn: o.Warn, allowance: allowance{left: mayLose},
		sending: make(chan struct{}, atOnce), sent: map[string]func() error{}, brought: map[string]func() error{},
	}
	c.ctx, c.cancel = context.WithCancel(ctx)
	return c
}

// Writes reports whether results may be uploaded.
func (c *Cache) Writes() bool { return c.write && c.stopped() == nil }

// Name is the address without its path.
func (c *Cache) Name() string { return c.name }

// Counts returns how many functions were brought back, and how many requests wrote.
func (c *Cache) Counts() (functions, uploaded int) {
	c.state.Lock()
	defer c.state.Unlock()
	return c.functions, c.uploaded
}

// Ping asks for a result that nobody has.
func (c *Cache) Ping() error {
	waiting, done := c.wait(c.ctx, func() { c.stop(errSlow, "") })
	defer done()
	if _, err := c.Result(waiting, cache.Of([]byte("featherpack: is there a server?"))); !errors.Is(err, cache.ErrMissing) {
		return err
	}
	return nil
}

// Fetch calls get, which waits for the server. The context ends when that has taken too
// long. get calls gained for each function that it has brought whole.
func (c *Cache) Fetch(ctx context.Context, get func(ctx context.Context, gained func())) {
	if c.stopped() != nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.ctx, cancel)()
	waiting, done := c.wait(ctx, func() { c.stop(errSlow, "") })
	get(waiting, func() {
		c.state.Lock()
		c.functions++
		c.state.Unlock()
		c.gained(perFunction)
	})
	done()
	c.tell()
}

// Each calls do for 0 to n-1, some at a time, until the context ends.
func (c *Cache) Each(ctx context.Context, n int, do func(i int)) {
	var all sync.WaitGroup
	free := make(chan struct{}, atOnce)
	for i := range n {
		free <- struct{}{}
		if ctx.Err() != nil || c.stopped() != nil {
			break
		}
		all.Go(func() {
			defer func() { <-free }()
			do(i)
		})
	}
	all.Wait()
}

// Result returns the result of an action. The error has been dealt with.
func (c *Cache) Result(ctx context.Context, action cache.Digest) (cache.Result, error) {
	if err := c.stopped(); err != nil {
		return cache.Result{}, err
	}
	r, err := c.server.Result(ctx, action)
	return r, c.noted(ctx, err)
}

// Bring gets a blob into the store on this disk, if it is not there. The error has been dealt
// with. Many functions share blobs, so each is asked for once.
func (c *Cache) Bring(ctx context.Context, into cache.Store, d cache.Digest) error {
	c.state.Lock()
	bring := c.brought[d.Hash]
	if bring == nil {
		bring = sync.OnceValue(func() error { return c.bring(ctx, into, d) })
		c.brought[d.Hash] = bring
	}
	c.state.Unlock()
	return bring()
}

func (c *Cache) bring(ctx context.Context, into cache.Store, d cache.Digest) error {
	if r, err := into.Open(ctx, d); err == nil {
		return r.Close()
	}
	if err := c.stopped(); err != nil {
		return err
	}
	if d.Size > maxBlob {
		return cache.ErrMissing
	}
	r, err := c.server.Open(ctx, d)
	if err != nil {
		return c.noted(ctx, err)
	}
	defer r.Close()
	from := &noting{r: r}
	err = into.Put(ctx, d, from)
	if from.err != nil {
		return c.noted(ctx, from.err)
	}
	return err // of the store on disk
}

// noting keeps the error of a reader apart from that of what it is written to.
type noting struct {
	r   io.Reader
	err error
}

func (n *noting) Read(p []byte) (int, error) {
	got, err := n.r.Read(p)
	if err != nil && err != io.EOF {
		n.err = err
	}
	return got, err
}

// Upload calls put in the background, if results may be uploaded.
func (c *Cache) Upload(put func(ctx context.Context)) {
	if !c.Writes() {
		return
	}
	c.busy.Go(func() {
		select {
		case c.sending <- struct{}{}:
			defer func() { <-c.sending }()
			if c.ctx.Err() == nil {
				put(c.ctx)
			}
		case <-c.ctx.Done():
		}
	})
}

// Send puts a blob of a store on the server, once. The error has been dealt with.
func (c *Cache) Send(from cache.Store, d cache.Digest) error {
	c.state.Lock()
	send := c.sent[d.Hash]
	if send == nil {
		send = sync.OnceValue(func() error {
			r, err := from.Open(c.ctx, d)
			if err != nil {
				return err
			}
			defer r.Close()
			content := &noting{r: r}
			err = c.server.Put(c.ctx, d, content)
			if content.err != nil {
				return content.err // the store has lost it
			}
			return c.wrote(d.Size, err)
		})
		c.sent[d.Hash] = send
	}
	c.state.Unlock()
	return send()
}

// SetResult puts a result on the server. The error has been dealt with.
func (c *Cache) SetResult(action cache.Digest, r cache.Result) error {
	return c.wrote(0, c.server.SetResult(c.ctx, action, r))
}

func (c *Cache) wrote(size int64, err error) error {
	if err == nil {
		c.state.Lock()
		c.uploaded++
		c.state.Unlock()
		c.gained(perUpload + time.Duration(float64(size)/(1<<20)*float64(perMiB)))
	} else if c.ctx.Err() == nil {
		c.state.Lock()
		c.unsent = err
		c.state.Unlock()
	}
	return c.noted(c.ctx, err)
}

// Finally calls f once no upload runs any more.
func (c *Cache) Finally(f func()) {
	c.state.Lock()
	defer c.state.Unlock()
	c.last = append(c.last, f)
}

// Wrong counts an answer that was understood and cannot be true.
func (c *Cache) Wrong(ctx context.Context) { _ = c.noted(ctx, cache.ErrWrong) }

// Close waits for the uploads while there is time, and says what went wrong.
func (c *Cache) Close() {
	waiting, done := c.wait(c.ctx, func() { c.stop(errSlow, "") })
	finished := make(chan struct{})
	go func() {
		c.busy.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-waiting.Done():
	}
	done()
	c.cancel()
	<-finished
	for _, f := range c.last {
		f()
	}
	_ = c.server.Close()
	if c.stopped() == nil && c.unsent != nil {
		c.warn(analyzer.Diagnostic{
			Code: "remote-cache", Severity: analyzer.Warning, Hint: "raise the server's limits, or leave out --cache-write",
			Message: fmt.Sprintf("not all functions could be uploaded to the cache at %s: %v", c.name, c.unsent),
		})
	}
	c.tell()
}

var errSlow = errors.New("it is too slow")

// noted counts failures. What ends because time is over or the run was interrupted is none
// of the server's.
func (c *Cache) noted(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, cache.ErrMissing) || ctx.Err() != nil {
		return err
	}
	if refusal, hint := refused(err); refusal {
		c.stop(err, hint)
		return err
	}
	c.state.Lock()
	c.failures++
	enough := c.failures >= maxFailures
	c.state.Unlock()
	if enough {
		hint := ""
		if errors.Is(err, cache.ErrWrong) {
			hint = "its store is damaged, or something on the way changes answers: empty the store"
		}
		c.stop(err, hint)
	}
	return err
}

// refused reports whether the server will say the same again.
func refused(err error) (refusal bool, hint string) {
	var (
		status httpcache.StatusError
		code   reapi.StatusError
	)
	_, _ = errors.As(err, &status), errors.As(err, &code)
	switch {
	case code == reapi.StatusError(codes.PermissionDenied), code == reapi.StatusError(codes.Unauthenticated):
		status = http.StatusForbidden
	case code == reapi.StatusError(codes.ResourceExhausted):
		status = http.StatusInsufficientStorage
	}
	switch int(status) {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return true, "set " + TokenVariable + ", or " + UserVariable + " and " + PasswordVariable + ", to credentials that may do this; without --cache-write nothing is written"
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return true, "leave out --cache-write, or allow PUT on the server"
	case http.StatusInsufficientStorage:
		return true, "make space on the server"
	}
	return false, ""
}

func (c *Cache) stopped() error {
	c.state.Lock()
	defer c.state.Unlock()
	return c.off
}

// stop ends the work with the server. The first reason counts.
func (c *Cache) stop(reason error, hint string) {
	c.state.Lock()
	defer c.state.Unlock()
	if c.off == nil {
		c.off, c.hint = reason, hint
		c.cancel()
	}
}

// tell warns once.
func (c *Cache) tell() {
	c.state.Lock()
	off, hint, warned := c.off, c.hint, c.warned
	c.warned = off != nil
	c.state.Unlock()
	if off == nil || warned {
		return
	}
	if hint == "" {
		hint = "the results are the same without it; look after the server, or choose a folder with --cache DIR"
	}
	c.warn(analyzer.Diagnostic{
		Code: "remote-cache", Severity: analyzer.Warning,
		Message: fmt.Sprintf("the cache at %s is no longer used in this run: %v", c.name, off), Hint: hint,
	})
}
