package compiled

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// The file of decisions is read or refused, and what is read is written as it was.
func FuzzDecisions(f *testing.F) {
	f.Add([]byte(`{"version":1,"functions":{"a":{"mode":"on"}}}`))
	f.Add([]byte(`{}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		d, err := ReadDecisions(text)
		if err != nil {
			return
		}
		again, err := d.Write("more", Decision{})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = ReadDecisions(again)
	})
}
