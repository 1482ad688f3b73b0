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

// Dir is a folder with only files that featherpack wrote. Only one build at a time
// uses it.
type Dir struct {
	Path string // absolute
	Name string // as typed, for messages
	lock *flock.Flock
	made bool // by this run
}

// Default is the out-dir's default name. It is a subfolder of the built folder.
const Default = ".featherpack"

// ignoreFile marks the folder as featherpack's, and makes git ignore it.
const (
	ignoreFile = ".gitignore"
	ignoreText = "# Written by featherpack. Everything in this folder can be made again.\n*\n"
	lockFile   = ".lock"
)

// lockRetry is the time between two attempts to lock the folder while another build
// uses it. The wait can be interrupted.
const lockRetry = 50 * time.Millisecond

// Open makes the out-dir, or opens one that is empty or was made by featherpack.
// Because a build removes other files from it, Open refuses a folder that has files
// which featherpack did not write, and one that is or contains the built folder.
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
			Code: "unsafe-out", Severity: analyzer.Refused, Message: fmt.Sprintf("the out-dir %s is the built folder or contains it", name),
			Hint: "give a separate folder, such as --out dist, because a build removes other files from the out-dir",
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

// claim makes the folder if it is missing, and checks that featherpack may use it.
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
				Code: "foreign-out", Severity: analyzer.Refused, Message: fmt.Sprintf("the out-dir %s contains files that featherpack did not write, such as %s", name, entry.Name()),
				Hint: "give an empty or new folder with --out",
			}
		}
	}
	// Two runs may do this at the same time. Both write the same file.
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

// IgnoresCase reports whether the folder's file system is case-insensitive.
func (d *Dir) IgnoresCase() bool {
	_, err := os.Lstat(filepath.Join(d.Path, strings.ToUpper(ignoreFile)))
	return err == nil
}

// Close unlocks the folder. It removes the folder if this run made it and wrote
// nothing to it.
func (d *Dir) Close() {
	if d.made {
		entries, err := os.ReadDir(d.Path)
		if err == nil && len(entries) <= 2 {
			os.Remove(filepath.Join(d.Path, ignoreFile))
			os.Remove(filepath.Join(d.Path, lockFile))
			os.Remove(d.Path)
		}
	}
	_ = d.lock.Unlock() // on failure, the end of the process unlocks it
}

// Fault returns the diagnostic that the out-dir cannot be used because of err.
func (d *Dir) Fault(err error) error { return fault(d.Name, err) }

func fault(name string, err error) error {
	return analyzer.Diagnostic{
		Code: "out", Severity: analyzer.Error, Message: fmt.Sprintf("cannot use the out-dir %s: %v", name, analyzer.WithoutPath(err)),
		Hint: "check the folder, its permissions and the free space, or give another one with --out",
	}
}

// realPath returns the absolute path. It resolves symlinks in the part that exists.
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

// holds reports whether inner is below the folder outer. It compares files instead
// of names, so differences in case and symlinks do not matter.
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
