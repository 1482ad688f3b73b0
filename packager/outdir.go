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

// A draft's name is draftPrefix, random letters, draftSuffix.
const (
	draftPrefix = ".featherpack-"
	draftSuffix = ".tmp"
)

// lockPatience bounds the wait for somebody who sweeps the folder, which takes
// as long as listing it.
const lockPatience = 10 * time.Second

// outDir is the folder that is written to. No path leaves it, not even through
// a symlink inside.
//
// Whoever has drafts in the folder holds a shared lock on the folder itself,
// and whoever gets the exclusive lock knows that every draft is a dead run's.
// The kernel frees the locks of a killed process. Where a folder cannot be
// locked (some network file systems, Windows) nothing is swept.
type outDir struct {
	root   *os.Root
	abs    string
	lock   *flock.Flock
	drafts []*draft
}

// draft is a file on its way to its name.
type draft struct {
	*os.File
	out       *outDir
	name      string // what it is to be, relative to the folder
	temporary string // what it is until then
}

func openOutDir(ctx context.Context, dir string) (*outDir, error) {
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
	out := &outDir{root: root, abs: abs, lock: flock.New(abs, flock.SetFlag(os.O_RDONLY))}
	if err := out.claim(ctx); err != nil {
		out.close()
		return nil, err
	}
	return out, nil
}

// claim sweeps the folder if nobody else is at work in it, and says that we are.
func (o *outDir) claim(ctx context.Context) error {
	alone, err := o.lock.TryLock()
	if err != nil {
		return nil // locks are not to be had here
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
	patient, cancel := context.WithTimeout(ctx, lockPatience)
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
		// A folder that cannot be written to says so when the first draft is made.
		if err := o.root.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, os.ErrPermission) && !errors.Is(err, syscall.EROFS) {
			return err
		}
	}
	return nil
}

// draft starts the file that becomes name, with mode 0644 whatever the umask.
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

// WriteAt, ReadAt and Truncate name the file that is written, since a source's
// errors pass the same way.
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

// finish has the content reach the disk and closes the file.
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

// publish gives the drafts their names, in the order they were made, and has
// the folders reach the disk.
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
		return nil // nor on some file systems
	}
	return err
}

// close removes the drafts that were not published. It has nothing to report:
// what it cannot remove, the next run sweeps.
func (o *outDir) close() {
	for _, d := range o.drafts {
		d.Close()
		o.root.Remove(d.temporary)
	}
	o.lock.Unlock()
	o.root.Close()
}

func (o *outDir) path(name string) string { return filepath.Join(o.abs, filepath.FromSlash(name)) }
