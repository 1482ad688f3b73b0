package linker

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/packager/node/treetest"
)

// linker writes a txtar archive and makes a linker of that many slots for it.
func linker(t *testing.T, size int, archive string) *Linker {
	t.Helper()
	root := treetest.Write(t, archive)
	l, err := New(root, api.BuildOptions{
		AbsWorkingDir: root, Bundle: true, Metafile: true, LogLevel: api.LogLevelSilent, Platform: api.PlatformNode,
		Format: api.FormatCommonJS, Sourcemap: api.SourceMapExternal,
	}, size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

const project = `
-- a/fn.js --
import './b.js'
import '../shared.js'
console.log('a')
-- a/b.js --
console.log('b')
-- c/fn.js --
import '../shared.js'
console.log('c', typeof globalThis == 'nul')
-- shared.js --
export const unused = 1
console.log('shared')
-- broken/fn.js --
import './missing'
-- alone.js --
`

func TestEachEntryGetsItsOwn(t *testing.T) {
	l := linker(t, 3, project)
	for range 2 { // the slots are used again
		results, err := l.Link(t.Context(), []string{"a/fn.js", "c/fn.js", "a/fn.js"})
		if err != nil {
			t.Fatal(err)
		}
		a, c := results[0], results[1]
		if results[2] != a {
			t.Error("an entry that is named twice is built twice")
		}
		if want := []string{"a/fn.js", "a/b.js", "shared.js"}; !reflect.DeepEqual(a.Reached, want) {
			t.Errorf("a reaches %q", a.Reached)
		}
		if !strings.Contains(string(a.Code), `"b"`) || strings.Contains(string(c.Code), `"b"`) {
			t.Errorf("b is in a, and there alone:\n%s\n%s", a.Code, c.Code)
		}
		if !strings.Contains(string(c.SourceMap), `"c/fn.js"`) || strings.Contains(string(c.SourceMap), l.slots) {
			t.Errorf("the map is not relative to the root: %s", c.SourceMap)
		}
		if a.Bytes("shared.js") == 0 || a.Bytes("c/fn.js") != 0 || a.Included("c/fn.js") || a.Inputs["shared.js"].Bytes == 0 {
			t.Errorf("a is made of %v", a.Output.Inputs)
		}
		var order []string
		for _, in := range a.Output.Order {
			order = append(order, in.Input)
			if in.BytesInOutput != a.Bytes(in.Input) {
				t.Errorf("%s has %d bytes, and %d in its place", in.Input, a.Bytes(in.Input), in.BytesInOutput)
			}
		}
		if want := []string{"a/b.js", "shared.js", "a/fn.js"}; !reflect.DeepEqual(order, want) {
			t.Errorf("a is made of %q, in this order", order)
		}
		if want := []string{"a/b.js", "shared.js"}; !reflect.DeepEqual(a.Imports("a/fn.js"), want) {
			t.Errorf("a imports %q", a.Imports("a/fn.js"))
		}
		if len(a.Warnings) != 0 || len(c.Warnings) != 1 {
			t.Errorf("warnings of a %v, of c %v", a.Warnings, c.Warnings)
		}
	}
}

func TestOneBrokenEntryIsBrokenAlone(t *testing.T) {
	l := linker(t, 3, project)
	results, err := l.Link(t.Context(), []string{"a/fn.js", "broken/fn.js", "c/fn.js"})
	if err != nil {
		t.Fatal(err)
	}
	if len(results[1].Errors) != 1 || !strings.Contains(Text(results[1].Errors), `Could not resolve "./missing"`) {
		t.Errorf("broken: %v", results[1].Errors)
	}
	for _, i := range []int{0, 2} {
		if len(results[i].Errors) != 0 || len(results[i].Code) == 0 {
			t.Errorf("entry %d suffers from its neighbour: %v", i, results[i].Errors)
		}
	}
}

func TestBytesDoNotDependOnTheBatch(t *testing.T) {
	l := linker(t, 3, project)
	alone, err := l.Link(t.Context(), []string{"c/fn.js"})
	if err != nil {
		t.Fatal(err)
	}
	together, err := l.Link(t.Context(), []string{"alone.js", "a/fn.js", "c/fn.js"})
	if err != nil {
		t.Fatal(err)
	}
	if string(alone[0].Code) != string(together[2].Code) || string(alone[0].SourceMap) != string(together[2].SourceMap) {
		t.Error("an entry differs by what it is built with")
	}
}

// A context that is used again calls the plugins of its latest user, and gives what a new one
// would.
func TestPool(t *testing.T) {
	root := treetest.Write(t, project)
	var pool Pool
	t.Cleanup(pool.Close)
	plugins := func(filter, text string) []api.Plugin {
		return []api.Plugin{{Name: "test", Setup: func(build api.PluginBuild) {
			build.OnLoad(api.OnLoadOptions{Filter: filter}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
				found := build.Resolve("./b.js", api.ResolveOptions{ResolveDir: root + "/a", Kind: api.ResolveJSImportStatement})
				text := text + "\nconsole.log(" + strconv.Quote(filepath.Base(found.Path)) + ")"
				return api.OnLoadResult{Contents: &text}, nil
			})
		}}}
	}
	var before *Linker
	for i, test := range []struct {
		filter, text string
		minify, same bool
	}{
		{"shared", "console.log('one')", false, false},
		{"shared", "console.log('two')", false, true},
		{"shared", "console.log('two')", true, false},
		{"shared|alone", "console.log('three')", true, false},
	} {
		o := api.BuildOptions{
			AbsWorkingDir: root, Bundle: true, Metafile: true, LogLevel: api.LogLevelSilent, Platform: api.PlatformNode,
			Format: api.FormatCommonJS, MinifyWhitespace: test.minify, Plugins: plugins(test.filter, test.text),
		}
		var codes []string
		for _, p := range []*Pool{&pool, nil} {
			l, err := p.Take(root, o, 2)
			if err != nil {
				t.Fatal(err)
			}
			if p != nil {
				if (l == before) != test.same {
					t.Errorf("%d: the context of before is used: %v, want %v", i, l == before, test.same)
				}
				before = l
			}
			results, err := l.Link(t.Context(), []string{"c/fn.js"})
			l.Close()
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, string(results[0].Code))
		}
		if word := strings.Split(test.text, "'")[1]; codes[0] != codes[1] || !strings.Contains(codes[0], word) || !strings.Contains(codes[0], "b.js") {
			t.Errorf("%d: with the pool\n%s\nwithout\n%s", i, codes[0], codes[1])
		}
	}
}

// A context is given up for what it keeps of entries that are linked, not for how many there
// were: many small ones, one again and again, or a large one that is all that it holds.
func TestFull(t *testing.T) {
	files := "-- small.js --\nconsole.log('small')\n"
	for _, name := range []string{"a", "b", "c", "d", "all"} {
		size, text := mostHeld*3/8, "console.log('"+name+"')"
		if name == "all" {
			size, text = 0, "import './a.js'\nimport './b.js'\nimport './c.js'\nimport './d.js'"
		}
		files += "-- " + name + ".js --\n/*" + strings.Repeat("-", size) + "*/\n" + text + "\n"
	}
	for _, test := range []struct {
		entries []string
		full    bool
	}{
		{[]string{"a", "b", "c", "d"}, true}, {[]string{"a", "b", "c", "small"}, true}, {[]string{"all", "all"}, false}, {[]string{"all", "a"}, true},
		{[]string{"a", "b", "a", "b", "a"}, false}, {[]string{"small", "a", "small", "a", "small"}, false},
	} {
		l := linker(t, 1, files)
		for i, entry := range test.entries {
			results, err := l.Link(t.Context(), []string{entry + ".js"})
			if err != nil || len(results[0].Errors) > 0 {
				t.Fatal(err, results[0].Errors)
			}
			if want := test.full && i == len(test.entries)-1; l.Full() != want {
				t.Errorf("%v: after %s, full is %v", test.entries, entry, l.Full())
			}
		}
		l.Close()
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	l := linker(t, 1, project)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Link(ctx, []string{"alone.js"}); err == nil {
		t.Error("a cancelled link succeeds")
	}
	l.Close()
	if _, err := os.Stat(l.slots); !os.IsNotExist(err) {
		t.Errorf("the slots are still there: %v", err)
	}
}
