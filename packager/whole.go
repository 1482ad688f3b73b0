package packager

import (
	"io/fs"
	"os"
	"path/filepath"
)

// WriteWhole writes a file so that it is wholly old or wholly new, with exactly
// these permissions. What must outlive a crash of the machine is synced by write.
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
