package manifest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

func FuzzHandler(f *testing.F) {
	dir := manifesttest.Project(
		f,
		manifesttest.Files{
			"repo/.git/": "", "repo/svc/src/a.ts": "", "repo/svc/b/index.js": "",
			"repo/svc/cmd/x/main.go": manifesttest.GoMain, "repo/up.ts": "", "secret.ts": "",
		},
	)
	for _, s := range []string{
		"src/a.handler", "b.h", "../up.h", "../../secret.h", "/etc/passwd.h", `src\a.h`, "src/a", "a\x00.h", "cmd/x",
		"cmd/x/main.go", "...", "./src/../src/a.h", "Src/A.h",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, handler string, node bool) {
		defer inputtest.Bound(t)()
		family, runtime := analyzer.Go, declared.DefaultGoRuntime
		if node {
			family, runtime = analyzer.Node, declared.DefaultNodeRuntime
		}
		fn := &declared.Function{
			Function: analyzer.Function{
				Name: "f", Handler: handler, Runtime: runtime, Family: family, CodeDir: "svc", ServiceDir: "svc",
			},
		}
		skip, ok := manifest.Entry(filepath.Join(dir, "repo/svc"), fn)
		if !ok {
			t.Fatal("no folder")
		}
		if fn.Entry == "" && skip == "" && analyzer.ExitStatus(fn.Problems) == 0 {
			t.Errorf("handler %q: nothing found and nothing told", handler)
		}
		if fn.Entry != "" && !strings.HasPrefix(fn.Entry, "svc/") && (node || fn.Entry != "svc") {
			// A Go package may be shared between services; it stays in the root.
			if node || !projectfs.Inside(fn.Entry) {
				t.Errorf("handler %q leads to %q", handler, fn.Entry)
			}
		}
	})
}
