package inputtest

import (
	"fmt"
	"testing"
)

// recorder is a test that keeps what it is told.
type recorder struct {
	testing.TB
	failed []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

func TestBound(t *testing.T) {
	for _, test := range []struct {
		count, size int
		fails       bool
	}{{1, 1 << 20, false}, {3, 64 << 20, false}, {1, 257 << 20, true}, {5, 64 << 20, true}} {
		var r recorder
		check := Bound(&r)
		total := 0
		for range test.count {
			total += len(make([]byte, test.size))
		}
		check()
		if (len(r.failed) > 0) != test.fails {
			t.Errorf("%d bytes: %q", total, r.failed)
		}
	}
}
