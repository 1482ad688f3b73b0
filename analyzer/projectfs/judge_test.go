package projectfs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// link makes a symlink in the root, or skips the test where there are none.
func link(t *testing.T, root, name, target string) {
	t.Helper()
	if err := os.Symlink(target, filepath.Join(root, filepath.FromSlash(name))); err != nil {
		t.Skip(err)
	}
}

func TestJudge(t *testing.T) {
	root, outside := project(t)
	away := filepath.Dir(outside)
	for name, target := range map[string]string{
		"inside": "src/a.ts", "absolute": filepath.Join(root, "src", "a.ts"), "out": "../outside.txt", "up": "..", "far": outside,
		"twice": "out", "gone": "nowhere", "loop": "loop", "src/back": "../../root/src/a.ts", "dir": "src",
	} {
		link(t, root, name, target)
	}
	for _, test := range []struct {
		name, real string
		err        error
	}{
		{"src/a.ts", "src/a.ts", nil}, {".", ".", nil}, {"src", "src", nil}, {"./src/../src/a.ts", "src/a.ts", nil},
		{"inside", "src/a.ts", nil}, {"absolute", "src/a.ts", nil}, {"src/back", "src/a.ts", nil}, {"dir/a.ts", "src/a.ts", nil},
		{filepath.Join(root, "dir", "a.ts"), "src/a.ts", nil}, {filepath.Join(root, "dir"), "src", nil},
		{"out", "", ErrOutside}, {"far", "", ErrOutside}, {"twice", "", ErrOutside}, {"up", "", ErrOutside},
		{"up/outside.txt", "", ErrOutside}, {"up/nothing.txt", "", fs.ErrNotExist}, {"../outside.txt", "", ErrOutside},
		{"..", "", ErrOutside}, {outside, "", ErrOutside}, {away, "", ErrOutside}, {string(filepath.Separator), "", ErrOutside},
		{"a\x00b", "", ErrOutside}, {"gone", "", fs.ErrNotExist}, {"nothing", "", fs.ErrNotExist}, {"no/thing", "", fs.ErrNotExist},
	} {
		p, err := New(root, Allowances{}).Judge(test.name)
		if !errors.Is(err, test.err) {
			t.Errorf("%q: %v, want %v", test.name, err, test.err)
		} else if err == nil && p.Path != filepath.Join(root, test.real) {
			t.Errorf("%q leads to %s", test.name, p.Path)
		}
		if err != nil && strings.Contains(err.Error(), away) {
			t.Errorf("%q: the error holds a path: %v", test.name, err)
		}
	}
	if _, err := New(root, Allowances{}).Judge("loop"); err == nil {
		t.Error("a loop leads somewhere")
	}
	for _, allow := range []Allowances{{Outside: true}, {Folders: []string{away}}, {Folders: []string{"", "nowhere", away}}} {
		for _, name := range []string{"out", "far", "twice", "up/outside.txt", "../outside.txt", outside} {
			if text, err := New(root, allow).Read(name, 100); string(text) != "text" || err != nil {
				t.Errorf("%q with %+v: %q, %v", name, allow, text, err)
			}
		}
	}
	if _, err := New(root, Allowances{Folders: []string{filepath.Join(away, "other")}}).Read("out", 100); !errors.Is(err, ErrOutside) {
		t.Errorf("another folder is allowed: %v", err)
	}
}

// TestLongPaths: a text with many slashes is no path, and nothing is looked at for it.
func TestLongPaths(t *testing.T) {
	root, _ := project(t)
	files := New(root, Allowances{})
	record := files.Recording()
	for _, name := range []string{strings.Repeat("a/", 100_000), strings.Repeat("a", longestPath)} {
		if _, err := files.Judge(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Judge: %v", err)
		}
		if _, err := files.Lstat(name + "/b"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Lstat: %v", err)
		}
	}
	if len(files.real) > 0 || len(record.looks) > 0 {
		t.Errorf("%d folders were looked at, and %d names recorded", len(files.real), len(record.looks))
	}
}

// TestNeverBlocks reads what has no end, or no beginning.
func TestNeverBlocks(t *testing.T) {
	root, _ := project(t)
	if err := mkfifo(filepath.Join(root, "pipe")); err != nil {
		t.Skip(err)
	}
	link(t, root, "linked", "pipe")
	link(t, root, "zero", "/dev/zero")
	done := make(chan bool)
	go func() {
		defer close(done)
		for _, name := range []string{"pipe", "linked"} {
			if _, err := New(root, Allowances{}).Read(name, 100); !errors.Is(err, ErrIrregular) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := New(root, Allowances{}).Read("zero", 100); !errors.Is(err, ErrOutside) {
			t.Errorf("zero: %v", err)
		}
		for _, name := range []string{"zero", "/dev/zero", "pipe"} {
			if _, err := New(root, Allowances{Outside: true}).Read(name, 100); !errors.Is(err, ErrIrregular) {
				t.Errorf("%s, allowed: %v", name, err)
			}
		}
		if _, err := New(root, Allowances{}).Read("src", 100); !errors.Is(err, ErrFolder) {
			t.Errorf("a folder: %v", err)
		}
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("reading has not ended")
	}
}

func TestSizes(t *testing.T) {
	root, _ := project(t)
	fsys := New(root, Allowances{})
	for limit, want := range map[int64]error{3: ErrTooLarge, 4: nil, 5: nil, 0: ErrTooLarge} {
		if _, err := fsys.Read("src/a.ts", limit); !errors.Is(err, want) {
			t.Errorf("4 bytes with a limit of %d: %v", limit, err)
		}
	}
	if head, err := fsys.Head("src/a.ts", 2); string(head) != "te" || err != nil {
		t.Errorf("%q, %v", head, err)
	}
	names := fsys.List("src")
	if len(names) != 1 || names[0].Name() != "a.ts" {
		t.Errorf("%v", names)
	}
	if names := fsys.List("src/a.ts"); names != nil {
		t.Errorf("the entries of a file: %v", names)
	}
}

func TestRefuse(t *testing.T) {
	at := analyzer.Position{File: "tsconfig.json", Line: 2}
	for err, status := range map[error]int{ErrOutside: 3, ErrTooLarge: 2, ErrIrregular: 2, fs.ErrNotExist: 2, fs.ErrPermission: 2} {
		d := Refuse(err, "../base.json", at)
		if analyzer.ExitStatus([]analyzer.Diagnostic{d}) != status || !strings.Contains(d.Message, "../base.json") || d.Position != at {
			t.Errorf("%v: %+v", err, d)
		}
	}
}

// FuzzJudge checks that no name leads outside, in a folder full of links that do.
func FuzzJudge(f *testing.F) {
	top, err := filepath.EvalSymlinks(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	root := filepath.Join(top, "root")
	for name, text := range map[string]string{"root/src/a.ts": "inside", "away/b.ts": "outside", "away/src/a.ts": "outside"} {
		at := filepath.Join(top, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			f.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			f.Fatal(err)
		}
	}
	for name, target := range map[string]string{
		"out": "../away", "top": "/", "back": "..", "src/b.ts": "../../away/b.ts", "in": "src", "round": "../root/src",
	} {
		if err := os.Symlink(target, filepath.Join(root, filepath.FromSlash(name))); err != nil {
			f.Skip(err)
		}
	}
	for _, name := range []string{"src/a.ts", "out/b.ts", "back/away/b.ts", "top/etc/passwd", "round/a.ts", "../away/b.ts", "in/b.ts"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		defer inputtest.Bound(t)()
		for _, name := range []string{name, filepath.Join(root, name), filepath.Join(top, name)} {
			p, err := New(root, Allowances{}).Judge(name)
			if err == nil && p.Path != root && !strings.HasPrefix(p.Path, root+string(filepath.Separator)) {
				t.Errorf("%q leads to %s", name, p.Path)
			}
			if text, err := New(root, Allowances{}).Read(name, 100); err == nil && string(text) != "inside" {
				t.Errorf("%q holds %q", name, text)
			}
		}
	})
}
