package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
)

// steps is a Progress that records the steps.
type steps []string

func (s *steps) Step(format string, args ...any) { *s = append(*s, fmt.Sprintf(format, args...)) }
func (s *steps) Clear()                          { *s = append(*s, "") }

func project(t *testing.T) (dir string, out *outdir.Dir) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"featherpack.yaml": "functions:\n" +
			"  orders: {entry: orders.js, runtime: nodejs22.x}\n" +
			"  users: {entry: users.js, runtime: nodejs22.x}\n" +
			"  broken: {entry: broken.js, runtime: nodejs22.x}\n",
		"orders.js": "exports.handler = async () => 1\n",
		"users.js":  "exports.handler = async () => 2\n",
		"broken.js": "exports.handler = async () => {\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, err := outdir.Open(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Close)
	return dir, out
}

// The stages run in order, and the failure of one function does not affect others.
func TestMeasure(t *testing.T) {
	dir, out := project(t)
	var seen steps
	report, found, err := Measure(t.Context(), dir, Options{
		Progress: &seen, Version: "1.2.3", Unpacked: true,
		Discovered: func(p analyzer.Project) error {
			seen.Step("discovered %d", len(p.Functions))
			return nil
		},
		Prepare: func(_ context.Context, _ analyzer.Project, functions []analyzer.Function) error {
			seen.Step("prepare %d", len(functions))
			return nil
		},
	}, out)
	if err != nil || len(found.Functions) != 3 || report.Tool.Version != "1.2.3" {
		t.Fatalf("%v; %d functions by %q", err, len(found.Functions), report.Tool.Version)
	}
	want := "discovered 3, prepare 3, featherpack: built 1 of 3 node functions"
	if !strings.HasPrefix(strings.Join(seen, ", "), want) {
		t.Errorf("%q do not begin with %s", seen, want)
	}
	if seen[len(seen)-1] != "" {
		t.Errorf("the last step stays: %q", seen)
	}
	for _, f := range report.Functions {
		_, err := os.Stat(filepath.Join(out.Path, ".unpacked", f.ID, f.ID+".js"))
		built := f.ID != "broken"
		if (f.Artifact != nil) != built || (err == nil) != built || (len(f.Diagnostics) == 0) != built {
			t.Errorf("%s: %v, %v, %v", f.ID, f.Artifact, err, f.Diagnostics)
		}
	}
}

// A mistake in the options is reported before anything is built.
func TestMeasureStops(t *testing.T) {
	dir, out := project(t)
	want := errors.New("no such constants")
	for name, o := range map[string]Options{
		"discovered": {Discovered: func(analyzer.Project) error { return want }},
		"prepare":    {Prepare: func(context.Context, analyzer.Project, []analyzer.Function) error { return want }},
	} {
		if _, _, err := Measure(t.Context(), dir, o, out); err != want {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := Measure(ctx, dir, Options{}, out); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if entries, err := os.ReadDir(out.Path); err != nil || len(entries) != 2 {
		t.Errorf("%v, %v: want nothing but what marks the folder", entries, err)
	}
}

func TestChoose(t *testing.T) {
	p := analyzer.Project{Root: "/p", Dir: "."}
	for _, name := range []string{"orders-get", "orders-put", "users"} {
		p.Functions = append(p.Functions, analyzer.Function{Name: name, Service: "shop", ServiceDir: "."})
	}
	for only, want := range map[string]string{
		"":                 "orders-get orders-put users",
		"orders-*":         "orders-get orders-put",
		"orders-get users": "orders-get users",
		"*-put **":         "orders-get orders-put users",
		"usrs": `--only "usrs" matches no function ` +
			`(did you mean "users"? featherpack discover lists the functions)`,
		"users [": `--only "[" is not a glob (for example --only "orders-*")`,
	} {
		functions, err := Choose(p, strings.Fields(only))
		var names []string
		for _, f := range functions {
			names = append(names, f.Name)
		}
		got := strings.Join(names, " ")
		if d := (analyzer.Diagnostic{}); errors.As(err, &d) {
			got = d.Message + " (" + d.Hint + ")"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", only, got, want)
		}
	}
}

func TestCaseTwins(t *testing.T) {
	var functions []analyzer.Function
	for _, id := range []string{"orders", "a/run", "Orders", "A/run", "b/run", "É", "é"} {
		functions = append(functions, analyzer.Function{ID: id})
	}
	twins := caseTwins(functions)
	want := map[string]string{"orders": "Orders", "Orders": "orders", "a/run": "A/run", "A/run": "a/run", "É": "é", "é": "É"}
	if !maps.Equal(twins, want) {
		t.Errorf("%v, want %v", twins, want)
	}
}

// A name without its folder selects a function if the name is unique. An event for a
// function that is not started is an error.
func TestEventsFor(t *testing.T) {
	p := analyzer.Project{Functions: []analyzer.Function{
		{ID: "a/run", Name: "run"}, {ID: "b/run", Name: "run"}, {ID: "b/only", Name: "only"}, {ID: "left", Name: "left"},
	}}
	one := []Event{{"e.json", []byte("1")}}
	for word, want := range map[string]string{"a/run": "a/run", "only": "b/only", "": "", "run": "!", "other": "!", "left": "!"} {
		o, err := BootOptions{Events: map[string][]Event{word: one}}.For(p, p.Functions[:3])
		if want == "!" {
			if err == nil {
				t.Errorf("%q was accepted", word)
			}
			continue
		}
		if _, ok := o.Events[want]; err != nil || !ok || len(o.Events) != 1 {
			t.Errorf("%q: %v, %v", word, o.Events, err)
		}
	}
}

// Events are found beside the manifest, and in the folder that is given instead.
func TestEventsFound(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{"svc/events/a.json": "1", "svc/events/a-2.json": "2", "own/a.x.json": "3", "own/ab.json": "4"} {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	p := analyzer.Project{Root: root, Functions: []analyzer.Function{
		{ID: "svc/a", Name: "a", Events: []string{"svc/events/a-2.json", "svc/events/a.json"}}, {ID: "svc/ab", Name: "ab"},
	}}
	got := func(o BootOptions) string {
		t.Helper()
		o, err := o.For(p, p.Functions)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, f := range p.Functions {
			for _, e := range of(o.Events, f.ID) {
				all = append(all, f.Name+" "+filepath.Base(e.Name)+" "+string(e.JSON))
			}
		}
		return strings.Join(all, ", ")
	}
	if found := got(BootOptions{}); found != "a a-2.json 2, a a.json 1" {
		t.Error(found)
	}
	if given := got(BootOptions{EventsDir: filepath.Join(root, "own")}); given != "a a.x.json 3, ab ab.json 4" {
		t.Error(given)
	}
	if alone := got(BootOptions{LoadOnly: true}); alone != "" {
		t.Error(alone)
	}
}
