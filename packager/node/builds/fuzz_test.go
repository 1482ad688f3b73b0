package builds

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

func FuzzTargets(f *testing.F) {
	f.Add([]byte(`{".": {"require": "./a.js", "default": {"require": {"default": "./b.js"}}}, "./c": "./c.js"}`), ".")
	f.Add([]byte(`{"require":["a"],"default":{"default":null}}`), ".")
	f.Fuzz(func(t *testing.T, exports []byte, subpath string) {
		defer inputtest.Bound(t)()
		if files := targets(exports, subpath); len(files) > len(exports) {
			t.Error(files)
		}
	})
}
