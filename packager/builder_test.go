package packager

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// fakeBuilder emits the bundles it is given and then returns its error.
type fakeBuilder struct {
	bundles []Bundle
	err     error
}

func (b fakeBuilder) Build(_ context.Context, job Job, emit func(Bundle)) error {
	for i, bundle := range b.bundles {
		bundle.Function, bundle.ID = job.Functions[i], job.Functions[i].Name
		emit(bundle)
	}
	return b.err
}

// Build adds the files that patterns match to the bundle of any builder, except files
// that the bundle already holds and files that Lambda could load instead of it.
func TestBuildAddsExtraFiles(t *testing.T) {
	root := rootWith(t, map[string]string{"svc/src/a.js": "", "svc/src/a.mjs": "", "svc/data.csv": "", "svc/bootstrap": ""})
	f := patterned("**", "none/*")
	g := patterned("data.csv")
	g.Name = "g"
	job := Job{Project: analyzer.Project{Root: root}, Functions: []analyzer.Function{f, g, f}}
	broken := []analyzer.Diagnostic{{Severity: analyzer.Error, Message: "it does not compile"}}
	stop := errors.New("stopped")
	builder := fakeBuilder{[]Bundle{
		{Files: []File{{Name: "src/a.js", Content: []byte("bundle")}}, Shadowing: []string{"src/a", "src/a.mjs"}},
		{Files: []File{{Name: "bootstrap"}}},
		{Diagnostics: broken},
	}, stop}
	var got []string
	err := Build(t.Context(), builder, job, func(b Bundle) {
		for _, f := range b.Files {
			got = append(got, fmt.Sprintf("%s: %s %t", b.ID, f.Name, f.Source != ""))
		}
		for _, d := range b.Diagnostics {
			got = append(got, fmt.Sprintf("%s: %s %s", b.ID, d.Function, d.Message))
		}
	})
	if !errors.Is(err, stop) {
		t.Error(err)
	}
	want := []string{
		"f: src/a.js false", "f: bootstrap true", "f: data.csv true",
		"f: f a pattern matches src/a.mjs, which is not packed: Lambda could load it instead of the bundle, src/a.js",
		`f: f the pattern "none/*" matches no file`,
		"g: bootstrap false", "g: data.csv true",
		"f:  it does not compile",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// Extra lets a builder list the files that will be next to its output.
func TestExtraIsKnownBeforehand(t *testing.T) {
	root := rootWith(t, map[string]string{"svc/package.json": ""})
	f := patterned("package.json")
	job := Job{Project: analyzer.Project{Root: root}, extras: &extras{files: projectfs.New(root, projectfs.Allowances{}), known: map[string]extra{}}}
	if files := job.Extra(f); len(files) != 1 || files[0].Name != "package.json" {
		t.Errorf("%v", files)
	}
}
