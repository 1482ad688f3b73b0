package advise

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/cases"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/projection"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

// TestDeployed checks the advice about functions as manifests deploy them, on 27 November 2026:
// the codes and the functions at "=", and at "!" those that only look alike. The manifest is at
// "@" and ">", other files are at "%". A line of "+" is an input of the bundle of a function, or
// of all (*): PATH VERSION BYTES BUILT-IN... "&" is how long a function was measured to load, in ms.
func TestDeployed(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1795780800")
	for _, c := range cases.Read(t, "testdata/deployed.txt") {
		t.Run(c.Name, func(t *testing.T) {
			files := manifesttest.Files{"src/a.js": "exports.handler = async () => 1\n", "cmd/go/main.go": manifesttest.GoMain, "go.mod": "module x\n", c.Text("@"): c.Text(">")}
			for _, line := range c.Lines("%") {
				name, text, _ := strings.Cut(line, " ")
				files[name] += text + "\n"
			}
			root := manifesttest.Project(t, files)
			p := manifest.Discover(root, manifest.Options{})
			for _, said := range manifesttest.Reported(p) {
				if strings.HasPrefix(said, "error") {
					t.Error(said)
				}
			}
			terms, err := projection.Terms(analyzer.ColdStartSettings{Invocations: 1}, p)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]bool{}
			add := func(function string, all []Advice) {
				for _, a := range all {
					if a.What == "" || a.Do == "" || a.Source == "" || a.Changes == "" || ruleOf(a.Code).Code == "" {
						t.Errorf("incomplete: %+v", a)
					}
					got[a.Code+" "+function] = true
				}
			}
			for _, f := range p.Functions {
				r, built := bundled(t, f, c.Lines("+"))
				for _, line := range c.Lines("&") {
					var name string
					var load float64
					if _, err := fmt.Sscan(line, &name, &load); err != nil {
						t.Fatal(err)
					}
					if name == f.Name {
						built.Boot = &packager.Boot{Status: "loads", HandlerMillis: slices.Repeat([]float64{load}, coldstart.FewestPairs)}
					}
				}
				g, terms := chains.New(r, built), costsOf(r, built, terms)
				add(f.Name, settingsAdvice(f, terms))
				add(f.Name, layerDuplicates(g, f, terms))
				if a, _ := credentialsHeld(g); a != nil {
					add(f.Name, []Advice{*a})
				}
			}
			for _, a := range Images(p, func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(root, name)) }) {
				add(a.Function, a.Advice)
			}
			if got, want := slices.Sorted(maps.Keys(got)), slices.Sorted(slices.Values(c.Lines("="))); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// bundled is a report about one function that holds its entry point and some inputs.
func bundled(t *testing.T, f analyzer.Function, lines []string) (reporters.Report, reporters.Function) {
	t.Helper()
	r := reporters.Report{Inputs: []analyzer.Input{{Path: "src/a.js", Bytes: 1000, Format: "cjs"}}}
	for _, line := range lines {
		words := strings.Fields(line)
		if words[0] != "*" && words[0] != f.Name {
			continue
		}
		in := analyzer.Input{Format: "cjs", BuiltIns: words[4:]}
		if _, err := fmt.Sscan(strings.Join(words[1:4], " "), &in.Path, &in.Version, &in.Bytes); err != nil {
			t.Fatal(err)
		}
		if _, rest, ok := strings.Cut(in.Path, "node_modules/"); ok {
			parts := strings.SplitN(rest, "/", 3)
			if in.Package = parts[0]; strings.HasPrefix(rest, "@") {
				in.Package += "/" + parts[1]
			}
		}
		r.Inputs[0].Imports = append(r.Inputs[0].Imports, analyzer.Import{To: len(r.Inputs), Specifier: in.Package})
		r.Inputs = append(r.Inputs, in)
	}
	built := reporters.Function{Function: f, Artifact: &packager.Artifact{Entries: []packager.Entry{{Name: "src/a.js", Mode: 0o644}}}}
	for i, in := range r.Inputs {
		built.Inputs = append(built.Inputs, reporters.InputBytes{Input: i, Unzipped: in.Bytes, Zipped: in.Bytes / 4})
		built.Artifact.UnzippedBytes, built.Artifact.ZipBytes = built.Artifact.UnzippedBytes+in.Bytes, built.Artifact.ZipBytes+in.Bytes/4
		if strings.HasSuffix(in.Path, ".node") {
			built.Artifact.Entries = append(built.Artifact.Entries, packager.Entry{Name: in.Path, Mode: 0o644})
		}
	}
	r.Functions = []reporters.Function{built}
	return r, built
}
