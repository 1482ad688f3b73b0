package golang

import (
	"bytes"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// The libraries that a program says it needs, and the constraints of a source, are read or
// are none.
func FuzzDynamics(f *testing.F) {
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Add(append([]byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00\x01\x00\x00\x00"), make([]byte, 200)...))
	f.Fuzz(func(t *testing.T, program []byte) {
		defer inputtest.Bound(t)()
		readDynamics(bytes.NewReader(program))
		mentions(bytes.NewReader(program), int64(len(program)))
	})
}

func FuzzConstraint(f *testing.F) {
	f.Add("//go:build !cgo && (linux || go1.26)\n\npackage a\n")
	f.Add("//go:build ((((((a))))))\n//go:build b")
	f.Fuzz(func(t *testing.T, source string) {
		defer inputtest.Bound(t)()
		withoutCgo(source)
	})
}
