package kept

import (
	"context"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/resolution"
	"github.com/featherpack/featherpack/packager/node/treetest"
)

var x64 = native.Platform{OS: "linux", CPU: "x64", Libc: "glibc"}

// open writes a txtar archive as a project. A file whose text begins with "-> "
// becomes a link.
func open(t *testing.T, archive string) *installed.Tree {
	t.Helper()
	root := treetest.Write(t, archive)
	tree, err := installed.Open(projectfs.New(root, projectfs.Allowances{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Files().Close() })
	return tree
}

// collect follows what ask asks for, in a function whose code lies in codeDir.
func collect(t *testing.T, p *installed.Tree, codeDir string, ask func(*Asked)) *Tree {
	t.Helper()
	asked := NewAsked(p, Layout(codeDir), x64, nil)
	ask(asked)
	r := resolution.NewSet(p).Of(resolution.Files(p.Root(), codeDir, x64, "nodejs22.x", "", ""))
	tree, err := Collect(t.Context(), r, asked)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// required asks for modules as the bundle requires them, from the root.
func required(p *installed.Tree, specifiers ...string) func(*Asked) {
	return func(a *Asked) {
		for _, s := range specifiers {
			a.Add(Request{Dir: p.Root(), Specifier: s, Kind: api.ResolveJSRequireCall, AtLoad: true})
		}
	}
}

// placesOf are the names in the zip, sorted.
func placesOf(t *testing.T, tree *Tree) string {
	t.Helper()
	var names []string
	for _, f := range tree.Files() {
		names = append(names, f.Name)
		if info, err := os.Stat(f.Source); err != nil || info.Size() != f.Bytes {
			t.Errorf("%s has %d bytes at %s: %v", f.Name, f.Bytes, f.Source, err)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// problemsOf are the problems as text, sorted.
func problemsOf(tree *Tree) string {
	kinds := map[ProblemKind]string{
		Unresolved: "unresolved", Outside: "outside", MainOutside: "main outside", Misplaced: "misplaced",
	}
	var all []string
	for _, p := range tree.Problems {
		all = append(all, kinds[p.Kind]+" "+p.Specifier+" of "+p.Importer)
	}
	slices.Sort(all)
	return strings.Join(all, "; ")
}

func TestLayout(t *testing.T) {
	for _, test := range []struct{ layout, file, want string }{
		{".", "a/b.js", "a/b.js"}, {"", "a/b.js", "a/b.js"},
		{"a", "a/b.js", "b.js"}, {"a", "a", "."}, {"a", "ab/c.js", "ab/c.js"},
		{"a", "lib/c.js", "lib/c.js"},
		{"a", "node_modules/x/c.js", "node_modules/x/c.js"},
		{"a", "a/node_modules/x/c.js", "node_modules/x/c.js"},
		{"a", "b/node_modules/x/node_modules/y/c.js", "node_modules/x/node_modules/y/c.js"},
	} {
		if got := Layout(test.layout).Place(test.file); got != test.want {
			t.Errorf("laid out from %q, %s is at %s", test.layout, test.file, got)
		}
	}
	for _, test := range []struct {
		layout, module, file string
		want                 bool
	}{
		{".", "a/b.js", "c.txt", false}, {"a", "a/b.js", "a/c.txt", false}, {"a", "a/src/b.js", "c.txt", true},
		{"a", "node_modules/x/b.js", "node_modules/x/c.txt", false}, {"a", "a/src/b.js", "node_modules/x/c.txt", true},
	} {
		if got := Layout(test.layout).Misplaces(test.module, test.file); got != test.want {
			t.Errorf("laid out from %q, %s of %s is misplaced: %v", test.layout, test.file, test.module, got)
		}
	}
}

func TestPackagesWithWhatTheyRequire(t *testing.T) {
	p := open(t, `
-- package.json --
{}
-- node_modules/a/package.json --
{"name": "a", "version": "1.0.0", "dependencies": {"b": "2", "late": "1"}}
-- node_modules/a/index.js --
exports.b = require('b')
exports.own = () => require('./lib/own')
try { require('absent') } catch {}
require('fs').readFileSync(__dirname + '/data.txt')
-- node_modules/a/lib/package.json --
{}
-- node_modules/a/lib/own.js --
require('late')
-- node_modules/a/unused.js --
-- node_modules/a/data.txt --
data
-- node_modules/a/node_modules/b/package.json --
{"name": "b", "version": "2.0.0", "main": "main.js"}
-- node_modules/a/node_modules/b/main.js --
require('missing')
-- node_modules/b/package.json --
{"name": "b", "version": "1.0.0"}
-- node_modules/b/index.js --
-- node_modules/late/package.json --
{"name": "late"}
-- node_modules/late/index.js --
`)
	tree := collect(t, p, ".", required(p, "b", "a"))
	const want = "node_modules/a/data.txt node_modules/a/index.js " +
		"node_modules/a/lib/own.js node_modules/a/lib/package.json " +
		"node_modules/a/node_modules/b/main.js node_modules/a/node_modules/b/package.json node_modules/a/package.json " +
		"node_modules/b/index.js node_modules/b/package.json node_modules/late/index.js node_modules/late/package.json"
	if got := placesOf(t, tree); got != want {
		t.Errorf("files %s\nwant  %s", got, want)
	}
	if got := problemsOf(tree); got != "unresolved missing of node_modules/a/node_modules/b" {
		t.Errorf("problems: %s", got)
	}
	var names []string
	for _, k := range tree.Packages() {
		names = append(names, k.Name+"@"+k.Place)
	}
	packages := []string{
		"@", "a@node_modules/a", "b@node_modules/a/node_modules/b", "b@node_modules/b", "late@node_modules/late",
	}
	if !reflect.DeepEqual(names, packages) {
		t.Errorf("packages %q", names)
	}
	if len(tree.Conflicts()) != 0 {
		t.Errorf("conflicts: %v", tree.Conflicts())
	}
	loaded := tree.LoadedAtStart()
	for input, want := range map[string]bool{
		"node_modules/a/index.js": true, "node_modules/a/node_modules/b/main.js": true, "node_modules/a/lib/own.js": false,
	} {
		if loaded[p.Absolute(input)] != want || !tree.Runs(input) {
			t.Errorf("%s is loaded at the start: %v; is run: %v", input, !want, tree.Runs(input))
		}
	}
}

// A copy that a package has of its own lies below it, also where it is asked for first, so
// that others find theirs.
func TestOwnCopiesLieBelowTheirPackage(t *testing.T) {
	p := open(t, `
-- node_modules/a/package.json --
{"name": "a"}
-- node_modules/a/index.js --
require('b'); require('c')
-- node_modules/a/node_modules/b/package.json --
{"name": "b", "version": "2.0.0"}
-- node_modules/a/node_modules/b/index.js --
-- node_modules/b/package.json --
{"name": "b", "version": "1.0.0"}
-- node_modules/b/index.js --
-- node_modules/c/package.json --
{"name": "c"}
-- node_modules/c/index.js --
require('b')
-- node_modules/d/package.json --
{"name": "d"}
-- node_modules/d/index.js --
require('b')
`)
	tree := collect(t, p, ".", required(p, "a", "d"))
	for _, k := range tree.Packages() {
		if k.Name != "" && k.Place != p.Relative(k.Dir) {
			t.Errorf("%s lies in %s", p.Relative(k.Dir), k.Place)
		}
	}
	if got := tree.Conflicts(); len(got) != 0 {
		t.Errorf("conflicts: %v", got)
	}
}

// Of two copies that would lie in one place, one is in conflict, whoever asks for it.
func TestConflicts(t *testing.T) {
	p := open(t, `
-- node_modules/b/package.json --
{"name": "b", "version": "1.0.0"}
-- node_modules/b/index.js --
-- lib/node_modules/b/package.json --
{"name": "b", "version": "2.0.0"}
-- lib/node_modules/b/index.js --
`)
	tree := collect(t, p, ".", func(a *Asked) {
		required(p, "b")(a)
		a.Add(Request{Dir: p.Absolute("lib"), Specifier: "b", Kind: api.ResolveJSRequireCall})
	})
	if got := tree.Conflicts(); len(got) != 1 || got[0].Dir != p.Absolute("lib/node_modules/b") {
		t.Errorf("conflicts: %v", got)
	}
	// With links, two packages may ask for a copy that lies in none of them.
	p = open(t, `
-- node_modules/a/package.json --
{"name": "a"}
-- node_modules/a/index.js --
require('b')
-- store/a/node_modules/b/package.json --
{"name": "b", "version": "2.0.0"}
-- store/a/node_modules/b/index.js --
-- store/a/node_modules/c/package.json --
{"name": "c"}
-- store/a/node_modules/c/index.js --
require('b')
-- store/a/node_modules/d/package.json --
{"name": "d"}
-- store/a/node_modules/d/index.js --
require('b')
-- node_modules/b/package.json --
{"name": "b", "version": "1.0.0"}
-- node_modules/b/index.js --
`)
	tree = collect(t, p, ".", func(a *Asked) {
		required(p, "b")(a)
		for _, name := range []string{"c", "d"} {
			a.Add(Request{Dir: p.Absolute("store/a"), Specifier: name, Kind: api.ResolveJSRequireCall})
		}
	})
	if got := tree.Conflicts(); len(got) != 1 || got[0].Dir != p.Absolute("store/a/node_modules/b") {
		t.Errorf("conflicts: %v in %s", got, placesOf(t, tree))
	}
}

// Copies of a package lie where each is found, whatever is asked for first.
func TestCopiesAreNested(t *testing.T) {
	p := open(t, `
-- node_modules/a/node_modules/c/package.json --
{"name": "c"}
-- node_modules/a/node_modules/c/index.js --
require('b')
-- node_modules/a/node_modules/b/package.json --
{"name": "b", "version": "2.0.0"}
-- node_modules/a/node_modules/b/index.js --
require('d')
-- node_modules/a/node_modules/d/package.json --
{"name": "d", "version": "2.0.0"}
-- node_modules/a/node_modules/d/index.js --
-- node_modules/b/package.json --
{"name": "b", "version": "1.0.0"}
-- node_modules/b/index.js --
require('d')
-- node_modules/d/package.json --
{"name": "d", "version": "1.0.0"}
-- node_modules/d/index.js --
-- node_modules/e/package.json --
{"name": "e"}
-- node_modules/e/index.js --
require('d')
`)
	const want = "@ b@node_modules/b b@node_modules/c/node_modules/b c@node_modules/c d@node_modules/c/node_modules/b/node_modules/d " +
		"d@node_modules/d e@node_modules/e"
	for _, nested := range []string{"first", "last"} {
		tree := collect(t, p, ".", func(a *Asked) {
			ask := Request{Dir: p.Absolute("node_modules/a"), Specifier: "c", Kind: api.ResolveJSRequireCall}
			if nested == "first" {
				a.Add(ask)
			}
			required(p, "b", "e")(a)
			if nested == "last" {
				a.Add(ask)
			}
		})
		var got []string
		for _, k := range tree.Packages() {
			got = append(got, k.Name+"@"+k.Place)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want || len(tree.Conflicts()) != 0 {
			t.Errorf("asked %s: %s\nwant %s; conflicts %v", nested, strings.Join(got, " "), want, tree.Conflicts())
		}
	}
}

// A package whose file code loads by its path lies where the path leads, also where names
// lead elsewhere.
func TestPackagesLoadedByTheirPath(t *testing.T) {
	const archive = `
-- node_modules/a/node_modules/c/package.json --
{"name": "c"}
-- node_modules/a/node_modules/c/index.js --
require('d')
-- node_modules/d/package.json --
{"name": "d"}
-- node_modules/d/index.js --
`
	p := open(t, archive)
	byPath := func(a *Asked) {
		a.Add(Request{Dir: p.Absolute("node_modules/a"), File: p.Absolute("node_modules/a/node_modules/c/index.js"), Either: true})
	}
	const below = "node_modules/a/node_modules/c/index.js node_modules/a/node_modules/c/package.json "
	const d = "node_modules/d/index.js node_modules/d/package.json"
	if got := placesOf(t, collect(t, p, ".", byPath)); got != below+d {
		t.Errorf("files %s", got)
	}
	both := collect(t, p, ".", func(a *Asked) {
		a.Add(Request{Dir: p.Absolute("node_modules/a"), Specifier: "c", Kind: api.ResolveJSRequireCall})
		byPath(a)
	})
	if got := placesOf(t, both); got != below+"node_modules/c/index.js node_modules/c/package.json "+d || len(both.Conflicts()) != 0 {
		t.Errorf("files %s; conflicts %v", got, both.Conflicts())
	}
}

func TestOwnModulesKeepTheirScope(t *testing.T) {
	p := open(t, `
-- a/package.json --
{"type": "module", "imports": {"#x": "./x.js"}}
-- a/worker.js --
import './part.js'
import '#x'
-- a/part.js --
-- a/x.js --
-- a/old/package.json --
{}
-- a/old/b.js --
`)
	byPath := func(input string) Request { return Request{Dir: p.Absolute("a"), File: p.Absolute(input)} }
	tree := collect(t, p, "a", func(a *Asked) { a.Add(byPath("a/worker.js")); a.Add(byPath("a/old/b.js")) })
	if got := placesOf(t, tree); got != "old/b.js package.json part.js worker.js x.js" {
		t.Errorf("files %s; problems %s", got, problemsOf(tree))
	}
}

func TestProblems(t *testing.T) {
	p := open(t, `
-- a/src/worker.js --
require('../../lib')
-- a/src/away.txt --
-> ../../..
-- lib.js --
-- node_modules/escape/package.json --
{"main": "../../lib.js"}
`)
	tree := collect(t, p, "a", func(a *Asked) {
		a.Add(Request{Dir: p.Absolute("a/src"), File: p.Absolute("a/src/worker.js")})
		a.Add(Request{Dir: p.Absolute("a/src"), File: p.Absolute("a/src/away.txt")})
		required(p, "escape", "absent")(a)
	})
	const want = "main outside escape of .; misplaced ../../lib of a/src/worker.js; " +
		"outside away.txt of a/src; unresolved absent of ."
	if got := problemsOf(tree); got != want {
		t.Errorf("problems %s\nwant     %s", got, want)
	}
	if !tree.Misplaced() {
		t.Error("nothing is misplaced")
	}
}

func TestAssets(t *testing.T) {
	p := open(t, `
-- a/src/fn.js --
-- a/texts/a.txt --
a
-- a/worker.js --
require('./part')
-- a/part.js --
-- a/served/page.js --
require('nothing')
-- cwd.txt --
c
-- root.txt --
r
`)
	finding := &trace.Result{Assets: []trace.Asset{
		{Files: []string{"a/texts/a.txt", "a/gone.txt"}, Through: []string{"a/lib", "a/lib/deep"}},
		{Files: []string{"a/worker.js"}},
		{Files: []string{"a/served/page.js"}, Served: true},
		{Files: []string{"cwd.txt"}, FromCWD: true},
		{Files: []string{"root.txt"}, Bytes: maxAsset + 1},
	}}
	tree := collect(t, p, "a", func(a *Asked) { a.Module("a/src/fn.js", finding) })
	if got := placesOf(t, tree); got != "cwd.txt part.js served/page.js texts/a.txt worker.js" {
		t.Errorf("files %s", got)
	}
	if got := tree.Folders(map[string]bool{"texts/a.txt": true}); !slices.Equal(got, []string{"lib/deep"}) {
		t.Errorf("folders %q", got)
	}
	if tree.Misplaced() {
		t.Error("a file is misplaced")
	}
	far := &trace.Result{Assets: []trace.Asset{{Files: []string{"root.txt"}}}}
	if tree := collect(t, p, "a", func(a *Asked) { a.Module("a/src/fn.js", far) }); !tree.Misplaced() {
		t.Error("a file outside of the code's folder is in its place")
	}
}

// Nothing of an archive can be copied: its modules ask for nothing.
func TestModulesInArchivesAskForNothing(t *testing.T) {
	p := open(t, "-- a.txt --\na\n")
	tree := collect(t, p, ".", func(a *Asked) {
		finding := &trace.Result{Assets: []trace.Asset{{Files: []string{"a.txt"}}}}
		a.Module(".yarn/cache/x.zip/node_modules/x/index.js", finding)
	})
	if got := placesOf(t, tree); got != "" {
		t.Errorf("files %s", got)
	}
}

func TestBundled(t *testing.T) {
	place := trace.Reference{Kind: "require", ArgStart: 8, ArgEnd: 12}
	place.Start, place.End = 0, 13
	with := func(candidates ...trace.Candidate) trace.Reference {
		r := place
		r.Candidates = candidates
		return r
	}
	a, b := trace.Candidate{Specifier: "./a", Path: "a.js"}, trace.Candidate{Specifier: "b", Path: "node_modules/b/i.js"}
	worker, cwd := with(a), with(a)
	worker.Kind, cwd.FromCWD = "worker", true
	for _, test := range []struct {
		name string
		ref  trace.Reference
		want bool
	}{
		{"known names", with(a, b), true},
		{"no candidates", with(), false},
		{"a worker", worker, false},
		{"from the working folder", cwd, false},
		{"an absolute path", with(trace.Candidate{Specifier: "lib/a.js", Path: "lib/a.js"}), false},
		{"an addon", with(trace.Candidate{Specifier: "./a.node", Path: "a.node"}), false},
	} {
		if got := Bundled(test.ref); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestAddonsForAnotherPlatformAreNeverPacked(t *testing.T) {
	p := open(t, `
-- node_modules/native/package.json --
{"name": "native"}
-- node_modules/native/index.js --
module.exports = require('./build/native.node')
-- node_modules/native/build/native.node --
no library at all
-- node_modules/bindings/package.json --
{"name": "bindings"}
-- node_modules/bindings/index.js --
-- node_modules/user/package.json --
{"name": "user"}
-- node_modules/user/index.js --
require('bindings')('user')
`)
	tree := collect(t, p, ".", required(p, "native", "user"))
	for _, k := range tree.Packages() {
		switch k.Name {
		case "native":
			if k.Foreign != "node_modules/native/build/native.node" || k.Fits() || !k.Needed {
				t.Errorf("native: %+v", k)
			}
		case "user":
			if k.Addons == 0 || k.Fits() {
				t.Errorf("user: %+v", k)
			}
		}
	}
	if strings.Contains(placesOf(t, tree), ".node") {
		t.Errorf("files %s", placesOf(t, tree))
	}
	asked := collect(t, p, ".", func(a *Asked) { a.Addon("node_modules/native/build/native.node") })
	if got := placesOf(t, asked); got != "" {
		t.Errorf("files %s", got)
	}
}

// A package that reads its own folder in a way that cannot be computed brings
// its data, and neither code nor what is written for people.
func TestData(t *testing.T) {
	p := open(t, `
-- node_modules/tz/package.json --
{"name": "tz"}
-- node_modules/tz/index.js --
module.exports = name => require('fs').readFileSync(require('path').join(__dirname, name()))
-- node_modules/tz/zones/a.bin --
a
-- node_modules/tz/README.md --
-- node_modules/tz/src/index.ts --
-- node_modules/tz/test/data.bin --
`)
	got := placesOf(t, collect(t, p, ".", required(p, "tz")))
	if want := "node_modules/tz/index.js node_modules/tz/package.json node_modules/tz/zones/a.bin"; got != want {
		t.Errorf("files %s", got)
	}
}

func TestFollowingEnds(t *testing.T) {
	p := open(t, `
-- node_modules/a/package.json --
{}
-- node_modules/a/index.js --
require('a')
require('./index')
`)
	asked := NewAsked(p, ".", x64, nil)
	required(p, "a")(asked)
	r := resolution.NewSet(p).Of(resolution.Files(p.Root(), ".", x64, "nodejs22.x", "", ""))
	if _, err := Collect(t.Context(), r, asked); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Collect(ctx, r, asked); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context ends with %v", err)
	}
}

// Of node-pre-gyp ships what finds an addon, not what fetches or publishes one.
func TestCommandsOfLocatorsDoNotShip(t *testing.T) {
	p := open(t, `
-- package.json --
{}
-- node_modules/@mapbox/node-pre-gyp/package.json --
{"name": "@mapbox/node-pre-gyp", "main": "lib/node-pre-gyp.js"}
-- node_modules/@mapbox/node-pre-gyp/lib/node-pre-gyp.js --
const { upload } = require('./s3_setup')
exports.find = () => require('./pre-binding')
exports.run = (command) => require('./' + command)
-- node_modules/@mapbox/node-pre-gyp/lib/pre-binding.js --
-- node_modules/@mapbox/node-pre-gyp/lib/install.js --
require('tar')
-- node_modules/@mapbox/node-pre-gyp/lib/s3_setup.js --
exports.upload = () => require('aws-sdk')
-- node_modules/tar/package.json --
{"name": "tar"}
-- node_modules/tar/index.js --
-- node_modules/aws-sdk/package.json --
{"name": "aws-sdk"}
-- node_modules/aws-sdk/index.js --
-- node_modules/other/package.json --
{"name": "other"}
-- node_modules/other/index.js --
require('./install')
-- node_modules/other/install.js --
`)
	const found = "node_modules/@mapbox/node-pre-gyp/lib/node-pre-gyp.js node_modules/@mapbox/node-pre-gyp/lib/pre-binding.js " +
		"node_modules/@mapbox/node-pre-gyp/lib/s3_setup.js node_modules/@mapbox/node-pre-gyp/package.json " +
		"node_modules/other/index.js node_modules/other/install.js node_modules/other/package.json"
	if got := placesOf(t, collect(t, p, ".", required(p, "@mapbox/node-pre-gyp", "other"))); got != found {
		t.Errorf("files %s\nwant  %s", got, found)
	}
	whole := collect(t, p, ".", func(a *Asked) {
		a.Whole = true
		required(p, "@mapbox/node-pre-gyp")(a)
	})
	for _, want := range []string{"lib/install.js", "node_modules/tar/index.js", "node_modules/aws-sdk/index.js"} {
		if got := placesOf(t, whole); !strings.Contains(got, want) {
			t.Errorf("without the pass %s is missing in %s", want, got)
		}
	}
}

// Of every file it is known who reads it.
func TestReaders(t *testing.T) {
	p := open(t, `
-- package.json --
{}
-- node_modules/a/package.json --
{"name": "a"}
-- node_modules/a/index.js --
const fs = require('fs'), { Worker } = require('worker_threads')
require('./loaded'), require('./both'), require('b'), require('c')
require('./loaded.json'), require('./both.json'), require('./text.json')
load(require.resolve('./both.json'))
fs.readFileSync(__dirname + '/text.json')
fs.readFileSync(require.resolve('./both.js'))
fs.readFileSync(__dirname + '/text.js')
new Worker(__dirname + '/worker.js')
-- node_modules/a/loaded.json --
{}
-- node_modules/a/both.json --
{}
-- node_modules/a/text.json --
{}
-- node_modules/a/loaded.js --
-- node_modules/a/both.js --
-- node_modules/a/text.js --
-- node_modules/a/worker.js --
-- node_modules/b/package.json --
{"name": "b"}
-- node_modules/b/index.js --
require('./package.json')
-- node_modules/c/package.json --
{"name": "c"}
-- node_modules/c/index.js --
require('fs').readFileSync(process.argv[2])
require('fs').readFileSync(__dirname + '/' + process.argv[2])
`)
	tree := collect(t, p, ".", required(p, "a"))
	want := map[string]Reader{
		"a/package.json": Resolution, "a/index.js": NodeAlone, "a/loaded.js": NodeAlone, "a/both.js": Anyone, "a/text.js": Anyone,
		"a/worker.js": NodeAlone, "a/loaded.json": NodeAlone, "a/both.json": Anyone, "a/text.json": Anyone,
		"b/package.json": Anyone, "b/index.js": NodeAlone, "c/package.json": Anyone, "c/index.js": Anyone,
	}
	found := map[string]Reader{}
	for _, f := range tree.Files() {
		found[f.Name] = f.Reader
	}
	for name, reader := range want {
		if got, ships := found["node_modules/"+name]; !ships || got != reader {
			t.Errorf("%s ships: %v, its reader is %d, want %d", name, ships, got, reader)
		}
	}
}
