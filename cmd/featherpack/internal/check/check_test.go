package check

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/baseline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/budget"
	"github.com/featherpack/featherpack/reporters/coldstart"
)

const settings = `functions:
  orders: {entry: orders.js, runtime: nodejs22.x}
budgets:
  - match: orders
    zip: {max: 1 MiB}
`

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir string, o Options) (Result, error) {
	t.Helper()
	out, err := outdir.Open(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	o.Terms = &coldstart.Terms{}
	return Run(t.Context(), dir, o, out)
}

// A folder is compared with its own saved report, before and after it grows.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "featherpack.yaml"), settings)
	put(t, filepath.Join(dir, "orders.js"), "exports.handler = async () => 1\n")
	before, err := run(t, dir, Options{Baseline: baseline.Choice{File: saved(t, dir)}})
	if err != nil || !before.Judged || before.Report.Delta == nil || budget.Status(before.Report) != 0 {
		t.Fatalf("%v, %+v", err, before.Report.Delta)
	}
	if f := before.Report.Delta.Functions[0]; f.Status != reporters.StatusSame {
		t.Errorf("the status of an unchanged function is %s", f.Status)
	}

	lowered, err := LowerBudgets(before.Project, before.Report)
	if err != nil || len(lowered) != 1 || lowered[0].File != "featherpack.yaml" || len(lowered[0].Budgets) != 1 {
		t.Fatalf("%+v, %v", lowered, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "featherpack.yaml"))
	if err != nil || strings.Contains(string(text), "1 MiB") {
		t.Errorf("%s, %v", text, err)
	}

	put(t, filepath.Join(dir, "orders.js"), "exports.handler = async () => '"+strings.Repeat("0123456789abcdef!", 5)+"'\n")
	after, err := run(t, dir, Options{Baseline: baseline.Choice{File: saved(t, dir)}})
	if err != nil || budget.Status(after.Report) != 1 {
		t.Errorf("%v; exit status %d for a broken budget", err, budget.Status(after.Report))
	}
	put(t, filepath.Join(dir, acceptanceFile), "- {match: orders, budget: zip, reason: a release, until: 9999-01-01}\n")
	if _, err := run(t, dir, Options{Baseline: baseline.Choice{File: saved(t, dir)}}); !saysFile(err, acceptanceFile) {
		t.Errorf("%v: want an error about %s", err, acceptanceFile)
	}
}

// A folder without functions is an error, and its budgets are not checked.
func TestRunWithoutFunctions(t *testing.T) {
	result, err := run(t, t.TempDir(), Options{})
	if err != nil || result.Judged || analyzer.ExitStatus(result.Report.Diagnostics) == 0 {
		t.Errorf("%v, %+v", err, result)
	}
}

// saved returns the report of a folder.
func saved(t *testing.T, dir string) string {
	t.Helper()
	out, err := outdir.Open(t.Context(), dir, filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	report, _, err := pipeline.Measure(t.Context(), dir, pipeline.Options{}, out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Settle(report, true); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(out.Path, "report.json")
}

func saysFile(err error, name string) bool {
	var d analyzer.Diagnostic
	return errors.As(err, &d) && d.File == name
}

// A change may not turn cgo on for itself: a compiler of C would run on its code.
func TestRestrictCgo(t *testing.T) {
	plain := analyzer.Function{ID: "a"}
	cgo := plain
	cgo.Build.CGO = true
	for _, c := range []struct {
		name    string
		base    []analyzer.Function
		allowed bool
		is      analyzer.Function
		want    bool
	}{
		{"the base commit uses cgo", []analyzer.Function{plain, cgo}, false, cgo, true},
		{"the base commit does not", []analyzer.Function{plain}, false, cgo, false},
		{"there is no base commit", nil, false, cgo, false},
		{"a flag allows it", nil, true, cgo, true},
		{"nothing is asked for", nil, false, plain, false},
	} {
		f := c.is
		problems := restrict(c.base, pipeline.Options{}, c.allowed)(&f)
		if warned := f.Build.CGO != c.is.Build.CGO; f.Build.CGO != c.want || warned != (len(problems) == 1) {
			t.Errorf("%s: cgo is %t, with %v", c.name, f.Build.CGO, problems)
		}
	}
}
