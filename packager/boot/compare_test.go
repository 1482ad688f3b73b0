package boot

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot/sandbox"
)

// treeOf is a source tree of JavaScript, which needs no compiling.
func treeOf(t *testing.T, entries files, codeDir string) *Tree {
	t.Helper()
	dir := t.TempDir()
	for name, text := range entries {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return &Tree{Dir: dir, CodeDir: codeDir, Entry: filepath.ToSlash(filepath.Join(codeDir, "index.js"))}
}

func compare(t *testing.T, event string, zip, source files, change ...func(*analyzer.Function, *Tree)) Comparison {
	t.Helper()
	needNode(t)
	f, tree, o := nodeFunction("nodejs20.x"), treeOf(t, source, "."), Options{}
	for _, c := range change {
		c(&f, tree)
	}
	if event != "" {
		o.Event = []byte(event)
	}
	artifact := zipOf(t, zip)
	r := Check(t.Context(), artifact, f, o)
	if strings.Contains(r.Reason, sandbox.ErrContainment.Error()) {
		t.Skip(r.Reason)
	}
	return Compare(t.Context(), artifact, tree, f, o, r)
}

// Each row is a zip and its source, each as the text of index.js.
func TestVerdicts(t *testing.T) {
	const (
		one   = "exports.handler = async () => ({a: 1})"
		two   = "exports.handler = async () => ({a: 2})"
		throw = "exports.handler = async () => { throw new RangeError('no ' + 1) }"
		other = "exports.handler = async () => { throw new Error('no') }"
		now   = "exports.handler = async () => ({a: 1, at: process.hrtime.bigint().toString()})"
		never = "throw new Error('at load')"
		own   = "class Mine extends Error { name = 'Mine' }; exports.handler = async () => { throw new Mine(TEXT) }"
		wants = "require('child_process').spawnSync(process.execPath, ['-e', 'require(`net`).connect(443, `192.0.2.1`)'])\n" + never
		lost  = "require('nowhere-to-be-found')"
	)
	mine := func(text string) string { return strings.Replace(own, "TEXT", text, 1) }
	for _, c := range []struct{ name, event, zip, source, verdict, reason string }{
		{"the same answer", "{}", one, one, RunsAsSource, ""},
		{"another answer", "{}", two, one, Differs, "its answer differs at $.a"},
		{"a time in it", "{}", now, now, RunsAsSource, ""},
		{"a time, and another answer", "{}", strings.Replace(now, "1", "2", 1), now, Differs, "its answer differs at $.a"},
		{"no event", "", one, two, LoadsAsSource, ""},
		{"the zip does not load", "", never, one, Differs, "the source loads, and the zip fails while it loads with Error"},
		{"the zip lacks a package", "{}", lost, one, Differs,
			"the source answers, and the zip fails while it loads with Runtime.ImportModuleError: Cannot find module 'nowhere-to-be-found'"},
		{"the zip fails on the event", "{}", throw, one, Differs, "the source answers, and the zip fails on the event with RangeError"},
		{"the same error", "{}", throw, throw, BehavesAsSource, "both report RangeError for the event"},
		{"another error", "{}", other, throw, Differs, "the source reports RangeError for the event, and the zip Error"},
		{"another message", "{}", mine("'a'"), mine("'b'"), Differs, "both report Mine for the event, with another message"},
		{"a message that varies", "{}", mine("Math.random()"), mine("Math.random()"), BehavesAsSource,
			"both report Mine for the event, with a message that varies"},
		{"the zip alone does not load", "{}", never, throw, Differs, "the source loads, and the zip fails while it loads with Error"},
		{"neither loads", "{}", never, never, Undecided, "neither the source nor the zip runs here: the source fails while it loads with Error"},
		{"the source does not load", "{}", one, never, Undecided, "the source needs its bundler: it fails while it loads with Error"},
		{"the source fails on the event", "{}", one, throw, Undecided, "the source needs its bundler: it fails on the event with RangeError"},
		{"the source wants the network", "", one, wants, Undecided,
			"the source was not started: it needs the network while it loads, and a check has none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := compare(t, c.event, files{"index.js": c.zip}, files{"index.js": c.source})
			if got.Verdict != c.verdict || got.Reason != c.reason {
				t.Errorf("%s: %s, want %s: %s\n%s", got.Verdict, got.Reason, c.verdict, c.reason, got.Source.Logs)
			}
		})
	}
}

// What the source opens, loads, reads and starts is seen, with the code that did it.
func TestObserved(t *testing.T) {
	source := files{
		"svc/index.js": "const fs = require('fs')\nconst lib = require('./lib')\n" +
			"exports.handler = async () => [lib(fs), process.env.SEEN, require('child_process').execFileSync('true').length]",
		"svc/lib.js": "module.exports = fs =>\n  fs.readFileSync(__dirname + '/../data/a.txt', 'utf8') + fs.existsSync(__dirname + '/.env')",
		"data/a.txt": "text",
	}
	got := compare(t, "{}", files{"index.js": "exports.handler = async () => ['textfalse', 'yes', 0]"}, source,
		func(f *analyzer.Function, tree *Tree) {
			f.Environment = map[string]string{"SEEN": "yes"}
			*tree = *treeOf(t, source, "svc")
			tree.Withheld = map[string]bool{"svc/.env": true}
		})
	if got.Verdict != RunsAsSource {
		t.Fatalf("%s: %s, %s\n%s", got.Verdict, got.Reason, got.Source.Answer, got.Source.Logs)
	}
	var opened []string
	for _, o := range got.Opened {
		text := o.File + " by " + o.By.String()
		if o.Module {
			text = o.File + " as a module"
		}
		opened = append(opened, text)
	}
	want := []string{"data/a.txt by svc/lib.js:2:6", "svc/.env by svc/lib.js:2:62", "svc/index.js as a module", "svc/lib.js as a module"}
	if !slices.Equal(opened, want) {
		t.Errorf("%q, want %q", opened, want)
	}
	if !slices.Equal(got.Programs, []string{"true"}) || !slices.Contains(got.Variables, "SEEN") {
		t.Errorf("programs %q, variables %q", got.Programs, got.Variables)
	}
}

// Packages of the project read NODE_ENV as in the bundle, and its own code as it is.
func TestNodeEnvOfSource(t *testing.T) {
	packages := t.TempDir()
	if err := os.MkdirAll(filepath.Join(packages, "p"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(packages, "p", "index.js"), []byte("module.exports = process.env.NODE_ENV"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := compare(t, "{}", files{"index.js": "exports.handler = async () => [null, 'production']"},
		files{"index.js": "exports.handler = async () => [process.env.NODE_ENV ?? null, require('p')]", "node_modules/.keep": ""},
		func(_ *analyzer.Function, tree *Tree) {
			tree.Packages, tree.Production = map[string]string{"node_modules": packages}, true
		})
	if got.Verdict != RunsAsSource {
		t.Errorf("%s: %s, %s", got.Verdict, got.Reason, got.Source.Answer)
	}
}

// A process may report anything: only names below the project count.
func TestHostileReports(t *testing.T) {
	var j journal
	j.open(t.TempDir())
	for _, line := range []string{
		"", "{", `{"What":"opened"}`, `{"What":"opened","Name":"/etc/passwd"}`, `{"What":"opened","Name":"/var/task/../../etc/passwd"}`,
		`{"What":"opened","Name":"/var/task/a.txt","File":"/etc/x.js","Line":-5,"Column":1}`,
		`{"What":"what","Name":"/var/task/b.txt"}`,
	} {
		j.note([]byte(line))
	}
	if j.pipe != nil {
		long := `{"What":"opened","Name":"/var/task/` + strings.Repeat("x", 1<<20) + `"}`
		if _, err := j.pipe.WriteString(long + "\n" + `{"What":"opened","Name":"/var/task/z.txt"}` + "\n"); err != nil {
			t.Fatal(err)
		}
	}
	tree := Tree{CodeDir: "."}
	got := tree.opened(j.take())
	if len(got) != 2 || got[0].File != "a.txt" || got[0].By != (analyzer.Position{}) || got[1].File != "z.txt" {
		t.Errorf("%+v", got)
	}
}
