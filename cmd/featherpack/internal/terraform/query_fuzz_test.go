package terraform

import (
	"bytes"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// A query is read or refused, and sets flags by name only.
func FuzzQuery(f *testing.F) {
	f.Add([]byte(`{"dir":".","only":"a b","param":"k=v"}`))
	f.Add([]byte(`{"dir":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		q, err := ReadQuery(bytes.NewReader(text))
		if err != nil {
			return
		}
		_, _ = q.Apply(func(string, string) error { return nil }, nil)
	})
}
