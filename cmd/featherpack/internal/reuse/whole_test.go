package reuse_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/reporters"
)

// A report is taken from an earlier run while everything that it depends on is as it was.
func TestWholeRun(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1750000000")
	p := newProject(t)
	p.out = t.TempDir()
	if p.compare("nothing"); p.whole.Load() {
		t.Error("the first run took a report")
	}
	for _, step := range []struct {
		name   string
		change func()
		whole  bool
	}{
		{"nothing", func() {}, true},
		{"another out-dir", func() { p.out = t.TempDir() }, true},
		{"a file that the patterns might mean", func() { p.write("notes.txt", "text") }, false},
		{"a removed zip", func() { _ = os.Remove(filepath.Join(p.out, "a.zip")) }, true},
		{"a damaged map", func() { _ = os.WriteFile(filepath.Join(p.out, "a.js.map"), []byte("{}"), 0o644) }, true},
		{"a damaged report", func() { _ = os.WriteFile(filepath.Join(p.out, "report.json"), []byte("{}"), 0o644) }, true},
		{"a comment", func() { p.write("src/shared/text.ts", p.read("src/shared/text.ts")+"// more\n") }, false},
		{"nothing after a comment", func() {}, true},
		{"the day", func() { t.Setenv("SOURCE_DATE_EPOCH", "1750100000") }, false},
		{"an hour", func() { t.Setenv("SOURCE_DATE_EPOCH", "1750100100") }, true},
		{"where packages are from", func() {
			p.write("node_modules/.package-lock.json", `{"packages": {"node_modules/lib": {"resolved": "https://registry.npmjs.org/lib"}}}`)
		}, false},
		{"a licence", func() { _ = os.Remove(p.at("node_modules/lib/LICENSE")) }, false},
		{"nothing after a licence", func() {}, true},
		{"a file that only the unbundled sizes count", func() { p.write("node_modules/lib/more.txt", "text") }, false},
		{"a line above the functions", func() { p.write("featherpack.yaml", "# a line\n"+p.read("featherpack.yaml")) }, false},
		{"the memory", func() {
			p.write("featherpack.yaml", strings.ReplaceAll(p.read("featherpack.yaml"), "memory: 256", "memory: 512"))
		}, false},
		{"a part", func() { p.flags.Only = []string{"a", "c"} }, false},
		{"the same part", func() {}, true},
		{"all again", func() { p.flags.Only = nil }, true},
		{"an earlier state", func() {
			p.write("featherpack.yaml", strings.ReplaceAll(p.read("featherpack.yaml"), "memory: 512", "memory: 256"))
		}, true},
	} {
		step.change()
		if p.compare(step.name); p.whole.Load() != step.whole {
			t.Errorf("after %s: the report of an earlier run was taken: %v, want %v; %v", step.name, p.whole.Load(), step.whole, p.reasons)
		}
	}
}

// A report that check has kept, which projects nothing by itself, is completed once.
func TestCompletedOnce(t *testing.T) {
	p := newProject(t)
	p.compared = 3
	for i, want := range []int{0, 1, 1, 1} {
		p.compare("nothing")
		if p.completed != want || p.whole.Load() != (i > 0) {
			t.Errorf("after run %d, %d reports were completed, want %d; the last run took a report: %v", i, p.completed, want, p.whole.Load())
		}
	}
}

// What the JSON of a report leaves out is added when it is brought back, or nothing reads it
// in a report.
func TestWhatReportsLeaveOut(t *testing.T) {
	want := []string{
		"Artifact.Diagnostics", "Artifact.Earlier", "Artifact.Shares", // the report has what they say
		"Artifact.Path",
		"BuildOptions.SourceMapPackages",
		"FunctionDelta.Globbed", // of a comparison
		"Function.Deployment",
		"Function.Environment", "Function.Written", // never in a report
		"Report.Timings", // of the run at hand
		"Skipped.Image",
	}
	var found []string
	seen := map[reflect.Type]bool{}
	var visit func(reflect.Type)
	visit = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
			visit(of.Elem())
		case reflect.Struct:
			if seen[of] {
				return
			}
			seen[of] = true
			for field := range of.Fields() {
				if field.Tag.Get("json") == "-" || !field.IsExported() {
					found = append(found, of.Name()+"."+field.Name)
					continue
				}
				visit(field.Type)
			}
		}
	}
	visit(reflect.TypeFor[reporters.Report]())
	slices.Sort(found)
	slices.Sort(want)
	if !slices.Equal(found, want) {
		t.Errorf("the JSON leaves out %q, want %q: see complete in whole.go", found, want)
	}
}
