package terraform

import (
	"bytes"
	"testing"
)

// A query is read or refused, and sets flags by name only.
func FuzzQuery(f *testing.F) {
	f.Add([]byte(`{"dir":".","only":"a b","param":"k=v"}`))
	f.Add([]byte(`{"dir":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		q, err := ReadQuery(bytes.NewReader(text))
		if err != nil {
			return
		}
		_, _ = q.Apply(func(string, string) error { return nil }, nil)
	})
}
