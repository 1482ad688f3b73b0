package packager

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/gofrs/flock"
)

// ownPrefix begins the name of a draft that is beside the file that it becomes. It is locked
// while it is written, so that another run can tell it from the draft of a killed run.
const ownPrefix = draftPrefix + "file-"

// WriteWhole replaces a file atomically: afterwards it is either entirely old or
// entirely new, with exactly these permissions. If the content must survive a crash
// of the machine, write must sync it.
func WriteWhole(name string, mode fs.FileMode, write func(*os.File) error) error {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer root.Close()
	return WriteWholeIn(root, filepath.Base(name), mode, write)
}

// WriteWholeIn is WriteWhole for a file of an open folder. No link leads out of the
// folder.
func WriteWholeIn(root *os.Root, name string, mode fs.FileMode, write func(*os.File) error) error {
	f, draft, unlock, err := ownDraft(root, filepath.Dir(name))
	if err != nil {
		return err
	}
	defer unlock()
	defer root.Remove(draft)
	err = write(f)
	if err == nil {
		err = f.Chmod(mode)
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return root.Rename(draft, name)
}

// ownDraft creates a draft in a folder of root, and locks it where the system can.
func ownDraft(root *os.Root, dir string) (f *os.File, name string, unlock func() error, err error) {
	for range 100 {
		name = filepath.Join(dir, ownPrefix+rand.Text()+draftSuffix)
		if f, err = root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
			return nil, "", nil, err
		}
		lock := lockOf(root, name)
		if lock == nil {
			return f, name, func() error { return nil }, nil
		}
		held, locking := lock.TryLock()
		mine, err := f.Stat()
		there, gone := root.Lstat(name)
		if err == nil && gone == nil && os.SameFile(mine, there) && (held || locking != nil) {
			return f, name, lock.Unlock, nil
		}
		f.Close() // another run saw it before it was locked, and removes it
		lock.Unlock()
	}
	return nil, "", nil, errors.New("other runs remove its draft")
}

// lockOf is the lock of a draft, nil where a locked file could not be written.
func lockOf(root *os.Root, name string) *flock.Flock {
	if runtime.GOOS == "windows" {
		return nil
	}
	return flock.New(filepath.Join(root.Name(), name), flock.SetFlag(os.O_RDONLY))
}

// RemoveDrafts removes what killed runs were writing to files of a folder of root with
// [WriteWholeIn]. What cannot be removed stays.
func RemoveDrafts(root *os.Root, dir string) {
	folder, err := root.Open(dir)
	if err != nil {
		return
	}
	names, _ := folder.Readdirnames(-1)
	folder.Close()
	for _, name := range names {
		if strings.HasPrefix(name, ownPrefix) && strings.HasSuffix(name, draftSuffix) {
			removeDead(root, filepath.Join(dir, name))
		}
	}
}

// removeDead removes the draft of a killed run.
func removeDead(root *os.Root, name string) {
	info, err := root.Lstat(name)
	lock := lockOf(root, name)
	if err != nil || !info.Mode().IsRegular() || lock == nil {
		return
	}
	if held, err := lock.TryLock(); held && err == nil {
		root.Remove(name)
	}
	lock.Unlock()
}
