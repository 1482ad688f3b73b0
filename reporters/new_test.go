package reporters_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/sample"
)

func TestRowsSumToTheArtifact(t *testing.T) {
	r := sample.Shop(t).Report()
	for _, f := range r.Functions {
		if f.Artifact == nil {
			continue
		}
		var unzipped, zipped int64
		for _, p := range f.Packages {
			unzipped, zipped = unzipped+p.Unzipped, zipped+p.Zipped
		}
		if unzipped != f.Artifact.UnzippedBytes || zipped != f.Artifact.ZipBytes {
			t.Errorf(
				"%s: packages sum to %d and %d, the artifact has %d and %d", f.ID, unzipped, zipped,
				f.Artifact.UnzippedBytes, f.Artifact.ZipBytes,
			)
		}
	}
	var names []string
	for _, p := range sample.Find(t, r, "users").Packages {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	want := []string{"(bundler runtime)", "(included files)", "(own code)", "(zip overhead)", "sharp", "uuid", "zod"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyReachedInputsAreListed(t *testing.T) {
	s := sample.Shop(t)
	s.Module("node_modules/left@1.0.0/unused.js", 10, "src/ping.ts")
	r := s.Report()
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
	orders := sample.Find(t, r, "orders")
	if got := r.Inputs[orders.EntryInput].Path; got != "src/orders.ts" {
		t.Errorf("the entry is %s", got)
	}
	if sample.Find(t, r, "refunds").EntryInput != -1 {
		t.Error("a function that failed has an entry")
	}
	if len(sample.Find(t, r, "ping").Inputs) != 1 {
		t.Errorf("ping holds %v", sample.Find(t, r, "ping").Inputs)
	}
}

func TestDuplicatesHaveSizesAndImporters(t *testing.T) {
	want := []reporters.Duplicate{{
		Package: "tslib", Function: "orders", Bytes: 9_000,
		Copies: []reporters.Copy{
			{
				Version: "1.14.1", Path: "node_modules/ulid/node_modules/tslib", Bytes: 11_000,
				AskedBy: []string{"ulid@1.0.0"},
			},
			{
				Version: "2.6.2", Path: "node_modules/tslib", Bytes: 9_000,
				AskedBy: []string{"@aws-sdk/client-s3@3.600.0"},
			},
		},
	}}
	if diff := cmp.Diff(want, sample.Shop(t).Report().Duplicates); diff != "" {
		t.Error(diff)
	}
}

func TestLimits(t *testing.T) {
	built := func(zip, unzipped int64, layers ...string) reporters.Function {
		b := reporters.Built{
			Bundle:   packager.Bundle{ID: "f", Function: analyzer.Function{Layers: layers}},
			Artifact: &packager.Artifact{ZipBytes: zip, UnzippedBytes: unzipped},
		}
		return reporters.New(analyzer.Project{}, []reporters.Built{b}, nil, nil, "1").Functions[0]
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
	r := reporters.New(analyzer.Project{}, []reporters.Built{
		{Bundle: packager.Bundle{ID: "f", Function: f}},
	}, nil, nil, "1")
	var out bytes.Buffer
	if err := reporters.JSON(&out, r); err != nil {
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
	s := sample.Shop(t)
	want := s.Report()
	n := len(s.Graph.Inputs)
	turned := &analyzer.Graph{Inputs: make([]analyzer.Input, n)}
	at := func(i int) int { return n - 1 - i }
	for i, in := range s.Graph.Inputs {
		in.Imports = slices.Clone(in.Imports)
		for e := range in.Imports {
			in.Imports[e].To = at(in.Imports[e].To)
		}
		slices.Reverse(in.Imports)
		turned.Inputs[at(i)] = in
	}
	for i := range s.Built {
		b := &s.Built[i]
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
	slices.Reverse(s.Built)
	s.Graph = turned
	if diff := cmp.Diff(sample.JSON(t, want), sample.JSON(t, s.Report())); diff != "" {
		t.Error(diff)
	}
}

func TestDiagnosticsReachTheirFunction(t *testing.T) {
	s := sample.Shop(t)
	s.Project.Diagnostics = []analyzer.Diagnostic{
		{Code: "a", Severity: analyzer.Warning, Message: "about ping", Function: "ping"},
		{Code: "b", Severity: analyzer.Warning, Message: "about all"},
	}
	r := s.Report()
	if len(r.Diagnostics) != 1 || r.Diagnostics[0].Code != "b" {
		t.Errorf("the project has %v", r.Diagnostics)
	}
	if d := sample.Find(t, r, "ping").Diagnostics; len(d) != 1 || d[0].Code != "a" {
		t.Errorf("ping has %v", d)
	}
}
