package packager

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// The name of a draft is draftPrefix, random letters and draftSuffix.
const (
	draftPrefix = ".featherpack-"
	draftSuffix = ".tmp"
)

// lockTimeout limits the wait for a run that is sweeping the folder, which takes as
// long as listing it.
const lockTimeout = 10 * time.Second

// outDir is the folder that is written to. No path leaves it, not even through a
// symlink inside.
//
// A run with drafts in the folder holds a shared lock on the folder itself. A run
// that gets the exclusive lock therefore knows that all drafts are left over from
// dead runs, and removes them. The kernel releases the locks of a killed process.
// If the folder cannot be locked (some network file systems, Windows), drafts are
// not removed.
type outDir struct {
	root   *os.Root
	abs    string
	lock   *flock.Flock
	drafts []*draft
}

// draft is a temporary file that is renamed when it is complete.
type draft struct {
	*os.File
	out       *outDir
	name      string // the final name, relative to the folder
	temporary string // the temporary name
}

// makeRoot makes a folder and opens it.
func makeRoot(dir string) (*os.Root, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, cannotWrite(".", err)
	}
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return nil, cannotWrite(".", err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, cannotWrite(".", err)
	}
	return root, nil
}

// Sweep removes what killed runs were writing to a folder.
func Sweep(ctx context.Context, root *os.Root) error {
	out, err := openOutDir(ctx, root)
	if err != nil {
		return err
	}
	out.close()
	return nil
}

// openOutDir uses an open folder, which close leaves open.
func openOutDir(ctx context.Context, root *os.Root) (*outDir, error) {
	abs := root.Name()
	out := &outDir{root: root, abs: abs, lock: flock.New(abs, flock.SetFlag(os.O_RDONLY))}
	if err := out.claim(ctx); err != nil {
		out.close()
		return nil, err
	}
	return out, nil
}

// claim removes the drafts of dead runs if no other run uses the folder, then takes
// the shared lock.
func (o *outDir) claim(ctx context.Context) error {
	alone, err := o.lock.TryLock()
	if err != nil {
		return nil // locks are not supported here
	}
	if alone {
		err := o.sweep()
		if unlock := o.lock.Unlock(); err == nil {
			err = unlock
		}
		if err != nil {
			return cannotWrite(".", err)
		}
	}
	patient, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	_, err = o.lock.TryRLockContext(patient, 5*time.Millisecond)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return cannotWrite(".", errors.New("another program has locked the folder"))
	case err != nil:
		return cannotWrite(".", err)
	}
	return nil
}

// sweep removes the drafts of dead runs.
func (o *outDir) sweep() error {
	folder, err := o.root.Open(".")
	if err != nil {
		return err
	}
	defer folder.Close()
	names, err := folder.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !strings.HasPrefix(name, draftPrefix) || !strings.HasSuffix(name, draftSuffix) {
			continue
		}
		if strings.HasPrefix(name, ownPrefix) { // perhaps of a run that writes another file here
			removeDead(o.root, name)
			continue
		}
		// If the folder cannot be written to, creating the first draft fails.
		if err := o.root.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, os.ErrPermission) && !errors.Is(err, syscall.EROFS) {
			return err
		}
	}
	return nil
}

// draft creates the file that becomes name, with mode 0644 whatever the umask.
func (o *outDir) draft(name string) (*draft, error) {
	stat, err := o.root.Lstat(name)
	switch {
	case err == nil && stat.IsDir():
		return nil, cannotWrite(name, errors.New("a folder has that name"))
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return nil, cannotWrite(name, err)
	}
	temporary := draftPrefix + rand.Text() + draftSuffix
	f, err := o.root.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, cannotWrite(name, err)
	}
	d := &draft{File: f, out: o, name: name, temporary: temporary}
	o.drafts = append(o.drafts, d)
	if err := f.Chmod(0o644); err != nil {
		return nil, cannotWrite(name, err)
	}
	return d, nil
}

// WriteAt, ReadAt and Truncate add the name of the written file to errors, to
// distinguish them from errors of a source.
func (d *draft) WriteAt(p []byte, at int64) (int, error) {
	n, err := d.File.WriteAt(p, at)
	if err != nil {
		err = cannotWrite(d.name, err)
	}
	return n, err
}

func (d *draft) ReadAt(p []byte, at int64) (int, error) {
	n, err := d.File.ReadAt(p, at)
	if err != nil && err != io.EOF {
		err = cannotWrite(d.name, err)
	}
	return n, err
}

func (d *draft) Truncate(size int64) error {
	if err := d.File.Truncate(size); err != nil {
		return cannotWrite(d.name, err)
	}
	return nil
}

// finish syncs the content to disk and closes the file.
func (d *draft) finish() error {
	err := d.Sync()
	if closing := d.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return cannotWrite(d.name, err)
	}
	return nil
}

// reopen opens a finished draft for reading.
func (d *draft) reopen() (*os.File, error) {
	f, err := d.out.root.Open(d.temporary)
	if err != nil {
		return nil, cannotWrite(d.name, err)
	}
	return f, nil
}

// publish renames the drafts in the order they were created, and syncs the folders.
func (o *outDir) publish(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for len(o.drafts) > 0 {
		d := o.drafts[0]
		if err := o.root.MkdirAll(path.Dir(d.name), 0o755); err != nil {
			return cannotWrite(d.name, err)
		}
		if err := o.root.Rename(d.temporary, d.name); err != nil {
			return cannotWrite(d.name, err)
		}
		o.drafts = o.drafts[1:]
		if err := o.syncFolder(path.Dir(d.name)); err != nil {
			return cannotWrite(d.name, err)
		}
	}
	return nil
}

func (o *outDir) syncFolder(name string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	folder, err := o.root.Open(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	err = folder.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil // some file systems cannot sync folders either
	}
	return err
}

// close removes the drafts that were not published. It returns no error: the next
// run removes what it could not.
func (o *outDir) close() {
	for _, d := range o.drafts {
		d.Close()
		o.root.Remove(d.temporary)
	}
	o.lock.Unlock()
}

func (o *outDir) path(name string) string { return filepath.Join(o.abs, filepath.FromSlash(name)) }
