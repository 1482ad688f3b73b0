package resolution

import (
	"os"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/treetest"
)

var arm = native.Platform{OS: "linux", CPU: "arm64", Libc: "glibc"}

// set opens a txtar archive as a project.
func set(t *testing.T, archive string) (*Set, *installed.Tree) {
	t.Helper()
	root := treetest.Write(t, archive)
	tree, err := installed.Open(projectfs.New(root, projectfs.Allowances{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Files().Close() })
	return NewSet(tree), tree
}

// bundling are settings of a bundle, as far as they matter to resolving.
func bundling(root string, adjust ...func(*api.BuildOptions)) Settings {
	o := api.BuildOptions{
		AbsWorkingDir: root, Bundle: true, LogLevel: api.LogLevelSilent, Platform: api.PlatformNode,
		MainFields: []string{"module", "main"},
	}
	for _, a := range adjust {
		a(&o)
	}
	return Settings{Options: o, CodeDir: ".", Target: arm, Runtime: "nodejs22.x"}
}

func TestOneResolutionForEqualSettings(t *testing.T) {
	s, tree := set(t, "")
	plain := s.Of(bundling(tree.Root()))
	if s.Of(bundling(tree.Root())) != plain {
		t.Error("equal settings have two resolutions")
	}
	seen := map[*Resolution]string{plain: "none"}
	files := Files(tree.Root(), ".", arm, "nodejs22.x", "", "")
	x64, dir, runtime := files, files, files
	x64.Target.CPU, dir.CodeDir, runtime.Runtime = "x64", "a", "nodejs20.x"
	for name, settings := range map[string]Settings{
		"conditions": bundling(tree.Root(), func(o *api.BuildOptions) { o.Conditions = []string{"a"} }),
		"two":        bundling(tree.Root(), func(o *api.BuildOptions) { o.Conditions = []string{"a", "b"} }),
		"one of two": bundling(tree.Root(), func(o *api.BuildOptions) { o.Conditions = []string{"a b"} }),
		"mainFields": bundling(tree.Root(), func(o *api.BuildOptions) { o.MainFields = []string{"main"} }),
		"alias":      bundling(tree.Root(), func(o *api.BuildOptions) { o.Alias = map[string]string{"a": "b"} }),
		"loader":     bundling(tree.Root(), func(o *api.BuildOptions) { o.Loader = map[string]api.Loader{".js": 1} }),
		"define":     bundling(tree.Root(), func(o *api.BuildOptions) { o.Define = map[string]string{"a": "1"} }),
		"external":   bundling(tree.Root(), func(o *api.BuildOptions) { o.External = []string{"a"} }),
		"engines":    bundling(tree.Root(), func(o *api.BuildOptions) { o.Engines = []api.Engine{{Version: "20"}} }),
		"minify":     bundling(tree.Root(), func(o *api.BuildOptions) { o.MinifySyntax = true }),
		"as files":   files, "processor": x64, "folder": dir, "runtime": runtime,
	} {
		r := s.Of(settings)
		if other, known := seen[r]; known {
			t.Errorf("%s is taken for %s", name, other)
		}
		seen[r] = name
	}
}

func TestLoader(t *testing.T) {
	s, tree := set(t, "")
	plain := s.Of(bundling(tree.Root()))
	chosen := s.Of(bundling(tree.Root(), func(o *api.BuildOptions) {
		o.Loader = map[string]api.Loader{
			".js": api.LoaderJSX, ".page.es": api.LoaderTSX, ".ts": api.LoaderText, "": api.LoaderJS,
		}
	}))
	for file, want := range map[string][2]api.Loader{
		"a.js":         {api.LoaderJS, api.LoaderJSX},
		"a.min.js":     {api.LoaderJS, api.LoaderJSX},
		"a.mjs":        {api.LoaderJS, api.LoaderJS},
		"a.tsx":        {api.LoaderTSX, api.LoaderTSX},
		"a.ts":         {api.LoaderTS, api.LoaderText},
		"b.page.es":    {api.LoaderNone, api.LoaderTSX},
		"b.es":         {api.LoaderNone, api.LoaderNone},
		"dir.js/c":     {api.LoaderNone, api.LoaderJS},
		"dir.js/c.css": {api.LoaderNone, api.LoaderNone},
	} {
		if got := [2]api.Loader{plain.Loader(file), chosen.Loader(file)}; got != want {
			t.Errorf("%s is read by %v, want %v", file, got, want)
		}
	}
	if !plain.IsCode("a.ts") || chosen.IsCode("a.ts") || !chosen.IsCode("b.page.es") {
		t.Error("what is read as text is code, or the other way round")
	}
}

const conditional = `
-- src/fn.js --
const fs = require('fs')
module.exports = fs.readFileSync(require.resolve('conditional')) + require('./plain')
-- src/plain.js --
-- src/typed.ts --
-- node_modules/conditional/package.json --
{"name": "conditional", "main": "main.js", "module": "module.js"}
-- node_modules/conditional/main.js --
-- node_modules/conditional/module.js --
-- node_modules/conditional/lib/a.js --
-- node_modules/chosen/package.json --
{"name": "chosen", "exports": {"special": "./special.js", "module-sync": "./sync.js", "default": "./default.js"}}
-- node_modules/chosen/special.js --
-- node_modules/chosen/sync.js --
-- node_modules/chosen/default.js --
`

func TestFind(t *testing.T) {
	s, tree := set(t, conditional)
	bundle := s.Of(bundling(tree.Root()))
	special := s.Of(bundling(tree.Root(), func(o *api.BuildOptions) { o.Conditions = []string{"special"} }))
	external := s.Of(bundling(tree.Root(), func(o *api.BuildOptions) { o.External = []string{"chosen"} }))
	files := s.Of(Files(tree.Root(), ".", arm, "nodejs22.x", "", ""))
	optioned := s.Of(Files(tree.Root(), ".", arm, "nodejs22.x", "", "--conditions=special"))
	newer := s.Of(Files(tree.Root(), ".", arm, "nodejs24.x", "", ""))
	for _, test := range []struct {
		r                     *Resolution
		from, specifier, want string
	}{
		{bundle, "src", "./plain", "src/plain.js"},
		{bundle, "src", "./typed", "src/typed.ts"},
		{files, "src", "./typed", "src/typed.ts"},
		{bundle, "src", "conditional", "node_modules/conditional/module.js"},
		{files, "src", "conditional", "node_modules/conditional/main.js"},
		{bundle, "node_modules/conditional/lib", "./a", "node_modules/conditional/lib/a.js"},
		{bundle, "src", "chosen", "node_modules/chosen/default.js"},
		{special, "src", "chosen", "node_modules/chosen/special.js"},
		{files, "src", "chosen", "node_modules/chosen/default.js"},
		{optioned, "src", "chosen", "node_modules/chosen/special.js"},
		{newer, "src", "chosen", "node_modules/chosen/sync.js"},
		{external, "src", "chosen", "external"},
		{bundle, "src", "absent", ""},
	} {
		err := test.r.Run(func(build api.PluginBuild) error {
			for range 2 { // asked, and remembered
				got, external := test.r.Find(build, tree.Absolute(test.from), test.specifier, api.ResolveJSRequireCall)
				switch {
				case external:
					got = "external"
				case got != "":
					got = tree.Relative(got)
				}
				if got != test.want {
					t.Errorf("%s from %s is %q, want %q", test.specifier, test.from, got, test.want)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestFindingsDependOnTheirOptions(t *testing.T) {
	s, tree := set(t, conditional)
	file := tree.Absolute("src/fn.js")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{"module": "module.js", "main": "main.js"} {
		r := s.Of(bundling(tree.Root(), func(o *api.BuildOptions) { o.MainFields = []string{field} }))
		if _, known := r.Finding(file); known {
			t.Fatalf("with %s a finding of other options is known", field)
		}
		err := r.Run(func(build api.PluginBuild) error {
			r.Trace(build, file, text)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		finding, known := r.Finding(file)
		if !known || finding == nil || len(finding.Edits) != 1 || finding.Edits[0].Path != "node_modules/conditional/"+want {
			t.Errorf("with %s: %+v", field, finding)
		}
	}
}

func TestRequests(t *testing.T) {
	s, tree := set(t, `
-- a.js --
require('always')
if (process.env.X) require('sometimes')
try { require('guarded') } catch {}
try { require('once') } catch {}
require('once')
`)
	r := s.Of(bundling(tree.Root()))
	file := tree.Absolute("a.js")
	for name, want := range map[string][2]bool{ // required at load, guarded
		"always": {true, false}, "sometimes": {false, false}, "never": {false, false},
		"guarded": {false, true}, "once": {true, false},
	} {
		if got := [2]bool{r.RequiredAtLoad(file, name), r.Guarded(file, name)}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if got, want := r.FirstRequest("a.js", "once"), (analyzer.Position{File: "a.js", Line: 4, Column: 15}); got != want {
		t.Errorf("once is at %+v", got)
	}
	if got, want := r.FirstRequest("gone.js", "once"), (analyzer.Position{File: "gone.js"}); got != want {
		t.Errorf("in a file that is not there once is at %+v", got)
	}
}

func TestNotes(t *testing.T) {
	s, tree := set(t, "")
	r := s.Of(bundling(tree.Root()))
	one, other := []Import{{Path: "module.js"}}, []Import{{Path: "main.js"}}
	for i, step := range []struct {
		imports []Import
		isNew   bool
	}{{one, true}, {one, false}, {other, true}, {other, false}, {nil, true}, {nil, false}} {
		if got := r.Note("a.js", 1, "cjs", step.imports); got != step.isNew {
			t.Errorf("step %d: new is %v", i, got)
		}
	}
}

func TestConditions(t *testing.T) {
	for options, want := range map[string]string{
		"": "", "--enable-source-maps": "", "-C dev": "dev", "--conditions=dev": "dev", "--conditions dev -C=x --no-warnings": "dev x", "-C": "",
	} {
		if got := strings.Join(Conditions(options), " "); got != want {
			t.Errorf("%q adds %q, want %q", options, got, want)
		}
	}
}
