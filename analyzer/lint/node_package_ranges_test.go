package lint

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

func TestAccepts(t *testing.T) {
	for _, test := range []struct {
		versions string
		yes, no  string
	}{
		{"1.52.0", "1.52.0", "1.54.0 1.52.1"}, {"=1.2.3", "1.2.3", "1.2.4"}, {"v1.2.3", "1.2.3", "1.3.0"},
		{"^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0"}, {"^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2"}, {"^0.0.3", "0.0.3", "0.0.4"}, {"^1", "1.0.0 1.9.9", "2.0.0"},
		{"^0.x", "0.9.0", "1.0.0"}, {"~1.2.3", "1.2.3 1.2.9", "1.3.0"}, {"~1", "1.9.0", "2.0.0"}, {"1.2", "1.2.9", "1.3.0"}, {"1.x", "1.9.0", "2.0.0"},
		{">=1.2.0 <2", "1.2.0 1.9.9", "1.1.9 2.0.0"}, {">1.2.0", "1.2.1", "1.2.0"}, {"<=1.2.0", "1.2.0", "1.2.1"}, {"^1.0.0 || ^3.0.0", "1.5.0 3.5.0", "2.0.0"},
		{"*", "0.0.1 9.0.0", ""}, {"", "1.0.0", ""}, {"latest", "1.0.0", ""}, {"npm:other@^2", "1.0.0", ""}, {"1.0.0 - 2.0.0", "3.0.0", ""}, // not understood
		{"workspace:^", "1.0.0", ""}, {"git+https://example.com/a.git", "1.0.0", ""},
	} {
		for _, version := range strings.Fields(test.yes) {
			if !accepts(test.versions, version) {
				t.Errorf("%q does not accept %s", test.versions, version)
			}
		}
		for _, version := range strings.Fields(test.no) {
			if accepts(test.versions, version) {
				t.Errorf("%q accepts %s", test.versions, version)
			}
		}
	}
}

// TestPackageTwiceHint shows the remedy by what packages ask for: x has a of 1.0.0 and y of 1.1.0.
func TestPackageTwiceHint(t *testing.T) {
	const dedupe = "npm dedupe (yarn dedupe, pnpm dedupe) may make them one"
	for _, test := range []struct{ x, y, own, hint string }{
		{"^1.0.0", "^1.1.0", "", dedupe},
		{"", "^1.1.0", "^1.0.0", dedupe},
		{"1.0.0", "^1.0.0", "", dedupe}, // 1.0.0 serves both
		{"~1.1.0", "^1.0.0", "1.0.0", "package.json asks for a 1.0.0: update it, or use an override of the package manager"},
		{"1.0.0", "^1.1.0", "", "x 2.0.0 asks for a 1.0.0: update it, or use an override of the package manager"},
		{"~1.0.0", "1.1.0", "", "x 2.0.0 asks for a ~1.0.0: update it, or use an override of the package manager"},
	} {
		of := func(path, name, version string, imports ...int) analyzer.Input {
			in := analyzer.Input{Path: "node_modules/" + path, Package: name, Version: version, Format: "cjs"}
			for _, to := range imports {
				in.Imports = append(in.Imports, analyzer.Import{To: to})
			}
			return in
		}
		s := Subject{
			Paths: []string{"a.js"}, Handler: "handler", Modules: oneWithPackages{}, Bytes: []int64{9000, 9000, 9, 9},
			Inputs: []analyzer.Input{of("a/i.js", "a", "1.0.0"), of("y/node_modules/a/i.js", "a", "1.1.0"), of("x/i.js", "x", "2.0.0", 0), of("y/i.js", "y", "3.0.0", 1)},
			Requires: func(dir, name string) string {
				return map[string]string{"node_modules/x a": test.x, "node_modules/y a": test.y, ". a": test.own}[dir+" "+name]
			},
		}
		f := &function{Subject: s}
		f.packageTwice()
		if len(f.found) != 1 || f.found[0].Hint != test.hint {
			t.Errorf("%s, %s: %+v", test.x, test.y, f.found)
		}
	}
}
