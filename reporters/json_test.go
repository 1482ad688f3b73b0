package reporters_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/sample"
	"github.com/featherpack/featherpack/reporters/schematest"
)

func TestJSONCanStandInAPage(t *testing.T) {
	for _, name := range sample.Hostile() {
		text := sample.JSON(t, sample.Attacked(t, name))
		if strings.ContainsAny(text, "<>\u2028") {
			t.Errorf("%q is not escaped", name)
		}
		back, err := reporters.Read(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if sample.JSON(t, back) != text {
			t.Errorf("%q does not come back", name)
		}
	}
}

func TestJSONGolden(t *testing.T) {
	sample.Golden(t, "shop.json", []byte(sample.JSON(t, sample.Shop(t).Report())))
}

func TestJSONIsTheSameEveryTime(t *testing.T) {
	first := sample.JSON(t, sample.Shop(t).Report())
	for range 3 {
		r := sample.Shop(t).Report()
		r.Timings = []reporters.Timing{{"build", time.Since(time.Unix(0, 0))}}
		if sample.JSON(t, r) != first {
			t.Fatal("two runs differ")
		}
	}
}

func TestEncoderWritesEachReportAsItIs(t *testing.T) {
	var e reporters.Encoder
	check := func(what string, r reporters.Report) {
		t.Helper()
		var got bytes.Buffer
		if err := e.JSON(&got, r); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sample.JSON(t, r), got.String()); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	r := sample.Shop(t).Report()
	check("the first", r)
	check("the same", sample.Shop(t).Report())
	for _, step := range []struct {
		what   string
		change func(*reporters.Function)
	}{
		{"bytes of an input", func(f *reporters.Function) { f.Inputs = slices.Clone(f.Inputs); f.Inputs[0].Zipped++ }},
		{"a name", func(f *reporters.Function) { f.Handler = "not UTF-8 \xff \\ufffd <" }},
		{"the artifact", func(f *reporters.Function) { a := *f.Artifact; a.ZipBytes++; f.Artifact = &a }},
		{"no inputs", func(f *reporters.Function) { f.Inputs = nil }},
	} {
		r.Functions = slices.Clone(r.Functions)
		step.change(&r.Functions[0])
		check(step.what, r)
	}
	r.Functions = slices.Concat(r.Functions[1:], r.Functions[:1])
	check("another order", r)
	r.Inputs = slices.Clone(r.Inputs)
	r.Inputs[1].Bytes++
	r.Inputs[2].Path = "src/\xff.ts"
	check("inputs", r)
	r.Inputs = r.Inputs[:1]
	r.Functions = r.Functions[:1]
	check("fewer", r)
	check("none", reporters.Report{Functions: []reporters.Function{}})
	check("again", sample.Shop(t).Report())
}

func TestLinesHoldTheSameValues(t *testing.T) {
	for _, r := range []reporters.Report{sample.Shop(t).Report(), {}} {
		plain, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		text := sample.JSON(t, r)
		var compact bytes.Buffer
		if err := json.Compact(&compact, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(plain), compact.String()); diff != "" { // nothing in it is invalid UTF-8
			t.Error(diff)
		}
		lines := strings.Count(text, "\n{")
		want := len(r.Functions) + len(r.Inputs) + len(r.Settings) + len(r.Skipped) + len(r.Duplicates)
		if lines != want {
			t.Errorf("%d lines hold an element, want %d", lines, want)
		}
	}
}

func TestSchemaDescribesEveryKey(t *testing.T) {
	s := schematest.Compile(t, reporters.Schema())
	if err := schematest.Validate(t, s, sample.JSON(t, full(t))); err != nil {
		t.Error(err)
	}
	const rest = `,"totals":{"functions":0,"failed":0,"zipBytes":0,"unzippedBytes":0},"inputs":[]}`
	for _, broken := range []string{
		`{"schema":2,"tool":{"name":"featherpack","version":"1"},"functions":[]` + rest,
		`{"schema":1,"tool":{"name":"featherpack","version":"1"},"functions":[{}]` + rest,
		`{"schema":1}`, `[]`,
	} {
		if schematest.Validate(t, s, broken) == nil {
			t.Errorf("%s is valid", broken)
		}
	}
}

// full is a report with every key in it that a report can have.
func full(t *testing.T) reporters.Report {
	s := sample.Shop(t)
	b := &s.Built[0].Bundle.Function
	b.CodeDir, b.MemoryMB, b.TimeoutSeconds = "dist", 512, 30
	b.SnapStart, b.ProvisionedConcurrency, b.EnableSourceMaps, b.CompileCache = true, true, true, true
	b.EnvironmentUnknown = []string{"TABLE"}
	b.Patterns = []analyzer.Pattern{{Glob: "fonts/**", Exclude: true, Position: b.Position}}
	b.Build.MapToModules = true
	b.Build.NoMinify, b.Build.SourceMap, b.Build.SDK, b.Build.External = true, "zip", "runtime", []string{"sharp"}
	b.Build.SDKCredentials = "lambda"
	b.Build.KeepNames, b.Build.Target, b.Build.Format = "always", "es2022", "cjs"
	b.Build.MainFields, b.Build.Conditions = []string{"main"}, []string{"node"}
	b.Build.Define, b.Build.Alias = map[string]string{"A": "1"}, map[string]string{"a": "b"}
	b.Build.Loader = map[string]string{".txt": "text"}
	b.Build.Inject, b.Build.Banner, b.Build.Footer, b.Build.TSConfig = []string{"a.js"}, "/**/", "/**/", "tsconfig.json"
	b.Build.InstallScripts, b.Build.Tags = []string{"bcrypt"}, []string{"x"}
	b.Build.LDFlags, b.Build.CGO = []string{"-X a=b"}, true
	s.Project.Diagnostics = []analyzer.Diagnostic{
		{Code: "x", Severity: analyzer.Note, Message: "m", Hint: "h", Position: b.Position},
	}
	r := sample.WithRuntimes(sample.WithStarts(s.Report()))
	r.Functions[0].Boot = &packager.Boot{Status: "loads", LoadMillis: []float64{12}}
	return sample.Recorded(r, 5)
}
