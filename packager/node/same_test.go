package node

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// variations are one for each way in which a neighbour may differ from a function
// that shares its modules, by the field that is varied.
var variations = []struct {
	field string
	vary  func(*analyzer.Function)
}{
	{"NoMinify", func(f *analyzer.Function) { f.Build.NoMinify = true }},
	{"MapToModules", func(f *analyzer.Function) { f.Build.MapToModules = true }},
	{"SourceMap", func(f *analyzer.Function) { f.Build.SourceMap = "zip" }},
	{"SourceMap", func(f *analyzer.Function) { f.Build.SourceMap = "none" }},
	{"SourceMapPackages", func(f *analyzer.Function) { f.Build.SourceMapPackages = true }},
	{"SDK", func(f *analyzer.Function) { f.Build.SDK = "runtime" }},
	{"SDKCredentials", func(f *analyzer.Function) { f.Build.SDKCredentials = "lambda" }},
	{"External", func(f *analyzer.Function) { f.Build.External = []string{"outer"} }},
	{"KeepNames", func(f *analyzer.Function) { f.Build.KeepNames = "never" }},
	{"CodeCache", func(f *analyzer.Function) {
		f.Build.CodeCache, f.Entry, f.Handler = "on", "src/module.mjs", "src/module.handler"
	}},
	{"Target", func(f *analyzer.Function) { f.Build.Target = "es2015" }},
	{"Format", func(f *analyzer.Function) { f.Build.Format = "esm" }},
	{"MainFields", func(f *analyzer.Function) { f.Build.MainFields = []string{"special", "main"} }},
	{"Conditions", func(f *analyzer.Function) { f.Build.Conditions = []string{"special"} }},
	{"Define", func(f *analyzer.Function) { f.Build.Define = map[string]string{"process.env.STAGE": `"defined"`} }},
	{"Loader", func(f *analyzer.Function) { f.Build.Loader = map[string]string{".txt": "base64"} }},
	{"Loader", func(f *analyzer.Function) {
		f.Build.Loader, f.Entry, f.Handler = map[string]string{".js": "jsx"}, "src/jsx.js", "src/jsx.handler"
	}},
	{"NODE_OPTIONS", func(f *analyzer.Function) { f.Environment = map[string]string{"NODE_OPTIONS": "-C special"} }},
	{"Alias", func(f *analyzer.Function) { f.Build.Alias = map[string]string{"aliased": "outer"} }},
	{"Inject", func(f *analyzer.Function) { f.Build.Inject = []string{"./src/shim.js"} }},
	{"Banner", func(f *analyzer.Function) { f.Build.Banner = "const fromBanner = 1;" }},
	{"Footer", func(f *analyzer.Function) { f.Build.Footer = "globalThis.fromFooter = 1;" }},
	{"TSConfig", func(f *analyzer.Function) { f.Build.TSConfig = "tsconfig.other.json" }},
	{"Passes", func(f *analyzer.Function) { f.Build.Passes = f.Build.Passes.With(analyzer.LiteralKeys, false) }},
	{"AllowSecrets", func(f *analyzer.Function) { f.Build.AllowSecrets = []string{"src/key.pem"} }},

	{"Runtime", func(f *analyzer.Function) { f.Runtime = "nodejs18.x" }},
	{"CodeDir", func(f *analyzer.Function) { f.CodeDir, f.Handler = "src", "fn.handler" }},
	{"Layers", func(f *analyzer.Function) { f.Layers = []string{"Datadog-Node20-x"} }},
}

// A function's bytes do not depend on what lies above the project's root.
func TestSameBelowOtherFolders(t *testing.T) {
	const archive = `
-- package.json --
{"dependencies": {"b": "1"}}
-- tsconfig.json --
{}
-- src/a.tsx --
import b from "b"
import "./c"
class A { field = 1 }
const React = {createElement: (...all: unknown[]) => all}
export const handler = async () => [<a/>, b, new A()]
-- src/c.ts --
globalThis.c = 1
-- node_modules/b/package.json --
{"name": "b", "version": "1.0.0"}
-- node_modules/b/index.js --
exports.default = 1
`
	p := project(t, archive)
	f := function("a", "src/a.tsx")
	want := toldOfEach(t, p, f)["a"]
	for name, text := range map[string]string{
		"package.json":  `{"type": "module", "sideEffects": false, "imports": {}}`,
		"tsconfig.json": `{"compilerOptions": {"target": "es5", "jsxFactory": "h", "strict": true, "paths": {"b": ["./c"]}}}`,
	} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(p.Root), name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := toldOfEach(t, p, f)["a"]; got != want || !strings.Contains(got, "field") {
		t.Errorf("below other files:\n%s\nalone:\n%s", got, want)
	}
}

// A function's bytes, and all else that is told of it, depend on that function
// alone: not on a neighbour that has other settings and shares its modules.
func TestSameBesideANeighbourOfOtherSettings(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "same", "project.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	p := project(t, string(text))
	f := p.Functions[0]
	alone := toldOfEach(t, p, f)[f.Name]
	for _, v := range variations {
		t.Run(v.field, func(t *testing.T) {
			neighbour := f
			v.vary(&neighbour)
			neighbour.Name, neighbour.ID = f.Name, f.ID // these are part of what is told
			want := toldOfEach(t, p, neighbour)[f.Name]
			if want == alone {
				t.Fatal("it makes no difference, so that the test shows nothing")
			}
			neighbour.Name, neighbour.ID = "neighbour", "neighbour"
			want = toldOfEach(t, p, neighbour)["neighbour"]
			for _, order := range [][]analyzer.Function{{f, neighbour}, {neighbour, f}} {
				got := toldOfEach(t, p, order...)
				if got[f.Name] != alone {
					t.Errorf("beside a neighbour that comes %s:\n%s\nalone:\n%s", position(order, f), got[f.Name], alone)
				}
				if got["neighbour"] != want {
					t.Errorf("the neighbour, which comes %s:\n%s\nalone:\n%s", position(order, neighbour), got["neighbour"], want)
				}
			}
		})
	}
}

// Whoever adds a build setting adds a variation.
func TestEveryBuildSettingIsVaried(t *testing.T) {
	notForNode := []string{"Tags", "LDFlags", "CGO"}
	whileInstalling := []string{"InstallScripts"}
	inDiscovery := []string{"EndedRuntimes"}
	afterwards := []string{"CodeCacheVersions"} // packager/compiled compiles a finished program, one at a time
	elsewhere := slices.Concat(notForNode, whileInstalling, inDiscovery, afterwards)
	for _, field := range reflect.VisibleFields(reflect.TypeFor[analyzer.BuildOptions]()) {
		varied := slices.ContainsFunc(variations, func(v struct {
			field string
			vary  func(*analyzer.Function)
		}) bool {
			return v.field == field.Name
		})
		if !varied && !slices.Contains(elsewhere, field.Name) {
			t.Errorf("no neighbour differs in %s", field.Name)
		}
	}
}

func position(order []analyzer.Function, f analyzer.Function) string {
	if order[0].Name == f.Name {
		return "first"
	}
	return "last"
}

// toldOfEach builds the functions and returns everything that a bundle holds, as
// one text, by function.
func toldOfEach(t *testing.T, p analyzer.Project, functions ...analyzer.Function) map[string]string {
	t.Helper()
	told := map[string]string{}
	for id, b := range buildAll(t, p, functions) {
		type input struct {
			Path, Row string
			Bytes     int64
		}
		var reached []string
		for _, i := range b.Reached {
			reached = append(reached, b.Graph.Inputs[i].Path)
		}
		files := func(list []packager.File) (all []any) {
			for _, f := range list {
				var parts []input
				for _, part := range f.Parts {
					in := input{Row: part.Row, Bytes: part.Bytes}
					if part.Input >= 0 {
						in.Path = b.Graph.Inputs[part.Input].Path
					}
					parts = append(parts, in)
				}
				all = append(all, []any{f.Name, string(f.Content), f.Source, parts})
			}
			return all
		}
		text, err := json.MarshalIndent([]any{
			files(b.Files), files(b.Beside), reached, b.Kept, b.Settings, b.Diagnostics, b.Waterfall, b.Unbundled, b.Shadowing,
		}, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		told[id] = string(text)
	}
	return told
}
