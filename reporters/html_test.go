package reporters

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// browserTests has the npm packages that the page is tested with, and the one
// that a part of it comes from.
const browserTests = "../testdata/browser"

// TestTreemapIsAsPublished bundles the two functions that the page uses out of
// the npm package again.
func TestTreemapIsAsPublished(t *testing.T) {
	installBrowserTests(t)
	licence, err := os.ReadFile(filepath.Join(browserTests, "node_modules/d3-hierarchy/LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	built := api.Build(api.BuildOptions{
		Stdin:            &api.StdinOptions{Contents: `export { hierarchy, treemap } from "d3-hierarchy"`, ResolveDir: abs(t, browserTests)},
		AbsWorkingDir:    abs(t, browserTests),
		Bundle:           true,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Format: api.FormatIIFE, GlobalName: "d3", Target: api.ES2022, LegalComments: api.LegalCommentsNone,
	})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors[0].Text)
	}
	want := "/* hierarchy and treemap of d3-hierarchy 3.1.3, d3js.org/d3-hierarchy\n\n" + string(licence) + "*/\n" + string(built.OutputFiles[0].Contents)
	const name = "html/d3-hierarchy.js"
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the npm package bundles to (-update rewrites it)", name)
	}
}

func abs(t *testing.T, name string) string {
	t.Helper()
	name, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func installBrowserTests(t *testing.T) {}
