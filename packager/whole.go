package packager

import (
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"
)

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
	draft := filepath.Join(filepath.Dir(name), draftPrefix+rand.Text()+draftSuffix)
	f, err := root.OpenFile(draft, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
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
