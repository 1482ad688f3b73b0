package remote

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/cache"
)

func TestAddresses(t *testing.T) {
	const secret = "hunter2"
	for address, says := range map[string]string{
		"https://cache.example.org":              "",
		"http://127.0.0.1:8080/team/a":           "",
		"grpcs://cache.example.org:443/team":     "",
		"grpc://cache.example.org/hunter2":       "has no port",
		"https://me:hunter2@cache.example.org":   "holds credentials",
		"https://hunter2@cache.example.org":      "holds credentials",
		"https://cache.example.org/?sig=hunter2": "has a query",
		"https://cache.example.org/#hunter2":     "has a query",
		"https:///hunter2":                       "has no host",
		"https://a b/hunter2":                    "malformed",
		"https://%zz:hunter2@x":                  "malformed",
		"ftp://cache.example.org/hunter2":        "does not start with http://, https://",
	} {
		if !IsAddress(address) {
			t.Errorf("%s is taken for a folder", address)
		}
		_, err := Open(t.Context(), Options{Address: address, Getenv: func(string) string { return "" }, Warn: func(analyzer.Diagnostic) {}})
		var d analyzer.Diagnostic
		if says == "" && err != nil || says != "" && (!errors.As(err, &d) || !strings.Contains(d.Message, says) || d.Hint == "") {
			t.Errorf("%s: %v, want %q", address, err, says)
		}
		if strings.Contains(d.Message+d.Hint, secret) {
			t.Errorf("%s is repeated: %+v", address, d)
		}
	}
	for _, folder := range []string{".cache", "off", `C:\cache`, "C:/cache", "/a://b", "a/b://c", ""} {
		if IsAddress(folder) {
			t.Errorf("%s is taken for an address", folder)
		}
	}
}

func TestCredentials(t *testing.T) {
	for _, test := range []struct{ token, user, password, header, says string }{
		{},
		{token: "hunter2", header: "Bearer hunter2"},
		{user: "me", password: "hunter2", header: "Basic bWU6aHVudGVyMg=="},
		{user: "me", header: "Basic bWU6"},
		{token: "hunter2", user: "me", says: "are both set"},
		{password: "hunter2", says: "is not a user's name"},
		{user: "me:hunter2", says: "is not a user's name"},
		{token: "hunter2\r\nX-Other: 1", says: "hold a line break"},
	} {
		values := map[string]string{TokenVariable: test.token, UserVariable: test.user, PasswordVariable: test.password}
		header, err := authorization(func(name string) string { return values[name] })
		if header != test.header || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %q, %v", test, header, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a credential is repeated: %v", err)
		}
	}
	for address, want := range map[string]bool{"http://a.lan": true, "http://10.0.0.1": true, "https://a.lan": false, "http://127.0.0.1:1": false,
		"http://[::1]:1": false, "http://localhost": false} {
		u, err := url.Parse(address)
		if err != nil || plain(u) != want {
			t.Errorf("%s: %v, %v", address, plain(u), err)
		}
	}
}

// pace is a server that takes its time. It knows every result, and has every blob.
type pace struct {
	each time.Duration
	err  error
}

func (p pace) wait(ctx context.Context) error {
	select {
	case <-time.After(p.each):
		return p.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p pace) Open(ctx context.Context, _ cache.Digest) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("x")), p.wait(ctx)
}
func (p pace) Put(ctx context.Context, _ cache.Digest, _ io.Reader) error { return p.wait(ctx) }
func (p pace) Result(ctx context.Context, _ cache.Digest) (cache.Result, error) {
	return cache.Result{}, p.wait(ctx)
}
func (p pace) SetResult(ctx context.Context, _ cache.Digest, _ cache.Result) error {
	if err := p.wait(ctx); err != cache.ErrMissing {
		return err
	}
	return nil
}
func (p pace) Close() error { return nil }

// A run of many functions, each with three requests that bring it and three that upload it,
// loses less than five seconds, or what it waits is less than what it gains.
func TestTimeIsBounded(t *testing.T) {
	const functions = 2000
	broken := errors.New("broken")
	for _, test := range []struct {
		name      string
		server    pace
		functions int           // that are brought
		most      time.Duration // that the run takes
		warnings  int
	}{
		{"fast", pace{each: 2 * time.Millisecond}, functions, 3 * time.Second, 0},
		{"far away", pace{each: 60 * time.Millisecond}, functions, 80 * time.Second, 0},
		{"slow", pace{each: 500 * time.Millisecond}, 0, 8 * time.Second, 1},
		{"very slow", pace{each: 2 * time.Second}, 0, 5 * time.Second, 1},
		{"silent", pace{each: time.Hour}, 0, 5 * time.Second, 1},
		{"slow and broken", pace{2 * time.Second, broken}, 0, 5 * time.Second, 1},
		{"broken", pace{0, broken}, 0, time.Second, 1},
		{"empty", pace{2 * time.Millisecond, cache.ErrMissing}, 0, 3 * time.Second, 0},
		{"empty and slow", pace{time.Second, cache.ErrMissing}, 0, 5 * time.Second, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				warnings := 0
				c := newCache(t.Context(), test.server, "https://x", Options{Write: true, Warn: func(analyzer.Diagnostic) { warnings++ }})
				since := time.Now()
				c.Fetch(t.Context(), func(ctx context.Context, gained func()) {
					c.Each(ctx, functions, func(int) {
						for range 3 {
							if _, err := c.Result(ctx, cache.Digest{}); err != nil {
								return
							}
						}
						gained()
					})
				})
				for range functions {
					c.Upload(func(context.Context) {
						for range 3 {
							if c.SetResult(cache.Digest{}, cache.Result{}) != nil {
								return
							}
						}
					})
				}
				c.Close()
				took := time.Since(since)
				got, _ := c.Counts()
				t.Logf("%d functions, %v", got, took)
				if took > test.most || warnings != test.warnings || test.functions > 0 && got != test.functions {
					t.Errorf("%d functions, %d warnings, in %v; want %d, %d, at most %v", got, warnings, took, test.functions, test.warnings, test.most)
				}
				if lost := took - time.Duration(got)*perFunction; test.warnings > 0 && lost > 5*time.Second {
					t.Errorf("lost %v", lost)
				}
			})
		})
	}
}

// Several builds of one process share what may be lost.
func TestTimeIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache(t.Context(), pace{each: 3 * time.Second}, "https://x", Options{Warn: func(analyzer.Diagnostic) {}})
		since := time.Now()
		for range 5 {
			c.Fetch(t.Context(), func(ctx context.Context, _ func()) { _, _ = c.Result(ctx, cache.Digest{}) })
		}
		c.Close()
		if took := time.Since(since); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// An interrupted run does not wait.
func TestInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		warned := 0
		c := newCache(ctx, pace{each: time.Hour}, "https://x", Options{Write: true, Warn: func(analyzer.Diagnostic) { warned++ }})
		c.Upload(func(context.Context) { _ = c.SetResult(cache.Digest{}, cache.Result{}) })
		time.AfterFunc(time.Second, cancel)
		since := time.Now()
		c.Fetch(ctx, func(ctx context.Context, _ func()) { _, _ = c.Result(ctx, cache.Digest{}) })
		c.Close()
		if took := time.Since(since); took > 2*time.Second || warned > 0 {
			t.Errorf("took %v, %d warnings", took, warned)
		}
	})
}
