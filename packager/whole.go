package packager

import (
	"io/fs"
	"os"
	"path/filepath"
)

// WriteWhole replaces a file atomically: afterwards it is either entirely old or
// entirely new, with exactly these permissions. If the content must survive a crash
// of the machine, write must sync it.
func WriteWhole(name string, mode fs.FileMode, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".featherpack-*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
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
	return os.Rename(f.Name(), name)
}
