package trace

import (
	"slices"
	"strings"
	"testing"
)

func TestAssets(t *testing.T)  { traceCases(t, "testdata/assets.txt") }
func TestModules(t *testing.T) { traceCases(t, "testdata/modules.txt") }
func TestAddons(t *testing.T)  { traceCases(t, "testdata/addons.txt") }

// A module that tells where its package lies, and does more, hands on nothing.
func TestFolderToldByALongModule(t *testing.T) {
	source := "module.exports = function () { return __dirname } /*" + strings.Repeat("x", maxReturningModule) + "*/"
	r, err := traceIn(project("node_modules/p/ui.js"), moduleAt("node_modules/p/at.js", source))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"uncertain __dirname: the folder of the package is used as a whole"}
	if got := asLines(r); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
