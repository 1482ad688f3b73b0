package outdir

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

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
	put(t, filepath.Join(source, "a.js"), "")
	put(t, filepath.Join(root, "foreign", "a.js"), "")
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
	ctx, stop := context.WithTimeout(t.Context(), 2*lockRetry)
	defer stop()
	started := time.Now()
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
			put(t, filepath.Join(d.Path, "a.zip"), "")
		}
		d.Close()
		if _, err := os.Stat(d.Path); (err == nil) != write {
			t.Errorf("written to: %v; %v", write, err)
		}
	}
}

func TestSettle(t *testing.T) {
	const earlier = "kept.zip kept.js.map failed.zip failed.licenses.txt gone.zip svc/gone.mjs.map " +
		"notes.txt .unpacked/gone/a.zip"
	report := reporters.Report{Functions: []reporters.Function{
		{Function: analyzer.Function{ID: "kept"}, Artifact: &packager.Artifact{}}, {Function: analyzer.Function{ID: "failed"}},
	}}
	for _, test := range []struct {
		full bool
		want string
	}{
		{false, ".gitignore .lock .unpacked/gone/a.zip gone.zip kept.js.map kept.zip notes.txt report.json svc/gone.mjs.map"},
		{true, ".gitignore .lock .unpacked/gone/a.zip kept.js.map kept.zip notes.txt report.json"},
	} {
		d := open(t, t.TempDir(), "")
		for name := range strings.FieldsSeq(earlier) {
			put(t, filepath.Join(d.Path, filepath.FromSlash(name)), "")
		}
		if err := d.Settle(report, test.full); err != nil {
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
	put(t, filepath.Join(d.Path, "x"), "")
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
