package node

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// example is a project of one function in testdata, and what is true of its
// bundle. A line "key: value" before the first file says that; "settings" are
// build settings as JSON, and
// "with: dual" or "with: twin" adds that package.
type example struct {
	name, archive string
	build         analyzer.BuildOptions
	want          map[string]string
}

// examples reads those in a folder of testdata.
func examples(t *testing.T, dir string) []example {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata/%s holds no examples: %v", dir, err)
	}
	var all []example
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		e := example{name: name, archive: string(text), want: map[string]string{}}
		for line := range strings.Lines(string(txtar.Parse(text).Comment)) {
			if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.Contains(key, " ") {
				e.want[key] = value
			}
		}
		e.archive += map[string]string{"dual": dual, "twin": twin}[e.want["with"]]
		if settings := e.want["settings"]; settings != "" {
			if err := json.Unmarshal([]byte(settings), &e.build); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		}
		all = append(all, e)
	}
	return all
}

// bundle builds the example's function under its settings, adjusted.
func (e example) bundle(t *testing.T, adjust ...func(*analyzer.Function)) packager.Bundle {
	t.Helper()
	set := func(f *analyzer.Function) {
		f.Build = e.build
		for _, a := range adjust {
			a(f)
		}
	}
	return build(t, e.archive, set)
}

// ships compares a bundle's files and its answer with the example's.
func (e example) ships(t *testing.T, b packager.Bundle) {
	t.Helper()
	if got := strings.Join(fileNames(b.Files), " "); got != e.want["files"] {
		t.Errorf("files %s\nwant  %s", got, e.want["files"])
	}
	if got := ask(t, b); got != e.want["answer"] {
		t.Errorf("answered %s, want %s", got, e.want["answer"])
	}
}

// unpack writes a bundle's files into an empty folder. A bundle with errors ends
// the test.
func unpack(t *testing.T, b packager.Bundle) (dir string) {
	t.Helper()
	for _, d := range b.Diagnostics {
		if d.Severity == analyzer.Error || d.Severity == analyzer.Refused {
			t.Fatalf("%s: %s (%s)", b.ID, d.Error(), d.Hint)
		}
	}
	dir = t.TempDir()
	for _, f := range b.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		content := f.Content
		if content == nil {
			var err error
			if content, err = os.ReadFile(f.Source); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// asker calls the handler of a module that it is given.
const asker = `
import(process.argv[2])
  .then(m => (m.handler ?? m.default.handler)({}))
  .then(x => console.log(JSON.stringify(x)))
`

// invoke unpacks a bundle and calls its handler in a fresh Node process.
func invoke(t *testing.T, b packager.Bundle, flags ...string) (stdout, stderr string, err error) {
	t.Helper()
	dir := unpack(t, b)
	script := filepath.Join(t.TempDir(), "ask.mjs") // not with -e, which makes require and module global
	if err := os.WriteFile(script, []byte(asker), 0o644); err != nil {
		t.Fatal(err)
	}
	code := filepath.Join(dir, filepath.FromSlash(b.Files[0].Name))
	cmd := exec.CommandContext(t.Context(), "node", append(flags, script, code)...)
	cmd.Dir = dir
	var out, errors bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errors
	err = cmd.Run()
	return strings.TrimSpace(out.String()), errors.String(), err
}

// ask returns the JSON that a bundle's handler answers.
func ask(t *testing.T, b packager.Bundle) string {
	t.Helper()
	answer, stderr, err := invoke(t, b)
	if err != nil {
		t.Fatalf("%s does not run: %v\n%s", b.ID, err, stderr)
	}
	return answer
}

// thrownAt is the line of the source that a handler's error is said to come from.
func thrownAt(t *testing.T, b packager.Bundle) int {
	t.Helper()
	_, stderr, err := invoke(t, b, "--enable-source-maps")
	at := regexp.MustCompile(`fn\.mjs:(\d+):\d+\)`).FindStringSubmatch(stderr)
	if err == nil || at == nil {
		t.Fatalf("%s threw nothing: %s", b.ID, stderr)
	}
	line, _ := strconv.Atoi(at[1])
	return line
}
