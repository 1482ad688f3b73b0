package node

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// Each example answers as it does where the pass is off, except for the word that tells the builds apart.
func TestOneBuildOfAPackage(t *testing.T) {
	for _, e := range examples(t, "builds") {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			b := e.bundle(t)
			if got := ask(t, b); got != e.want["answer"] {
				t.Errorf("answered %s, want %s", got, e.want["answer"])
			}
			for _, name := range []string{"main", "module"} {
				if got := setting(b, name); got != e.want[name] {
					t.Errorf("packages taken by %s: %q, want %q", name, got, e.want[name])
				}
			}
			off := e.bundle(t, func(f *analyzer.Function) { f.Build.Passes = f.Build.Passes.With(analyzer.OneBuild, false) })
			if got := setting(off, "module"); got != "" {
				t.Errorf("switched off it takes the ES build of %s", got)
			}
			if e.want["module"] == "" && string(off.Files[0].Content) != string(b.Files[0].Content) {
				t.Error("the code is not that of a build without the pass")
			}
		})
	}
}
