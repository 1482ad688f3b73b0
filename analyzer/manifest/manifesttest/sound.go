package manifesttest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/manifest"
)

// Sound checks what is true for every project, whatever its manifest.
func Sound(t *testing.T, p analyzer.Project, start time.Duration) {
	t.Helper()
	if spent := inputtest.CPUTime() - start; spent > 5*time.Second {
		t.Errorf("took %v", spent)
	}
	failed := map[string]bool{}
	for _, d := range p.Diagnostics {
		if d.Message == "" || d.Code == "" || d.Severity == "" {
			t.Errorf("an empty diagnostic: %+v", d)
		}
		if strings.Contains(d.Error()+d.Hint, p.Root) && len(p.Root) > 1 {
			t.Errorf("names the machine's path: %v", d)
		}
		if d.Severity == analyzer.Error || d.Severity == analyzer.Refused {
			failed[d.Function] = true
		}
	}
	if len(p.Functions) == 0 && len(p.Skipped) == 0 && analyzer.ExitStatus(p.Diagnostics) == 0 {
		t.Error("found nothing and reported nothing")
	}
	for _, f := range p.Functions {
		if f.Entry == "" {
			if !failed[f.ID] {
				t.Errorf("no entry and no error: %+v", f)
			}
			continue
		}
		if failed[f.ID] && f.Entry != "" {
			t.Errorf("an entry in spite of an error: %+v", f)
		}
		real, err := filepath.EvalSymlinks(filepath.Join(p.Root, filepath.FromSlash(f.Entry)))
		if err != nil || !strings.HasPrefix(real+"/", p.Root+"/") {
			t.Errorf("entry %q: %v", f.Entry, err)
		}
		if f.Family == "" || f.Architecture == "" || f.Line < 0 {
			t.Errorf("incomplete: %+v", f)
		}
	}
	if _, err := json.Marshal(p); err != nil {
		t.Error(err)
	}
}

// Bounded discovers a manifest that is made to be slow or to repeat itself. It must give
// diagnostics, none longer than most bytes, within 5 s of CPU time.
func Bounded(t *testing.T, name, text string, most int) {
	t.Helper()
	start := inputtest.CPUTime()
	p := Discover(t, Files{name: text}, manifest.Options{})
	if len(p.Diagnostics) == 0 {
		t.Error("no diagnostics")
	}
	for _, line := range Reported(p) {
		if len(line) > most {
			t.Errorf("a diagnostic of %d bytes", len(line))
		}
	}
	if spent := inputtest.CPUTime() - start; spent > 5*time.Second {
		t.Errorf("took %v", spent)
	}
}

// Fuzz writes a fuzzed manifest beside a few sources and runs discovery on it
// twice.
func Fuzz(f *testing.F, name string, others Files, seeds ...string) {
	dir := Project(f, others)
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		defer inputtest.Bound(t)()
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
		start := inputtest.CPUTime()
		o := manifest.Options{
			Stage: "dev", Params: map[string]string{"P": "x"},
			LookupEnv: func(n string) (string, bool) { return "v", n == "SET" },
		}
		p := manifest.Discover(dir, o)
		Sound(t, p, start)
		if a, b := strings.Join(Reported(p), "\n"), strings.Join(Reported(manifest.Discover(dir, o)), "\n"); a != b {
			t.Errorf("reported differently:\n%s\n%s", a, b)
		}
	})
}
