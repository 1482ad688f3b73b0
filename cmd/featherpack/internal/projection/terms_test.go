package projection

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// tuned is output of AWS Lambda Power Tuning.
func tuned(memory string) string {
	return `{"power": ` + memory + `, "cost": 0.1, "duration": 20, "stateMachine": {}}`
}

func files(t *testing.T, texts map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A flag overrides the setting of the same name in featherpack.yaml, and the longest
// matching glob counts.
func TestTerms(t *testing.T) {
	root := files(t, map[string]string{"own.json": tuned("256")})
	typed := files(t, map[string]string{"all.json": tuned("512"), "orders.json": tuned("1024")})
	p := analyzer.Project{Root: root, ColdStart: analyzer.ColdStartSettings{
		Region: "eu-west-1", Invocations: 1000, PowerTuning: map[string]string{"reports-monthly": "own.json"},
	}}
	terms, err := Terms(analyzer.ColdStartSettings{
		Region: "us-east-1",
		PowerTuning: map[string]string{
			"orders*": filepath.Join(typed, "all.json"), "orders-put": filepath.Join(typed, "orders.json"),
		},
	}, p)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]int{"orders-put": 1024, "orders-get": 512, "reports-monthly": 256, "users": 128} {
		f := reporters.Function{}
		f.ID, f.Name, f.MemoryMB = id, id, 128
		u := terms.Usage(f)
		if u.MemoryMB != want || u.Region != "us-east-1" || u.Invocations != 1000 {
			t.Errorf("%s: %+v, want %d MB", id, u, want)
		}
	}
}

// Files named in featherpack.yaml must be inside the root, because anyone who opens a
// pull request can change featherpack.yaml.
func TestTermsOutside(t *testing.T) {
	outside := files(t, map[string]string{"secret.json": "{}"})
	root := files(t, nil)
	if err := os.Symlink(filepath.Join(outside, "secret.json"), filepath.Join(root, "link.json")); err != nil {
		t.Skip("no links here")
	}
	rel, err := filepath.Rel(root, filepath.Join(outside, "secret.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.ToSlash(rel), "link.json"} {
		for _, own := range []analyzer.ColdStartSettings{
			{Coefficients: name}, {Prices: name}, {PowerTuning: map[string]string{"**": name}},
		} {
			_, err := Terms(analyzer.ColdStartSettings{}, analyzer.Project{Root: root, ColdStart: own})
			if d := (analyzer.Diagnostic{}); !errors.As(err, &d) || !strings.HasPrefix(d.Message, "cannot read "+name) {
				t.Errorf("%+v: %v", own, err)
			}
		}
	}
}
