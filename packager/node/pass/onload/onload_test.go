package onload

import (
	"path"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// files are the modules of a small project, by path.
type files map[string]string

func (f files) Resolve(from, specifier string) string {
	to := "node_modules/" + specifier
	if strings.HasPrefix(specifier, ".") {
		to = path.Join(path.Dir(from), specifier)
	}
	for _, suffix := range []string{"", ".js", "/index.js"} {
		if _, found := f[to+suffix]; found {
			return to + suffix
		}
	}
	return ""
}

func (f files) Module(file string) *Module {
	text, found := f[file]
	if !found || path.Ext(file) == ".json" {
		return nil
	}
	return &Module{File: file, Source: []byte(text), Text: Parse(js.File{Path: file, Source: []byte(text)})}
}

func (f files) JSON(file string) []byte { return []byte(f[file]) }

func (f files) Outline(file string) *js.Outline {
	if path.Ext(file) == ".ts" {
		return nil
	}
	o, _ := js.Skim([]byte(f[file]))
	return o
}

func (f files) Exports(file string) *js.Outline {
	m := f.Module(file)
	if m == nil || path.Ext(file) != ".ts" {
		return f.Outline(file)
	}
	o, _ := js.Skim([]byte(m.Text().Source))
	return o
}

func (f files) Below(file string) *Below { return Follow(f, file) }

func (f files) SideEffectFree(file string) bool {
	return strings.HasPrefix(file, "node_modules/pure/")
}

func (f files) Process() Process { return Process{Node: 20, Arch: "x64"} }

// apply runs one pass over a file of a txtar archive, and returns its text.
func apply(t *testing.T, pass, file, archive string) string {
	t.Helper()
	project := files{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		project[f.Name] = strings.TrimSuffix(string(f.Data), "\n")
	}
	m := project.Module(file)
	if m.Text() == nil {
		t.Fatalf("%s does not parse", file)
	}
	after := applied(m, Changes(m, project, only(pass)))
	if strings.Count(after, "\n") != strings.Count(project[file], "\n") {
		t.Errorf("the edits change the lines:\n%s", after)
	}
	return after
}

// only switches one pass on.
func only(pass string) (on analyzer.Switches) {
	for _, name := range analyzer.PassNames() {
		on = on.With(name, name == pass)
	}
	return on
}

func applied(m *Module, changes []Change) string {
	var edits []js.Edit
	for _, c := range changes {
		edits = append(edits, c.Edits...)
	}
	return js.Apply(m.Source, edits)
}

func TestPassesAreThoseOfTheList(t *testing.T) {
	var want, got []string
	for _, p := range analyzer.Passes {
		if p.Stage == analyzer.OnLoad {
			want = append(want, p.Name)
		}
	}
	for _, p := range passes {
		got = append(got, p.name)
	}
	at := 0
	for _, name := range want { // in that order; some may still be missing
		if at < len(got) && got[at] == name {
			at++
		}
	}
	if at != len(got) {
		t.Errorf("the passes are %q, in the list %q", got, want)
	}
}
