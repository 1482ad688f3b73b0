package outdir

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

func open(t *testing.T, dir, name string) *Dir {
	t.Helper()
	d, err := Open(t.Context(), dir, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func TestOpenRefuses(t *testing.T) {
	root := t.TempDir()
	source := filepath.Join(root, "source")
	clitest.Write(t, filepath.Join(source, "a.js"), "")
	clitest.Write(t, filepath.Join(root, "foreign", "a.js"), "")
	if err := os.Symlink(source, filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	for name, code := range map[string]string{
		"source": "unsafe-out", ".": "unsafe-out", "link": "unsafe-out", "foreign": "foreign-out",
	} {
		_, err := Open(t.Context(), source, filepath.Join(root, name))
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || d.Code != code || d.Severity != analyzer.Refused {
			t.Errorf("%s: %v, want %s", name, err, code)
		}
	}
}

// A second build waits for the first, and the wait can be interrupted.
func TestOpenTwice(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, "")
	if at := filepath.Join(dir, Default); !Is(at) || Is(dir) {
		t.Errorf("%v and %v: want the one to be an out-dir", Is(at), Is(dir))
	}
	started := time.Now()
	ctx, stop := context.WithTimeout(t.Context(), 2*lockRetry)
	defer stop()
	if _, err := Open(ctx, dir, ""); !errors.Is(err, context.DeadlineExceeded) || time.Since(started) < 2*lockRetry {
		t.Errorf("%v after %s", err, time.Since(started))
	}
}

func TestCloseRemovesEmptyFolder(t *testing.T) {
	dir := t.TempDir()
	for _, write := range []bool{false, true} {
		d, err := Open(t.Context(), dir, "")
		if err != nil {
			t.Fatal(err)
		}
		if write {
			clitest.Write(t, filepath.Join(d.Path, "a.zip"), "")
		}
		d.Close()
		if _, err := os.Stat(d.Path); (err == nil) != write {
			t.Errorf("written to: %v; %v", write, err)
		}
	}
}

func TestSettle(t *testing.T) {
	const earlier = "kept.zip kept.js.map failed.zip failed.licenses.txt gone.zip svc/gone.mjs.map " +
		"notes.txt mine.zip .unpacked/gone/a.zip"
	report := reporters.Report{Functions: []reporters.Function{
		{Function: analyzer.Function{ID: "kept"}, Artifact: &packager.Artifact{}}, {Function: analyzer.Function{ID: "failed"}},
	}}
	for _, test := range []struct {
		full bool
		want string
	}{
		{false, ".gitignore .lock .unpacked/gone/a.zip gone.zip kept.js.map kept.zip mine.zip notes.txt report.json " +
			"svc/gone.mjs.map"},
		{true, ".gitignore .lock .unpacked/gone/a.zip kept.js.map kept.zip mine.zip notes.txt report.json"},
	} {
		d := open(t, t.TempDir(), "")
		d.Expect([]string{"kept", "failed", "gone", "svc/gone"})
		for name := range strings.FieldsSeq(earlier) {
			clitest.Write(t, filepath.Join(d.Path, filepath.FromSlash(name)), "")
		}
		if _, err := d.Settle(report, test.full); err != nil {
			t.Fatal(err)
		}
		var left []string
		err := filepath.WalkDir(d.Path, func(at string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			rel, err := filepath.Rel(d.Path, at)
			left = append(left, filepath.ToSlash(rel))
			return err
		})
		slices.Sort(left)
		if got := strings.Join(left, " "); err != nil || got != test.want {
			t.Errorf("full build: %v\n got %s\nwant %s", test.full, got, test.want)
		}
	}
}

func TestIgnoresCase(t *testing.T) {
	d := open(t, t.TempDir(), "")
	clitest.Write(t, filepath.Join(d.Path, "x"), "")
	_, err := os.Stat(filepath.Join(d.Path, "X"))
	if got := d.IgnoresCase(); got != (err == nil) {
		t.Errorf("ignores case: %v, and X for x: %v", got, err)
	}
}

// Each function has its own folder, even if another function's ID begins with its ID.
func TestUnpackKeepsFunctionsApart(t *testing.T) {
	d := open(t, t.TempDir(), "")
	var report reporters.Report
	for _, id := range []string{"a", "a/b"} {
		bundle := packager.Bundle{ID: id, Files: []packager.File{{Name: "index.js", Content: []byte(id)}}}
		artifact, err := packager.Pack(t.Context(), bundle, d.Path, packager.Options{})
		if err != nil {
			t.Fatal(err)
		}
		report.Functions = append(report.Functions, reporters.Function{Function: analyzer.Function{ID: id}, Artifact: &artifact})
	}
	if err := d.Unpack(report); err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string]string{"a": "a", "a%2Fb": "a/b"} {
		text, err := os.ReadFile(filepath.Join(d.Path, unpackedDir, folder, "index.js"))
		if err != nil || string(text) != want {
			t.Errorf("%s: %q, %v", folder, text, err)
		}
	}
	if _, err := os.Stat(filepath.Join(d.Path, unpackedDir, "a", "b")); err == nil {
		t.Error("one function is in the other's folder")
	}
}

// Without its record, what lies unpacked in an out-dir is replaced where it is the content of
// the zip beside it, and nothing else is.
func TestUnpackWithoutRecord(t *testing.T) {
	dir := t.TempDir()
	pack := func(d *Dir, text string) (report reporters.Report) {
		t.Helper()
		for _, id := range []string{"a", "s/b", "c", "d"} {
			bundle := packager.Bundle{ID: id, Files: []packager.File{{Name: "index.js", Content: []byte(text)}, {Name: "x/" + text, Content: []byte(id)}}}
			artifact, err := packager.Pack(t.Context(), bundle, d.Path, packager.Options{})
			if err != nil {
				t.Fatal(err)
			}
			report.Functions = append(report.Functions, reporters.Function{Function: analyzer.Function{ID: id}, Artifact: &artifact})
		}
		return report
	}
	first := open(t, dir, "")
	if err := first.Unpack(pack(first, "old")); err != nil {
		t.Fatal(err)
	}
	first.Close()
	clitest.Write(t, filepath.Join(first.Path, unpackedDir, "c", "index.js"), "own")
	if err := os.Symlink("index.js", filepath.Join(first.Path, unpackedDir, "d", "link")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	second := open(t, dir, "")
	report := pack(second, "new")
	for i, refused := range []bool{false, false, true, true} {
		one := reporters.Report{Functions: report.Functions[i : i+1]}
		id, want := report.Functions[i].ID, "new"
		if refused {
			want = "old"
		}
		err := second.Unpack(one)
		if _, there := os.Stat(filepath.Join(first.Path, unpackedDir, unpackedName(id), "x", want)); (err != nil) != refused || there != nil {
			t.Errorf("%s: %v, %v", id, err, there)
		}
	}
}

// What an earlier build wrote may be removed by a later one of the same project and
// folder, and nothing else: not what a commit, or a copy of the folder, brought along.
func TestOwner(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	first := open(t, dir, "")
	first.Expect([]string{"a"})
	if err := first.Write("a.zip", func(io.Writer) error { return nil }); err != nil {
		t.Fatal(err)
	}
	first.Close()
	second := open(t, dir, "")
	if !second.owner.wrote("a") || second.owner.wrote("b") {
		t.Errorf("%+v", second.owner)
	}
	second.Close()

	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if d := open(t, copied, ""); d.owner.wrote("a") {
		t.Error("a copy of the folder counts as written here")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	if d := open(t, dir, ""); d.owner.wrote("a") {
		t.Error("a folder without a record counts as written here")
	}
}

// A link, or another folder, that takes the out-dir's place during a build is not
// touched.
func TestExchanged(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	for _, name := range []string{"a.zip", "gone.zip", "report.json", ".unpacked/a/x"} {
		clitest.Write(t, filepath.Join(outside, filepath.FromSlash(name)), "theirs")
	}
	d := open(t, dir, "")
	d.Expect([]string{"a", "gone"})
	clitest.Write(t, filepath.Join(d.Path, "gone.zip"), "ours")
	away := filepath.Join(dir, "away")
	if err := errors.Join(os.Rename(d.Path, away), os.Symlink(outside, d.Path)); err != nil {
		t.Fatal(err)
	}
	bundle := packager.Bundle{ID: "a", Files: []packager.File{{Name: "index.js", Content: []byte("1")}}}
	artifact, err := packager.PackTo(t.Context(), bundle, d.Root(), packager.Options{})
	if err != nil {
		t.Fatal(err)
	}
	report := reporters.Report{Functions: []reporters.Function{
		{Function: analyzer.Function{ID: "a"}, Artifact: &artifact},
	}}
	_, err = d.Settle(report, true)
	if err := errors.Join(err, d.Unpack(report)); err != nil {
		t.Fatal(err)
	}
	d.Close()
	for _, name := range []string{"a.zip", "gone.zip", "report.json", ".unpacked/a/x"} {
		text, err := os.ReadFile(filepath.Join(outside, filepath.FromSlash(name)))
		if err != nil || string(text) != "theirs" {
			t.Errorf("%s outside: %q, %v", name, text, err)
		}
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) != 4 {
		t.Errorf("%d entries outside, %v", len(entries), err)
	}
	for name, want := range map[string]bool{"a.zip": true, "gone.zip": false, ".unpacked/a/index.js": true} {
		if _, err := os.Stat(filepath.Join(away, filepath.FromSlash(name))); (err == nil) != want {
			t.Errorf("%s in the out-dir: %v", name, err)
		}
	}
}
