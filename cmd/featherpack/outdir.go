package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/featherpack/featherpack/reporters/render"

	"github.com/gofrs/flock"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// outDir is a folder that holds nothing but what we wrote. Only one build at a
// time works in it.
type outDir struct {
	path string // absolute
	name string // as it was typed, for messages
	lock *flock.Flock
	made bool // by this run
}

// defaultOut is the out-dir below the folder that is built.
const defaultOut = ".featherpack"

// ignoreFile marks the folder as ours, and makes git ignore it.
const (
	ignoreFile = ".gitignore"
	ignoreText = "# Written by featherpack. Everything in this folder can be made again.\n*\n"
	lockFile   = ".lock"
)

// lockRetry is how long somebody else's build is left alone before the lock is
// asked for again. Waiting for it can be interrupted.
const lockRetry = 50 * time.Millisecond

// openOutDir makes the out-dir, or takes one that is empty or already ours.
// One that is the built folder, holds it, or holds anything foreign is refused:
// a build removes what it did not write there.
func openOutDir(ctx context.Context, dir, name string) (*outDir, error) {
	if name == "" {
		name = filepath.Join(dir, defaultOut)
	}
	path, err := realPath(name)
	if err != nil {
		return nil, outError(name, err)
	}
	source, err := realPath(dir)
	if err != nil {
		return nil, outError(dir, err)
	}
	if path == source || holds(path, source) {
		return nil, analyzer.Diagnostic{
			Code: "unsafe-out", Severity: analyzer.Refused, Message: fmt.Sprintf("the out-dir %s is, or holds, the folder that is built", name),
			Hint: "name a folder of its own, such as --out dist; a build removes what it did not write there",
		}
	}
	o := &outDir{path: path, name: name}
	if err := o.claim(name); err != nil {
		return nil, err
	}
	o.lock = flock.New(filepath.Join(path, lockFile))
	if _, err := o.lock.TryLockContext(ctx, lockRetry); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, outError(name, err)
	}
	return o, nil
}

// claim makes sure that the folder exists and is ours.
func (o *outDir) claim(name string) error {
	entries, err := os.ReadDir(o.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		o.made = true
		if err := os.MkdirAll(o.path, 0o755); err != nil {
			return outError(name, err)
		}
	case err != nil:
		return outError(name, err)
	}
	mark := filepath.Join(o.path, ignoreFile)
	if text, err := os.ReadFile(mark); err == nil && string(text) == ignoreText {
		return nil
	}
	for _, entry := range entries {
		if entry.Name() != lockFile && entry.Name() != ignoreFile+".tmp" {
			return analyzer.Diagnostic{
				Code: "foreign-out", Severity: analyzer.Refused, Message: fmt.Sprintf("the out-dir %s holds files that featherpack did not write, such as %s", name, entry.Name()),
				Hint: "name an empty folder or a new one with --out",
			}
		}
	}
	// Parallel runs may both get here; either's rename leaves the same file.
	err = packager.WriteWhole(mark, 0o600, func(f *os.File) error {
		_, err := f.WriteString(ignoreText)
		return err
	})
	if err != nil {
		return outError(name, err)
	}
	return nil
}

// settle writes report.json and removes what an earlier run left: the zips of
// functions that failed now and, after a full build, of functions that are gone.
func (o *outDir) settle(r reporters.Report, full bool) error {
	keep := map[string]bool{}
	failed := map[string]bool{}
	for _, f := range r.Functions {
		if f.Artifact == nil {
			failed[f.ID] = true
			continue
		}
		keep[f.ID] = true
	}
	err := filepath.WalkDir(o.path, func(at string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == unpackedDir {
			return filepath.SkipDir
		}
		if err != nil || entry.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(o.path, at)
		id := functionOf(filepath.ToSlash(rel))
		if id == "" || keep[id] || !full && !failed[id] {
			return nil
		}
		return os.Remove(at)
	})
	if err != nil {
		return outError(o.name, err)
	}
	return writeWholeAs(filepath.Join(o.path, "report.json"), filepath.ToSlash(filepath.Join(o.name, "report.json")), func(w io.Writer) error { return render.Formats["json"](w, r) })
}

// functionOf is the function that a file of the out-dir belongs to, "" for none.
func functionOf(name string) string {
	for _, suffix := range []string{".zip", ".licenses.txt", ".js.map", ".mjs.map"} {
		if id, ok := strings.CutSuffix(name, suffix); ok {
			return id
		}
	}
	return ""
}

// close lets the next build in. A folder that this run made and wrote nothing
// to is taken away again.
func (o *outDir) close() {
	if o.made {
		entries, err := os.ReadDir(o.path)
		if err == nil && len(entries) <= 2 {
			os.Remove(filepath.Join(o.path, ignoreFile))
			os.Remove(filepath.Join(o.path, lockFile))
			os.Remove(o.path)
		}
	}
	_ = o.lock.Unlock() // the process's end lets go of it in any case
}

func outError(name string, err error) error {
	return analyzer.Diagnostic{
		Code: "out", Severity: analyzer.Error, Message: fmt.Sprintf("cannot use the out-dir %s: %v", name, analyzer.WithoutPath(err)),
		Hint: "check the folder, its permissions and the free space, or name another one with --out",
	}
}

// realPath is the absolute path without symlinks, as far as it exists.
func realPath(name string) (string, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	missing := ""
	for {
		real, err := filepath.EvalSymlinks(path)
		if err == nil {
			return filepath.Join(real, missing), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(path) == path {
			return "", err
		}
		missing = filepath.Join(filepath.Base(path), missing)
		path = filepath.Dir(path)
	}
}

// holds reports whether the folder outer has inner somewhere below it. Names
// are compared by the files they lead to, so that case and links do not fool it.
func holds(outer, inner string) bool {
	target, err := os.Stat(outer)
	if err != nil {
		return false
	}
	for at := inner; ; at = filepath.Dir(at) {
		if info, err := os.Stat(at); err == nil && os.SameFile(info, target) {
			return true
		}
		if filepath.Dir(at) == at {
			return false
		}
	}
}
