package main

import (
	"bytes"
	"encoding/json"

	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/packager/install"
	"github.com/featherpack/featherpack/reporters"
)

// proof is a function's event and the answer that shows its dependency worked.
type proof struct {
	Event  json.RawMessage `json:"event"`
	Answer json.RawMessage `json:"answer"`
}

// TestOrders builds the sample service and asks every function.
func TestOrders(t *testing.T) { proveApp(t, "orders") }

// proveApp builds a sample project from a copy, takes the copy away, starts
// every artifact where nothing of the source tree is left, and compares what it
// answers to the function's proof.
func proveApp(t *testing.T, name string, flags ...string) reporters.Report {
	t.Helper()
	if testing.Short() {
		t.Skip("installs and builds a whole project")
	}
	source := filepath.Join("..", "..", "testdata", "apps", name)
	installApp(t, source)
	work := t.TempDir()
	copied := filepath.Join(work, name)
	copyTree(t, source, copied)
	out := filepath.Join(work, "out")

	var stdout, stderr bytes.Buffer
	if status := run(slices.Concat([]string{"build", "--out", out, "-v", "--json", copied}, flags), &stdout, &stderr); status != exitGood {
		t.Fatalf("exit status %d\n%s", status, stderr.String())
	}
	report, err := reporters.Read(&stdout)
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
		id := project.ID(f)
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			var want proof
			data, err := os.ReadFile(filepath.Join(work, "away", "proofs", f.Name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			got := boot.Check(t.Context(), filepath.Join(out, id+".zip"), f, boot.Options{Event: want.Event, OtherArchitecture: true})
			if got.Status != boot.Answers {
				t.Fatalf("%s: %s %+v\n%s", got.Status, got.Reason, got.Error, got.Logs)
			}
			if !sameJSON(t, got.Answer, want.Answer) {
				t.Errorf("answered %s\nwant     %s", got.Answer, want.Answer)
			}
		})
	}
	return report
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return reflect.DeepEqual(x, y)
}

// installApp installs a project's packages by lockfile, once however many
// tests ask for it.
func installApp(t *testing.T, dir string) {
	t.Helper()
	root, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "package.json")); err != nil {
		return
	}
	project := manifest.Discover(root, manifest.Options{})
	if err := install.Packages(t.Context(), project, project.Functions, install.Options{}); err != nil {
		t.Fatal(err)
	}
}

// copyTree copies a project with what is installed, by hard links where the
// file system allows.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if exec.Command("cp", "-al", from, to).Run() == nil {
		removeOut(t, to)
		return
	}
	os.RemoveAll(to)
	if output, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		t.Fatalf("copying %s: %v\n%s", from, err, output)
	}
	removeOut(t, to)
}

// removeOut takes away what a build by hand left in the copy.
func removeOut(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, outdir.Default)); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}
