package trial

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/chains"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/reporters"
)

func project(t *testing.T) analyzer.Project {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"featherpack.yaml": "functions:\n" +
			"  orders: {entry: orders.js, runtime: nodejs22.x}\n" +
			"  users: {entry: users.js, runtime: nodejs22.x}\n" +
			"  broken: {entry: broken.js, runtime: nodejs22.x}\n",
		"orders.js":                       "const light = require('light')\nexports.handler = async () => light\n",
		"users.js":                        "exports.handler = async () => 2\n",
		"broken.js":                       "exports.handler = async () => {\n",
		"node_modules/light/package.json": `{"name": "light", "version": "1.0.0"}`,
		"node_modules/light/index.js":     "module.exports = '" + strings.Repeat("light", 100) + "'\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return manifest.Discover(dir, manifest.Options{})
}

func TestQuestionAboutAFunction(t *testing.T) {
	p := project(t)
	for name, want := range map[string]string{
		"orders": "",
		"order":  `there is no function "order"`,
	} {
		q, err := About(p, name, pipeline.Options{})
		if err == nil && (want != "" || q.Function.ID != name) || err != nil && (want == "" || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %q, %v; want %q", name, q.Function.ID, err, want)
		}
	}
	if _, err := About(analyzer.Project{}, "orders", pipeline.Options{}); !errors.Is(err, ErrNoFunction) {
		t.Errorf("%v, want %v", err, ErrNoFunction)
	}
}

// Unchanged functions are built once for all questions. A function that does not build
// is an error of its own questions only.
func TestShared(t *testing.T) {
	questions, err := AboutAll(project(t), pipeline.Options{})
	if err != nil {
		t.Fatal(err)
	}
	folders := map[string]bool{}
	err = Shared(t.Context(), questions, func(q Question) {
		for range 2 {
			err := q.Build(t.Context(), q.Function, func(_ reporters.Report, f reporters.Function, out *outdir.Dir) error {
				if f.ID != q.Function.ID {
					t.Errorf("%s was built for %s", f.ID, q.Function.ID)
				}
				folders[out.Path] = true
				return nil
			})
			if (err != nil) != (q.Function.ID == "broken") {
				t.Errorf("%s: %v", q.Function.ID, err)
			}
		}
	})
	if err != nil || len(folders) != 1 {
		t.Errorf("%v; built in %d folders", err, len(folders))
	}
	for folder := range folders {
		if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s was not removed: %v", folder, err)
		}
	}
}

func TestOmit(t *testing.T) {
	q, err := About(project(t), "orders", pipeline.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var g chains.Graph
	var whole chains.Weight
	err = q.Build(t.Context(), q.Function, func(r reporters.Report, f reporters.Function, _ *outdir.Dir) error {
		g, whole = chains.New(r, f), chains.Of(f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := q.Omit(t.Context(), g, g.Omission("light", g.Package("light")), whole)
	if err != nil || s.Method != Measured || s.Unzipped < 400 || s.Unzipped > whole.Unzipped {
		t.Errorf("%+v, %v; the whole weighs %+v", s, err, whole)
	}
	if q.Function.Build.External != nil {
		t.Errorf("the trial changed the function: %v", q.Function.Build.External)
	}
}
