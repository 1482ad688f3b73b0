package sourcetree

import (
	"io/fs"
	"os"
	"path/filepath"
)

// open makes the copy's folder and opens it. Everything is read and written through this
// handle: the project's links are copied, and one that is harmless in the project may lead
// out of the copy.
func (c *copied) open() (err error) {
	if err = os.MkdirAll(c.dir, 0o755); err == nil {
		c.root, err = os.OpenRoot(c.dir)
	}
	return err
}

// put replaces a file of the copy, or the link that has its name, with one that every
// user can read.
func (c *copied) put(name string, text []byte) error {
	name = filepath.FromSlash(name)
	if info, err := c.root.Lstat(name); err == nil && info.Mode().Type() == fs.ModeSymlink {
		if err := c.root.Remove(name); err != nil {
			return err
		}
	}
	if err := c.root.WriteFile(name, text, 0o644); err != nil {
		return err
	}
	return c.root.Chmod(name, 0o644)
}
