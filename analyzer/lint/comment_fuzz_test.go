package lint

import (
	"bytes"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

func FuzzComments(f *testing.F) {
	f.Add([]byte("// featherpack-ignore client-in-handler: it rotates\nx() /* featherpack-ignore a */\n# featherpack-ignore"))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		lines := bytes.Count(text, []byte("\n")) + 1
		for _, c := range Comments(text) {
			if c.Line < 1 || c.Line > lines || c.Column < 1 || c.Silences < c.Line || c.Silences > c.Line+1 {
				t.Errorf("%+v", c)
			}
		}
	})
}
