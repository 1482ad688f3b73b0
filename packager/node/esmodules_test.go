package node

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// A package that stays as files and requires an ES module fails under the flags of
// Lambda's Node 20 and 22: that is said when the function is built. Where require can load
// ES modules, a package may have one build for import and for require.
func TestRequiresOfESModules(t *testing.T) {
	for _, e := range examples(t, "esmodules") {
		t.Run(e.name, func(t *testing.T) {
			b := e.bundle(t, func(f *analyzer.Function) {
				f.Runtime = cmp.Or(e.want["runtime"], "nodejs22.x")
				if options := e.want["options"]; options != "" {
					f.Environment = map[string]string{"NODE_OPTIONS": options}
				}
			})
			if got := reportedOf(b); got != e.want["reported"] {
				t.Errorf("reported %q, want %q", got, e.want["reported"])
			}
			if want := e.want["answer"]; want != "" {
				got, stderr, err := invoke(t, b, "--no-experimental-require-module") // as Lambda's Node 22 is started
				if got != want {
					t.Errorf("answered %s, want %s: %v\n%s", got, want, err, stderr)
				}
			}
			names := fileNames(b.Files)
			slices.Sort(names)
			if got := strings.Join(names, " "); e.want["files"] != "" && got != e.want["files"] {
				t.Errorf("files %s\nwant  %s", got, e.want["files"])
			}
		})
	}
}
