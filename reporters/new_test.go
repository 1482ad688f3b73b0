package reporters

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

func find(t *testing.T, r Report, id string) Function {
	t.Helper()
	for _, f := range r.Functions {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("there is no function %q", id)
	return Function{}
}

func TestRowsSumToTheArtifact(t *testing.T) {
	r := shop(t).report()
	for _, f := range r.Functions {
		if f.Artifact == nil {
			continue
		}
		var unzipped, zipped int64
		for _, p := range f.Packages {
			unzipped, zipped = unzipped+p.Unzipped, zipped+p.Zipped
		}
		if unzipped != f.Artifact.UnzippedBytes || zipped != f.Artifact.ZipBytes {
			t.Errorf("%s: packages sum to %d and %d, the artifact has %d and %d", f.ID, unzipped, zipped, f.Artifact.UnzippedBytes, f.Artifact.ZipBytes)
		}
	}
	var names []string
	for _, p := range find(t, r, "users").Packages {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	want := []string{"(bundler runtime)", "(included files)", "(own code)", "(zip overhead)", "sharp", "uuid", "zod"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyReachedInputsAreListed(t *testing.T) {
	s := shop(t)
	s.module("node_modules/left@1.0.0/unused.js", 10, "src/ping.ts")
	r := s.report()
	var paths []string
	for _, in := range r.Inputs {
		paths = append(paths, in.Path)
		for _, im := range in.Imports {
			if im.To < 0 || im.To >= len(r.Inputs) {
				t.Errorf("%s imports %d of %d", in.Path, im.To, len(r.Inputs))
			}
		}
	}
	if !slices.IsSorted(paths) || slices.Contains(paths, "node_modules/left/unused.js") || len(paths) != 11 {
		t.Errorf("inputs are %q", paths)
	}
	orders := find(t, r, "orders")
	if got := r.Inputs[orders.EntryInput].Path; got != "src/orders.ts" {
		t.Errorf("the entry is %s", got)
	}
	if find(t, r, "refunds").EntryInput != -1 {
		t.Error("a function that failed has an entry")
	}
	if len(find(t, r, "ping").Inputs) != 1 {
		t.Errorf("ping holds %v", find(t, r, "ping").Inputs)
	}
}

func TestDuplicatesArePricedAndSayWhoAsks(t *testing.T) {
	want := []Duplicate{{
		Package: "tslib", Function: "orders", Bytes: 9_000,
		Copies: []Copy{
			{Version: "1.14.1", Path: "node_modules/ulid/node_modules/tslib", Bytes: 11_000, AskedBy: []string{"ulid@1.0.0"}},
			{Version: "2.6.2", Path: "node_modules/tslib", Bytes: 9_000, AskedBy: []string{"@aws-sdk/client-s3@3.600.0"}},
		},
	}}
	if diff := cmp.Diff(want, shop(t).report().Duplicates); diff != "" {
		t.Error(diff)
	}
}

func TestInstalledAt(t *testing.T) {
	for path, want := range map[string]string{
		"src/a.ts":                                   "",
		"node_modules/a/index.js":                    "node_modules/a",
		"node_modules/@s/a/lib/index.js":             "node_modules/@s/a",
		"x/node_modules/a/node_modules/b/i.js":       "x/node_modules/a/node_modules/b",
		"node_modules/.pnpm/a@1/node_modules/a/i.js": "node_modules/.pnpm/a@1/node_modules/a",
		".yarn/cache/a.zip/node_modules/a/i.js":      ".yarn/cache/a.zip/node_modules/a",
		"my_node_modules/a/i.js":                     "",
		"node_modules/a":                             "",
		"node_modules/@s/a":                          "",
		"node_modules/":                              "",
		"node_modules//x":                            "",
		"github.com/x/y":                             "",
	} {
		if got := installedAt(path); got != want {
			t.Errorf("installedAt(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	built := func(zip, unzipped int64, layers ...string) Function {
		b := Built{Bundle: packager.Bundle{ID: "f", Function: analyzer.Function{Layers: layers}}, Artifact: &packager.Artifact{ZipBytes: zip, UnzippedBytes: unzipped}}
		return New(analyzer.Project{}, []Built{b}, nil, nil, "1").Functions[0]
	}
	for _, test := range []struct {
		zip, unzipped int64
		codes         []string
		status        int
	}{
		{52_428_800, 262_144_000, nil, 0},
		{52_428_801, 262_144_000, []string{"over-lambda-zip"}, 0},
		{1, 262_144_001, []string{"over-lambda-unzipped"}, 2},
	} {
		f := built(test.zip, test.unzipped)
		var codes []string
		for _, d := range f.Diagnostics {
			codes = append(codes, d.Code)
		}
		if diff := cmp.Diff(test.codes, codes); diff != "" || analyzer.ExitStatus(f.Diagnostics) != test.status {
			t.Errorf("%+v: %s", test, diff)
		}
	}
	if f := built(1, 1, "arn:x"); !f.Limits[0].LayersUnknown || f.Limits[1].LayersUnknown {
		t.Errorf("limits of a function with a layer: %+v", f.Limits)
	}
}

func TestSecretsStayOut(t *testing.T) {
	const secret = "hunter2"
	f := analyzer.Function{
		Environment: map[string]string{"TOKEN": secret},
		Build: analyzer.BuildOptions{
			Banner: "/*" + secret + "*/", Footer: secret, Define: map[string]string{"process.env.TOKEN": secret},
			LDFlags: []string{"-X main.token=" + secret, "-s"},
		},
	}
	r := New(analyzer.Project{}, []Built{{Bundle: packager.Bundle{ID: "f", Function: f}}}, nil, nil, "1")
	var out bytes.Buffer
	if err := JSON(&out, r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), secret) {
		t.Error(out.String())
	}
	for _, kept := range []string{`"process.env.TOKEN":"(set)"`, "-X main.token=(set)", `"-s"`} {
		if !strings.Contains(out.String(), kept) {
			t.Errorf("%s is not in %s", kept, out.String())
		}
	}
	if f.Build.Define["process.env.TOKEN"] != secret || f.Build.LDFlags[0] != "-X main.token="+secret {
		t.Error("the function itself was changed")
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	s := shop(t)
	want := s.report()
	n := len(s.graph.Inputs)
	turned := &analyzer.Graph{Inputs: make([]analyzer.Input, n)}
	at := func(i int) int { return n - 1 - i }
	for i, in := range s.graph.Inputs {
		in.Imports = slices.Clone(in.Imports)
		for e := range in.Imports {
			in.Imports[e].To = at(in.Imports[e].To)
		}
		slices.Reverse(in.Imports)
		turned.Inputs[at(i)] = in
	}
	for i := range s.built {
		b := &s.built[i]
		if b.Artifact == nil {
			continue
		}
		b.Bundle.Entry = at(b.Bundle.Entry)
		for e := range b.Bundle.Reached {
			b.Bundle.Reached[e] = at(b.Bundle.Reached[e])
		}
		for e := range b.Artifact.Shares {
			if b.Artifact.Shares[e].Input >= 0 {
				b.Artifact.Shares[e].Input = at(b.Artifact.Shares[e].Input)
			}
		}
	}
	slices.Reverse(s.built)
	s.graph = turned
	if diff := cmp.Diff(encode(t, want), encode(t, s.report())); diff != "" {
		t.Error(diff)
	}
}

func TestDiagnosticsReachTheirFunction(t *testing.T) {
	s := shop(t)
	s.project.Diagnostics = []analyzer.Diagnostic{
		{Code: "a", Severity: analyzer.Warning, Message: "about ping", Function: "ping"},
		{Code: "b", Severity: analyzer.Warning, Message: "about all"},
	}
	r := s.report()
	if len(r.Diagnostics) != 1 || r.Diagnostics[0].Code != "b" {
		t.Errorf("the project has %v", r.Diagnostics)
	}
	if d := find(t, r, "ping").Diagnostics; len(d) != 1 || d[0].Code != "a" {
		t.Errorf("ping has %v", d)
	}
}
