package reporters

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/featherpack/featherpack/analyzer"
)

func encode(t *testing.T, r Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJSONGolden(t *testing.T) { golden(t, "shop.json", []byte(encode(t, shop(t).report()))) }

func TestJSONIsTheSameEveryTime(t *testing.T) {
	first := encode(t, shop(t).report())
	for range 3 {
		r := shop(t).report()
		r.Timings = []Timing{{"build", time.Since(time.Unix(0, 0))}}
		if encode(t, r) != first {
			t.Fatal("two runs differ")
		}
	}
}

func TestLinesHoldTheSameValues(t *testing.T) {
	for _, r := range []Report{shop(t).report(), {}} {
		plain, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		text := encode(t, r)
		var compact bytes.Buffer
		if err := json.Compact(&compact, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(plain), compact.String()); diff != "" { // nothing in it is invalid UTF-8
			t.Error(diff)
		}
		lines := strings.Count(text, "\n{")
		if want := len(r.Functions) + len(r.Inputs) + len(r.Settings) + len(r.Skipped) + len(r.Duplicates); lines != want {
			t.Errorf("%d lines hold an element, want %d", lines, want)
		}
	}
}

// strict makes a schema refuse keys that it does not describe.
func strict(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["properties"]; ok && v["additionalProperties"] == nil {
			v["additionalProperties"] = false
		}
		for _, each := range v {
			strict(each)
		}
	case []any:
		for _, each := range v {
			strict(each)
		}
	}
}

func compile(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	strict(v)
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", v); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestSchemaDescribesEveryKey(t *testing.T) {
	s := compile(t, Schema())
	if err := validate(t, s, encode(t, full(t))); err != nil {
		t.Error(err)
	}
	for _, broken := range []string{
		`{"schema":2,"tool":{"name":"featherpack","version":"1"},"functions":[],"totals":{"functions":0,"failed":0,"zipBytes":0,"unzippedBytes":0},"inputs":[]}`,
		`{"schema":1,"tool":{"name":"featherpack","version":"1"},"functions":[{}],"totals":{"functions":0,"failed":0,"zipBytes":0,"unzippedBytes":0},"inputs":[]}`,
		`{"schema":1}`, `[]`,
	} {
		if validate(t, s, broken) == nil {
			t.Errorf("%s is valid", broken)
		}
	}
}

// full is a report with every key in it that a report can have.
func full(t *testing.T) Report {
	s := shop(t)
	b := &s.built[0].Bundle.Function
	b.CodeDir, b.MemoryMB, b.TimeoutSeconds = "dist", 512, 30
	b.SnapStart, b.ProvisionedConcurrency, b.EnableSourceMaps = true, true, true
	b.EnvironmentUnknown = []string{"TABLE"}
	b.Patterns = []analyzer.Pattern{{Glob: "fonts/**", Exclude: true, Position: b.Position}}
	b.Build.NoMinify, b.Build.SourceMap, b.Build.SDK, b.Build.External = true, "zip", "runtime", []string{"sharp"}
	b.Build.KeepNames, b.Build.Target, b.Build.Format = "always", "es2022", "cjs"
	b.Build.MainFields, b.Build.Conditions = []string{"main"}, []string{"node"}
	b.Build.Define, b.Build.Loader, b.Build.Alias = map[string]string{"A": "1"}, map[string]string{".txt": "text"}, map[string]string{"a": "b"}
	b.Build.Inject, b.Build.Banner, b.Build.Footer, b.Build.TSConfig = []string{"a.js"}, "/**/", "/**/", "tsconfig.json"
	b.Build.InstallScripts, b.Build.Tags, b.Build.LDFlags, b.Build.CGO = []string{"bcrypt"}, []string{"x"}, []string{"-X a=b"}, true
	s.project.Diagnostics = []analyzer.Diagnostic{{Code: "x", Severity: analyzer.Note, Message: "m", Hint: "h", Position: b.Position}}
	return withStarts(s.report())
}
