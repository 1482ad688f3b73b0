package projectfs

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What an FS was asked decides whether its answers may be used again.
func TestRenew(t *testing.T) {
	for name, test := range map[string]struct {
		change func(at func(string) string) error
		want   bool
	}{
		"nothing":          {func(func(string) string) error { return nil }, true},
		"a forgotten file": {func(at func(string) string) error { return os.WriteFile(at("own.js"), []byte("other"), 0o600) }, true},
		"one set back": {func(at func(string) string) error {
			before, err := os.Stat(at("own.js"))
			return errors.Join(err, os.WriteFile(at("own.js"), []byte("[]"), 0o600), os.Chtimes(at("own.js"), before.ModTime(), before.ModTime()))
		}, false},
		"another name":     {func(at func(string) string) error { return os.WriteFile(at("src/other.ts"), nil, 0o600) }, true},
		"a file":           {func(at func(string) string) error { return os.WriteFile(at("package.json"), []byte("[]"), 0o600) }, false},
		"its removal":      {func(at func(string) string) error { return os.Remove(at("package.json")) }, false},
		"what was missing": {func(at func(string) string) error { return os.WriteFile(at("tsconfig.json"), nil, 0o600) }, false},
		"a name like it":   {func(at func(string) string) error { return os.WriteFile(at("src/lib.ts"), nil, 0o600) }, false},
		"a package":        {func(at func(string) string) error { return os.Mkdir(at("node_modules/new"), 0o700) }, false},
		"a link":           {func(at func(string) string) error { return os.Symlink("own.js", at("src/link")) }, true},
		"a link asked for": {func(at func(string) string) error { return os.Symlink("own.js", at("link")) }, false},
		"a module's name":  {func(at func(string) string) error { return os.Rename(at("own.js"), at("own.mjs")) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			at := func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
			for _, dir := range []string{"src", "node_modules/lib"} {
				if err := os.MkdirAll(at(dir), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			for _, file := range []string{"own.js", "package.json", "src/lib.js"} {
				if err := os.WriteFile(at(file), []byte("{}"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(25 * time.Millisecond) // a file that has just changed is not trusted
			files := New(root, Allowances{})
			defer files.Close()
			files.Recording()
			_, _ = files.ReadModule("own.js", 10)
			_, _ = files.Read("package.json", 10)
			_, _ = files.Stat("tsconfig.json")
			_, _ = files.Lstat("link")
			_, _ = files.ReadDir("node_modules")
			files.NoteNames(at("src"), "lib.js")
			if err := test.change(at); err != nil {
				t.Fatal(err)
			}
			now := files.Again()
			defer now.Close()
			now.Remember()
			if got := files.Renew(NewChecker(now, HashFile), map[string]bool{"own.js": true}); got != test.want {
				t.Errorf("may be used again: %v, want %v", got, test.want)
			}
		})
	}
}

// A run that used the answers again gives those that the next one compares with.
func TestRenewAgain(t *testing.T) {
	for name, test := range map[string]struct {
		first, second func(at func(string) string) error
		want          bool
	}{
		"nothing":                  {nil, nil, true},
		"names that do not matter": {write("src/other.ts"), write("src/third.ts"), true},
		"a name like it, later":    {write("src/other.ts"), write("src/lib.ts"), false},
		"the package, later":       {write("src/other.ts"), write("node_modules/new"), false},
		"a file of a package":      {nil, write("node_modules/lib/index.js"), false},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			at := func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
			for _, file := range []string{"node_modules/lib/index.js", "src/lib.js"} {
				if err := errors.Join(os.MkdirAll(filepath.Dir(at(file)), 0o700), os.WriteFile(at(file), nil, 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(25 * time.Millisecond)
			files := New(root, Allowances{})
			defer files.Close()
			files.Recording()
			ask := func() {
				_, _ = files.Read("node_modules/lib/index.js", 10)
				_, _ = files.ReadDir("node_modules")
				files.NoteNames(at("src"), "lib.js")
			}
			renewed := false
			for _, change := range []func(func(string) string) error{test.first, test.second} {
				ask()
				if change != nil {
					if err := change(at); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(25 * time.Millisecond)
				now := files.Again()
				now.Remember()
				renewed = files.Renew(NewChecker(now, HashFile), nil)
				_ = now.Close()
			}
			if renewed != test.want {
				t.Errorf("may be used again: %v, want %v", renewed, test.want)
			}
		})
	}
}

func write(name string) func(at func(string) string) error {
	return func(at func(string) string) error { return os.WriteFile(at(name), []byte("{}"), 0o600) }
}
