package clitest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// Prove builds a copy of a sample project and moves the copy away. Then it starts every
// artifact without the source tree, and compares the answer with the function's proof.
func Prove(t *testing.T, name string, flags ...string) reporters.Report {
	t.Helper()
	return ProveChanged(t, name, func(string) {}, boot.Options{OtherArchitecture: true}, flags...)
}

// ProveChanged is Prove for a copy that change has edited, whose artifacts are started
// with the options.
func ProveChanged(t *testing.T, name string, change func(dir string), o boot.Options, flags ...string) reporters.Report {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a whole project")
	}
	source := Testdata(t, "apps", name)
	Install(t, source)
	work := t.TempDir()
	copied := filepath.Join(work, name)
	Copy(t, source, copied)
	change(copied)
	out := filepath.Join(work, "out")

	stdout := Must(t, slices.Concat([]string{"build", "--out", out, "-v", "--json", copied}, flags)...)
	report, err := reporters.Read(strings.NewReader(stdout))
	if err != nil {
		t.Fatal(err)
	}
	project := manifest.Discover(copied, manifest.Options{})
	if err := os.Rename(copied, filepath.Join(work, "away")); err != nil {
		t.Fatal(err)
	}
	if len(report.Functions) == 0 || len(report.Functions) != len(project.Functions) {
		t.Fatalf("%d functions built of %d found", len(report.Functions), len(project.Functions))
	}
	for _, f := range project.Functions {
		id := f.ID
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			var want proof
			if err := json.Unmarshal(Read(t, filepath.Join(work, "away", "proofs", f.Name+".json")),
				&want); err != nil {
				t.Fatal(err)
			}
			zip := filepath.Join(out, id+".zip")
			o.Event = want.Event
			got := boot.Check(t.Context(), zip, f, o)
			if got.Status != boot.Answers {
				t.Fatalf("%s: %s %+v\n%s", got.Status, got.Reason, got.Error, got.Logs)
			}
			if !SameJSON(got.Answer, want.Answer) {
				t.Errorf("answered %s\nwant     %s", got.Answer, want.Answer)
			}
		})
	}
	return report
}

// proof is a function's event and the expected answer, which shows that the function's
// dependency works.
type proof struct {
	Event  json.RawMessage `json:"event"`
	Answer json.RawMessage `json:"answer"`
}
