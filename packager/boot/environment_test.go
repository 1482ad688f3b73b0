package boot

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// A memory size that only a deployment knows must not fail a function here.
func TestLimit(t *testing.T) {
	for _, c := range []struct {
		f    analyzer.Function
		want int
	}{
		{analyzer.Function{}, 128},
		{analyzer.Function{MemoryMB: 512}, 512},
		{analyzer.Function{MemoryMB: 1024, MemoryUnknown: true}, maxMemoryMB},
	} {
		if got := limitMB(c.f); got != c.want {
			t.Errorf("%+v may use %d MB, want %d", c.f, got, c.want)
		}
	}
}
