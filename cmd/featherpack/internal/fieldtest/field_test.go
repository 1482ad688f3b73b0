package fieldtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// fieldCase is case.json.
type fieldCase struct {
	// About is the kind, Reports are public threads, and First is what the first version
	// did: ran, broke or refused.
	About, Reports, First string

	Entry   string            // default src/handler.ts
	Export  string            // default handler
	Runtime string            // default nodejs20.x
	Env     map[string]string // the function's environment
	Flags   []string          // more flags of build
	Refused *refusal          // the build is refused instead
	Told    []refusal         // diagnostics that the build must give besides
	// Quiet means that the build gives no error and no warning besides those of Told.
	Quiet bool
	// Source is the verdict of the comparison with the source tree.
	Source string // default boot.RunsAsSource
	// Holds and Lacks are patterns of names in the zip.
	Holds, Lacks []string
}

// refusal is a diagnostic. Line 0 is any line.
type refusal struct {
	Code string
	File string
	Line int
	// Says is a part of the message.
	Says string
}

// Every function answers its event from its zip, without its source tree, as it does in
// the source tree. Or the build is refused, and says where and why.
func TestField(t *testing.T) {
	all := clitest.Testdata(t, "apps", "field")
	work := t.TempDir()
	clitest.Write(t, filepath.Join(work, ".git", "HEAD"), "")
	entries, err := os.ReadDir(all)
	if err != nil {
		t.Fatal(err)
	}
	if clitest.Long() {
		clitest.Install(t, filepath.Join(all, "packages"))
		clitest.Copy(t, filepath.Join(all, "packages", "node_modules"), filepath.Join(work, "node_modules"))
	}
	for _, entry := range entries {
		if name := entry.Name(); entry.IsDir() && name != "packages" {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				prove(t, filepath.Join(all, name), filepath.Join(work, name))
			})
		}
	}
}

// prove copies a case to dir, builds it there, moves it away, and invokes the zip.
func prove(t *testing.T, source, dir string) {
	c := readCase(t, source)
	if needsPackages(t, source) {
		clitest.SkipUnlessLong(t)
	}
	if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	for _, made := range find(t, dir, "modules") { // made-up packages
		if err := os.Rename(made, filepath.Join(filepath.Dir(made), "node_modules")); err != nil {
			t.Fatal(err)
		}
	}
	event, want := clitest.Read(t, filepath.Join(dir, "event.json")), []byte(nil)
	if c.Refused == nil {
		want = clitest.Read(t, filepath.Join(dir, "expected.json"))
	}
	for _, mine := range []string{"case.json", "event.json", "expected.json"} {
		os.Remove(filepath.Join(dir, mine)) // not part of the function
	}
	if !slices.ContainsFunc(manifests, func(name string) bool { return len(find(t, dir, name)) > 0 }) {
		clitest.Write(t, filepath.Join(dir, "featherpack.yaml"), c.manifest())
	}
	out := t.TempDir()
	args := slices.Concat([]string{"build", "--json", "--compress=fast", "--out", out, dir}, c.Flags)
	if c.Refused == nil {
		name := filepath.Join(t.TempDir(), "event.json")
		clitest.Write(t, name, string(event))
		args = append(args, "--boot", "--event", name)
	}
	r := clitest.Run(t, args...)
	report, err := reporters.Read(strings.NewReader(r.Stdout))
	if err != nil {
		t.Fatalf("exit status %d: %v\n%s", r.Status, err, r.Stderr)
	}
	told(t, c, report.AllDiagnostics())
	if c.Refused != nil {
		if r.Status == clitest.Good {
			t.Errorf("it is built, and should be refused: %+v", *c.Refused)
		}
		return
	}
	if r.Status != clitest.Good {
		t.Fatalf("exit status %d\n%s", r.Status, r.Stderr)
	}
	f := manifest.Discover(dir, manifest.Options{}).Functions[0]
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	contents(t, c, report)
	verdict := "none"
	if b := report.Functions[0].Boot; b != nil && b.Source != nil {
		verdict = b.Source.Verdict + ": " + b.Source.Reason
	}
	if want := cmp.Or(c.Source, boot.RunsAsSource); !strings.HasPrefix(verdict, want+":") {
		t.Errorf("compared with its source: %s", verdict)
	}
	got := boot.Check(t.Context(), filepath.Join(out, f.ID+".zip"), f,
		boot.Options{Event: event, OtherArchitecture: true})
	if got.Status != boot.Answers {
		t.Fatalf("%s %s %+v\n%s\n%s", got.Status, got.Reason, got.Error, got.Logs, r.Stderr)
	}
	if !clitest.SameJSON(got.Answer, want) {
		t.Errorf("answered %s\nwant     %s\n%s", got.Answer, want, r.Stderr)
	}
}

func readCase(t *testing.T, dir string) (c fieldCase) {
	t.Helper()
	if err := json.Unmarshal(clitest.Read(t, filepath.Join(dir, "case.json")), &c); err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	return c
}

// manifests are the files that a case may bring to declare its function.
var manifests = []string{"featherpack.yaml", "serverless.yml", "template.yaml"}

// manifest declares the function in featherpack's own format.
func (c fieldCase) manifest() string {
	value := func(set, otherwise string) string {
		if set == "" {
			set = otherwise
		}
		return fmt.Sprintf("%q", set)
	}
	var env []string
	for _, name := range slices.Sorted(maps.Keys(c.Env)) {
		env = append(env, fmt.Sprintf("%s: %q", name, c.Env[name]))
	}
	return fmt.Sprintf("functions:\n  fn: {entry: %s, handler: %s, runtime: %s, memory: 1024, timeout: 30, environment: {%s}}\n",
		value(c.Entry, "src/handler.ts"), value(c.Export, "handler"), value(c.Runtime, "nodejs20.x"), strings.Join(env, ", "))
}

// told compares the diagnostics with those that the case expects.
func told(t *testing.T, c fieldCase, got []analyzer.Diagnostic) {
	t.Helper()
	expected := c.Told
	if c.Refused != nil {
		expected = append(expected, *c.Refused)
	}
	is := func(e refusal, d analyzer.Diagnostic) bool {
		return e.Code == d.Code && (e.File == "" || strings.HasSuffix(d.File, e.File)) && (e.Line == 0 || e.Line == d.Line) &&
			strings.Contains(d.Message, e.Says)
	}
	for _, e := range expected {
		if !slices.ContainsFunc(got, func(d analyzer.Diagnostic) bool { return is(e, d) }) {
			t.Errorf("the build does not say %+v, but %v", e, got)
		}
	}
	if !c.Quiet {
		return
	}
	for _, d := range got {
		if d.Severity != analyzer.Note && !slices.ContainsFunc(expected, func(e refusal) bool { return is(e, d) }) {
			t.Errorf("the build says %+v", d)
		}
	}
}

// contents compares the names in the zip with the case's patterns.
func contents(t *testing.T, c fieldCase, report reporters.Report) {
	t.Helper()
	var names []string
	for _, e := range report.Functions[0].Artifact.Entries {
		names = append(names, e.Name)
	}
	matches := func(pattern string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			ok, _ := filepath.Match(pattern, name)
			return ok || strings.HasPrefix(name, pattern+"/")
		})
	}
	for _, pattern := range c.Holds {
		if !matches(pattern) {
			t.Errorf("the zip lacks %s: %s", pattern, names)
		}
	}
	for _, pattern := range c.Lacks {
		if matches(pattern) {
			t.Errorf("the zip holds %s: %s", pattern, names)
		}
	}
}

// needsPackages reports whether a case uses packages that it does not bring itself.
func needsPackages(t *testing.T, dir string) bool {
	t.Helper()
	for _, name := range find(t, dir, "package.json") {
		var m struct{ Dependencies map[string]string }
		if err := json.Unmarshal(clitest.Read(t, name), &m); err != nil {
			t.Fatal(err)
		}
		for dependency := range m.Dependencies {
			if !strings.Contains(name, string(filepath.Separator)+"modules"+string(filepath.Separator)) &&
				!clitest.Exists(filepath.Join(dir, "modules", dependency)) {
				return true
			}
		}
	}
	return false
}

// find returns the files and folders of that name below dir, but none below another.
func find(t *testing.T, dir, name string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(at string, entry os.DirEntry, err error) error {
		if err == nil && entry.Name() == name {
			found = append(found, at)
			if entry.IsDir() {
				return filepath.SkipDir
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
