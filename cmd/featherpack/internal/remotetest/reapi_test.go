package remotetest

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/featherpack/featherpack/packager/cache/reapi/reapitest"
)

// The same over gRPC: one machine builds, the other does not; and a server that lies, fails or
// refuses costs a warning.
func TestREAPI(t *testing.T) {
	want := newMachine(t).build("--cache", "off")
	var fault error
	s := reapitest.Start(t, &reapitest.Server{Before: func(_ context.Context, _, authorization string) error {
		if authorization != "Bearer "+secret {
			return status.Error(codes.Unauthenticated, "")
		}
		return fault
	}})
	trusted := func() machine {
		m := newMachine(t)
		m.env = []string{"FEATHERPACK_CACHE_TOKEN=" + secret}
		return m
	}
	url := "grpc://" + s.Address + "/team/a"
	b := trusted().build("--cache", url, "--cache-write")
	b.same(t, want)
	if s.Results() != 10 || len(b.warnings()) > 0 {
		t.Fatalf("%d results\n%s", s.Results(), b.stderr)
	}
	b = trusted().build("--cache", url)
	b.same(t, want)
	if b.unchanged != 5 || len(b.warnings()) > 0 {
		t.Error(b.stderr)
	}
	if b := trusted().build("--cache", "grpc://"+s.Address+"/team/b"); b.unchanged != 0 {
		t.Error("another instance has the same results")
	}
	refused := func(says string, m machine, flags ...string) {
		t.Helper()
		b := m.build(append([]string{"--cache", url}, flags...)...)
		b.same(t, want)
		if told := b.warnings(); b.unchanged != 0 || len(told) != 1 || !strings.Contains(told[0], says) {
			t.Errorf("%q, want %q\n%s", told, says, b.stderr)
		}
	}
	refused("it answers Unauthenticated", newMachine(t), "--cache-write")
	s.Change = func(content []byte) []byte { content[0] ^= 1; return content }
	refused("it sends wrong content", trusted())
	fault = status.Error(codes.Internal, secret)
	refused("it answers Internal", trusted(), "--cache-write")
	fault = status.Error(codes.ResourceExhausted, secret)
	refused("it answers ResourceExhausted", trusted(), "--cache-write")
}
