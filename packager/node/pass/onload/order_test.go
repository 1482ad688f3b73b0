package onload

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
)

// asked counts what a view is asked, and remembers what a file imports.
type asked struct {
	files
	outlines int
	below    map[string]*Below
}

func (a *asked) Outline(file string) *js.Outline {
	a.outlines++
	return a.files.Outline(file)
}

func (a *asked) Below(file string) *Below {
	if a.below[file] == nil {
		a.below[file] = Follow(a, file)
	}
	return a.below[file]
}

// Functions that import the same from a barrel ask once for the order of its modules.
func TestOrderIsFoundOnce(t *testing.T) {
	const at = "node_modules/pure/"
	view := &asked{below: map[string]*Below{}, files: files{
		at + "index.js":               `export * from "./a.js"; export * from "./b.js"`,
		at + "a.js":                   `import "../set/index.js"; export const a = 1`,
		at + "b.js":                   `import "../first/index.js"; export const b = 1`,
		"node_modules/set/index.js":   `global.x = 1; export {}`,
		"node_modules/first/index.js": `global.x = 2; export {}`,
	}}
	for _, test := range []struct {
		targets []string
		want    bool
	}{
		{[]string{at + "a.js", at + "b.js"}, true},
		{[]string{at + "b.js", at + "a.js"}, false},
		{[]string{at + "a.js"}, false}, // first would come later
	} {
		for i, importer := range []string{"src/one.js", "src/two.js"} {
			view.outlines = 0
			if got := sameOrder(view, importer, at+"index.js", test.targets); got != test.want {
				t.Errorf("%s, %v: %v, want %v", importer, test.targets, got, test.want)
			}
			if again := i > 0; again != (view.outlines == 0) {
				t.Errorf("%s, %v: %d outlines were asked for", importer, test.targets, view.outlines)
			}
		}
	}
	if sameOrder(view, at+"a.js", at+"index.js", []string{at + "a.js", at + "b.js"}) {
		t.Error("a module below the barrel has no order of its own")
	}
}
