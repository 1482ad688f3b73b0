package remotetest

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// secret is the token that no output may hold.
const secret = "tok-5f1e9c77"

// machine is a checkout of the sample project with a cache folder of its own.
type machine struct {
	t        testing.TB
	dir, own string
	// env are more variables.
	env []string
}

func newMachine(t testing.TB) machine {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("..", "reuse", "testdata", "project.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	m := machine{t: t, dir: filepath.Join(t.TempDir(), "project"), own: t.TempDir()}
	for _, f := range archive.Files {
		name := filepath.Join(m.dir, filepath.FromSlash(f.Name))
		if target, link := strings.CutPrefix(string(f.Data), "-> "); link {
			if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.Symlink(strings.TrimSpace(target), name)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		clitest.Write(t, name, string(f.Data))
	}
	return m
}

// built is what a build has made and said.
type built struct {
	files  map[string]string
	stderr string
	// unchanged is how many functions were not built.
	unchanged int
}

// build builds the project. It must succeed.
func (m machine) build(flags ...string) built {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), clitest.Path(m.t), append([]string{"build", "--verbose", m.dir}, flags...)...)
	cmd.Env = append(append(os.Environ(), "FEATHERPACK_CACHE="+m.own), m.env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		m.t.Fatalf("%v\n%s", err, &stderr)
	}
	b := built{files: map[string]string{}, stderr: stderr.String()}
	b.unchanged = strings.Count(b.stderr, " is unchanged\n")
	out := os.DirFS(filepath.Join(m.dir, ".featherpack"))
	err := fs.WalkDir(out, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), ".") { // the record's name is the checkout's
			return err
		}
		text, err := fs.ReadFile(out, name)
		b.files[name] = string(text)
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
	for where, text := range b.files {
		if strings.Contains(text, secret) {
			m.t.Errorf("%s holds the token", where)
		}
	}
	if strings.Contains(b.stderr+stdout.String(), secret) {
		m.t.Errorf("the output holds the token:\n%s", b.stderr)
	}
	return b
}

// warnings are those about the cache.
func (b built) warnings() (all []string) {
	for line := range strings.Lines(b.stderr) {
		if strings.Contains(line, "warning: ") && strings.Contains(line, "cache") {
			all = append(all, strings.TrimSpace(line))
		}
	}
	return all
}

// same reports whether two builds have made the same files.
func (b built) same(t testing.TB, other built) {
	t.Helper()
	if names, others := slices.Sorted(maps.Keys(b.files)), slices.Sorted(maps.Keys(other.files)); !slices.Equal(names, others) {
		t.Errorf("there are %q\nwant      %q", names, others)
	}
	for name, text := range other.files {
		if b.files[name] != text {
			t.Errorf("%s differs from that of a build without a cache", name)
		}
	}
}
