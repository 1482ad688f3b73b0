package scratch

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// A folder is called prefix, its subject, a dash and random letters. Its owner file
// has the same name and the suffix.
const (
	prefix = "featherpack-"
	suffix = ".owner"
)

// Folder is a temporary folder.
type Folder struct {
	Path string // absolute, without symlinks
	lock *flock.Flock
}

// New makes a folder with mode 0700 in dir, or in the system's temporary folder if
// dir is "". The subject becomes part of its name.
func New(dir, subject string) (*Folder, error) {
	if dir == "" {
		dir = os.TempDir()
	}
	dir, err := filepath.EvalSymlinks(dir)
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return nil, err
	}
	for range 100 {
		path := filepath.Join(dir, prefix+subject+"-"+rand.Text())
		lock := flock.New(path+suffix, flock.SetFlag(os.O_CREATE|os.O_EXCL|os.O_RDWR), flock.SetPermissions(0o600))
		held, err := lock.TryLock()
		if err != nil {
			lock.Close()
			return nil, err
		}
		// Another run's Sweep may have found the file before it was locked.
		if !held || !stillThere(lock, path+suffix) {
			lock.Close()
			continue
		}
		f := &Folder{Path: path, lock: lock}
		if err := os.Mkdir(path, 0o700); err != nil {
			f.Close()
			return nil, err
		}
		return f, nil
	}
	return nil, errors.New("other runs removed the new folder a hundred times")
}

func stillThere(lock *flock.Flock, name string) bool {
	held, err := lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(name)
	return err == nil && os.SameFile(held, there)
}

// Close removes the folder. If that fails, it returns why, and a later Sweep
// removes it.
func (f *Folder) Close() error {
	err := os.RemoveAll(f.Path)
	if err == nil {
		err = os.Remove(f.Path + suffix)
	}
	if unlocking := f.lock.Close(); err == nil {
		err = unlocking
	}
	if err != nil {
		return fmt.Errorf("removing a temporary folder: %w", err)
	}
	return nil
}

// Sweep removes the folders in dir, or in the system's temporary folder if dir is
// "", whose runs were killed. It leaves what it cannot remove to a later run.
func Sweep(dir string) {
	if dir == "" {
		dir = os.TempDir()
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), suffix)
		if !ok || !strings.HasPrefix(name, prefix) || !entry.Type().IsRegular() {
			continue
		}
		if info, err := entry.Info(); err != nil || !own(info) {
			continue
		}
		path := filepath.Join(dir, name)
		lock := flock.New(path+suffix, flock.SetFlag(os.O_RDWR))
		if held, err := lock.TryLock(); err == nil && held {
			sweep(path)
		}
		lock.Close()
	}
}

// sweep removes a dead run's folder, then its owner file.
func sweep(path string) {
	info, err := os.Lstat(path)
	if err == nil && !own(info) {
		return
	}
	if os.RemoveAll(path) == nil {
		os.Remove(path + suffix)
	}
}
