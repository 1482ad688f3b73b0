package advise

import (
	"path/filepath"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/reporters"
)

// Advice about a build is found once, until something that it depends on changes.
func TestKeptAdvice(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) { clitest.Write(t, filepath.Join(root, name), text) }
	write("a.ts", "export const a = 1")
	write("b.ts", "export const b = 1")
	write("package.json", "{}")
	var k Kept
	f := reporters.Function{}
	f.ID = "a"
	report := reporters.Report{Inputs: []analyzer.Input{{Path: "a.ts"}}}
	for _, test := range []struct {
		name, on, build string
		change          func()
		found           bool
	}{
		{"the first time", "monday", "1", func() {}, true},
		{"nothing changed", "monday", "1", func() {}, false},
		{"another build", "monday", "2", func() {}, true},
		{"another day", "tuesday", "2", func() {}, true},
		{"a script that it does not reach", "tuesday", "2", func() { write("b.ts", "export const b = 2") }, false},
		{"its own script", "tuesday", "2", func() { write("a.ts", "export const a = 2") }, true},
		{"a package.json", "tuesday", "2", func() { write("package.json", `{"license": "MIT"}`) }, true},
		{"a file that was missing", "tuesday", "2", func() { write("LICENSE", "MIT") }, true},
		{"nothing changed again", "tuesday", "2", func() {}, false},
		{"a build without a name", "tuesday", "", func() {}, true},
		{"the build of before", "tuesday", "2", func() {}, true},
	} {
		test.change()
		files := projectfs.New(root, projectfs.Allowances{})
		read := &sources{files: files, known: map[string][]byte{}, read256: map[string]digest{}}
		k.renew(test.on, read)
		found := false
		got := k.advice(f, report, test.build, func() []Advice {
			found = true
			for _, name := range []string{"a.ts", "b.ts", "package.json", "LICENSE"} {
				read.source(name)
			}
			return []Advice{{Code: "one"}}
		})
		if found != test.found || len(got) != 1 {
			t.Errorf("%s: found again is %v, want %v; %v", test.name, found, test.found, got)
		}
		got[0].Code = "changed by the caller"
		k.learn(read)
		files.Close()
		if again := k.functions["a"]; len(again.advice) > 0 && again.advice[0].Code != "one" {
			t.Errorf("%s: what is kept was changed to %v", test.name, again.advice)
		}
	}
}
