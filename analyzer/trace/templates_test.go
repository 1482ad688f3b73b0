package trace

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/featherpack/featherpack/analyzer/cases"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// What the template "@" brings along of the files "+".
func TestTemplatesBringWhatTheyName(t *testing.T) {
	for _, c := range cases.Read(t, "testdata/templates.txt") {
		t.Run(c.Name, func(t *testing.T) {
			source := "ejs.renderFile(__dirname + '/" + c.Text("@") + "')"
			r, err := traceIn(project(c.Lines("+")...), moduleAt("fn.js", source))
			if err != nil || len(r.Assets) != 1 {
				t.Fatal(r, err)
			}
			if got, want := r.Assets[0].Files, c.Lines("="); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func FuzzTemplates(f *testing.F) {
	f.Add(".ejs", "<%- include('a' + x) %><%- include(x) %>")
	f.Add(".pug", "extends a\n  include:b(c) ../d")
	f.Add(".mjml", "<mj-include path='x' />")
	f.Fuzz(func(t *testing.T, ext, text string) {
		defer inputtest.Bound(t)()
		files := fstest.MapFS{"v/a" + ext: {Data: []byte(text)}, "v/b" + ext: {Data: []byte("x")}}
		a := Asset{Files: []string{"v/a" + ext}}
		tr := &tracer{Evaluator: &value.Evaluator{Setting: value.Setting{Files: files}}, module: moduleAt("fn.js", "")}
		tr.included(&a, "v/a"+ext)
		for _, name := range a.Files {
			if files[name] == nil {
				t.Errorf("%q is no file of the project", name)
			}
		}
	})
}
