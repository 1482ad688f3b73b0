package reapi_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/bazelbuild/remote-apis/build/bazel/remote/execution/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/cache/reapi"
	"github.com/featherpack/featherpack/packager/cache/reapi/reapitest"
)

func client(t testing.TB, address string) *reapi.Client {
	t.Helper()
	c, err := reapi.New(address, reapi.Options{Instance: "team/a", Authorization: "Bearer x", Stall: time.Second, Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// Blobs go in one message or as a stream, whichever fits.
func TestRoundTrip(t *testing.T) {
	s := reapitest.Start(t, &reapitest.Server{Before: func(_ context.Context, method, authorization string) error {
		if authorization != "Bearer x" {
			return status.Error(codes.Unauthenticated, method)
		}
		return nil
	}})
	c := client(t, s.Address)
	for _, size := range []int{0, 1, 500_000, 600_000, 9 << 20} {
		content := bytes.Repeat([]byte("abcdefg\n"), size/8+1)[:size]
		d := cache.Of(content)
		if _, err := cache.Read(t.Context(), c, d); err != cache.ErrMissing {
			t.Errorf("%d bytes before: %v", size, err)
		}
		if _, err := cache.Write(t.Context(), c, content); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
		if got, err := cache.Read(t.Context(), c, d); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes: %d, %v", size, len(got), err)
		}
		action, want := cache.Of(append([]byte("action "), content...)), cache.Result{Files: []cache.File{{Name: "a.zip", Digest: d}}}
		if _, err := c.Result(t.Context(), action); err != cache.ErrMissing {
			t.Error(err)
		}
		if err := c.SetResult(t.Context(), action, want); err != nil {
			t.Error(err)
		}
		if got, err := c.Result(t.Context(), action); err != nil || len(got.Files) != 1 || got.Files[0] != want.Files[0] {
			t.Errorf("%v, %v", got, err)
		}
	}
}

// What is not the blob is never given out, and errors are the client's own.
func TestServersThatFail(t *testing.T) {
	small, large := []byte("small"), bytes.Repeat([]byte("large"), 1<<20)
	refuse := func(code codes.Code) *reapitest.Server {
		return &reapitest.Server{Before: func(_ context.Context, method, authorization string) error {
			return status.Error(code, authorization)
		}}
	}
	change := func(f func([]byte) []byte) *reapitest.Server { return &reapitest.Server{Change: f} }
	for name, test := range map[string]struct {
		server *reapitest.Server
		says   string
	}{
		"flipped":     {change(func(c []byte) []byte { c[len(c)-1] ^= 1; return c }), cache.ErrWrong.Error()},
		"truncated":   {change(func(c []byte) []byte { return c[:len(c)/2] }), cache.ErrWrong.Error()},
		"longer":      {change(func(c []byte) []byte { return append(c, 0) }), cache.ErrWrong.Error()},
		"much longer": {change(func(c []byte) []byte { return append(c, make([]byte, 6<<20)...) }), cache.ErrWrong.Error()},
		"refuses":     {refuse(codes.PermissionDenied), "it answers PermissionDenied"},
		"full":        {refuse(codes.ResourceExhausted), "it answers ResourceExhausted"},
		"broken":      {refuse(codes.Internal), "it answers Internal"},
		"hangs": {&reapitest.Server{Before: func(ctx context.Context, _, _ string) error {
			<-ctx.Done()
			return ctx.Err()
		}}, "it does not answer in time"},
		"other digests": {&reapitest.Server{Functions: []remoteexecution.DigestFunction_Value{remoteexecution.DigestFunction_BLAKE3}}, "it does not know SHA-256"},
	} {
		t.Run(name, func(t *testing.T) {
			before := test.server.Before
			test.server.Before = nil
			s := reapitest.Start(t, test.server)
			if before == nil && len(test.server.Functions) == 0 {
				for _, content := range [][]byte{small, large} {
					if _, err := cache.Write(t.Context(), client(t, s.Address), content); err != nil {
						t.Fatal(err)
					}
				}
			}
			s.Before = before
			for _, content := range [][]byte{small, large} {
				got, err := cache.Read(t.Context(), client(t, s.Address), cache.Of(content))
				if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "Bearer") {
					t.Errorf("%d bytes, %v, want %s", len(got), err, test.says)
				}
			}
		})
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if _, err := client(t, l.Addr().String()).Result(t.Context(), cache.Of(small)); err == nil || err.Error() != "it cannot be reached" {
		t.Error(err)
	}
	read := client(t, reapitest.Start(t, &reapitest.Server{ReadOnly: true}).Address)
	if err := read.SetResult(t.Context(), cache.Of(small), cache.Result{}); !errors.Is(err, reapi.StatusError(codes.PermissionDenied)) {
		t.Error(err)
	}
}
