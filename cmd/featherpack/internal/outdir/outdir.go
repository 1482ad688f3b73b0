package outdir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// Dir is a folder that holds nothing but what featherpack wrote. Only one build
// at a time works in it.
type Dir struct {
	Path string // absolute
	Name string // as it was typed, for messages
	lock *flock.Flock
	made bool // by this run
}

// Default is the out-dir below the folder that is built.
const Default = ".featherpack"

// ignoreFile marks the folder as ours, and makes git ignore it.
const (
	ignoreFile = ".gitignore"
	ignoreText = "# Written by featherpack. Everything in this folder can be made again.\n*\n"
	lockFile   = ".lock"
)

// lockRetry is how long somebody else's build is left alone before the lock is
// asked for again. Waiting for it can be interrupted.
const lockRetry = 50 * time.Millisecond

// Open makes the out-dir, or takes one that is empty or already ours.
// One that is the built folder, holds it, or holds anything foreign is refused:
// a build removes what it did not write there.
func Open(ctx context.Context, dir, name string) (*Dir, error) {
	if name == "" {
		name = filepath.Join(dir, Default)
	}
	path, err := realPath(name)
	if err != nil {
		return nil, fault(name, err)
	}
	source, err := realPath(dir)
	if err != nil {
		return nil, fault(dir, err)
	}
	if path == source || holds(path, source) {
		return nil, analyzer.Diagnostic{
			Code: "unsafe-out", Severity: analyzer.Refused, Message: fmt.Sprintf("the out-dir %s is, or holds, the folder that is built", name),
			Hint: "name a folder of its own, such as --out dist; a build removes what it did not write there",
		}
	}
	d := &Dir{Path: path, Name: name}
	if err := d.claim(name); err != nil {
		return nil, err
	}
	d.lock = flock.New(filepath.Join(path, lockFile))
	if _, err := d.lock.TryLockContext(ctx, lockRetry); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fault(name, err)
	}
	return d, nil
}

// claim makes sure that the folder exists and is ours.
func (d *Dir) claim(name string) error {
	entries, err := os.ReadDir(d.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.made = true
		if err := os.MkdirAll(d.Path, 0o755); err != nil {
			return fault(name, err)
		}
	case err != nil:
		return fault(name, err)
	}
	mark := filepath.Join(d.Path, ignoreFile)
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
		return fault(name, err)
	}
	return nil
}

// Is reports whether a folder is an out-dir.
func Is(at string) bool {
	mark := filepath.Join(at, ignoreFile)
	info, err := os.Lstat(mark)
	if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(ignoreText)) {
		return false
	}
	text, err := os.ReadFile(mark)
	return err == nil && string(text) == ignoreText
}

// IgnoresCase reports whether the folder's disk takes names that differ in case
// alone for one.
func (d *Dir) IgnoresCase() bool {
	_, err := os.Lstat(filepath.Join(d.Path, strings.ToUpper(ignoreFile)))
	return err == nil
}

// Close lets the next build in. A folder that this run made and wrote nothing
// to is taken away again.
func (d *Dir) Close() {
	if d.made {
		entries, err := os.ReadDir(d.Path)
		if err == nil && len(entries) <= 2 {
			os.Remove(filepath.Join(d.Path, ignoreFile))
			os.Remove(filepath.Join(d.Path, lockFile))
			os.Remove(d.Path)
		}
	}
	_ = d.lock.Unlock() // the process's end lets go of it in any case
}

// Fault says that the out-dir cannot be used.
func (d *Dir) Fault(err error) error { return fault(d.Name, err) }

func fault(name string, err error) error {
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
